"""What the database has of an answer, and what is shown of it before anything is typed."""

from dataclasses import dataclass
from uuid import UUID

from app.bootstrap import Desk
from app.domain.answers import Answer
from app.domain.ids import new_id
from app.domain.knowledge import Draft, Working


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the database has of an answer."""

    answer_id: UUID
    draft: Draft | None
    in_force: Answer | None


def load(desk: Desk, answer_id: UUID, draft_id: UUID | None) -> Loaded:
    draft = desk.knowledge.open_draft(answer_id, draft_id)
    return Loaded(answer_id, draft, desk.knowledge.answer(answer_id))


def working_of(loaded: Loaded) -> Working | None:
    """What is shown of an answer in which nothing is typed: its draft, or else the version in force."""
    if draft := loaded.draft:
        return Working(
            draft_id=draft.id,
            answer=draft.answer,
            state=draft.state,
            revision=draft.revision,
            base_version=draft.base_version,
            case_id=draft.case_id,
            made_by=draft.made_by,
        )
    if answer := loaded.in_force:
        return Working(draft_id=new_id(), answer=answer, base_version=answer.version)
    return None
