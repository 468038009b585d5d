"""How urgent a case is: ITIL's matrix of how many are hit and how soon it hurts."""

from collections.abc import Mapping
from datetime import timedelta
from enum import IntEnum, StrEnum


class Impact(StrEnum):
    """How many are hit."""

    PERSON = "person"
    TEAM = "team"
    COMPANY = "company"


class Urgency(StrEnum):
    """How soon it hurts."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Priority(IntEnum):
    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4
    P5 = 5


# The impact-urgency matrix of ITIL (Service Operation, incident prioritisation).
_PRIORITY = {
    (Impact.COMPANY, Urgency.HIGH): Priority.P1,
    (Impact.COMPANY, Urgency.NORMAL): Priority.P2,
    (Impact.TEAM, Urgency.HIGH): Priority.P2,
    (Impact.COMPANY, Urgency.LOW): Priority.P3,
    (Impact.TEAM, Urgency.NORMAL): Priority.P3,
    (Impact.PERSON, Urgency.HIGH): Priority.P3,
    (Impact.TEAM, Urgency.LOW): Priority.P4,
    (Impact.PERSON, Urgency.NORMAL): Priority.P4,
    (Impact.PERSON, Urgency.LOW): Priority.P5,
}

# From entering a level to being claimed by a person there, where the centre has not set it.
CLAIM_WITHIN: Mapping[Priority, timedelta] = {
    Priority.P1: timedelta(minutes=15),
    Priority.P2: timedelta(hours=1),
    Priority.P3: timedelta(hours=4),
    Priority.P4: timedelta(hours=8),
    Priority.P5: timedelta(hours=24),
}


def priority(impact: Impact, urgency: Urgency) -> Priority:
    return _PRIORITY[impact, urgency]
