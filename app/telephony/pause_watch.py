"""Tells a pause that somebody else made at the PBX from the echo of what this desk asked for.

What is compared is how things are, not what happened: events come before or after the answer to an action, and several
of them, one for each queue. Only what stays other than wanted, with nothing of ours under way, is somebody else's.
"""

from dataclasses import dataclass

SETTLE_S = 0.5  # from the last news to the judgement


@dataclass(frozen=True, slots=True)
class Pause:
    """Whether a telephone takes calls of queues, and why not, in the words of whoever paused it."""

    is_paused: bool
    reason: str = ""

    def is_other_than(self, wanted: "Pause") -> bool:
        has_other_reason = self.is_paused and bool(self.reason) and self.reason != wanted.reason
        return self.is_paused != wanted.is_paused or has_other_reason


class PauseWatch:
    """Of one telephone, in one thread; times are seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self._wanted: Pause | None = None
        self._told: Pause | None = None
        self._under_way = 0
        self._news_s = 0.0

    @property
    def is_open(self) -> bool:
        """PBX and desk differ: it has to be looked at again when things have settled."""
        return bool(self._told and self._wanted and self._told.is_other_than(self._wanted))

    def ask(self, pause: Pause) -> None:
        """The desk asks the PBX for this."""
        self._wanted = pause
        self._under_way += 1

    def answer(self, now_s: float, *, was_done: bool) -> None:
        """What came of an asking; after a refusal the PBX is right as it is."""
        self._under_way = max(0, self._under_way - 1)
        self._news_s = now_s
        if not was_done:
            self._wanted = self._told

    def tell(self, pause: Pause, now_s: float) -> None:
        """What the PBX says."""
        if pause != self._told:
            self._told, self._news_s = pause, now_s

    def look(self, now_s: float) -> Pause | None:
        """The change that somebody else made, once; from then on it is what is wanted."""
        if self._wanted is None:
            self._wanted = self._told
        if not self.is_open or self._under_way or now_s - self._news_s < SETTLE_S:
            return None
        self._wanted = self._told
        return self._told
