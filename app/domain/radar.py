"""What the radar looks at: escalations and searches in vain of the last minutes, and when many are too many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from uuid import UUID

from app.domain.errors import NotAllowed
from app.i18n import tr

LOOKS_BACK = timedelta(days=14)  # for what is usual
CHANCE = 1e-4  # from which probability on so many alike are taken for everyday business
MOST_CASES = 1_000
LONGEST_WINDOW = timedelta(hours=24)
LONGEST_REST = timedelta(days=14)

_MOST_WORDS = 400  # characters of a fact that are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarSettings:
    """As a centre has set it: `case_count` alike within `window` raise a candidate, 0 turns the radar off.

    Attributes:
        rest: for so long nothing like what was dismissed is raised again.
    """

    case_count: int = 3
    window: timedelta = timedelta(minutes=30)
    rest: timedelta = timedelta(hours=12)


def refuse_bad(settings: RadarSettings) -> None:
    """Raise NotAllowed, with what is possible, for settings that no radar can work with."""
    if settings.case_count != 0 and not 2 <= settings.case_count <= MOST_CASES:
        raise NotAllowed(tr("Give a count from 2 to {most}, or 0 to switch the radar off.", most=MOST_CASES))
    if not timedelta(minutes=1) <= settings.window <= LONGEST_WINDOW:
        raise NotAllowed(tr("Give a time of 1 to {most} minutes.", most=LONGEST_WINDOW // timedelta(minutes=1)))
    if not timedelta(0) <= settings.rest <= LONGEST_REST:
        raise NotAllowed(tr("Give a rest of 0 to {most} minutes.", most=LONGEST_REST // timedelta(minutes=1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One escalation, or what one call looked for in vain.

    Attributes:
        key: one for each fact.
        texts: title and searches, as they were typed.
        who: stands for the customer, where known: who calls three times is no cluster.
        own: the words by which the customer could be known; they are never shown.
    """

    key: str
    at: datetime
    texts: tuple[str, ...]
    product: str = ""
    case_id: UUID | None = None
    who: str = ""
    own: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return "\n".join(self.texts)[:_MOST_WORDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Facts that are about the same; `words` are those that several of them share, so none is about one customer."""

    facts: tuple[Fact, ...]
    title: str
    symptoms: tuple[str, ...]

    @property
    def products(self) -> tuple[str, ...]:
        """Those that several are about, the most frequent first."""
        codes = [fact.product for fact in self.facts if fact.product]
        return tuple(sorted({code for code in codes if codes.count(code) > 1}, key=lambda code: -codes.count(code)))


def customer_count(facts: Iterable[Fact]) -> int:
    """How many different customers ask; one who is not known is another one."""
    return len({fact.who or fact.key for fact in facts})


def is_surprise(count: int, expected: float) -> bool:
    """Whether `count` in a window are more than chance, where `expected` are usual (Poisson, upper tail)."""
    term = exp(-expected)
    below = 0.0
    for k in range(count):
        below += term
        term *= expected / (k + 1)
    return 1 - below < CHANCE
