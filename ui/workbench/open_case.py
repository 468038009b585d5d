"""The open case as one read gives it."""

from dataclasses import dataclass
from uuid import UUID

from app.bootstrap import Desk
from app.domain.calls import PastCall
from app.domain.cases import CaseEvent, CaseFile, CaseState, Level
from app.domain.people import Role
from app.domain.questions import Question
from app.i18n import tr
from ui.labels import label


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case file, whether the person at this desk has or had the case, and what is asked about it.

    `asked_me` is what this person, or a level of theirs, is asked and nobody has answered.
    """

    file: CaseFile
    is_mine: bool
    is_solved_by_me: bool = False
    questions: tuple[Question, ...] = ()
    calls: tuple[PastCall, ...] = ()
    asked_me: Question | None = None
    are_merged: bool = False
    is_second_level: bool = False
    levels: frozenset[Level] = frozenset({Level.SECOND, Level.THIRD})  # whose queues are this person's

    @property
    def id(self) -> UUID:
        return self.file.summary.id

    @property
    def can_be_solved(self) -> bool:
        return self.is_mine and self.file.summary.state in (CaseState.OPEN, CaseState.CLAIMED)

    @property
    def can_be_returned(self) -> bool:
        return self.is_mine and self.file.summary.state is CaseState.CLAIMED

    @property
    def can_be_claimed(self) -> bool:
        return self.file.summary.state is CaseState.WAITING and self.file.summary.level in self.levels

    @property
    def is_accepted(self) -> bool:
        """Since it was claimed last."""
        events = [entry.event for entry in self.file.timeline]
        since = len(events) - events[::-1].index(CaseEvent.CLAIMED) if CaseEvent.CLAIMED in events else 0
        return CaseEvent.ACCEPTED in events[since:]

    @property
    def was_worked_on_here(self) -> bool:
        """By this person, above first level: who can say what first level could have done."""
        return (self.is_solved_by_me and self.file.summary.level is not Level.FIRST) or self.can_be_returned

    @property
    def may_grant(self) -> bool:
        """Second level lets third level see how the customer is reached: while it has the case, or is asked."""
        asks_third = any(question.to_level is Level.THIRD and question.is_open for question in self.questions)
        is_at_third = self.file.summary.level is Level.THIRD and self.file.summary.state is not CaseState.SOLVED
        return self.is_second_level and not self.are_merged and (is_at_third or (self.is_mine and asks_third))

    @property
    def withholds_number(self) -> bool:
        """Third level reads no number that second level does not show."""
        file = self.file
        has_none = file.hand_over is not None and not file.hand_over.caller_number
        return (
            has_none and file.summary.level is not Level.FIRST and not file.shows_contact and not self.is_second_level
        )

    def hindrance(self) -> str:
        """What is asked of this person, or why nothing can be done to it here; empty when something can."""
        summary = self.file.summary
        if self.asked_me:
            return tr("{name} asks: {question}", name=self.asked_me.asked_by_name, question=self.asked_me.text)
        if self.can_be_solved:
            return ""
        if summary.state is CaseState.WAITING and not self.can_be_claimed:
            return tr("It waits for somebody of {level}. You can read it.", level=label(summary.level))
        if summary.state is CaseState.WAITING:
            return tr("Claim it to work on it. “Claim next” takes the most urgent case first.")
        if summary.state is CaseState.SOLVED and any(question.is_overtaken for question in self.questions):
            return tr("This case is solved. A question that was still open ended with it; nobody needs an answer.")
        if summary.state is CaseState.SOLVED:
            return tr("This case is solved. Nothing is left to do.")
        return tr("{name} works on this case. You can read it.", name=summary.owner_name)


def read_case(desk: Desk, case_id: UUID) -> OpenCase:
    """Read in a lane."""
    file, person = desk.cases.file(case_id), desk.person
    is_owner, is_solved = file.owner_id == person.id, file.summary.state is CaseState.SOLVED
    questions, are_merged = desk.questions.of_case(case_id), desk.levels.are_merged()
    levels = levels_of(person.roles, are_merged=are_merged)
    asked = (q for q in questions if q.is_open and (q.to_person_id == person.id or q.to_level in levels))
    return OpenCase(
        file=file,
        is_mine=is_owner and not is_solved,
        is_solved_by_me=is_owner and is_solved,
        questions=questions,
        calls=desk.case_calls.about(case_id),
        asked_me=next(asked, None),
        are_merged=are_merged,
        is_second_level=Role.SECOND_LEVEL in person.roles,
        levels=levels,
    )


def levels_of(roles: frozenset[Role], *, are_merged: bool) -> frozenset[Level]:
    """The levels whose queues and questions are a person's."""
    second, third = Role.SECOND_LEVEL in roles, Role.THIRD_LEVEL in roles
    if are_merged and (second or third):
        return frozenset({Level.SECOND})
    return frozenset(level for level, has in ((Level.SECOND, second), (Level.THIRD, third)) if has)
