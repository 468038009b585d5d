"""Questions about a case that stays where it is: to whoever handed it over, or to a higher level."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.cases import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Asked of one person (`to_person_id`), or of everybody at `to_level`; `answered_at` None: still open.

    A case that is solved takes its open questions with it: they end then, with nobody who answered.
    """

    id: UUID
    case_id: UUID
    case_number: str
    case_title: str
    asked_by_name: str
    asked_at: datetime
    text: str
    to_person_id: UUID | None = None
    to_person_name: str = ""
    to_level: Level | None = None
    answer: str = ""
    answered_by_name: str = ""
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    @property
    def is_overtaken(self) -> bool:
        """Nobody needs an answer any more: the case was solved without one."""
        return self.answered_at is not None and not self.answered_by_name
