"""What becomes of the call's case: solved or escalated, held back for undo, delivered, or not done after all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.domain.answers import Answer
from app.domain.call_terms import bookings, call_time_booking, entitlement_of, is_settled
from app.domain.cases import CaseDraft, HandOver
from app.domain.commands import AnyCommand, BookOnCase, EscalateCase, ReportSearch, SolveWithAnswer
from app.domain.entitlement import Entitlement
from app.domain.errors import FirstlineError, NotAllowed
from app.domain.ids import new_id
from app.domain.search_report import gaps, uses
from app.domain.work import CallWork, Outcome, case_draft, read_of
from app.i18n import tr
from ui.background import Background
from ui.bridge import Bridge


class CaseOutcome(QObject):
    """Of the case of one call at a time: the one that `current` gives."""

    changed = Signal()
    """The case was solved or escalated, or that was undone, or delivered."""
    consent_needed = Signal()
    """It is chargeable, and the customer has not said yes."""

    def __init__(
        self,
        desk: Desk,
        background: Background,
        bridge: Bridge,
        current: Callable[[], CallWork | None],
        decide: Callable[[Outcome | None, UUID | None, UUID | None], None],
        keep: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            current: the work of the call, if there is one.
            decide: puts an outcome, its command's id and the answer that solved it into that work, in memory.
            keep: writes that work into the journal, and into the record of the call.
        """
        super().__init__(parent)
        self.is_delivered = False
        self._undo_ends_s = 0.0  # of the monotonic clock
        self._desk = desk
        self._background = background
        self._current = current
        self._decide = decide
        self._keep = keep
        bridge.delivered.connect(self._on_delivered)

    @property
    def undo_left_s(self) -> float:
        """How long the solving or escalation can still be taken back."""
        return max(0.0, self._undo_ends_s - monotonic())

    def solve_with(self, answer: Answer, note: str) -> bool:
        """The answer solved the case; held back for the time in which it can be undone. False: it is not to be."""
        work = self._current()
        if work is None or work.outcome or self._lacks_consent(work):
            return False
        read = read_of(work, answer)
        person_id = self._desk.person.id
        command = SolveWithAnswer(
            id=new_id(),
            by=person_id,
            at=_now(),
            case=self._draft(work),
            answer=read,
            note=note.strip(),
            problem_id=self._problem_of(answer) or work.problem_id,
        )
        self._send(Outcome.SOLVED, command, answer.id)
        return True

    def escalate(self, hand_over: HandOver) -> bool:
        """Pass the case to second level; held back for the time in which it can be undone. False: it is not to be."""
        work = self._current()
        if work is None or work.outcome or self._lacks_consent(work):
            return False
        person_id = self._desk.person.id
        case, problem_id = self._draft(work), work.problem_id
        command = EscalateCase(
            id=new_id(), by=person_id, at=_now(), case=case, hand_over=hand_over, problem_id=problem_id
        )
        self._send(Outcome.ESCALATED, command)
        return True

    def report(self, work: CallWork) -> None:
        """Tell the editors what became of the answers read in the finished call, and what was searched in vain; and
        book the time that was worked on the case."""
        self._book_time(work)
        told = uses(work), gaps(work)
        if any(told):
            person_id = self._desk.person.id
            escalated = work.outcome is Outcome.ESCALATED
            report = ReportSearch(
                id=new_id(), by=person_id, at=_now(), uses=told[0], gaps=told[1], is_escalated=escalated
            )
            self._desk.send(report)

    def _problem_of(self, answer: Answer) -> UUID | None:
        """The known problem whose workaround this is."""
        problems = self._desk.known_problems.problems
        return next((one.id for one in problems if one.name == answer.known_problem), None)

    def undo(self) -> None:
        """Take the solving or escalation back, as long as it is held."""
        work = self._current()
        if work and work.command_id:
            command_id = work.command_id
            self._background.run(
                self._desk.lanes.journal,
                partial(self._desk.withdraw, command_id, replace(work, outcome=None, solved_by=None, command_id=None)),
                owner=self,
                done=lambda was_held: self._on_withdrawn(command_id, was_held),
            )

    def reopen(self, command_id: UUID) -> None:
        """The solving or escalation did not come to be: the case of the call is open again."""
        if self._is_current(command_id):
            self._decide(None, None, None)
            self._keep()
            self.changed.emit()

    def entitlement(self, work: CallWork) -> Entitlement | None:
        """What the caller may have, as it was told first; None as long as nobody knows what the call is about."""
        return entitlement_of(work, self._desk.rulebook.book.terms)

    def _lacks_consent(self, work: CallWork) -> bool:
        is_lacking = not is_settled(work, self.entitlement(work))
        if is_lacking:
            self.consent_needed.emit()
        return is_lacking

    def _draft(self, work: CallWork) -> CaseDraft:
        return replace(case_draft(work), bookings=bookings(work, self.entitlement(work), _now()))

    def _book_time(self, work: CallWork) -> None:
        """After what opens the case: as long as that can be undone it is held back, too."""
        terms = self._desk.rulebook.book.terms
        booking = call_time_booking(work, self.entitlement(work), terms, _now()) if work.outcome else None
        if booking:
            command = BookOnCase(id=new_id(), by=self._desk.person.id, at=_now(), case_id=work.case_id, booking=booking)
            self._desk.send(command, hold_s=0.0 if self.is_delivered else self._desk.undo_s)

    def _send(self, outcome: Outcome, command: AnyCommand, solved_by: UUID | None = None) -> None:
        """Command and decided work come into the journal in one transaction: never the one without the other."""
        self.is_delivered = False
        self._undo_ends_s = monotonic() + self._desk.undo_s
        self._decide(outcome, command.id, solved_by)
        sent = self._desk.send(command, hold_s=self._desk.undo_s, work=self._current())
        self._background.run(
            self._desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            sent.result,
            owner=self,
            done=lambda _: self._on_durable(command.id),
            failed=partial(self._on_not_durable, command.id),
        )

    def _is_current(self, command_id: UUID) -> bool:
        work = self._current()
        return work is not None and work.command_id == command_id

    def _on_durable(self, command_id: UUID) -> None:
        """Only now the screen confirms it."""
        if self._is_current(command_id):
            self._keep()
            self.changed.emit()

    def _on_not_durable(self, command_id: UUID, error: FirstlineError) -> None:
        """The disk does not take it: the case is open again, and the person is told."""
        self.reopen(command_id)
        self._background.error_raised.emit(error)

    def _on_withdrawn(self, command_id: UUID, was_held: bool) -> None:
        if was_held:
            self.reopen(command_id)
        else:
            self.changed.emit()
            self._background.error_raised.emit(NotAllowed(tr("It is too late to take this back: it is passed on.")))

    def _on_delivered(self, command: AnyCommand) -> None:
        if self._is_current(command.id):
            self.is_delivered = True
            self.changed.emit()


def _now() -> datetime:
    return datetime.now(UTC)
