"""The steps of an answer on its way: which of them a person may take now, and which one a command takes."""

from datetime import UTC, datetime
from typing import TypedDict
from uuid import UUID

from app.domain.commands import MoveAnswer, MoveDraft, WriteDraft
from app.domain.ids import new_id
from app.domain.knowledge import AnswerEvent, AnswerState, Draft, Working, may
from app.domain.people import Person


class _Head(TypedDict):
    id: UUID
    by: UUID
    at: datetime


def head(person: Person) -> _Head:
    """What all commands begin with."""
    return {"id": new_id(), "by": person.id, "at": datetime.now(UTC)}


def may_step(
    event: AnswerEvent, person: Person, draft: Draft | None, is_in_force: bool | None, *, is_typed: bool
) -> bool:
    """Whether an answer may be taken further so.

    Args:
        is_in_force: desks find it; None: it never was published.
        is_typed: there is text that is not saved.
    """
    if event in (AnswerEvent.RETIRED, AnswerEvent.RESTORED):
        is_at_rest = draft is None and not is_typed
        return is_at_rest and is_in_force is (event is AnswerEvent.RETIRED) and may(event, person.roles, is_own=False)
    state = draft.state if draft else AnswerState.DRAFT
    is_own = draft is None or draft.made_by == person.id
    wanted = {
        AnswerEvent.CHANGED: True,
        AnswerEvent.SUBMITTED: (draft is not None or is_typed) and state is AnswerState.DRAFT,
        AnswerEvent.SENT_BACK: state is AnswerState.REVIEW,
        AnswerEvent.PUBLISHED: state is AnswerState.REVIEW,
        AnswerEvent.DROPPED: draft is not None,
    }
    return wanted.get(event, False) and may(event, person.roles, is_own=is_own, state=state)


def state_of(draft: Draft | None, working: Working | None, is_in_force: bool | None) -> AnswerState:
    """That of the draft, if there is one, or else that of the answer; `is_in_force` as above."""
    if draft:
        return draft.state
    if working and working.revision:
        return working.state
    if is_in_force is None:
        return AnswerState.DRAFT
    return AnswerState.PUBLISHED if is_in_force else AnswerState.RETIRED


def step_of(command: WriteDraft | MoveDraft | MoveAnswer) -> AnswerEvent | None:
    """None for text that is only saved."""
    if isinstance(command, WriteDraft):
        return AnswerEvent.SUBMITTED if command.submits else None
    return command.event
