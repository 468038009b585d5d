"""Which cases of a queue a person wants to see; kept by name, each for its person."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.cases import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What is None or false does not matter."""

    team_id: UUID | None = None
    product_id: UUID | None = None
    least_priority: Priority | None = None  # this one and all that are more urgent
    is_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    id: UUID
    name: str
    filter: CaseFilter
