"""The demo line: callers ring, wait, give up and hang up, all without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue

import pytest

from app.domain.calls import CallEvent, EndReason, EventKind, NumberKind
from app.domain.demo import DemoCaller
from app.telephony.demo import DemoSource, Pace
from app.telephony.source import SourceState, SourceStatus
from tests.patience import LIMIT_S

CALLERS = (
    DemoCaller(raw="+49 30 23125 100", queue="Link", says="My Wi-Fi is gone."),
    DemoCaller(raw="anonymous", queue="Print", says="It jams.", display_name="Anonymous"),
)
NEVER = Pace(mean_gap_s=1e6, shortest_gap_s=1e6, patience_s=1e6)
AT_ONCE = Pace(mean_gap_s=0.01, shortest_gap_s=0.0, patience_s=1e6)


class Heard:
    """What the line reported, in order."""

    def __init__(self) -> None:
        self.events: Queue[CallEvent] = Queue()
        self.statuses: Queue[SourceStatus] = Queue()

    def event(self, kind: EventKind) -> CallEvent:
        event = self.events.get(timeout=LIMIT_S)
        assert event.kind is kind
        return event

    def hears_nothing(self) -> bool:
        return self.events.empty()


@contextmanager
def started(source: DemoSource) -> Iterator[Heard]:
    heard = Heard()
    source.start(heard.events.put, heard.statuses.put)
    try:
        assert heard.statuses.get(timeout=LIMIT_S).state is SourceState.READY
        yield heard
    finally:
        source.stop()
    assert heard.statuses.get(timeout=LIMIT_S).state is SourceState.STOPPED


def test_a_whole_call_on_demand() -> None:
    source = DemoSource(CALLERS, pace=NEVER)
    with started(source) as heard:
        source.next_call()
        offered = heard.event(EventKind.OFFERED)
        assert offered.caller is not None and offered.caller.normal == "+493023125100"
        assert (offered.queue, offered.announcement) == ("Link", "My Wi-Fi is gone.")
        source.next_call()  # one at a time: nothing happens
        for command, kind in (
            (source.answer, EventKind.ANSWERED),
            (source.hold, EventKind.HELD),
            (source.resume, EventKind.RESUMED),
            (source.hang_up, EventKind.ENDED),
        ):
            command(offered.call_id)
            assert heard.event(kind).call_id == offered.call_id
        source.next_call()
        withheld = heard.event(EventKind.OFFERED)
        assert withheld.caller is not None and withheld.caller.kind is NumberKind.WITHHELD
        source.reject(withheld.call_id)
        assert heard.event(EventKind.ENDED).end_reason is EndReason.REJECTED


def test_a_command_for_a_call_that_is_gone_does_nothing() -> None:
    source = DemoSource(CALLERS, pace=NEVER)
    with started(source) as heard:
        source.next_call()
        first = heard.event(EventKind.OFFERED).call_id
        source.reject(first)
        heard.event(EventKind.ENDED)
        source.answer(first)
        source.next_call()
        assert heard.event(EventKind.OFFERED).call_id != first


def test_calls_come_by_themselves_and_callers_give_up() -> None:
    source = DemoSource(CALLERS, pace=Pace(mean_gap_s=0.01, shortest_gap_s=0.0, patience_s=0.01))
    with started(source) as heard:
        for _ in range(3):
            offered = heard.event(EventKind.OFFERED)
            ended = heard.event(EventKind.ENDED)
            assert (ended.call_id, ended.end_reason) == (offered.call_id, EndReason.ABANDONED)


def test_nobody_rings_while_it_is_paused() -> None:
    source = DemoSource(CALLERS, pace=AT_ONCE)
    source.pause(True)
    with started(source) as heard:
        source.next_call()  # asked for by the person: this one rings all the same
        call_id = heard.event(EventKind.OFFERED).call_id
        source.reject(call_id)
        heard.event(EventKind.ENDED)
        with pytest.raises(Empty):
            heard.events.get(timeout=30 * AT_ONCE.mean_gap_s)
        source.pause(False)
        assert heard.event(EventKind.OFFERED).call_id != call_id


def test_a_live_call_ends_unknown_when_the_line_is_stopped() -> None:
    source = DemoSource(CALLERS, pace=NEVER)
    with started(source) as heard:
        source.next_call()
        source.answer(heard.event(EventKind.OFFERED).call_id)
        heard.event(EventKind.ANSWERED)
    assert heard.event(EventKind.ENDED).end_reason is EndReason.UNKNOWN


@pytest.mark.parametrize("is_asked", [True, False])
def test_without_callers_it_waits(is_asked: bool) -> None:
    source = DemoSource((), pace=NEVER)
    with started(source) as heard:
        if is_asked:
            source.next_call()
        source.pause(True)
    assert heard.hears_nothing()
