"""One known problem through two windows on PostgreSQL: made from a case, confirmed, adapted, solved with its cases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.db.engine import Database
from app.db.rows import CustomerRow
from app.domain.cases import CaseEvent, CaseState, Impact, Urgency
from app.services.cases import Cases
from app.services.people import People
from tests import builders
from tests.e2e import hands
from tests.e2e.centre import Centre
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import DeskProcess, Seen
from tests.patience import LIMIT_S

AGENT, SECOND = "anna.berger", "henrik.vollmer"
TITLE = "zebralampe pfeift violett"
CUSTOMERS = ("Emre Özdemir", "Lukas Brandt")


def test_one_problem_solves_its_cases_and_says_whom_to_call(desk_of: OpenDesk, postgres_centre_url: str) -> None:
    numbers = _escalate_two(postgres_centre_url)
    centre = Centre(postgres_centre_url)
    agent, second = desk_of(AGENT, postgres_centre_url), desk_of(SECOND, postgres_centre_url)
    agent.open()
    second.open()

    hands.claim(second, numbers[0])
    second.press("Ctrl+Shift+N")
    seen = _wait(second, "it is made from the case", lambda seen: _name(seen) and "Detach" in seen["case"]["cards"])
    name = _name(seen)
    _confirm(second, name)
    _see_it_in_a_call(agent, name)

    second.press("Ctrl+Shift+Q")
    hands.claim(second, numbers[1])
    _wait(second, "it is offered with its reason", _on_case(f"{name} · Confirmed", "In common: ", "Attach"))
    second.press("Ctrl+P")
    _wait(second, "the case is attached", _on_case("Detach"))
    second.tab_to("QPlainTextEdit: Workaround for this customer")
    second.type("Lampe nur abends ausstecken")
    second.press("Tab", "Space")
    _wait(second, "it is adapted", _on_case("For this customer: Lampe nur abends ausstecken"))

    second.press("Ctrl+Shift+P")
    _wait(second, "both cases stand there", lambda seen: len(seen.get("problem_cases", ())) == 2)
    second.tab_to("SaidField: Solution, or reason")
    second.type("Firmware 9.1 ist still")
    second.press("Ctrl+Shift+D")
    seen = _wait(second, "whom to call", lambda seen: len(seen["to_call"]) == 2)
    assert all(any(who in row[0] for row in seen["to_call"]) for who in CUSTOMERS)
    for number in numbers:
        case = centre.case(number)
        assert case.state is CaseState.SOLVED
        assert (CaseEvent.SOLVED, SECOND) in centre.timeline(case.id)
    _wait(agent, "both are solved", lambda seen: _watched(seen, numbers) == ["solved", "solved"])
    _wait(agent, "and the agent is told", lambda seen: "2 messages" in seen["line"])

    second.press("Ctrl+Shift+J")
    _wait(second, "all are promised", lambda seen: [row[-1] for row in seen["to_call"]] == ["Promised"] * 2)
    agent.press("Ctrl+Shift+R")
    _wait(agent, "they wait for a call", lambda seen: set(CUSTOMERS) <= {row[1] for row in seen.get("call_backs", ())})
    for desk in (agent, second):
        desk.kill()  # the agent's call goes on


def _confirm(second: DeskProcess, name: str) -> None:
    """On the screen of known problems: the workaround is written, and it is one."""
    second.press("Ctrl+Shift+P")
    _wait(second, "the list", lambda seen: any(row[0] == name for row in seen.get("problems", ())))
    second.press(*["Up"] * 6)
    _wait(second, "the newest candidate", lambda seen: name in seen["problem"])
    second.tab_to("QPlainTextEdit: Workaround")
    second.type("Lampe ausstecken")
    second.press("Ctrl+Return")
    second.press("Ctrl+Shift+O")
    _wait(second, "it is confirmed", lambda seen: "Confirmed" in seen["problem"] and hands.is_delivered(seen))


def _see_it_in_a_call(agent: DeskProcess, name: str) -> None:
    """At first level, in another process: on top of the search, with its workaround, and on the card."""
    agent.press("F5")
    _wait(agent, "a demo call rings", hands.is_in("card", "Ringing"))
    hands.answer(agent)
    seen = hands.search_until_there(agent, TITLE, lambda title: title == TITLE)
    assert seen["focus"].startswith("SearchField")
    agent.press("Return")
    _wait(agent, "the workaround is read", lambda seen: ["Lampe ausstecken", False] in seen["steps"])
    _wait(agent, "it is on the card", hands.is_in("known_problem", f"Known problem {name}"))


def _escalate_two(url: str) -> tuple[str, str]:
    """The two most urgent cases that wait, of two customers; their numbers, the first one first."""
    database = Database(url)
    try:
        agent = People(database).by_login(AGENT)
        numbers = []
        for place, name in enumerate(CUSTOMERS):
            with database.read() as session:
                customer_id = session.scalars(select(CustomerRow.id).where(CustomerRow.name == name)).one()
            draft = builders.case_draft(TITLE, customer_id=customer_id)
            at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=place)
            command = builders.escalation(agent, case=draft, impact=Impact.COMPANY, urgency=Urgency.HIGH, told_at=at)
            given = replace(command.hand_over, caller_name=name, searches=(TITLE,))
            Cases(database).escalate(replace(command, hand_over=given))
            numbers.append(draft.number)
        return numbers[0], numbers[1]
    finally:
        database.close()


def _name(seen: Seen) -> str:
    """P-n, as the card of the open case has it."""
    cards = seen["case"].get("cards", ())
    return next((text.partition(" · ")[0] for text in cards if text.startswith("P-")), "")


def _on_case(*wanted: str) -> Callable[[Seen], bool]:
    def holds(seen: Seen) -> bool:
        return all(any(text in shown for shown in seen["case"].get("cards", ())) for text in wanted)

    return holds


def _watched(seen: Seen, numbers: tuple[str, str]) -> list[str]:
    return [row[2].lower() for row in seen.get("watched", ()) if row[0] in numbers]


def _wait(desk: DeskProcess, what: str, is_true: Callable[[Seen], object]) -> Seen:
    return desk.wait(what, is_true, LIMIT_S)
