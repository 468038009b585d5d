"""The program is killed at the worst moments; nothing that was confirmed or typed is lost or done twice."""

from pathlib import Path

import pytest

from app.domain.calls import CallState, EndReason
from app.domain.cases import CaseEvent, CaseState
from app.domain.people import AgentState
from tests.e2e.centre import EMRE, Centre, end_undo, left_on_desk
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import SOFTPHONE
from tests.e2e.hands import answer, call, escalate, finish, is_delivered, is_in, line_is_ready, write_note
from tests.patience import wait_for

LOGIN = "anna.berger"
NOTE = "Ärger mit der Übergabe: größer als 5 €, nichts geht."
UNDO_S = 60.0  # long enough that the program is surely killed within it

pytestmark = pytest.mark.usefixtures("sipp")


def test_killed_right_after_an_escalation(desk_of: OpenDesk, postgres_centre_url: str, tmp_path: Path) -> None:
    centre = Centre(postgres_centre_url)
    first = desk_of(LOGIN, postgres_centre_url, settings={**SOFTPHONE, "undo_s": UNDO_S})
    with call(first, EMRE):
        first.wait("it rings", is_in("card", "Ringing", "Emre Özdemir"))
        answer(first)
        softphone = first.children()["baresip"]
        write_note(first, NOTE)
        first.wait("all is delivered", is_delivered)
        number, _ = escalate(first)
        first.wait("it is held back in the journal", lambda seen: seen["not_delivered"] == 1)
        first.kill()
    assert centre.cases(number) == []
    wait_for(lambda: not Path(f"/proc/{softphone}/exe").exists())

    end_undo(tmp_path / LOGIN)
    again = desk_of(LOGIN, postgres_centre_url, settings={**SOFTPHONE, "undo_s": UNDO_S})
    seen = again.wait("the work is back", lambda seen: seen["note"] == NOTE)
    assert is_in("banners", "Firstline was closed during a call.")(seen)
    again.wait("it is delivered", lambda seen: is_in("confirmation", number)(seen) and is_delivered(seen))
    finish(again, "2")
    again.wait("all is delivered", is_delivered)
    again.close()
    case = centre.case(number)
    assert case.state is CaseState.WAITING
    assert [event for event, _ in centre.timeline(case.id)] == [CaseEvent.OPENED, CaseEvent.ESCALATED]
    assert centre.watchers(case.id) == [LOGIN]
    (recorded,) = [row for row in centre.calls(EMRE, LOGIN) if row.source == "sip"]
    assert (recorded.state, recorded.end_reason) == (CallState.CLOSED, EndReason.UNKNOWN)
    assert (recorded.case_id, recorded.note) == (case.id, NOTE)
    assert left_on_desk(tmp_path / LOGIN) == {"outbox": 0, "work": 0}


def test_killed_while_the_note_is_typed(desk_of: OpenDesk, postgres_centre_url: str, tmp_path: Path) -> None:
    centre = Centre(postgres_centre_url)
    first = desk_of(LOGIN, postgres_centre_url, settings=SOFTPHONE)
    with call(first, EMRE):
        first.wait("it rings", is_in("card", "Ringing", "Emre Özdemir"))
        answer(first)
        write_note(first, NOTE)
        # What was typed in the last moment may be lost: less than a second of it, see `tests.desk.test_away`.
        first.wait("the note is kept", lambda seen: NOTE in seen["kept_notes"])
        first.type(" Und noch ein Wort")
        first.kill()

    again = desk_of(LOGIN, postgres_centre_url, settings=SOFTPHONE)
    seen = again.wait("the note is back", lambda seen: seen["note"].startswith(NOTE) if seen["note"] else False)
    assert is_in("card", "Wrap-up", "Emre Özdemir")(seen)
    line_is_ready(again)
    number, _ = escalate(again)
    finish(again, "2")
    again.wait("all is delivered", is_delivered)
    again.close()
    case = centre.case(number)
    assert case.call_id is not None
    (recorded,) = [row for row in centre.calls(EMRE, LOGIN) if row.source == "sip"]
    assert recorded.note == seen["note"]
    assert left_on_desk(tmp_path / LOGIN) == {"outbox": 0, "work": 0}


def test_closed_within_the_time_for_undo(desk_of: OpenDesk, postgres_centre_url: str, tmp_path: Path) -> None:
    """Nobody can undo any more, and the customer must not wait until the agent comes back tomorrow."""
    centre = Centre(postgres_centre_url)
    first = desk_of(LOGIN, postgres_centre_url, settings={**SOFTPHONE, "undo_s": 60.0})
    with call(first, EMRE) as caller:
        first.wait("it rings", is_in("card", "Ringing", "Emre Özdemir"))
        answer(first)
        write_note(first, NOTE)
        number, _ = escalate(first)
        first.close()
        assert caller.wait() == 0
    assert centre.case(number).state is CaseState.WAITING
    assert left_on_desk(tmp_path / LOGIN)["outbox"] == 0
    recorded = centre.newest_call(LOGIN)
    assert (recorded.state, recorded.end_reason) == (CallState.WRAP_UP, EndReason.ANSWERED)
    assert centre.agent_state(LOGIN) is AgentState.SIGNED_OUT

    again = desk_of(LOGIN, postgres_centre_url, settings=SOFTPHONE)
    again.wait("the work is back", lambda seen: seen["note"] == NOTE and is_in("confirmation", number)(seen))
    finish(again, "2")
    again.wait("all is delivered", is_delivered)
    again.close()
    assert centre.newest_call(LOGIN).state is CallState.CLOSED
    assert left_on_desk(tmp_path / LOGIN) == {"outbox": 0, "work": 0}
