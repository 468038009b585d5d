"""What a person is told although they did not ask: "you can now answer this", "your case is solved"."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class MessageKind(StrEnum):
    """What it is about; the sentence is made where it is read, in the reader's language."""

    ANSWERABLE = "answerable"  # a question that the person escalated has an answer now
    CASE_SOLVED = "case_solved"  # a case that the person opened is solved by somebody else
    DRAFT_PUBLISHED = "draft_published"
    DRAFT_SENT_BACK = "draft_sent_back"
    FLAG_SETTLED = "flag_settled"
    CASE_PRIORITISED = "case_prioritised"  # of a case that the person has
    CASE_ASSIGNED = "case_assigned"  # to the person, or from them to another
    FIRST_COULD = "first_could"  # a case that the person passed on could have been solved with a scripted answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`title` is that of the answer or case, `text` what somebody wrote; `seen_at` None: not read yet."""

    id: UUID
    at: datetime
    kind: MessageKind
    title: str
    text: str = ""
    case_number: str = ""
    case_id: UUID | None = None
    answer_id: UUID | None = None
    seen_at: datetime | None = None
