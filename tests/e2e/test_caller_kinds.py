"""Who may ring: a stranger, somebody who hides, nonsense, two people with one telephone; and calls that go wrong."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from app.domain.calls import SHORT_ABANDON, CallState, EndReason, NumberKind
from tests.e2e.centre import EMRE, HOFMANNS, STRANGER, Centre, left_on_desk
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import SOFTPHONE, DeskProcess, Seen
from tests.e2e.hands import answer, call, finish, hang_up, invited_at, is_delivered, is_in, line_is_ready, write_note

LOGIN = "anna.berger"
NOTE = "Hörer aufgelegt? Größe ß, Straße …"

pytestmark = pytest.mark.usefixtures("sipp")


@pytest.fixture
def centre(postgres_centre_url: str) -> Centre:
    return Centre(postgres_centre_url)


@pytest.fixture
def desk(desk_of: OpenDesk, postgres_centre_url: str) -> Iterator[DeskProcess]:
    with desk_of(LOGIN, postgres_centre_url, settings=SOFTPHONE) as opened:
        opened.open()
        line_is_ready(opened)
        yield opened


def test_all_kinds_of_callers_one_after_the_other(desk: DeskProcess, centre: Centre) -> None:
    _stranger(desk, centre)
    _withheld(desk, centre)
    _nonsense(desk, centre)
    _two_with_one_number(desk, centre)
    _gives_up(desk, centre)
    for _ in range(3):
        _rings_at_once(desk)


def test_the_softphone_is_killed_in_mid_call(desk: DeskProcess, centre: Centre, tmp_path: Path) -> None:
    with call(desk, EMRE) as caller:
        desk.wait("it rings", is_in("card", "Ringing", "Emre Özdemir"))
        answer(desk)
        write_note(desk, NOTE)
        os.kill(desk.children()["baresip"], signal.SIGKILL)
        seen = desk.wait("the call is over", is_in("card", "Wrap-up"))
        assert seen["note"] == NOTE
        caller.hang_up()
    finish(desk, "6")
    line_is_ready(desk)
    with call(desk, EMRE) as caller:
        desk.wait("the next call rings", is_in("card", "Ringing", "Emre Özdemir"))
        seen = answer(desk)
        assert seen["note"] == ""
        hang_up(desk)
        assert caller.wait() == 0
    finish(desk, "4")
    desk.wait("all is delivered", is_delivered)
    desk.close()
    lost, well = [row for row in centre.calls(EMRE, LOGIN) if row.source == "sip"]
    assert (lost.state, lost.end_reason, lost.note) == (CallState.CLOSED, EndReason.UNKNOWN, NOTE)
    assert (well.state, well.end_reason, well.note) == (CallState.CLOSED, EndReason.ANSWERED, "")
    assert left_on_desk(tmp_path / LOGIN) == {"outbox": 0, "work": 0}


def _stranger(desk: DeskProcess, centre: Centre) -> None:
    with call(desk, STRANGER) as caller:
        desk.wait("a card without a name", is_in("card", "Ringing", "Unknown caller", "+49 30 23125955"))
        answer(desk)
        hang_up(desk)
        assert caller.wait() == 0
    finish(desk, "4")
    desk.wait("all is delivered", is_delivered)
    (row,) = centre.calls(STRANGER, LOGIN)
    assert (row.number_kind, row.customer_id) == (NumberKind.PUBLIC, None)


def _withheld(desk: DeskProcess, centre: Centre) -> None:
    with call(desk, "anonymous", "Anonymous", host="anonymous.invalid") as caller:
        desk.wait("it says withheld", is_in("card", "Ringing", "Number withheld"))
        answer(desk)
        hang_up(desk)
        assert caller.wait() == 0
    finish(desk, "4")
    desk.wait("all is delivered", is_delivered)
    row = centre.newest_call(LOGIN)
    assert (row.number_kind, row.number_normal, row.customer_id) == (NumberKind.WITHHELD, None, None)


def _nonsense(desk: DeskProcess, centre: Centre) -> None:
    name = '<b>Rö"be\\rt</b>; DROP TABLE call'
    with call(desk, "9" * 1500, name + "N" * 1500) as caller:
        desk.wait("it rings like any other", is_in("card", "Ringing", name))
        answer(desk)
        hang_up(desk)
        assert caller.wait() == 0
    finish(desk, "5")
    desk.wait("all is delivered", is_delivered)
    row = centre.newest_call(LOGIN)
    assert (row.number_kind, row.customer_id) == (NumberKind.UNKNOWN, None)
    assert row.display_name.startswith(name)


def _two_with_one_number(desk: DeskProcess, centre: Centre) -> None:
    with call(desk, HOFMANNS) as caller:
        seen = desk.wait("both may be calling", lambda seen: len(seen["candidates"]) == 2)
        assert {row[0] for row in seen["candidates"]} == {"Jonas Hofmann", "Katrin Hofmann"}
        assert is_in("card", "Who is calling?", "2 customers may be calling: please ask.")(seen)
        answer(desk)
        desk.tab_to("RecordTable: Who may be calling", "Shift+Tab")
        chosen = "Katrin Hofmann"
        for _ in range([row[0] for row in seen["candidates"]].index(chosen) + 1):
            desk.press("Down")
        desk.press("Return")
        desk.wait("the one who was asked", is_in("card", chosen))
        hang_up(desk)
        assert caller.wait() == 0
    finish(desk, "4")
    desk.wait("all is delivered", is_delivered)
    (row,) = [row for row in centre.calls(HOFMANNS, LOGIN) if row.source == "sip"]
    assert row.customer_id is not None


def _gives_up(desk: DeskProcess, centre: Centre) -> None:
    with call(desk, EMRE, "Emre Özdemir") as caller:
        desk.wait("it rings", is_in("card", "Ringing", "Emre Özdemir"))
        caller.cancel()
        desk.wait("a missed call", is_in("banners", "Missed call from Emre Özdemir"))
        assert caller.wait() == 0
    desk.wait("nothing rings any more", is_in("card", "No call"))
    desk.wait("the next call may come", is_in("line", "Available"))
    desk.wait("all is delivered", is_delivered)
    (row,) = [row for row in centre.calls(EMRE, LOGIN) if row.source == "sip"]
    assert row.ended_at
    is_short = row.ended_at - row.queued_at <= SHORT_ABANDON  # on a machine that stands still it is not
    reason = EndReason.SHORT_ABANDONED if is_short else EndReason.ABANDONED
    assert (row.state, row.end_reason, row.answered_at) == (CallState.CLOSED, reason, None)


def _rings_at_once(desk: DeskProcess) -> None:
    """From the caller's INVITE to the card on the screen; how soon, by sipp's own clock, `tests/bench` measures."""
    before = set(desk.look()["painted"]["card"])
    with call(desk, EMRE) as caller:
        seen = desk.wait("another card", partial(_has_another_card, before))
        (new,) = set(seen["painted"]["card"]) - before
        assert seen["painted"]["card"][new] > invited_at(caller)
        caller.cancel()
        desk.wait("nothing rings", is_in("card", "No call"))
        assert caller.wait() == 0


def _has_another_card(before: set[str], seen: Seen) -> bool:
    return bool(set(seen["painted"]["card"]) - before)
