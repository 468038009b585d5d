"""PostgreSQL goes away in mid-call: the agent works on, and all is delivered exactly once when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.calls import CallState, Disposition
from app.domain.cases import CaseEvent, CaseState
from tests.e2e.centre import EMRE, Centre, left_on_desk
from tests.e2e.conftest import OpenDesk, fill
from tests.e2e.desks import SOFTPHONE
from tests.e2e.hands import (
    answer,
    call,
    claim,
    escalate,
    finish,
    hang_up,
    is_delivered,
    is_in,
    line_is_ready,
    read_top,
    write_note,
)
from tests.postgres import OwnServer, PostgresMissing, start_own

LOGIN = "anna.berger"
NOTE = "Während der Störung geschrieben: größte Mühe."
AWAY = "No connection to the database since"
BACK_LIMIT_S = 60.0

pytestmark = pytest.mark.usefixtures("sipp")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnServer]:
    """A server that may be crashed, and keeps what it confirmed."""
    try:
        started = start_own(tmp_path, durable=True)
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with started:
        yield started


def test_the_database_goes_away_in_mid_call(desk_of: OpenDesk, server: OwnServer, tmp_path: Path) -> None:
    url = server.create_database("centre")
    fill(url)
    first = desk_of(LOGIN, url, settings={**SOFTPHONE, "undo_s": 0.2})
    second = desk_of("svenja.kolbe", url)
    line_is_ready(first)
    before = second.wait("the queue is read", lambda seen: seen["is_open"] and seen["queue"])["queue"]
    with call(first, EMRE) as caller:
        first.wait("it rings", is_in("card", "Ringing", "Emre Özdemir"))
        answer(first)
        first.wait("all is delivered", is_delivered)

        server.crash()
        first.wait("it is said", is_in("banners", AWAY))
        title = read_top(first, "kontoabruf")
        write_note(first, NOTE)
        number, _ = escalate(first)
        first.wait("not delivered is said", is_in("line", "not delivered"))
        first.wait("the time for undo is over", is_in("confirmation", number, "kept, on its way"))
        hang_up(first)
        assert caller.wait() == 0
    finish(first, "2")
    assert first.look()["not_delivered"] > 0
    with call(first, EMRE) as caller:
        seen = first.wait("a call rings all the same", is_in("card", "Ringing", "+49 30 23125241"))
        assert not is_in("card", "Emre Özdemir")(seen)  # nobody knows now who has this number
        answer(first)

        server.restart()
        first.wait("who calls is known after all", is_in("card", "Emre Özdemir"), BACK_LIMIT_S)
        hang_up(first)
        assert caller.wait() == 0
    finish(first, "4")
    first.wait("all is delivered", is_delivered, BACK_LIMIT_S)
    first.wait("the banner is gone", lambda seen: not is_in("banners", AWAY)(seen), BACK_LIMIT_S)
    first.wait("nothing waits", lambda seen: not is_in("line", "not delivered")(seen))
    seen = second.wait("it arrives", lambda seen: len(seen["queue"]) == len(before) + 1, BACK_LIMIT_S)
    assert any(number in row[1] for row in seen["queue"])
    assert seen["keys_pressed"] == 0
    case = claim(second, number)
    assert (case["note"], case["searches"], case["answers"]) == (NOTE, ["kontoabruf"], [f"{title} (version 1)"])
    for desk in (first, second):
        desk.close()
    _assert_recorded(Centre(url), number)
    assert left_on_desk(tmp_path / LOGIN) == {"outbox": 0, "work": 0}


def _assert_recorded(centre: Centre, number: str) -> None:
    kept = centre.case(number)
    assert kept.state is CaseState.CLAIMED
    events = [event for event, _ in centre.timeline(kept.id)]
    assert events == [CaseEvent.OPENED, CaseEvent.ESCALATED, CaseEvent.CLAIMED]
    assert centre.watchers(kept.id) == [LOGIN]
    recorded, later = [row for row in centre.calls(EMRE, LOGIN) if row.source == "sip"]
    assert (later.state, later.customer_id) == (CallState.CLOSED, kept.customer_id)
    assert (recorded.state, recorded.disposition) == (CallState.CLOSED, Disposition.ESCALATED)
    assert (recorded.case_id, recorded.note) == (kept.id, NOTE)
