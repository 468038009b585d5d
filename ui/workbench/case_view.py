"""One case: what was handed over, what happened, and what to do with it."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.desk.outbox import ClaimAnswer, OutboxStatus
from app.domain.cases import AnswerRead, Level, refuse_unless_passed_down
from app.domain.commands import AdviseCase, AnyCommand, ClaimCase, ReturnCase, SolveCase
from app.domain.errors import FirstlineError, NotAllowed, Unavailable
from app.domain.ids import new_id
from app.domain.knowledge import AnswerVersion
from app.i18n import tr
from ui.context import ScreenContext
from ui.refresh import Latest, Refresher
from ui.shortcuts import Shortcut, install_hits, key_text
from ui.theme import scaled
from ui.widgets.busy import Busy
from ui.widgets.empty_state import EmptyState
from ui.workbench.action_strip import ActionStrip
from ui.workbench.actions import Action
from ui.workbench.answer_as_read import AnswerAsRead, read_version
from ui.workbench.case_header import CaseHeader
from ui.workbench.case_page import CasePage
from ui.workbench.claim import Asked
from ui.workbench.clock_strip import ClockStrip
from ui.workbench.onlookers import Onlookers
from ui.workbench.open_case import OpenCase, read_case


class CaseView(QWidget):
    """Follows the case that is open; a change elsewhere never touches what is typed here."""

    finished = Signal()
    """What had the focus is done with this case: the focus may go where the work goes on."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._case_id: UUID | None = None
        self._shown: OpenCase | None = None
        self._sent: set[UUID] = set()
        self._refresher: Refresher[OpenCase] | None = None
        self._answers = Latest(context.background, context.desk.lanes.queries, self)
        self.header = CaseHeader(context.notifier)
        self.page = CasePage(context)
        self.page.hand_over.answer_asked.connect(self._open_answer)
        self.page.learned.said.connect(self._go_on)
        self.answer = AnswerAsRead()
        self.answer.left.connect(self._leave_answer)
        self.clocks = ClockStrip(context)
        self.clocks.book_read.connect(self._show_strip)
        self.strip = ActionStrip(context)
        self.strip.solve.clicked.connect(self.solve)
        self.strip.give_back.clicked.connect(self.give_back)
        self.strip.claim.clicked.connect(self.claim)
        for action, button in self.strip.more.items():
            button.clicked.connect(partial(self.do, action))
        self.onlookers = Onlookers(context)
        self.strip.typed_in.connect(self.onlookers.note_key)
        self._claimed = Asked(context, self)
        self._claimed.answered.connect(self._on_claim)
        self._claimed.refused.connect(self.strip.complain)
        self.empty = EmptyState("note", *_nothing_open())
        self._lay_out()
        install_hits(self.page, self.page.hand_over.ask_answer)
        self._busy = Busy(self)

    @property
    def shown(self) -> OpenCase | None:
        """What is shown now."""
        return self._shown

    def open_case(self, case_id: UUID) -> None:
        """Read and show a case; until it is there nothing can be done to the one before."""
        self._case_id = case_id
        if self._shown is None or self._shown.id != case_id:
            self.strip.suspend()
            self._busy.start()
        desk = self._context.desk
        query = partial(read_case, desk, case_id)
        self.onlookers.open_case(case_id)
        if self._refresher is None:
            self._refresher = Refresher(self._context.background, desk.lanes.queries, query, self._show, self)
            self._refresher.failed.connect(self._on_failed)
            self._refresher.refresh()
        else:
            self._refresher.ask(query)

    def refresh(self) -> None:
        """Read the open case again."""
        if self._refresher:
            self._refresher.refresh()

    def come_back(self) -> None:
        """The screen is in front again: this person has the case open, and reads it again."""
        self.onlookers.open_case(self._case_id)
        self.refresh()

    def tick(self) -> None:
        """Show the ages as they are now."""
        if self._shown:
            self.header.show_summary(self._shown.file.summary)
            self.clocks.tick()

    def note_outbox(self, status: OutboxStatus) -> None:
        """When nothing is under way any more, what was sent is done or refused: the case says which."""
        if self._sent and self._refresher and status.waiting_count == 0:
            self._sent.clear()
            self._refresher.overtake()

    def solve(self) -> None:
        """Send the solution that is in the editor."""
        if self._shown is None or not self.strip.can_solve:
            return
        if self.clocks.refuses_solving():
            self.strip.complain_while(self.clocks.refuses_solving)
            return
        text = self.strip.text_or_complaint(tr("Write the solution first. The next agent relies on it."))
        if text:
            case = self._shown.file.summary
            person_id = self._context.desk.person.id
            command = SolveCase(id=new_id(), by=person_id, at=datetime.now(UTC), case_id=case.id, solution=text)
            told = self._with_what_became(command)
            if told:
                self._send(told, case.id, text, tr("Case {number} is solved.", number=case.number))

    def give_back(self) -> None:
        """Send the case back to first level, with the reason that is in the editor."""
        if self._shown is None or not self.strip.can_return:
            return
        text = self.strip.text_or_complaint(tr("Write the reason first. The agent who gets it back must know why."))
        if text:
            case = self._shown.file.summary
            person_id = self._context.desk.person.id
            command = ReturnCase(id=new_id(), by=person_id, at=datetime.now(UTC), case_id=case.id, reason=text)
            if case.level is Level.THIRD:
                said = tr("Case {number} goes back to second level.", number=case.number)
            else:
                said = tr("Case {number} goes back to first level.", number=case.number)
            self._send(command, case.id, text, said)

    def do(self, action: Action) -> None:
        """One of the other things that can be done to the open case."""
        if self._shown is None or action not in self.strip.offered:
            return
        text = self.strip.text if action.takes_text else ""
        if action.complaint:
            text = self.strip.text_or_complaint(action.complaint())
        if action.complaint and not text:
            return
        case = self._shown
        command = action.make(case, self._context.desk.person.id, text)
        told = self._with_what_became(command) if action.passes_down else command
        if told:
            self._send(told, case.id, text, action.said())

    def claim(self) -> None:
        """Take the open case; somebody else may be faster."""
        if self._shown and self._shown.can_be_claimed:
            person_id = self._context.desk.person.id
            self._claimed.ask(ClaimCase(id=new_id(), by=person_id, at=datetime.now(UTC), case_id=self._shown.id))

    def _open_answer(self, read: AnswerRead) -> None:
        """In the place of the case: an answer as it was in the call."""
        if self._shown is None:
            return
        desk, file = self._context.desk, self._shown.file

        def show(version: AnswerVersion) -> None:
            if self._shown and self._shown.id == file.summary.id == self._case_id:
                self._stack.setCurrentWidget(self.answer)
                self.answer.show_version(version, read, file)

        failed = self._context.notifier.warn
        self._answers.read(partial(read_version, desk, read, file), show, lambda error: failed(str(error)))

    def _leave_answer(self) -> None:
        self._stack.setCurrentIndex(1)
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_claim(self, answer: ClaimAnswer) -> None:
        if isinstance(answer.command, ClaimCase) and answer.command.case_id != self._case_id:
            if answer.not_claimed:  # of a case that is not open any more
                self._context.notifier.warn(answer.not_claimed)
            return
        if answer.not_claimed:
            self.strip.complain(answer.not_claimed)
        self.refresh()

    def _with_what_became(self, command: AnyCommand) -> AnyCommand | None:
        """At third level with what its solution became; None when that is still to be said."""
        assert self._shown
        if self._shown.file.summary.level is not Level.THIRD or not isinstance(command, SolveCase | AdviseCase):
            return command
        passed_down, kept_back = self.strip.passed.said()
        try:
            refuse_unless_passed_down(Level.THIRD, passed_down, kept_back)
        except NotAllowed as error:
            self.strip.complain(str(error))
            self.strip.passed.answer.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return replace(command, passed_down=passed_down, kept_back=kept_back)

    def _send(self, command: AnyCommand, case_id: UUID, text: str, confirmation: str) -> None:
        """Into the outbox; the text stays in the editor until it is safe on this desk's disk."""
        self.strip.suspend()
        desk = self._context.desk
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(command).result,
            owner=self,
            done=lambda _: self._on_sent(command, case_id, text, confirmation),
            failed=partial(self._on_not_sent, case_id),
        )

    def _go_on(self) -> None:
        """Something was said beside the solution: back to writing, or on to the next case."""
        if self.strip.can_solve:
            self.strip.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.finished.emit()

    def _on_sent(self, command: AnyCommand, case_id: UUID, text: str, confirmation: str) -> None:
        had_focus = self.strip.has_focus_inside()
        self._sent.add(case_id)
        if text:
            self.strip.forget(case_id, text)
        self.strip.passed.forget(command)
        self._show_strip()
        self._context.notifier.confirm(confirmation)
        if had_focus and not self.strip.has_focus_inside():
            self.finished.emit()

    def _on_not_sent(self, case_id: UUID, error: FirstlineError) -> None:
        self._show_strip()
        if case_id == self._case_id:
            self.strip.complain(str(error))
        else:
            self._context.notifier.warn(str(error))

    def _show(self, case: OpenCase) -> None:
        self._busy.stop()
        is_other = self._shown is None or self._shown.id != case.id
        self._shown = case
        self.header.show_summary(case.file.summary)
        self.clocks.show_case(case)
        self.page.show_case(case)
        self._show_strip()
        if is_other or self._stack.currentWidget() is not self.answer:
            self._stack.setCurrentIndex(1)

    def _show_strip(self) -> None:
        case = self._shown
        if case is None or case.id != self._case_id:
            return
        if case.id in self._sent:
            self.strip.show_case(case.id, sentence=tr("Sent. What becomes of it is shown as soon as it is delivered."))
        else:
            self.strip.show_case(case.id, case.can_be_solved, case.can_be_returned, case.hindrance())
        self.strip.offer(case, is_sent=case.id in self._sent)

    def _on_failed(self, error: FirstlineError) -> None:
        """A case that is shown stays; one that cannot be read says why."""
        self._busy.stop()
        if self._shown is not None and self._shown.id == self._case_id:
            return
        self._shown = None
        hint = tr("It opens by itself when the database is back.") if isinstance(error, Unavailable) else ""
        self.empty.set_state("offline" if hint else "info", str(error), hint)
        self._stack.setCurrentIndex(0)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(10))
        column.addWidget(self.header)
        column.addWidget(self.clocks)
        column.addWidget(self.onlookers)
        column.addWidget(self.page, 1)
        column.addWidget(self.strip)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        self._stack.addWidget(self.answer)


def _nothing_open() -> tuple[str, str]:
    key = key_text(Shortcut.CLAIM_NEXT.key)
    return tr("No case is open"), tr("Choose one at the left to read it, or claim the next one with {key}.", key=key)
