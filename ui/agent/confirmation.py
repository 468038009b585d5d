"""After the case was solved or escalated: its number to read to the customer, and the way back for some seconds."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.work import Outcome
from app.i18n import tr
from ui.call_desk import CallDesk
from ui.theme import Tone
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import ElidedLabel, PlainLabel


class Confirmation(Card):
    """A strip in the window, no dialog; it stays until the call is wrapped up, so the number can be read again."""

    undo_asked = Signal()

    def __init__(self, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._desk = desk
        self._command_id: object = None
        self._sentence = ElidedLabel(kind="heading")
        self._number = PlainLabel(kind="number")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._hint = ElidedLabel(kind="muted")
        self._state = Pill("", Tone.NEUTRAL)
        self._undo = KeyButton(tr("Undo"), icon_name="return")
        self._undo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._undo.clicked.connect(self.undo_asked)
        self._undo_ends = QTimer(self, singleShot=True)
        self._undo_ends.timeout.connect(self._undo.hide)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self._sentence)
        said.addWidget(self._hint)
        line = QHBoxLayout()
        line.addWidget(self._number)
        line.addLayout(said, 1)
        line.addWidget(self._state)
        line.addWidget(self._undo)
        self.body.addLayout(line)
        desk.changed.connect(self.refresh)
        desk.outcome.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what became of the case of the call that is worked on."""
        work = self._desk.work
        self.setVisible(work is not None and work.outcome is not None)
        if work is None or work.outcome is None:
            self._command_id = None
            return
        is_escalated = work.outcome is Outcome.ESCALATED
        self._sentence.setText(tr("Passed to second level") if is_escalated else tr("Solved at first level"))
        self._number.setText(work.case_number)
        self._hint.setText(tr("Read this number to the customer.") if is_escalated else "")
        self._hint.setVisible(is_escalated)
        if self._desk.outcome.is_delivered:
            self._state.set_state(tr("delivered"), Tone.GOOD, "check")
        else:
            self._state.set_state(tr("kept, on its way"), Tone.INFO, "clock")
        if work.command_id != self._command_id:
            self._command_id = work.command_id
            left_s = self._desk.outcome.undo_left_s
            self._undo.setVisible(left_s > 0)
            self._undo_ends.start(round(left_s * 1000))
        if self._desk.outcome.is_delivered:
            self._undo.hide()
