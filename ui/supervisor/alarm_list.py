"""The promises that are about to break, or have: what a supervisor looks after next."""

from datetime import date
from functools import partial

from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.topics import Topic
from app.i18n import tr
from app.services.alarms import AlarmNow
from ui import icons
from ui.alarm_words import left_words, step_words, what_words
from ui.context import ScreenContext
from ui.models.records import RIGHT, Column, RecordModel
from ui.refresh import Refresher
from ui.supervisor.moment import Moment
from ui.theme import colours, row_px, scaled
from ui.widgets.card import Card
from ui.widgets.plain_label import ElidedLabel, PlainLabel
from ui.widgets.record_table import RecordTable

_ROWS = 4
_TOPICS = frozenset({Topic.ALARMS, Topic.CASES, Topic.RULES})


class AlarmList(QWidget):
    """Of the supervisor's team, and those that all are told of; nothing is seen while there is nothing."""

    def __init__(self, context: ScreenContext, moment: Moment) -> None:
        super().__init__()
        self._context = context
        self.table = RecordTable(_model(moment), lambda: tr("Every promise is kept so far."))
        self.table.setAccessibleName(tr("Promises about to break"))
        self._count = PlainLabel(kind="muted")
        self.summary = ElidedLabel(kind="muted")
        self.gaps = PlainLabel(kind="warning")
        self.gaps.setWordWrap(True)
        self._card = Card(tr("Promises about to break"), is_padded=False)
        self._card.header.addWidget(self.summary, 4)
        self._card.header.addWidget(self._count)
        self._card.body.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(6))
        layout.addWidget(self.gaps)
        layout.addWidget(self._card)
        desk = context.desk
        query = partial(desk.alarms.now, desk.person.team_id)
        self._refresher = Refresher(context.background, desk.lanes.queries, query, self.show_alarms, self)
        context.bridge.topics_changed.connect(self._on_topics)
        self.show_alarms(())
        self.set_line(False)

    def refresh(self) -> None:
        """Read again."""
        self._refresher.refresh()

    @property
    def whole_px(self) -> int:
        """As high as the table, with its heading."""
        return 0 if self._card.isHidden() else self.table.height() + scaled(50)

    def set_line(self, is_line: bool) -> None:
        """Show in one line whose promises they are."""
        self.table.setHidden(is_line)
        self.summary.setVisible(is_line)

    def tick(self) -> None:
        """Paint the times as they are now."""
        self.table.viewport().update()
        self._tell_summary()

    def _tell_summary(self) -> None:
        alarms = sorted(self.table.records.records, key=lambda alarm: not alarm.is_broken)
        self.summary.setText("   ·   ".join(f"{alarm.number} {step_words(alarm)}" for alarm in alarms))
        self.summary.set_kind("danger" if any(alarm.is_broken for alarm in alarms) else "warning")

    def show_alarms(self, alarms: tuple[AlarmNow, ...]) -> None:
        """Show these; choice and scroll position stay."""
        self.table.records.replace(alarms)
        self._count.setText(str(len(alarms)))
        self._tell_summary()
        self._card.setVisible(bool(alarms))
        rows = max(1, min(_ROWS, len(alarms)))
        self.table.setFixedHeight((rows + 1) * row_px() + scaled(12))
        sentences = self._context.desk.rulebook.book.gaps(date.today())
        self.gaps.setText("\n".join(sentences))
        self.gaps.setVisible(bool(sentences))

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if (topics & _TOPICS and self.isVisible()) or Topic.RULES in topics:
            self.refresh()


def _model(moment: Moment) -> RecordModel[AlarmNow]:
    return RecordModel[AlarmNow](
        (
            Column[AlarmNow](title=lambda: tr("Promise"), text=step_words, icon=_icon, colour=_colour, width=178),
            Column[AlarmNow](title=lambda: tr("Priority"), text=lambda alarm: alarm.priority.name, width=80),
            Column[AlarmNow](
                title=lambda: tr("Case"),
                text=lambda alarm: f"{alarm.number}  {alarm.title}",
                tool_tip=lambda alarm: alarm.title,
                stretches=True,
            ),
            Column[AlarmNow](title=lambda: tr("What"), text=what_words, width=220),
            Column[AlarmNow](title=lambda: tr("Team"), text=lambda alarm: alarm.team_name, width=90),
            Column[AlarmNow](
                title=lambda: tr("Due"),
                text=lambda alarm: left_words(alarm, moment()),
                alignment=RIGHT,
                width=200,
            ),
        )
    )


def _colour(alarm: AlarmNow) -> QColor:
    return colours().danger if alarm.is_broken else colours().warning


def _icon(alarm: AlarmNow) -> QIcon:
    return icons.icon("warning" if alarm.is_broken else "clock", _colour(alarm))
