"""The product's main job from end to end: a real call, an escalation by keys, and second level goes on with it."""

from pathlib import Path

import pytest

from app.domain.calls import CallState, Disposition, EndReason
from app.domain.cases import CaseEvent, CaseState, Level, Priority
from app.domain.people import AgentState
from app.telephony.numbers import readable
from tests.e2e.centre import EMRE, Centre, left_on_desk
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import SOFTPHONE, DeskProcess, Seen
from tests.e2e.hands import (
    answer,
    call,
    claim,
    escalate,
    finish,
    hang_up,
    invited_at,
    is_delivered,
    is_in,
    line_is_ready,
    read_top,
    write_note,
)
from tests.patience import wait_for
from tests.telephony.sipp import SippCall

NOTE = "Größe der Datei: 12 MB, Büro im 2. Stock.\nTäglich „L-7003“ – Rückruf an Herrn Özdemir, süß-saure Grüße!"
SEARCHES = ("umsätze kontoabruf", "L-7003")
UNDO_S = 0.5

pytestmark = pytest.mark.usefixtures("sipp")


def test_a_real_call_is_escalated_and_second_level_goes_on(
    desk_of: OpenDesk, postgres_centre_url: str, tmp_path: Path
) -> None:
    url, centre = postgres_centre_url, Centre(postgres_centre_url)
    first = desk_of("anna.berger", url, settings={**SOFTPHONE, "undo_s": UNDO_S})
    second = desk_of("svenja.kolbe", url)
    board = desk_of("bettina.krause", url)
    line_is_ready(first)
    waiting_before = len(second.wait("the queue is read", lambda seen: seen["is_open"] and seen["queue"])["queue"])
    board.wait("the board is read", lambda seen: seen["is_open"] and _second_level_waiting(seen) == waiting_before)
    connected_before = _connected(board.look())

    with call(first, EMRE, "Emre Özdemir") as caller:
        _see_who_rings(first, caller)
        answer(first)
        board.wait("it is connected there", lambda seen: _connected(seen) == connected_before + 1)
        wait_for(lambda: "SIP/2.0 200 " in caller.messages())

        titles, step = _try_answers(first)
        write_note(first, NOTE)
        assert first.look()["keys_pressed"] > 0

        assert second.look()["keys_pressed"] == 0  # what it sees now it sees by itself
        number, sent_at = escalate(first)
        _see_it_arrive(second, number, sent_at, waiting_before + 1)
        first.wait("delivered", is_in("confirmation", number, "delivered"))
        board.wait("the queue goes up on the board", lambda seen: _second_level_waiting(seen) == waiting_before + 1)
        assert board.look()["keys_pressed"] == 0

        shown = claim(second, number)
        second.wait("it is mine", lambda seen: _has(seen["own"], number) and not _has(seen["queue"], number))
        _assert_handed_over(shown, titles, step)
        first.wait("it is in progress", lambda seen: _has(seen["watched"], number, "In progress"))
        hang_up(first)
        assert caller.wait() == 0
        assert "BYE sip:" in caller.messages()

    finish(first, "2")
    first.wait("all is delivered", is_delivered)
    board.wait("no call on the board", lambda seen: _connected(seen) == connected_before)
    for desk in (first, second, board):
        desk.close()
    _assert_recorded(centre, number)
    _assert_signed_out(centre, tmp_path)


def _assert_signed_out(centre: Centre, folder: Path) -> None:
    for login in ("anna.berger", "svenja.kolbe", "bettina.krause"):
        assert left_on_desk(folder / login) == {"outbox": 0, "work": 0}, login
    assert centre.agent_state("anna.berger") is AgentState.SIGNED_OUT
    assert centre.agent_state("svenja.kolbe") is centre.agent_state("bettina.krause") is None  # they take no calls


def _see_who_rings(desk: DeskProcess, caller: SippCall) -> None:
    desk.wait("the right customer", is_in("customer", "Emre Özdemir", "Özdemir Elektrotechnik", "Köln"))
    seen = desk.wait("and their card", is_in("card", "Ringing", "Emre Özdemir", "+49 30 23125241"))
    seen = desk.wait("it is painted", lambda seen: seen["painted"]["card"])
    (painted_at,) = seen["painted"]["card"].values()  # how soon is measured in `tests/bench`
    assert painted_at > invited_at(caller)
    assert "SIP/2.0 200 " not in caller.messages()


def _try_answers(desk: DeskProcess) -> tuple[list[str], str]:
    """Two answers are read, a step of the second is ticked: their titles, and the step."""
    titles = [read_top(desk, text) for text in SEARCHES]
    desk.tab_to("QCheckBox")
    desk.press("Space")
    seen = desk.wait("the step is ticked", lambda seen: any(is_done for _, is_done in seen["steps"]))
    return titles, next(text for text, is_done in seen["steps"] if is_done)


def _see_it_arrive(desk: DeskProcess, number: str, sent_at: float, waiting_count: int) -> None:
    """By itself: no key is pressed at this desk."""
    arrived = desk.wait("the case arrives", lambda seen: _has(seen["queue"], number))
    assert arrived["keys_pressed"] == 0
    assert len(arrived["queue"]) == waiting_count
    desk.wait("the case is painted", lambda seen: number in seen["painted"]["queue"])
    assert desk.look()["painted"]["queue"][number] > sent_at


def _assert_handed_over(case: Seen, titles: list[str], step: str) -> None:
    assert case["note"] == NOTE
    assert case["title"] == NOTE.splitlines()[0]
    assert case["priority"] == "P1"
    assert tuple(case["searches"]) == SEARCHES
    versions = [f"{title} (version 1)" for title in dict.fromkeys(titles)]
    assert case["answers"] == [*versions, f"tried: {step}"]
    assert case["caller"]["Caller"] == "Emre Özdemir"
    assert case["caller"]["Number"] == readable(EMRE)
    assert case["caller"]["Customer number"] == "104245"
    assert case["caller"]["Product"] == "Velmora Ledger Team"
    assert case["problem"]["Reason"] == "The answer did not help"
    assert case["problem"]["Affected"] == "Whole company"
    assert case["problem"]["Urgency"] == "Work stands still"
    assert {"Escalated", "Anna Berger", "Claimed", "Svenja Kolbe"} <= set(case["timeline"])


def _assert_recorded(centre: Centre, number: str) -> None:
    case = centre.case(number)
    assert (case.state, case.level, case.priority) == (CaseState.CLAIMED, Level.SECOND, Priority.P1)
    assert centre.owner(case.id) == "svenja.kolbe"
    assert centre.timeline(case.id) == [
        (CaseEvent.OPENED, "anna.berger"),
        (CaseEvent.ESCALATED, "anna.berger"),
        (CaseEvent.CLAIMED, "svenja.kolbe"),
    ]
    assert centre.watchers(case.id) == ["anna.berger"]
    (recorded,) = [row for row in centre.calls(EMRE, "anna.berger") if row.source == "sip"]
    assert recorded.id == case.call_id
    assert (recorded.state, recorded.end_reason) == (CallState.CLOSED, EndReason.ANSWERED)
    assert (recorded.disposition, recorded.case_id, recorded.note) == (Disposition.ESCALATED, case.id, NOTE)
    assert recorded.customer_id == case.customer_id is not None
    assert recorded.display_name == "Emre Özdemir"
    times = [
        recorded.queued_at,
        recorded.offered_at,
        recorded.answered_at,
        recorded.ended_at,
        recorded.wrapped_up_at,
    ]
    known = [time for time in times if time is not None]
    assert len(known) == len(times)
    assert known == sorted(known)


def _has(table: list[list[str]], *wanted: str) -> bool:
    """A row that has all of these texts."""
    return any(all(any(text in cell for cell in row) for text in wanted) for row in table)


def _connected(seen: Seen) -> int:
    """How many calls the board counts as connected; whose they are it does not say in the works-council mode."""
    tile: list[str] = seen["tiles"]["calls"]
    return int(tile[tile.index("connected") - 1])


def _second_level_waiting(seen: Seen) -> int:
    return int(next(row[1] for row in seen["queues"] if row[0] == "Second level"))
