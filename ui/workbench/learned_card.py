"""What the levels below have of a case: where its solution went, and whether first level could have solved it."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.desk.journal import Refused
from app.domain.cases import CaseFile
from app.domain.commands import AnyCommand, NoteFirstCould
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.passing_down import PassedDown
from app.i18n import tr
from ui.context import ScreenContext
from ui.kept_field import KeptField
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
    """It is on its way, and the focus was here: it may go where the work goes on."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(tr("For the levels below"))
        self._context = context
        self._case: OpenCase | None = None
        self._sending: set[UUID] = set()  # the cases of which something is on its way to this desk's disk
        self.became, self.could, self.complaint = PlainLabel(), PlainLabel(), PlainLabel(kind="danger")
        for text in (self.became, self.could, self.complaint):
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        desk = context.desk
        self.field = AnswerField(lambda: first_level_answers(desk), tr("Title of the answer that would have done"))
        self._kept = KeptField(desk, self.field, "first could")
        self.field.returnPressed.connect(self.ask)
        self.mark = KeyButton(tr("First level could have"), Shortcut.FIRST_COULD.key, icon_name="return")
        self.mark.clicked.connect(self.ask)
        self.take_back = KeyButton(tr("Take it back"), icon_name="close")
        self.take_back.clicked.connect(lambda: self._send(None))
        for button in (self.mark, self.take_back):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        context.bridge.refused.connect(self._on_refused)
        context.bridge.delivered.connect(self._on_delivered)  # what was given back, and sent again as it was
        install(self, {Shortcut.FIRST_COULD: self.ask})
        self.hide()

    def show_case(self, case: OpenCase) -> None:
        """Show what is known; what is typed belongs to its case until it is sent."""
        if self._case is None or self._case.id != case.id:
            self._complain("")
        self._case = case
        self._kept.show_case(case.id)
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
            self._send(named)
            return
        if self.field.text().strip():
            self._complain(tr("No answer of first level has this title. Type some of its words and choose it."))
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.asking.emit()

    def _send(self, named: PassedDown | None) -> None:
        """Into the outbox; what is typed stays until it is safe on this desk's disk. Return twice sends once.

        The focus goes on at once: later the open list of titles may have it, or the person may be elsewhere.
        """
        case, desk = self._case, self._context.desk
        if case is None or case.id in self._sending:
            return
        by, at = desk.person.id, datetime.now(UTC)
        command = NoteFirstCould(id=new_id(), by=by, at=at, case_id=case.id, answer_id=named.id if named else None)
        self._sending.add(case.id)
        self._complain("")
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(command).result,
            owner=self,
            done=lambda _: self._on_sent(command, named.title if named else ""),
            failed=partial(self._on_not_sent, command),
        )
        if any(widget.hasFocus() for widget in (self.field, self.mark, self.take_back)):
            self.said.emit()

    def _on_sent(self, command: NoteFirstCould, title: str) -> None:
        self._sending.discard(command.case_id)
        self._kept.forget(command.case_id, title)
        if command.answer_id:
            self._context.notifier.confirm(tr("The agent is told which answer would have done."))

    def _on_not_sent(self, command: NoteFirstCould, error: FirstlineError) -> None:
        self._sending.discard(command.case_id)
        if self._is_open(command):
            self._complain(str(error))
        else:
            self._context.notifier.warn(str(error))

    def _on_refused(self, refused: Refused) -> None:
        if isinstance(refused.command, NoteFirstCould):
            self._kept.give_back(refused.command.case_id, self._title_in(refused.command))

    def _on_delivered(self, command: AnyCommand) -> None:
        if isinstance(command, NoteFirstCould):
            self._kept.forget(command.case_id, self._title_in(command))

    def _is_open(self, command: NoteFirstCould) -> bool:
        return self._case is not None and self._case.id == command.case_id

    def _title_in(self, command: NoteFirstCould) -> str:
        """As it is typed; empty for a command that takes the answer back."""
        named = (one.title for one in first_level_answers(self._context.desk) if one.id == command.answer_id)
        return next(named, "")

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
