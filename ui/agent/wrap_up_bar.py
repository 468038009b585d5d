"""Wrap-up: how did the call end for the customer? One digit finishes it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.calls import CHOSEN_DISPOSITIONS, CallState
from app.domain.work import suggested_disposition
from app.i18n import tr
from ui.call_desk import CallDesk
from ui.labels import label
from ui.shortcuts import Shortcut
from ui.widgets.card import Card
from ui.widgets.choice_row import ChoiceRow
from ui.widgets.elapsed import Elapsed, duration_text
from ui.widgets.key_cap import KeyCap
from ui.widgets.plain_label import PlainLabel


class WrapUpBar(Card):
    """There only while a call is in wrap-up. Digits work in it, and wherever nothing is being typed."""

    finished = Signal(object)  # Disposition

    def __init__(self, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__(tr("How did the call end?"), parent)
        self._desk = desk
        self._suggested: object = None
        self._time = Elapsed()
        self.row = ChoiceRow("", [(disposition, label(disposition)) for disposition in CHOSEN_DISPOSITIONS])
        self.row.setAccessibleName(tr("How did the call end?"))
        self.row.chosen.connect(self.finished)
        self._limit = PlainLabel(kind="muted")
        self.header.addWidget(self._time)
        self.header.addWidget(self._limit)
        self.header.addWidget(KeyCap(Shortcut.WRAP_UP.key))
        self.body.addWidget(self.row)
        desk.changed.connect(self.refresh)
        desk.outcome.changed.connect(self.refresh)
        self.refresh()

    def focus(self) -> None:
        """F10; then a digit, or Return for what is suggested."""
        self.row.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def press(self, digit: int) -> bool:
        """A digit typed where nothing else takes it."""
        return self.isVisible() and self.row.press(digit)

    def finish_as_suggested(self) -> None:
        """F10 again."""
        if self.row.value:
            self.finished.emit(self.row.value)

    @property
    def has_focus(self) -> bool:
        return self.row.hasFocus()

    def refresh(self) -> None:
        """Show it in wrap-up, with what follows from the case; news that change nothing leave the choice alone."""
        work = self._desk.work
        is_due = work is not None and work.call.state is CallState.WRAP_UP
        self.setVisible(is_due)
        if work and is_due:
            self._time.set_since(work.call.ended_at)
            limit_s = self._desk.desk.rules.wrap_up_limit.total_seconds()
            self._limit.setText(tr("ends by itself after {time}", time=duration_text(limit_s)) if limit_s else "")
            suggested = (work.call.id, work.outcome)
            if suggested != self._suggested:
                self._suggested = suggested
                self.row.choose(suggested_disposition(work))
