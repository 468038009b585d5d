"""The radar through three windows on PostgreSQL: the third alike raises a candidate, and first level reads it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.db.engine import Database
from app.services.cases import Cases
from app.services.people import People
from tests import builders
from tests.e2e import hands
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import DeskProcess, Seen
from tests.patience import LIMIT_S

AGENT, SECOND, SUPERVISOR = "anna.berger", "henrik.vollmer", "bettina.krause"
SAID = "zebralampe pfeift violett"


def test_the_third_alike_raises_a_candidate_that_first_level_reads_once_it_is_confirmed(
    desk_of: OpenDesk, postgres_centre_url: str
) -> None:
    _escalate_two(postgres_centre_url)
    desks = []
    for login in (AGENT, SECOND, SUPERVISOR):  # one after the other: three at once start slowly on a busy machine
        desks.append(desk_of(login, postgres_centre_url))
        desks[-1].open()
    agent, second, supervisor = desks
    for desk in (second, supervisor):
        desk.press("Ctrl+Shift+P")
        _wait(desk, "the list is read", lambda seen: seen.get("problems"))
        assert not _raised(desk.look())

    _escalate_the_third(agent)
    seen = _wait(supervisor, "a candidate at the supervisor's", _raised)
    assert _raised(seen)[2] == "Candidate"
    seen = _wait(second, "and at second level's", _raised)
    name = _raised(seen)[0]
    assert _raised(seen)[3] == "0 +3"  # suggested by the radar, and attached by nobody
    assert not supervisor.look()["to_call"] and "Confirm" not in supervisor.look()["problem"]
    assert not agent.look()["known_problem"]

    second.press(*["Up"] * 6)
    _wait(second, "it is open", lambda seen: name in seen["problem"])
    second.press("Ctrl+Shift+O")
    _wait(second, "its cases are attached", lambda seen: _raised(seen)[2:] == ["Confirmed", "3"])
    _wait(supervisor, "confirmed there, too", lambda seen: _raised(seen)[2] == "Confirmed")

    agent.press("F5")
    _wait(agent, "the next call rings", hands.is_in("card", "Ringing"))
    hands.answer(agent)
    seen = hands.search_until_there(agent, SAID, lambda title: SAID in title.lower())
    assert seen["focus"].startswith("SearchField")  # nothing of it took the focus
    agent.press("Return")
    _wait(agent, "and on the card", hands.is_in("known_problem", f"Known problem {name}"))
    for desk in desks:
        desk.kill()  # the agent's call goes on


def _raised(seen: Seen) -> list[str]:
    """The line of what the radar saw: number, title, state, cases."""
    return next((row for row in seen.get("problems", ()) if SAID in row[1].lower()), [])


def _escalate_the_third(agent: DeskProcess) -> None:
    """With keys, out of a call of the demo line."""
    agent.press("F5")
    _wait(agent, "a demo call rings", hands.is_in("card", "Ringing"))
    hands.answer(agent)
    agent.press("Ctrl+K")
    agent.type(SAID)
    _wait(agent, "the search is made", lambda seen: seen["found_by"] == SAID)
    hands.write_note(agent, SAID)
    hands.escalate(agent)
    hands.hang_up(agent)
    hands.finish(agent, "2")
    _wait(agent, "delivered", hands.is_delivered)


def _escalate_two(url: str) -> None:
    """Two customers within the half hour, by another agent."""
    database = Database(url)
    try:
        agent = People(database).by_login("tobias.reuter")
        for minutes, caller in ((20, "Otto Ahrens"), (10, "Pia Clasen")):
            told_at = datetime.now(UTC) - timedelta(minutes=minutes)
            command = builders.escalation(agent, case=builders.case_draft(SAID), told_at=told_at, note=SAID)
            given = replace(command.hand_over, caller_name=caller, customer_number="", searches=(SAID,))
            Cases(database).escalate(replace(command, hand_over=given))
    finally:
        database.close()


def _wait(desk: DeskProcess, what: str, is_true: Callable[[Seen], object]) -> Seen:
    return desk.wait(what, is_true, LIMIT_S)
