"""What a desk behind the gateway is told, from how the database says its calls are."""

from dataclasses import replace

from app.domain.call_states import advance, begin
from app.domain.calls import CallEvent, CallState, EventKind
from app.domain.ids import new_id
from app.domain.lines import LineCall, RingAt
from app.telephony.line_news import LineNews
from tests.builders import at, call, caller

ME = new_id()
AGENT, CUSTOMER = caller("1001", display_name="Agent One"), caller("+493023125101", display_name="Nora Voss")


def test_after_an_attended_transfer_the_desk_is_told_of_the_customer_once() -> None:
    news = LineNews(ME)
    asked = replace(call(CallState.OFFERED), caller=AGENT)
    ring = RingAt(call_id=asked.id, person_id=ME, at=at(0))
    told = list(news.of(LineCall(call=asked, agent_id=None, ring=ring)))
    assert [event.kind for event in told] == [EventKind.OFFERED]
    talking = replace(asked, state=CallState.CONNECTED, answered_at=at(5))
    told += news.of(LineCall(call=talking, agent_id=ME, ring=replace(ring, stopped_at=at(5))))
    given = LineCall(call=replace(talking, caller=CUSTOMER), agent_id=ME, ring=replace(ring, stopped_at=at(5)))
    told += [*news.of(given), *news.of(given)]
    assert [event.kind for event in told].count(EventKind.REPLACED) == 1
    now = begin(told[0], "shared")
    for event in told[1:]:
        now = advance(now, event)
    assert (now.caller, now.state) == (CUSTOMER, CallState.CONNECTED)


def test_who_was_asked_only_while_it_rang_is_told_of_the_customer_too() -> None:
    news = LineNews(ME)
    asked = replace(call(CallState.OFFERED), caller=AGENT)
    ring = RingAt(call_id=asked.id, person_id=ME, at=at(0))
    told: list[CallEvent] = list(news.of(LineCall(call=asked, agent_id=None, ring=ring)))
    told += news.of(LineCall(call=replace(asked, caller=CUSTOMER), agent_id=None, ring=ring))
    assert [(event.kind, event.caller) for event in told] == [
        (EventKind.OFFERED, AGENT),
        (EventKind.REPLACED, CUSTOMER),
    ]
