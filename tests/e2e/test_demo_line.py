"""The main job on the demo line: two programs on one SQLite file, no server and no network."""

from pathlib import Path

from app.domain.calls import CallState, Disposition
from app.domain.cases import CaseEvent, CaseState
from tests.e2e.centre import Centre, left_on_desk
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import DeskProcess
from tests.e2e.hands import answer, claim, escalate, finish, hang_up, is_delivered, is_in, read_top, write_note

NOTE = "Gerät steht im Büro im 2. Stock; größte Störung früh."


def test_a_demo_call_is_escalated_and_second_level_goes_on(
    desk_of: OpenDesk, sqlite_centre_url: str, tmp_path: Path
) -> None:
    centre = Centre(sqlite_centre_url)
    first, second = desk_of("anna.berger", sqlite_centre_url), desk_of("henrik.vollmer", sqlite_centre_url)
    first.open()
    second.wait("the queue is read", lambda seen: seen["is_open"] and seen["queue"])
    assert is_in("line", "Demo line, invented calls")(first.look())

    first.press("F5")
    first.wait("a demo call rings", is_in("card", "Ringing"))
    _know_the_caller(first)
    answer(first)
    title = read_top(first, "lampe blinkt")
    write_note(first, NOTE)
    number, _ = escalate(first, "3", "3")
    arrived = second.wait("the case arrives", lambda seen: any(number in row[1] for row in seen["queue"]))
    assert arrived["keys_pressed"] == 0

    case = claim(second, number)
    assert (case["note"], case["searches"], case["answers"]) == (NOTE, ["lampe blinkt"], [f"{title} (version 1)"])
    first.wait("in progress", lambda seen: any(number in row and "In progress" in row for row in seen["watched"]))

    hang_up(first)
    finish(first, "2")
    first.wait("all is delivered", is_delivered)
    first.close()
    second.close()
    recorded = centre.case(number)
    assert recorded.state is CaseState.CLAIMED
    assert [event for event, _ in centre.timeline(recorded.id)] == [
        CaseEvent.OPENED,
        CaseEvent.ESCALATED,
        CaseEvent.CLAIMED,
    ]
    call = centre.newest_call("anna.berger")
    assert (call.source, call.state, call.disposition) == ("demo", CallState.CLOSED, Disposition.ESCALATED)
    assert (call.case_id, call.note) == (recorded.id, NOTE)
    assert left_on_desk(tmp_path / "anna.berger") == {"outbox": 0, "work": 0}


def _know_the_caller(desk: DeskProcess) -> None:
    """The customer, or the choice of those who may be calling."""
    desk.wait("who is calling", lambda seen: is_in("customer", "Language")(seen) or seen["candidates"])
