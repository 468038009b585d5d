"""What happens to a case above first level: claimed by choice, solved, given back, released, put back, accepted."""

from typing import Any
from uuid import UUID

from app.domain.cases import CaseEvent, CaseState, Level, after, refuse_unless_passed_down
from app.domain.commands import (
    AcceptCase,
    AdviseCase,
    ClaimCase,
    ReleaseCase,
    RequeueCase,
    ReturnCase,
    SolveCase,
)
from app.domain.errors import NotAllowed
from app.domain.passing_down import PassedDown
from app.i18n import tr
from app.services import case_statements as statements
from app.services import messages
from app.services.case_statements import Standing
from app.services.case_writing import change, existing, line, owned
from app.services.hand_overs import passed_document
from app.services.levels import second_if_merged
from app.services.once import Attempt

Facts = dict[str, Any]


def claim_case(attempt: Attempt[ClaimCase]) -> UUID:
    command, event = attempt.command, CaseEvent.CLAIMED
    before = existing(attempt, command.case_id)
    if before.state is not CaseState.WAITING:
        raise NotAllowed(_who_was_faster(attempt, before))
    facts = {"state": after(before.state, event), "owner_id": command.by}
    taken = line(command, event, before.level, before.level, "")
    try:
        return change(attempt, command.case_id, before, facts, taken)
    except NotAllowed:  # between our look and our move
        now = existing(attempt, command.case_id)
        raise NotAllowed(_who_was_faster(attempt, now)) from None


def solve(attempt: Attempt[SolveCase]) -> UUID:
    command, event = attempt.command, CaseEvent.SOLVED
    before = owned(attempt, command.case_id)
    if before.state is CaseState.SOLVED:
        _refuse_solved_by_another(attempt, command.case_id)
    refuse_unless_passed_down(before.level, command.passed_down, command.kept_back)
    facts = {"state": after(before.state, event), "solved_at": command.at}
    facts |= _what_became(command.passed_down, command.kept_back)
    said = line(command, event, before.level, before.level, command.solution)
    told = messages.case_solved(command, before.opened_by, before.title)
    return change(attempt, command.case_id, before, facts, said, *told)


def _refuse_solved_by_another(attempt: Attempt[SolveCase], case_id: UUID) -> None:
    """With its known problem, for one: whoever had the case is not asked then."""
    solver = statements.solver(attempt.connection, case_id)
    if solver and solver[0] != attempt.command.by:
        raise NotAllowed(
            tr("{name} has solved this case meanwhile. Your text is kept: tell them if it says more than theirs.",
               name=solver[1])
        )  # fmt: skip


def give_back(attempt: Attempt[ReturnCase]) -> UUID:
    command, event = attempt.command, CaseEvent.RETURNED
    before = owned(attempt, command.case_id)
    if before.level is Level.THIRD:
        return _give_down(attempt, command.case_id, before, event, command.reason, {})
    facts = {"state": after(before.state, event), "level": Level.FIRST, "level_since": command.at}
    facts |= {"due_at": None, "warn_at": None}
    opener = statements.person(attempt.connection, before.opened_by)
    if opener.has_left:
        raise NotAllowed(
            tr("{name}, who opened this case, does not work here any more. Solve it, or call the customer yourself.",
               name=opener.name)
        )  # fmt: skip
    moved = line(command, event, before.level, Level.FIRST, command.reason)
    return change(attempt, command.case_id, before, {**facts, "owner_id": before.opened_by}, moved)


def advise(attempt: Attempt[AdviseCase]) -> UUID:
    command = attempt.command
    before = owned(attempt, command.case_id)
    if before.level is not Level.THIRD:
        raise NotAllowed(tr("Only third level gives a case back with advice. Solve it, or return it."))
    refuse_unless_passed_down(before.level, command.passed_down, command.kept_back)
    facts = _what_became(command.passed_down, command.kept_back)
    return _give_down(attempt, command.case_id, before, CaseEvent.ADVISED, command.advice, facts)


def release(attempt: Attempt[ReleaseCase]) -> UUID:
    command, event = attempt.command, CaseEvent.RELEASED
    before = owned(attempt, command.case_id)
    facts = {"state": after(before.state, event), "owner_id": None}
    return change(
        attempt, command.case_id, before, facts, line(command, event, before.level, before.level, command.reason)
    )


def requeue(attempt: Attempt[RequeueCase]) -> UUID:
    """Whether the person may do that, and whether the owner is not there, the database says on PostgreSQL."""
    command, event = attempt.command, CaseEvent.REQUEUED
    before = existing(attempt, command.case_id)
    if before.owner_id != command.owner_id or before.owner_id is None:
        raise NotAllowed(tr("This case has moved on meanwhile. Open it again to see where it is now."))
    facts: Facts = {"state": after(before.state, event), "owner_id": None}
    to_level = before.level
    if before.state is CaseState.OPEN:  # it was returned to first level, and goes back to where it came from
        came_from = statements.returned_from(attempt.connection, command.case_id) or Level.SECOND
        to_level = second_if_merged(attempt.connection, came_from)
        facts |= {"level": to_level, "level_since": command.at, "due_at": command.at}
    moved = line(command, event, before.level, to_level, "")
    return change(attempt, command.case_id, before, facts, moved)


def accept(attempt: Attempt[AcceptCase]) -> UUID:
    command, event = attempt.command, CaseEvent.ACCEPTED
    before = owned(attempt, command.case_id)
    facts = {"state": after(before.state, event)}
    return change(attempt, command.case_id, before, facts, line(command, event, before.level, before.level, ""))


def _give_down(
    attempt: Attempt[Any], case_id: UUID, before: Standing, event: CaseEvent, said: str, facts: Facts
) -> UUID:
    """From third level to the person of second level who passed it on, or where that person has left to the queue."""
    command = attempt.command
    giver = statements.giver(attempt.connection, case_id)
    is_there = giver is not None and giver.level is Level.SECOND and not giver.has_left
    after(before.state, CaseEvent.ADVISED)
    facts |= {
        "state": CaseState.CLAIMED if is_there else CaseState.WAITING,
        "owner_id": giver.id if giver and is_there else None,
        "level": Level.SECOND,
        "level_since": command.at,
        "due_at": command.at,
    }
    return change(attempt, case_id, before, facts, line(command, event, before.level, Level.SECOND, said))


def _what_became(passed_down: PassedDown | None, kept_back: str) -> Facts:
    if passed_down is None and not kept_back:
        return {}
    return {"passed_down": passed_document(passed_down) if passed_down else None, "kept_back": kept_back}


def _who_was_faster(attempt: Attempt[Any], case: Standing) -> str:
    if case.owner_id == attempt.command.by and case.state is CaseState.CLAIMED:
        return tr("You have this case already.")
    if case.owner_id is not None and case.state is not CaseState.SOLVED:
        name = statements.person(attempt.connection, case.owner_id).name
        return tr("{name} was faster and has this case now.", name=name)
    try:
        after(case.state, CaseEvent.CLAIMED)
    except NotAllowed as error:
        return str(error)
    return tr("This case has moved on meanwhile. Open it again to see where it is now.")
