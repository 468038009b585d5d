"""What became of the answers that were opened in calls, and how popular that makes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import log1p
from uuid import UUID

from app.domain.answers import Answer

HALF_LIFE = timedelta(days=14)
KEPT = timedelta(days=120)  # more than eight half-lives: what is older counts less than 1/300

_EPOCH = date(2024, 1, 1)
_ESCALATED = 0.5  # what a case that went up all the same takes off
_MODEST = 20.0  # solved cases below which nothing counts as popular, however little the others are used
_NEW_ANSWER = 0.5  # popularity that an answer begins with


class UseKind(StrEnum):
    """What became of an answer in a call: shown only, or opened, and of the case then."""

    SHOWN = "shown"  # among the first hits of a search that ended there
    READ = "read"  # neither: the call ended, or another answer solved it
    SOLVED = "solved"  # this answer solved it
    ESCALATED = "escalated"  # it went to the next level all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerUse:
    """One answer, opened in one call. Whose call it was is not kept."""

    answer_id: UUID
    kind: UseKind


def weight_of(day: date) -> float:
    """What a use on this day weighs: twice as much as one a half-life before.

    Forward decay (Cormode, Shkapenyuk, Srivastava, Xu: "Forward decay", ICDE 2009): weights never change, so a database
    sums them up, and `faded` makes the sum that of now.
    """
    return float(2.0 ** ((day - _EPOCH) / HALF_LIFE))


def faded(weights: float, today: date) -> float:
    """A sum of `weight_of` as the count of uses that it is worth today."""
    return weights / weight_of(today)


def popularity(
    counts: Mapping[UUID, Mapping[UseKind, float]], answers: Iterable[Answer], now: datetime
) -> dict[UUID, float]:
    """How much each answer has solved lately, 0 to 1; answers without anything are left out.

    It cannot lock in. Being read counts for nothing, because what stands on top is read. The logarithm keeps the much
    used from shutting out the others, what was escalated after reading takes off again, all of it halves each 14 days,
    and a new answer begins in the middle, so that it is tried.

    Args:
        counts: faded counts of uses, by answer and kind.
        answers: all that are published, for those that are new.
        now: aware.
    """
    solved = {id_: max(0.0, _worth(kinds)) for id_, kinds in counts.items()}
    most = log1p(max(_MODEST, *solved.values(), _MODEST))
    scored = {id_: log1p(worth) / most for id_, worth in solved.items() if worth > 0}
    for answer in answers:
        if answer.version == 1 and answer.published_at is not None and (bonus := _bonus(now - answer.published_at)):
            scored[answer.id] = max(bonus, scored.get(answer.id, 0.0))
    return scored


def _worth(kinds: Mapping[UseKind, float]) -> float:
    return kinds.get(UseKind.SOLVED, 0.0) - _ESCALATED * kinds.get(UseKind.ESCALATED, 0.0)


def _bonus(age: timedelta) -> float:
    """Halves each half-life, and ends after two."""
    return _NEW_ANSWER * float(2.0 ** -(age / HALF_LIFE)) if age <= 2 * HALF_LIFE else 0.0
