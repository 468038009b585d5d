"""What all commands of a desk have."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`by` is the person who asks, `at` when (aware UTC)."""

    id: UUID
    by: UUID
    at: datetime
