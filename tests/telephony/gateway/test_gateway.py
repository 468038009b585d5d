"""A gateway in a process of its own, between a PBX and desks: what it records, whom it wakes, what it does for them."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from app.db.engine import Database
from app.domain.call_states import advance
from app.domain.calls import Call, CallEvent, Disposition, EndReason, EventKind
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.lines import LineAction, LineOrder
from app.services.calls import Calls
from app.services.lines import Lines
from app.telephony.ami.visits import call_id_of
from app.telephony.source import Capability, SourceState
from tests import people
from tests.builders import record_call
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S
from tests.telephony.ami.stories import Story
from tests.telephony.gateway.site import DeskLine, Site

CALLS = "SELECT state, end_reason, agent_id, queue FROM call ORDER BY queued_at"


def story(number: int = 6, **others: str) -> Story:
    return Story(number, began_s=time.time() - 1.0, **others)


def ready(line: DeskLine) -> None:
    """The first states until the line serves."""
    while line.listener.statuses.get(timeout=LIMIT_S).state is not SourceState.READY:
        pass


def until_said(line: DeskLine, is_it: Callable[[str], bool]) -> None:
    """Until the line serves, with this sentence; that of a gateway which a busy machine held up may come before."""
    while (status := line.listener.statuses.get(timeout=LIMIT_S)).state is not SourceState.READY or not is_it(
        status.sentence
    ):
        pass


def test_only_the_desk_that_rings_pops_and_another_ones_answer_takes_it_away(centre_site: Site) -> None:
    centre_site.start_gateway()
    centre_site.until_ready()
    ada, mia = centre_site.open_line(centre_site.centre.agent), centre_site.open_line(centre_site.mate)
    ready(ada)
    ready(mia)
    told = story().join().ring("1001")
    centre_site.pbx.play(told.events)
    offered = ada.listener.event(EventKind.OFFERED)
    assert (offered.caller.normal if offered.caller else "") == "+442079460100" and offered.queue == "support"
    assert mia.listener.events.empty()
    assert not any(len(topics) == 1 and "line" in topics for topics in mia.woken)
    before = len(told.events)
    centre_site.pbx.play(told.ring("1002").answer("1002").events[before:])
    stopped = ada.listener.event(EventKind.RING_STOPPED)
    assert stopped.end_reason is EndReason.FLOW_OUT
    assert ada.listener.event(EventKind.ENDED).end_reason is EndReason.FLOW_OUT  # of no concern to Ada any more
    mia.listener.event(EventKind.OFFERED)
    mia.listener.event(EventKind.ANSWERED)
    before = len(told.events)
    centre_site.pbx.play(told.end("1002").events[before:])
    assert mia.listener.event(EventKind.ENDED).end_reason is EndReason.ANSWERED
    assert centre_site.rows(CALLS) == [("wrap_up", "answered", centre_site.mate.id, "support")]


def test_a_caller_who_gives_up_is_recorded_and_to_be_called_back(centre_site: Site) -> None:
    centre_site.start_gateway()
    centre_site.until_ready()
    ada = centre_site.open_line(centre_site.centre.agent)
    ready(ada)
    told = Story(began_s=time.time() - 20).join().ring()
    centre_site.pbx.play(told.events)
    ada.listener.event(EventKind.OFFERED)
    before = len(told.events)
    centre_site.pbx.play(told.wait(10).abandon("1001").events[before:])
    ada.listener.event(EventKind.RING_STOPPED)
    ada.listener.event(EventKind.ENDED)
    assert centre_site.rows(CALLS) == [("closed", "abandoned", None, "support")]
    query = "SELECT kind, number, state, person_id FROM call_back"
    assert centre_site.rows(query) == [("abandoned", "+442079460100", "open", None)]
    again = story(60).join().ring()
    centre_site.pbx.play(again.answer().events)  # the same caller comes through: nobody has to call any more
    centre_site.until("SELECT state FROM call_back", lambda rows: rows == [("done",)])


def test_orders_are_done_for_the_person_whose_call_it_is(centre_site: Site) -> None:
    centre_site.start_gateway()
    centre_site.until_ready()
    ada = centre_site.open_line(centre_site.centre.agent)
    ready(ada)
    assert {Capability.HANG_UP, Capability.TRANSFER, Capability.PAUSE} <= ada.source.capabilities
    told = story().join().ring().answer()
    centre_site.pbx.play(told.events)
    call_id = ada.listener.event(EventKind.OFFERED).call_id
    ada.listener.event(EventKind.ANSWERED)
    ada.source.pause(True, "lunch")
    paused = centre_site.pbx.wait_for_action("QueuePause")
    assert (paused["Interface"], paused["Paused"], paused["Reason"]) == ("PJSIP/1001", "true", "lunch")
    ada.source.transfer(call_id, "2000")
    moved = centre_site.pbx.wait_for_action("BlindTransfer")
    assert (moved["Exten"], moved["Context"]) == ("2000", "agents")
    ada.source.hang_up(call_id)
    assert centre_site.pbx.wait_for_action("Hangup")["Channel"].startswith("PJSIP/1001-")
    centre_site.until("SELECT state FROM line_order", lambda rows: rows == [("done",)] * 3)


def test_nobody_touches_somebody_elses_call(centre_site: Site, expected_log: ExpectedLog) -> None:
    expected_log("database: InsufficientPrivilege")
    centre_site.start_gateway()
    centre_site.until_ready()
    ada = centre_site.open_line(centre_site.centre.agent)
    ready(ada)
    centre_site.pbx.play(story().join().ring().answer().events)
    call_id = ada.listener.event(EventKind.OFFERED).call_id
    ada.listener.event(EventKind.ANSWERED)
    mate = centre_site.mate
    database = Database(people.as_login(centre_site.url, mate.login))
    order = LineOrder(
        id=new_id(), by=mate.id, at=datetime.now(UTC), action=LineAction.TRANSFER, call_id=call_id, text="2000"
    )
    with pytest.raises(NotAllowed):
        Lines(database, mate.id).place(order)
    forged = LineOrder(id=new_id(), by=centre_site.centre.agent.id, at=datetime.now(UTC), action=LineAction.PAUSE)
    with pytest.raises(NotAllowed):  # in somebody else's name
        Lines(database, mate.id).place(forged)
    database.close()
    # Past the policies, as a program of the database's owner could: the gateway looks once more.
    insert = "INSERT INTO line_order (id, by, at, action, call_id, text) VALUES (%s, %s, now(), 'transfer', %s, '2000')"
    with people.superuser(centre_site.url) as connection:
        connection.execute(insert, (order.id, mate.id, call_id))
    centre_site.until("SELECT state, refusal FROM line_order", lambda rows: rows == [("refused", "not_yours")])
    assert centre_site.pbx.actions("BlindTransfer") == []


def test_an_order_that_the_pbx_refuses_comes_back_with_its_words(centre_site: Site) -> None:
    centre_site.pbx.mood.refusals["QueuePause"] = "Interface not found"
    centre_site.start_gateway()
    centre_site.until_ready()
    ada = centre_site.open_line(centre_site.centre.agent)
    ready(ada)
    ada.source.pause(True)
    until_said(ada, lambda sentence: "Interface not found" in sentence)
    centre_site.pbx.mood.refusals.clear()
    ada.source.pause(False)
    until_said(ada, lambda sentence: not sentence)


def test_what_was_asked_too_long_ago_is_not_done(centre_site: Site) -> None:
    insert = "INSERT INTO line_order (id, by, at, action, text) VALUES (%s, %s, now() - interval '1 min', 'pause', '')"
    with people.superuser(centre_site.url) as connection:
        connection.execute(insert, (uuid4(), centre_site.centre.agent.id))
    centre_site.start_gateway()
    centre_site.until("SELECT state, refusal FROM line_order", lambda rows: rows == [("refused", "too_late")])
    assert centre_site.pbx.actions("QueuePause") == []


def test_the_desk_writes_its_part_into_the_gateways_record(centre_site: Site) -> None:
    centre_site.start_gateway()
    centre_site.until_ready()
    told = story().join().ring().answer().wait(2).end()
    centre_site.pbx.play(told.events)
    centre_site.until(CALLS, lambda rows: [row[0] for row in rows] == ["wrap_up"])
    agent, call = centre_site.centre.agent, _wrapped_up(centre_site, told.linked_id)
    database = Database(people.as_login(centre_site.url, agent.login))
    Calls(database).record(record_call(call, agent, customer_id=centre_site.centre.berg.id))
    database.close()
    row = centre_site.rows("SELECT state, customer_id, disposition, held_ms, note FROM call")
    assert row == [("closed", centre_site.centre.berg.id, "solved", 0, "")]
    time.sleep(1.2)  # a beat and more: the gateway, which knows it in wrap-up, does not open it again
    assert centre_site.rows("SELECT state FROM call") == [("closed",)]


def _wrapped_up(site: Site, linked_id: str) -> Call:
    """The call as Ada's desk knows it when she has finished."""
    agent = site.centre.agent
    database = Database(people.as_login(site.url, agent.login))
    call_id = call_id_of(linked_id)
    (line_call,) = Lines(database, agent.id).now(frozenset({call_id}), frozenset()).calls
    database.close()
    done = CallEvent(call_id=call_id, kind=EventKind.WRAPPED_UP, at=datetime.now(UTC))
    return replace(advance(line_call.call, done), disposition=Disposition.SOLVED)


def test_a_pause_at_the_pbx_comes_through_the_gateway_once(centre_site: Site) -> None:
    centre_site.start_gateway()
    centre_site.until_ready()
    ada = centre_site.open_line(centre_site.centre.agent)
    ready(ada)
    pbx = centre_site.pbx
    ada.source.pause(False)
    pbx.wait_for_action("QueuePause")
    pbx.play(pbx.set_pause("PJSIP/1001", True, "Talk to Tom"))
    while (status := ada.listener.statuses.get(timeout=LIMIT_S)).pause is None:
        pass
    assert (status.pause.is_paused, status.pause.reason) == (True, "Talk to Tom")
    ada.source.pause(True, "lunch")
    ada.source.pause(False)
    pbx.wait_for_action("QueuePause", 3)
    centre_site.until("SELECT is_paused FROM telephone WHERE interface = 'PJSIP/1001'", lambda rows: rows == [(False,)])
    time.sleep(3.0)  # two looks and more
    assert len(pbx.actions("QueuePause")) == 3
    assert {one.pause for one in list(ada.listener.statuses.queue)} <= {status.pause}
