"""What can be done with the open answer: the buttons below it, and a line for the reason."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.knowledge import AnswerEvent
from app.domain.typed_text import typed
from app.i18n import tr
from ui.knowledge.work import DraftWork
from ui.shortcuts import Shortcut
from ui.theme import scaled
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel

_FORWARD = (AnswerEvent.PUBLISHED, AnswerEvent.SUBMITTED)
_REASONED = (AnswerEvent.SENT_BACK, AnswerEvent.RETIRED)  # not without saying why


class Actions(QWidget):
    """Save, then the way forward: hand in, publish. Beside them the ways back."""

    done = Signal(object, str)
    """An AnswerEvent that the person chose, and what they wrote."""

    def __init__(self, work: DraftWork, complaint: Callable[[AnswerEvent], str]) -> None:
        """
        Args:
            complaint: what keeps the text from being handed in or published; "" when nothing does.
        """
        super().__init__()
        self._work = work
        self._complaint_of_text = complaint
        self._of: UUID | None = None
        self._reasons: dict[UUID, str] = {}  # what was begun for other answers
        self.save = KeyButton(tr("Save"), Shortcut.SAVE_DRAFT.key)
        self.forward = KeyButton("", Shortcut.SEND.key, kind="primary", icon_name="check")
        self._others = {
            AnswerEvent.SENT_BACK: QPushButton(tr("Send back")),
            AnswerEvent.DROPPED: QPushButton(tr("Drop")),
            AnswerEvent.RETIRED: QPushButton(tr("Retire")),
            AnswerEvent.RESTORED: QPushButton(tr("Restore")),
        }
        self.reason = QLineEdit()
        self.reason.setAccessibleName(tr("What is new, or why"))
        self.reason.setPlaceholderText(tr("News, or why"))
        self.reason.setToolTip(tr("What is new, or why: it stands in the history"))
        self._complaint = PlainLabel(kind="danger")
        self._complaint.setWordWrap(True)
        self._complaint.hide()
        work.opened.connect(self._bring_reason)
        work.unsaid.connect(self._take_back_reason)
        self.save.clicked.connect(work.save)
        self.forward.clicked.connect(self.go_forward)
        for event, button in self._others.items():
            button.clicked.connect(lambda _=False, event=event: self._do(event))
        for button in (self.save, self.forward, *self._others.values()):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line = QHBoxLayout()
        line.setSpacing(scaled(6))
        line.addWidget(self.reason, 1)
        for widget in (*self._others.values(), self.save, self.forward):
            line.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(4))
        layout.addWidget(self._complaint)
        layout.addLayout(line)

    def button(self, event: AnswerEvent) -> QPushButton:
        return self._others[event]

    @property
    def next_event(self) -> AnswerEvent | None:
        """What the key for "forward" does now."""
        for event in _FORWARD:
            if self._work.may(event):
                return event
        return None

    def refresh(self) -> None:
        """Offer what may be done now."""
        work, forward = self._work, self.next_event
        can_save = work.may(AnswerEvent.CHANGED)
        self.save.setVisible(can_save)
        self.save.setEnabled(work.is_dirty)
        self.forward.setVisible(forward is not None)
        self.forward.setText(tr("Publish") if forward is AnswerEvent.PUBLISHED else tr("Hand in for review"))
        self.forward.updateGeometry()
        for event, button in self._others.items():
            button.setVisible(work.may(event))
        self.reason.setVisible(any(work.may(event) for event in self._others) or forward is not None)

    def go_forward(self) -> None:
        """Ctrl+Return."""
        if event := self.next_event:
            self._do(event)

    def complain(self, sentence: str) -> None:
        self._complaint.setText(sentence)
        self._complaint.setVisible(bool(sentence))

    def _bring_reason(self) -> None:
        """Another answer brings its own."""
        if self._of:
            self._reasons[self._of] = self.reason.text()
        self._of = self._work.answer_id
        self.complain("")
        self.reason.setText(self._reasons.pop(self._of, "") if self._of else "")

    def _take_back_reason(self, answer_id: UUID, said: str) -> None:
        """What was said was not taken; a line that was begun since stays."""
        if answer_id == self._of:
            self.reason.setText(self.reason.text() or said)
        else:
            self._reasons[answer_id] = self._reasons.get(answer_id) or said

    def _do(self, event: AnswerEvent) -> None:
        if not self._work.may(event) or self._work.is_moving(event):  # the buttons are of before, or pressed twice
            return
        said = typed(self.reason.text()).strip()
        if event in _REASONED and not said:
            self.complain(tr("Please say why, in the line at the left."))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        sentence = self._complaint_of_text(event) if event in _FORWARD else ""
        self.complain(sentence)
        if sentence:
            return
        self.reason.clear()
        self.done.emit(event, said)
