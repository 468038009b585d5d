"""What the levels below have of a case: where its solution went, and whether first level could have solved it."""

from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.cases import CaseFile
from app.domain.commands import NoteFirstCould
from app.domain.ids import new_id
from app.i18n import tr
from ui.context import ScreenContext
from ui.shortcuts import Shortcut, install
from ui.theme import scaled
from ui.widgets.announce import announce
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.workbench.answer_field import AnswerField, first_level_answers
from ui.workbench.open_case import OpenCase


class LearnedCard(Card):
    """Hidden while there is nothing to tell and nothing to say."""

    asking = Signal()
    """The caret goes into the field."""

    said = Signal()
    """It is sent, and the focus was here: it may go where the work goes on."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(tr("For the levels below"))
        self._context = context
        self._case: OpenCase | None = None
        self.became, self.could, self.complaint = PlainLabel(), PlainLabel(), PlainLabel(kind="danger")
        for text in (self.became, self.could, self.complaint):
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        desk = context.desk
        self.field = AnswerField(lambda: first_level_answers(desk), tr("Title of the answer that would have done"))
        self.field.returnPressed.connect(self.ask)
        self.mark = KeyButton(tr("First level could have"), Shortcut.FIRST_COULD.key, icon_name="return")
        self.mark.clicked.connect(self.ask)
        self.take_back = KeyButton(tr("Take it back"), icon_name="close")
        self.take_back.clicked.connect(lambda: self._send(None))
        for button in (self.mark, self.take_back):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        install(self, {Shortcut.FIRST_COULD: self.ask})
        self.hide()

    def show_case(self, case: OpenCase) -> None:
        """Show what is known; the field belongs to its case."""
        if self._case is None or self._case.id != case.id:
            self.field.clear()
            self._complain("")
        self._case = case
        file = case.file
        _show(self.became, _became_text(file))
        _show(self.could, _could_text(file))
        self._asking.setVisible(case.was_worked_on_here and file.first_could is None)
        self.take_back.setVisible(case.was_worked_on_here and file.first_could is not None)
        self.setVisible(case.was_worked_on_here or bool(self.became.text() or self.could.text()))

    def ask(self) -> None:
        """The key: to the field, and with the title of an answer in it, send it."""
        if self._case is None or self._asking.isHidden():
            return
        named = self.field.named()
        if named:
            self._send(named.id)
            return
        if self.field.text().strip():
            self._complain(tr("No answer of first level has this title. Type some of its words and choose it."))
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.asking.emit()

    def _send(self, answer_id: UUID | None) -> None:
        assert self._case
        desk = self._context.desk
        head = {"id": new_id(), "by": desk.person.id, "at": datetime.now(UTC)}
        desk.send(NoteFirstCould(**head, case_id=self._case.id, answer_id=answer_id))  # type: ignore[arg-type]
        self._complain("")
        self.field.clear()
        if answer_id:
            self._context.notifier.confirm(tr("The agent is told which answer would have done."))
        if any(widget.hasFocus() for widget in (self.field, self.mark, self.take_back)):
            self.said.emit()

    def _complain(self, sentence: str) -> None:
        _show(self.complaint, sentence)
        if sentence:
            announce(self, sentence)

    def _lay_out(self) -> None:
        self._asking = QWidget()
        row = QHBoxLayout(self._asking)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(8))
        row.addWidget(self.field, 1)
        row.addWidget(self.mark)
        end = QHBoxLayout()
        end.addWidget(self.could, 1)
        end.addWidget(self.take_back)
        self.body.addWidget(self.became)
        self.body.addLayout(end)
        self.body.addWidget(self._asking)
        self.body.addWidget(self.complaint)


def _show(label: PlainLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _became_text(file: CaseFile) -> str:
    if file.passed_down:
        return tr("The solution is passed down: {title}", title=file.passed_down.title)
    return tr("Nothing is passed down: {reason}", reason=file.kept_back) if file.kept_back else ""


def _could_text(file: CaseFile) -> str:
    could = file.first_could
    if could is None:
        return ""
    return tr("First level could have solved it with “{title}”, says {name}", title=could.title, name=could.by_name)
