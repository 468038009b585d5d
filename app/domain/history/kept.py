"""What is kept of the past beside the facts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LONGEST_STATE = timedelta(hours=12)  # whoever is in one state for longer has gone, or their desk has


class Grain(StrEnum):
    """How fine a row of sums is."""

    QUARTER = "quarter"  # a quarter of an hour, by all labels: told where no group is withheld
    DAY = "day"  # a day of the centre, by all labels: the same
    PART = "part"  # what may be told of a day where small groups are withheld


class Kind(StrEnum):
    """What is summed up, each by itself."""

    CALLS = "calls"
    CASES = "cases"
    PRESENCE = "presence"


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilMode:
    """Whether groups of fewer than five people are withheld; `by_name` empty: it was never changed, so it is on."""

    is_on: bool
    at: datetime | None = None
    by_name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody looked at the figures of one person."""

    id: UUID
    at: datetime
    by_name: str
    person_name: str
    purpose: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredThing:
    """How much of one kind is stored about a person, and of when; `what` is the name of a table and column."""

    what: str
    count: int
    first_at: datetime | None
    last_at: datetime | None
