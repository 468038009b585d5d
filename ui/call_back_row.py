"""When to call back, and which number: chosen by a digit or typed, in its place, without a dialog."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.call_backs import CallBackWish
from app.domain.due_times import When, quick_time, wall_clock
from app.domain.typed_text import typed
from app.i18n import tr
from app.telephony.numbers import readable
from ui.call_commands import number_of
from ui.labels import date_text, label
from ui.theme import scaled
from ui.widgets.choice_row import ChoiceRow
from ui.widgets.elapsed import utc_now
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel

_NUMBER_PX = 200
_TIME_PX = 170


class CallBackRow(QWidget):
    """Hidden until it is opened. Its owner keeps what is typed, and does what is taken."""

    changed = Signal(object)
    """The CallBackWish, with each key."""

    taken = Signal(object)
    """The same, with a number and a time to come."""

    left = Signal()

    def __init__(self, region: str, take_text: str, now: Callable[[], datetime] = utc_now) -> None:
        """
        Args:
            region: of numbers without a country code.
            take_text: what the button says.
        """
        super().__init__()
        self._region = region
        self._now = now
        self._wish = CallBackWish()
        self.number = QLineEdit()
        self.number.setAccessibleName(tr("Number to call back"))
        self.number.setPlaceholderText(tr("Number to call back"))
        self.number.setFixedWidth(scaled(_NUMBER_PX))
        self.when = ChoiceRow("", [(when, label(when)) for when in When])
        self.when.setAccessibleName(tr("When to call back"))
        self.time = QLineEdit()
        self.time.setAccessibleName(tr("Time to call back"))
        self.time.setPlaceholderText(tr("14:30, fr 10, +20"))
        self.time.setFixedWidth(scaled(_TIME_PX))
        self._says = PlainLabel(kind="muted")
        self._says.setWordWrap(True)
        self.button = KeyButton(take_text, "Return", kind="primary", icon_name="clock")
        self._connect()
        self._lay_out()
        self.hide()

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    def open(self, wish: CallBackWish) -> None:
        """Show what was chosen before, and take the focus to where something is missing."""
        self.show_wish(wish)
        self._focus_gap()

    def show_wish(self, wish: CallBackWish) -> None:
        """Show it without taking the focus, from a screen of before."""
        self._wish = wish
        for field, text in ((self.number, wish.number_text), (self.time, wish.time_text)):
            if field.text() != text:
                field.setText(text)
        self.when.choose(wish.when)
        self.show()
        self._refresh()

    def press(self, digit: int) -> bool:
        """A digit typed where nothing else takes it."""
        return self.is_open and self.when.press(digit)

    def take(self) -> None:
        """Done, or say what is missing and go there."""
        self._refresh()
        if self._problem():
            self._focus_gap()
        else:
            self.taken.emit(self._wish)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves, Return takes."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.number.textEdited.connect(lambda text: self._become(number_text=typed(text)))
        self.time.textEdited.connect(lambda text: self._become(time_text=typed(text), when=When.TYPED))
        self.when.moved.connect(lambda when: self._become(when=when))
        self.when.chosen.connect(self._on_chosen)
        self.button.clicked.connect(self.take)

    def _on_chosen(self, when: When) -> None:
        self._become(when=when)
        self.take()

    def _become(self, **chosen: Any) -> None:
        self._wish = replace(self._wish, **chosen)
        self.when.choose(self._wish.when)
        self._refresh()
        self.changed.emit(self._wish)

    def _focus_gap(self) -> None:
        if not self._has_number:
            field: QWidget = self.number
        elif self._wish.when is When.TYPED and not self._due_at():
            field = self.time
        else:
            field = self.when
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def _has_number(self) -> bool:
        return bool(number_of(self.number.text(), self._region))

    def _due_at(self) -> datetime | None:
        return self._wish.due_at(wall_clock(self._now()))

    def _problem(self) -> str:
        """What is missing, as a sentence."""
        if not self._has_number:
            return tr("Which number shall be called? Write it with its area code.")
        if self._due_at() is None:
            return tr("When? A time to come, such as 14:30, fr 10, tomorrow 8:15 or +20 for in 20 minutes.")
        return ""

    def _refresh(self) -> None:
        now = wall_clock(self._now())
        afternoon, morning = quick_time(When.AFTERNOON, now), quick_time(When.MORNING, now)
        text = label(When.AFTERNOON)
        self.when.show_choice(
            When.AFTERNOON, f"{text}, {afternoon:%H:%M}" if afternoon else text, is_possible=afternoon is not None
        )
        self.when.show_choice(When.MORNING, f"{label(When.MORNING)}, {morning:%H:%M}")
        self.time.setVisible(self._wish.when is When.TYPED)
        problem, due_at = self._problem(), self._due_at()
        self._says.set_kind("warning" if problem else "muted")
        if problem or due_at is None:
            self._says.setText(problem)
            return
        number = readable(number_of(self.number.text(), self._region))
        day = "" if due_at.date() == now.date() else date_text(due_at.date())
        self._says.setText(tr("{when}, {number}", when=f"{day} {due_at:%H:%M}".strip(), number=number))

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(scaled(8))
        first.addWidget(self.number)
        first.addWidget(self.when, 1)
        second.addWidget(self.time)
        second.addWidget(self._says, 1)
        second.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(4))
        layout.addLayout(first)
        layout.addLayout(second)


def wish_for(number: str, due_at: datetime, now: datetime, *, is_german: bool) -> CallBackWish:
    """A call-back as it stands, to be changed; both times by the desk's clock. One that is due is put off."""
    if due_at <= now:
        return CallBackWish(when=When.IN_AN_HOUR, number_text=readable(number))
    day = "" if due_at.date() == now.date() else f"{due_at:%d.%m.} " if is_german else f"{due_at:%Y-%m-%d} "
    return CallBackWish(when=When.TYPED, time_text=f"{day}{due_at:%H:%M}", number_text=readable(number))
