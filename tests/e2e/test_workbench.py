"""Second level at desks of their own on PostgreSQL: who has a case, who was faster, and what becomes of it."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from app.cli import main as admin
from app.domain.cases import CaseEvent, CaseState, Level, Priority
from app.domain.commands import ClaimCase, PrioritiseCase
from app.domain.people import Role
from app.services.staff import Staff
from tests import people
from tests.e2e import hands
from tests.e2e.centre import Centre
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import DeskProcess, Seen
from tests.e2e.waiting import AGENT, LONG_AGO, do, escalate, keeper
from tests.passwords import apart

NAMES = {"henrik.vollmer": "Henrik Vollmer", "jana.petrick": "Jana Petrick"}
SUPERVISOR = "bettina.krause"
TEXT = "Line measured, the splitter hums"


def test_one_case_and_two_who_want_it(desk_of: OpenDesk, postgres_centre_url: str) -> None:
    """Claimed by one, who loses nothing to changes elsewhere; released, claimed by the other, returned to the agent."""
    url = postgres_centre_url
    number = escalate(url)
    centre = Centre(url)
    case = centre.case(number)
    desks = {login: desk_of(login, url) for login in (*NAMES, AGENT)}
    for desk in desks.values():
        desk.open()
    both = {login: desks[login] for login in NAMES}
    for desk in both.values():
        _open_first(desk, number)
    both["jana.petrick"].wait("who has it open too", _onlooker("Henrik Vollmer has this case open too."))

    first, second = _claim_at_once(both, centre, number)
    first.wait("it can be solved", lambda seen: "Solve" in seen["case"]["can"])
    first.tab_to("QPlainTextEdit")
    first.type(TEXT)
    do(url, SUPERVISOR, lambda head, _: PrioritiseCase(**head, case_id=case.id, priority=Priority.P2))
    seen = first.wait("a change from elsewhere", lambda seen: seen["case"]["priority"].startswith("P2"))
    assert seen["case"]["typed"] == TEXT and seen["focus"].startswith("QPlainTextEdit")

    first.press("Ctrl+Shift+X")
    second.wait("it waits again", lambda seen: "Claim this case" in seen["case"]["can"])
    second.wait("with what was written", lambda seen: TEXT in seen["case"]["timeline"])
    first.wait("the text is given up", lambda seen: seen["case"]["typed"] == "")
    second.press("Ctrl+Shift+L")
    second.wait("the other one has it", lambda seen: "Return to first level" in seen["case"]["can"])
    second.press("Ctrl+B")
    second.wait("a reason is asked for", lambda seen: "Write the reason first" in seen["said"])
    second.type("Which lamp is it?")
    second.press("Ctrl+B")
    desks[AGENT].wait("it is back", partial(_came_back, number))
    assert [event for event, _ in centre.timeline(case.id)][2:] == [
        CaseEvent.CLAIMED, CaseEvent.PRIORITISED, CaseEvent.RELEASED, CaseEvent.CLAIMED, CaseEvent.RETURNED
    ]  # fmt: skip
    assert centre.owner(case.id) == AGENT and centre.case(number).level is Level.FIRST
    for desk in desks.values():
        desk.close()


def test_filters_follow_the_person_and_absent_peoples_cases_go_back(
    desk_of: OpenDesk, postgres_centre_url: str
) -> None:
    url, centre = postgres_centre_url, Centre(postgres_centre_url)
    number = escalate(url)
    case_id = centre.case(number).id
    do(url, "oliver.marsh", lambda head, _: ClaimCase(**head, case_id=case_id), LONG_AGO + timedelta(hours=1))
    held = centre.owned_by("oliver.marsh")
    desk = desk_of("henrik.vollmer", url)
    desk.open()
    seen = desk.wait("somebody is not there", lambda seen: seen["absent"] and seen["queue"])
    assert number not in str(seen["queue"])
    count = len(held)
    desk.choose(f"Oliver Marsh: put {count} case{'s' if count > 1 else ''} back")
    desk.wait("it waits again", lambda seen: number in str(seen["queue"][:1]))
    desk.wait("all are delivered", hands.is_delivered)
    assert {centre.state(id_) for id_ in held} == {CaseState.WAITING} and not centre.owned_by("oliver.marsh")

    everything = len(centre.waiting())
    desk.wait("all that waits", lambda seen: len(seen["queue"]) == everything)
    desk.choose("My team")
    desk.choose("P1 and P2")
    desk.wait("some of it", partial(_shows, "My team · P1 and P2", lambda rows: 0 < len(rows) < everything))
    desk.choose("Keep “My team · P1 and P2”")
    desk.wait("kept", hands.is_delivered)
    desk.close()
    elsewhere = desk_of("henrik.vollmer", url, folder="another")
    elsewhere.wait("all of it", lambda seen: seen["is_open"] and len(seen["queue"]) == everything and seen["filters"])
    elsewhere.choose("My team · P1 and P2")
    elsewhere.wait("and some", partial(_shows, "My team · P1 and P2", lambda rows: 0 < len(rows) < everything))
    elsewhere.close()


def test_the_case_of_who_is_removed_waits_at_once(
    desk_of: OpenDesk, postgres_centre_url: str, leaver: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By an administrator at the command line, while a colleague looks at the queue."""
    url, centre = postgres_centre_url, Centre(postgres_centre_url)
    with keeper(url) as database:
        Staff(database).add(leaver, "Lena Vogt", "Link", {Role.SECOND_LEVEL}, people.PASSWORD)
    number = escalate(url)
    case_id = centre.case(number).id
    do(url, leaver, lambda head, _: ClaimCase(**head, case_id=case_id))
    desk = desk_of("henrik.vollmer", url)
    desk.open()
    desk.wait("the queue is read", lambda seen: seen["queue"] and number not in str(seen["queue"]))
    address, environment = apart(url, tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        admin(("person", "remove", leaver, "--database", address))
    assert not ended.value.code
    _open_first(desk, number)
    seen = desk.wait("it can be claimed", lambda seen: "Claim this case" in seen["case"]["can"])
    assert seen["case"]["note"] == "No internet since Monday"
    desk.wait("it was put back", lambda seen: "Put back into the queue" in seen["case"]["timeline"])
    desk.press("Ctrl+Shift+L")
    desk.wait("and it is theirs", lambda seen: "Solve" in seen["case"]["can"])
    desk.close()


@pytest.fixture
def leaver(postgres_centre_url: str) -> Iterator[str]:
    """A login of the test's own: roles are of the server."""
    login = f"lena.{secrets.token_hex(4)}"
    yield login
    people.forget(postgres_centre_url, login)


def _claim_at_once(both: dict[str, DeskProcess], centre: Centre, number: str) -> tuple[DeskProcess, DeskProcess]:
    """Who won, and who is told so."""
    with ThreadPoolExecutor(2) as hands_of:
        list(hands_of.map(lambda desk: desk.press("Ctrl+Shift+L"), both.values()))
    both["henrik.vollmer"].wait("one has it", lambda _: centre.case(number).owner_id)
    winner = centre.owner(centre.case(number).id)
    (loser,) = set(NAMES) - {winner}
    both[loser].wait("who won", lambda seen: f"{NAMES[winner]} works on this case" in seen["said"])
    assert "Solve" not in both[loser].look()["case"]["can"]
    return both[winner], both[loser]


def _came_back(number: str, seen: Seen) -> bool:
    """The agent reads that the case neither waits nor is worked on; in what words is the screen's affair."""
    states = [row[2] for row in seen["watched"] if row[0] == number]
    return bool(states) and states[0] not in ("", "Waiting", "In progress", "Solved")


def _open_first(desk: DeskProcess, number: str) -> None:
    """The most urgent case of the queue is read."""
    desk.wait("the queue is read", lambda seen: number in str(seen["queue"][:1]))
    desk.tab_to("CaseTable: Queue")
    desk.press("Up")
    desk.wait("the case is open", lambda seen: seen["case"] and seen["case"]["number"] == number)


def _onlooker(sentence: str) -> Callable[[Seen], bool]:
    return lambda seen: sentence in seen["case"]["onlookers"]


def _shows(name: str, holds: Callable[[list[object]], bool], seen: Seen) -> bool:
    return seen["filter"] == name and holds(seen["queue"])
