"""The calls of one day and their tallies, kept as calls come and change."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add
from uuid import UUID

from app.domain.board import CallNow
from app.domain.metrics.call_figures import CallTally, QueueRules, tally

_LENGTH = timedelta(minutes=15)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

_Interval = tuple[str, int]  # of a queue


class DayCalls:
    """Only the quarter hours of calls that changed are added up again: the intervals of a day are the day."""

    def __init__(self, day_start: datetime) -> None:
        self._day_start = day_start
        self._calls: dict[UUID, CallNow] = {}
        self._intervals: dict[_Interval, set[UUID]] = defaultdict(set)
        self._tallies: dict[_Interval, CallTally] = {}
        self._changed: set[_Interval] = set()
        self._rules: Mapping[str, QueueRules] = {}

    @property
    def calls(self) -> tuple[CallNow, ...]:
        """In the order in which they were queued."""
        return tuple(sorted(self._calls.values(), key=lambda call: (call.queued_at, call.id)))

    def put(self, call: CallNow) -> None:
        """A call that is new, or as it is now."""
        self.remove(call.id)
        self._calls[call.id] = call
        if self._counts(call):
            self._intervals[_interval(call)].add(call.id)
            self._changed.add(_interval(call))

    def remove(self, call_id: UUID) -> None:
        """It is not of this day, or not there."""
        call = self._calls.pop(call_id, None)
        if call is not None and self._counts(call):
            self._intervals[_interval(call)].discard(call_id)
            self._changed.add(_interval(call))

    def tallies(self, rules: Mapping[str, QueueRules]) -> dict[str, CallTally]:
        """By queue, each by its own rules; other rules than last time hold for the whole day."""
        if rules != self._rules:
            self._rules = rules
            self._changed |= set(self._intervals)
        for interval in self._changed:
            self._tallies[interval] = self._tally(interval)
        self._changed.clear()
        by_queue: dict[str, list[CallTally]] = defaultdict(list)
        for (queue, start), one in self._tallies.items():
            if self._intervals[queue, start]:
                by_queue[queue].append(one)
        return {queue: reduce(add, those) for queue, those in by_queue.items()}

    def _counts(self, call: CallNow) -> bool:
        return call.facts is not None and call.queued_at >= self._day_start

    def _tally(self, interval: _Interval) -> CallTally:
        calls = (self._calls[call_id].facts for call_id in self._intervals[interval])
        return tally((facts for facts in calls if facts is not None), self._rules.get(interval[0], QueueRules()))


def _interval(call: CallNow) -> _Interval:
    return call.queue, (call.queued_at - _EPOCH) // _LENGTH
