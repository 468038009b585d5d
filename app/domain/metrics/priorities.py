"""Priority from impact and urgency as iTop has it, for centres that come from there: four urgencies.

Escalations are ranked by the matrix of ITIL in `app.domain.cases`; both give the same `Priority`.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.cases import Priority


class ItopImpact(StrEnum):
    DEPARTMENT = "department"
    SERVICE = "service"
    PERSON = "person"


class ItopUrgency(StrEnum):
    """Most urgent first, as the columns of the matrix."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_MATRIX: Mapping[ItopImpact, tuple[Priority, ...]] = {
    ItopImpact.DEPARTMENT: (Priority.P1, Priority.P1, Priority.P2, Priority.P4),
    ItopImpact.SERVICE: (Priority.P1, Priority.P2, Priority.P3, Priority.P4),
    ItopImpact.PERSON: (Priority.P2, Priority.P3, Priority.P3, Priority.P4),
}


def itop_priority(impact: ItopImpact, urgency: ItopUrgency) -> Priority:
    """The priority of an incident in iTop; 1 is the most urgent."""
    return _MATRIX[impact][tuple(ItopUrgency).index(urgency)]
