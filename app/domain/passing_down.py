"""What becomes of a solution for the levels below, and what they could have done without the levels above."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class PassedKind(StrEnum):
    """What third level's solution became."""

    PROBLEM = "problem"  # a known problem with its workaround, for second level
    ANSWER = "answer"  # a scripted answer, for first level


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedDown:
    """Where the solution of a third-level case is published for the levels below."""

    kind: PassedKind
    id: UUID
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCould:
    """Whoever solved a case above says that first level could have, with this answer.

    `title` is empty for who may not read the answer.
    """

    answer_id: UUID
    title: str
    by_name: str
