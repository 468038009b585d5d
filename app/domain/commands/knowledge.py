"""What those who write answers ask the shared database to do."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.answers import Answer
from app.domain.commands.base import Command
from app.domain.knowledge import AnswerEvent, FlagKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDraft(Command):
    """The draft has this text from now on.

    Attributes:
        was_revision: the one that the writer began from; 0: the draft is new.
        base_version: the version in force that the writer knew.
        submits: hand it in for review in the same go.
        follows: the writer's own command that makes `was_revision`, when that was not read but is still to be made.
    """

    draft_id: UUID
    answer: Answer
    was_revision: int = 0
    base_version: int = 0
    case_id: UUID | None = None
    submits: bool = False
    follows: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDraft(Command):
    """Submit, send back (`text` says why), publish (`text` says what is new) or drop a draft; `follows`: see above."""

    draft_id: UUID
    event: AnswerEvent
    was_revision: int
    text: str = ""
    follows: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAnswer(Command):
    """Retire an answer, or restore it; `text` says why."""

    answer_id: UUID
    event: AnswerEvent
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagAnswer(Command):
    """An agent says that the version that was read is wrong, outdated or unclear."""

    flag_id: UUID
    answer_id: UUID
    version: int
    kind: FlagKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleFlag(Command):
    """An editor has dealt with a flag; whoever raised it is told `text`."""

    flag_id: UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeMessages(Command):
    """The person has read these messages."""

    message_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFirstCould(Command):
    """First level could have solved the case with this answer; None: it could not, it was said by mistake."""

    case_id: UUID
    answer_id: UUID | None


EditorsCommand = WriteDraft | MoveDraft | MoveAnswer | FlagAnswer | SettleFlag | NoteFirstCould

KnowledgeCommand = EditorsCommand | SeeMessages
