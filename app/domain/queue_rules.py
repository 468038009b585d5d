"""What may be set for a queue, and what is refused."""

from datetime import timedelta
from fractions import Fraction

from app.domain.errors import NotAllowed
from app.domain.metrics.call_figures import QueueRules
from app.i18n import tr

LONGEST = timedelta(days=1)  # a threshold of more is a slip


def check(queue: str, rules: QueueRules) -> None:
    """Raise NotAllowed, with what to do, unless a queue can be measured like this."""
    if not queue.strip() or len(queue) > 100:
        raise NotAllowed(tr("Give the queue's name, as calls have it: 1 to 100 characters."))
    for threshold in (rules.answer_within, rules.short_abandon):
        if not timedelta(0) <= threshold <= LONGEST:
            raise NotAllowed(tr("A threshold is from 0 seconds to one day."))
    if not 0 <= rules.goal <= 1 or (rules.goal * 100).denominator != 1:
        raise NotAllowed(tr("The goal is a whole number of per cent, from 0 to 100."))


def goal(percent: int) -> Fraction:
    return Fraction(percent, 100)
