"""Wrap-up: how did the call end for the customer? One digit finishes it; a call-back asks when, and which number."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.call_backs import CallBackWish
from app.domain.calls import CHOSEN_DISPOSITIONS, CallState, Disposition
from app.domain.due_times import When
from app.domain.work import number_to_call, suggested_disposition
from app.i18n import tr
from app.telephony.numbers import readable
from ui.call_back_row import CallBackRow
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
        self.row.chosen.connect(self._on_chosen)
        self.call_back = CallBackRow(desk.desk.rules.region, tr("Promise the call-back"))
        self.call_back.changed.connect(self._keep)
        self.call_back.taken.connect(self._on_call_back)
        self.call_back.left.connect(self.leave_call_back)
        self._limit = PlainLabel(kind="muted")
        self.header.addWidget(self._time)
        self.header.addWidget(self._limit)
        self.header.addWidget(KeyCap(Shortcut.WRAP_UP.key))
        self.body.addWidget(self.row)
        self.body.addWidget(self.call_back)
        desk.changed.connect(self.refresh)
        desk.outcome.changed.connect(self.refresh)
        self.refresh()

    def focus(self) -> None:
        """F10; then a digit, or Return for what is suggested."""
        self.row.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def press(self, digit: int) -> bool:
        """A digit typed where nothing else takes it."""
        return self.isVisible() and (self.call_back.press(digit) or self.row.press(digit))

    def finish_as_suggested(self) -> None:
        """F10 again."""
        if self.row.value:
            self._on_chosen(self.row.value)

    @property
    def has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def leave_call_back(self) -> None:
        """Escape: no call-back after all."""
        self._keep(None)
        self.refresh()
        self.focus()

    def refresh(self) -> None:
        """Show it in wrap-up, with what follows from the case; news that change nothing leave the choice alone."""
        work = self._desk.work
        is_due = work is not None and work.call.state is CallState.WRAP_UP
        self.setVisible(is_due)
        wish = work.call_back if work and is_due else None
        if wish:
            self.call_back.show_wish(wish)
        else:
            self.call_back.hide()
        if work and is_due:
            self._time.set_since(work.call.ended_at)
            limit_s = self._desk.desk.rules.wrap_up_limit.total_seconds()
            self._limit.setText(tr("ends by itself after {time}", time=duration_text(limit_s)) if limit_s else "")
            suggested = (work.call.id, work.outcome, wish is None)
            if suggested != self._suggested:
                self._suggested = suggested
                self.row.choose(suggested_disposition(work))

    def _on_chosen(self, disposition: Disposition) -> None:
        if disposition is not Disposition.CALL_BACK:
            self._keep(None)
            self.finished.emit(disposition)
        elif self.call_back.is_open:
            self.call_back.take()
        elif work := self._desk.work:
            number = number_to_call(work)
            wish = CallBackWish(when=When.IN_AN_HOUR, number_text=readable(number) if number else "")
            self._keep(wish)
            self.refresh()
            self.call_back.open(wish)

    def _on_call_back(self, wish: CallBackWish) -> None:
        self._keep(wish)
        self.finished.emit(Disposition.CALL_BACK)

    def _keep(self, wish: CallBackWish | None) -> None:
        if self._desk.work and self._desk.work.call_back != wish:
            self._desk.update(replace(self._desk.work, call_back=wish))
