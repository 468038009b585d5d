"""What all changes of a case share: where it was, whether it still is there, and the line in its timeline."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.one_statement import NewRow
from app.db.rows import TimelineRow
from app.domain.cases import CaseDraft, CaseEvent, CaseState, HandOver, Level, WaitReason
from app.domain.commands import Command
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.i18n import tr
from app.services import case_statements as statements
from app.services.case_statements import Standing
from app.services.hand_overs import to_columns
from app.services.once import Attempt


def change(attempt: Attempt[Any], case_id: UUID, before: Standing, facts: dict[str, Any], *rows: NewRow) -> UUID:
    """Change a case that still is as it was read, with its rows; else NotAllowed.

    A case that moves waits for nobody any more, and supervisors' desks look at the clocks of each that is changed.
    """
    is_moved = facts.get("state", before.state) is not before.state or "level" in facts
    facts = {**({"waits_for": None} if is_moved else {}), "alarm_at": attempt.command.at, **facts}
    changed = attempt.write(Topic.CASES, statements.changing(case_id, before, facts), *rows)
    if changed is None:
        raise NotAllowed(tr("This case has moved on meanwhile. Open it again to see where it is now."))
    if facts.get("state") is CaseState.SOLVED:
        statements.end_questions(attempt.connection, (case_id,), attempt.command.at)
    return changed


def opened(attempt: Attempt[Any], case_id: UUID) -> Standing:
    """Where the case is that could not be opened; NotAllowed when somebody else has it."""
    case = statements.standing(attempt.connection, case_id)
    if case is None:
        raise NotFound(tr("You are not known in this database. Ask your administrator to add you."))
    if case.owner_id != attempt.command.by:
        _refuse_taken_back(attempt, case_id, case)
    if case.owner_id not in (None, attempt.command.by):
        raise NotAllowed(tr("Somebody else has this case now. Ask them, or your supervisor."))
    return case


def owned(attempt: Attempt[Any], case_id: UUID) -> Standing:
    """Where the case is, when the person has it; else NotAllowed."""
    case = existing(attempt, case_id)
    if case.owner_id != attempt.command.by:
        _refuse_taken_back(attempt, case_id, case)
        raise NotAllowed(tr("You do not have this case. Claim it first."))
    return case


def existing(attempt: Attempt[Any], case_id: UUID) -> Standing:
    """Where the case is, whoever has it."""
    case = statements.standing(attempt.connection, case_id)
    if case is None:
        raise NotFound(tr("This case is not there any more."))
    return case


def opening_line(command: Command, case: CaseDraft) -> NewRow:
    return line(command, CaseEvent.OPENED, Level.FIRST, Level.FIRST, case.title, at=case.opened_at)


def line(
    command: Command,
    event: CaseEvent,
    from_level: Level,
    to_level: Level,
    said: str,
    hand_over: HandOver | None = None,
    *,
    at: datetime | None = None,
    waits_for: WaitReason | None = None,
) -> NewRow:
    """A line of the timeline of the case that is decided on."""
    return NewRow(
        row=TimelineRow,
        values={
            "id": new_id(),
            "at": at or command.at,
            "by": command.by,
            "event": event,
            "from_level": from_level,
            "to_level": to_level,
            "text": said,
            **(to_columns(hand_over) if hand_over else {}),
            **({"waits_for": waits_for} if waits_for else {}),
        },
        decided="case_id",
    )


def _refuse_taken_back(attempt: Attempt[Any], case_id: UUID, case: Standing) -> None:
    """Tell who lost the case without giving it away what became of it."""
    taken = statements.taken_back(attempt.connection, case_id, attempt.command.by)
    if taken is None:
        return
    if taken.event is CaseEvent.REQUEUED:
        raise NotAllowed(
            tr("{name} put this case back into its queue, because you were not there. Your text is kept: look who has "
               "it now, or claim it again.", name=taken.person_name)
        )  # fmt: skip
    if case.state is CaseState.WAITING:
        raise NotAllowed(
            tr("This desk gave no sign of life for so long that the case went back to its queue. Your text is kept: "
               "claim the case again, then send it.")
        )  # fmt: skip
    raise NotAllowed(
        tr("This desk gave no sign of life for so long that the case went back to its queue, and somebody else took "
           "it. Your text is kept: pass it on to them.")
    )  # fmt: skip
