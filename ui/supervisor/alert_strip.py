"""Alerts on the board: what is beyond its threshold now, and who saw it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.alerts import Alert
from app.domain.board_figures import SHARES, Measure
from app.i18n import plural, tr
from ui.labels import clock_text, percent_text
from ui.shortcuts import Shortcut, key_text
from ui.supervisor import formula_words
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.elapsed import duration_text
from ui.widgets.plain_label import ElidedLabel

_SHOWN_SEEN = 3


class AlertStrip(QWidget):
    """All alerts that nobody has seen in one banner, however many; those that somebody saw quietly below."""

    seen = Signal(object)
    """The ids of the alerts that the person has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.banner = Banner()
        self.quiet = ElidedLabel(kind="muted")
        self.shown: tuple[Alert, ...] = ()
        self._told: frozenset[UUID] = frozenset()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(4))
        column.addWidget(self.banner)
        column.addWidget(self.quiet)
        self.quiet.hide()
        self.hide()

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show these; what the person has just seen is not asked for again while that is on its way."""
        self.shown = tuple(alerts)
        self._told &= {alert.id for alert in alerts if not alert.seen_by}
        open_ = [alert for alert in alerts if not alert.seen_by and alert.id not in self._told]
        if open_:
            action = f"{tr('Seen')}  {key_text(Shortcut.SEE_ALERTS.key)}"
            self.banner.show_message(Tone.WARNING, _sentence(open_), action_text=action, action=self.see)
        else:
            self.banner.hide()
        seen = [alert for alert in alerts if alert.seen_by and alert.ended_at is None]
        self.quiet.setText("   ·   ".join(map(_seen_words, seen[:_SHOWN_SEEN])))
        self.quiet.setVisible(bool(seen))
        self.setVisible(bool(open_ or seen))

    def see(self) -> None:
        """The person is at it."""
        ids = tuple(alert.id for alert in self.shown if not alert.seen_by and alert.id not in self._told)
        if ids:
            self._told |= set(ids)
            self.seen.emit(ids)
            self.show_alerts(self.shown)


def alert_words(alert: Alert) -> str:
    """What is beyond its threshold, how far it was, and since when."""
    name = formula_words.title(alert.key.figure)
    if alert.ended_at is not None:
        return tr("{name}: {value}, from {since} to {until}", name=name, value=_value(alert),
                  since=clock_text(alert.raised_at), until=clock_text(alert.ended_at))  # fmt: skip
    return tr("{name}: {value}, since {time}", name=name, value=_value(alert), time=clock_text(alert.raised_at))


def _sentence(alerts: Sequence[Alert]) -> str:
    words = "   ·   ".join(map(alert_words, alerts))
    if len(alerts) == 1:
        return tr("Alert: {words}", words=words)
    return plural(len(alerts), "1 alert: {words}", "{n} alerts: {words}", words=words)


def _seen_words(alert: Alert) -> str:
    seen_at: datetime = alert.seen_at or alert.raised_at
    return tr("{alert} (seen by {name} at {time})", alert=alert_words(alert), name=alert.seen_by,
              time=clock_text(seen_at))  # fmt: skip


def _value(alert: Alert) -> str:
    if alert.key.measure in SHARES:
        return percent_text(alert.value)
    if alert.key.measure is Measure.LONGEST_WAIT:
        return duration_text(float(alert.value))
    return str(round(alert.value))
