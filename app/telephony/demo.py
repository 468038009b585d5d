"""The demo line: invented callers ring at plausible intervals, without a network. The screen labels it as a demo."""

import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.domain.calls import CallEvent, EndedBy, EndReason, EventKind
from app.domain.demo import DemoCaller
from app.domain.ids import new_id
from app.i18n import tr
from app.telephony.numbers import normalise
from app.telephony.source import Capability, SourceState, SourceStatus

_IDLE_S = 3_600.0  # between two looks at the clock while nothing is planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How callers behave, in seconds. The mean is that of an exponential distribution: calls come independently."""

    mean_gap_s: float = 75.0
    shortest_gap_s: float = 15.0
    patience_s: float = 45.0  # a caller whom nobody answers gives up


@dataclass(slots=True)
class _Live:
    call_id: UUID
    gives_up_at_s: float
    is_answered: bool = False


class DemoSource:
    """One line, one call at a time; the same seed gives the same callers at the same intervals."""

    name = "demo"
    capabilities = frozenset(Capability) - {Capability.CONSULT, Capability.DIAL}

    def __init__(self, callers: Sequence[DemoCaller], *, seed: int = 7, pace: Pace | None = None) -> None:
        self._callers = tuple(callers)
        self._random = random.Random(seed)
        self._pace = pace or Pace()
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="demo line", daemon=True)
        self._live: _Live | None = None
        self._is_paused = False
        self._next_caller = 0
        self._next_at_s = 0.0

    def start(self, on_event: Callable[[CallEvent], None], on_status: Callable[[SourceStatus], None]) -> None:
        self._on_event, self._on_status = on_event, on_status
        self._thread.start()

    def stop(self) -> None:
        self._inbox.put(None)
        self._thread.join()

    def answer(self, call_id: UUID) -> None:
        self._ask(call_id, self._answer)

    def reject(self, call_id: UUID) -> None:
        self._ask(call_id, lambda: self._end(EndReason.REJECTED))

    def hold(self, call_id: UUID) -> None:
        self._ask(call_id, lambda: self._report(EventKind.HELD))

    def resume(self, call_id: UUID) -> None:
        self._ask(call_id, lambda: self._report(EventKind.RESUMED))

    def hang_up(self, call_id: UUID) -> None:
        self._ask(call_id, lambda: self._end(EndReason.ANSWERED, EndedBy.AGENT))

    def transfer(self, call_id: UUID, number: str, *, is_attended: bool = False) -> None:
        self._ask(call_id, lambda: self._end(EndReason.ANSWERED, EndedBy.TRANSFER))

    def dial(self, number: str) -> None:
        """There is nobody at the other end."""

    def hindrance(self, capability: Capability) -> str:
        return "" if capability in self.capabilities else tr("The demo line cannot do that.")

    def pause(self, is_paused: bool, reason: str = "") -> None:
        self._inbox.put(lambda: self._pause(is_paused))

    def next_call(self) -> None:
        self._inbox.put(self._ring)

    def _ask(self, call_id: UUID, action: Callable[[], None]) -> None:
        self._inbox.put(lambda: action() if self._live and self._live.call_id == call_id else None)

    def _run(self) -> None:
        self._status(SourceState.READY)
        self._plan_next()
        while True:
            try:
                action = self._inbox.get(timeout=max(0.0, self._wake_at_s() - time.monotonic()))
            except queue.Empty:
                action = self._time_out
            if action is None:
                break
            action()
        if self._live:
            self._end(EndReason.UNKNOWN)
        self._status(SourceState.STOPPED)

    def _wake_at_s(self) -> float:
        if self._live is None:
            return self._next_at_s
        return time.monotonic() + _IDLE_S if self._live.is_answered else self._live.gives_up_at_s

    def _time_out(self) -> None:
        if self._live:
            if not self._live.is_answered:
                self._end(EndReason.ABANDONED)
        elif self._is_paused:
            self._plan_next()
        else:
            self._ring()

    def _ring(self) -> None:
        if self._live or not self._callers:
            self._plan_next()
            return
        caller = self._callers[self._next_caller % len(self._callers)]
        self._next_caller += 1
        self._live = _Live(new_id(), time.monotonic() + self._pace.patience_s)
        number = normalise(caller.raw, caller.display_name)
        self._report(EventKind.OFFERED, caller=number, queue=caller.queue, announcement=caller.says)

    def _answer(self) -> None:
        assert self._live is not None
        self._live.is_answered = True
        self._report(EventKind.ANSWERED)

    def _end(self, reason: EndReason, ended_by: EndedBy | None = None) -> None:
        self._report(EventKind.ENDED, end_reason=reason, ended_by=ended_by)
        self._live = None
        self._plan_next()

    def _pause(self, is_paused: bool) -> None:
        self._is_paused = is_paused
        self._plan_next()

    def _plan_next(self) -> None:
        gap_s = self._pace.shortest_gap_s + self._random.expovariate(1 / self._pace.mean_gap_s)
        self._next_at_s = time.monotonic() + gap_s

    def _report(self, kind: EventKind, **details: object) -> None:
        assert self._live is not None
        self._on_event(CallEvent(call_id=self._live.call_id, kind=kind, at=datetime.now(UTC), **details))  # type: ignore[arg-type]

    def _status(self, state: SourceState) -> None:
        self._on_status(SourceStatus(name=self.name, state=state, since=datetime.now(UTC)))
