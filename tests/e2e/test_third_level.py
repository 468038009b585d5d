"""Agent, second and third level at desks of their own on PostgreSQL: what goes up, and what must come down again."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.cli import main as admin
from app.domain.cases import CaseDraft, CaseEvent, CaseState, Level
from app.domain.commands import AnyCommand, ClaimCase, MakeProblem
from app.domain.ids import new_id
from app.domain.people import Person
from app.domain.problems import ProblemWords
from app.services.problem_lists import ProblemLists
from tests import builders
from tests.e2e import hands
from tests.e2e.centre import Centre
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import DeskProcess, Seen
from tests.e2e.waiting import LONG_AGO, do, escalate, keeper
from tests.passwords import apart

AGENT, SECOND, THIRD = "anna.berger", "henrik.vollmer", "milan.dvorsky"
PROBLEM = "zebralampe pfeift violett"
ANSWER = "The Wi-Fi keeps dropping out"


def test_a_case_goes_up_with_all_that_is_known_and_its_solution_comes_down(
    desk_of: OpenDesk, postgres_centre_url: str
) -> None:
    url, centre = postgres_centre_url, Centre(postgres_centre_url)
    words = ProblemWords(title=PROBLEM, symptoms=PROBLEM)
    do(url, SECOND, lambda head, _: MakeProblem(**head, problem_id=new_id(), words=words, is_confirmed=True))
    agent, second, third = (hands.open_desk(desk_of, login, url) for login in (AGENT, SECOND, THIRD))
    number = _pass_on_from_a_call(agent)
    case = hands.claim(second, number)
    second.press("Shift+F2")
    second.wait("accepted", lambda seen: "Accept" not in seen["case"]["can"])
    assert case["caller"]["Version"] == "7.2" and case["problem"]["Promised"] == "A call before noon"
    assert any("Are all your devices affected" in line and "All of them" in line for line in case["answers"])
    second.wait("the call that it came from", partial(_on_cards, "Anna Berger · goes on · about this case"))
    caller = case["caller"]["Number"]
    assert caller.startswith("+49")

    _write(second, "Line is fine, radio is not", "Ctrl+Shift+E")
    third.wait("it waits at third level", lambda seen: number in str(seen["queue"]))
    second.wait("it is not second level's to claim", lambda seen: "Claim this case" not in seen["case"]["can"])
    seen = hands.claim(third, number)
    assert not set(third.look()["screens"]) & {"AgentScreen", "CallBackScreen"}  # nothing there that could call
    assert seen["note"] == "Line is fine, radio is not" and seen["answers"] == case["answers"]
    assert _is_hidden({"case": seen})
    _show_and_hide(second, third, caller)
    _advise(third, centre, number, "The driver of the radio waits too long")
    second.wait(
        "the advice is there", lambda seen: "The driver of the radio waits too long" in seen["case"]["timeline"]
    )
    second.wait("and the case with it", lambda seen: "Solve" in seen["case"]["can"])

    _write(second, "Radio restarted", "Ctrl+D")
    agent.wait("told that it is solved", lambda seen: "1 message" in seen["line"])
    second.wait("solved", lambda seen: seen["case"]["state"] == "Solved")
    _say_that_first_level_could(second)
    agent.wait("told which answer would have done", lambda seen: "2 messages" in seen["line"])
    assert centre.timeline(centre.case(number).id)[1:] == [
        (CaseEvent.ESCALATED, AGENT), (CaseEvent.CLAIMED, SECOND), (CaseEvent.ACCEPTED, SECOND),
        (CaseEvent.ESCALATED, SECOND), (CaseEvent.CLAIMED, THIRD), (CaseEvent.GRANTED, SECOND),
        (CaseEvent.GRANT_ENDED, SECOND), (CaseEvent.ADVISED, THIRD), (CaseEvent.SOLVED, SECOND),
    ]  # fmt: skip
    for desk in (agent, second, third):
        desk.kill()  # the agent's call goes on


def test_two_levels_become_one_while_both_work(
    desk_of: OpenDesk, postgres_centre_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By an administrator at the command line: no case is lost, and whoever has one keeps it with what is typed."""
    url, centre = postgres_centre_url, Centre(postgres_centre_url)
    kept, waiting = escalate(url), escalate(url, "Second line restarts", minutes=1)
    for number in (kept, waiting):
        do(url, SECOND, partial(_claiming, centre.case(number).id))
        do(url, SECOND, partial(_passing_on, centre.case(number).id, number))
    second, third = (hands.open_desk(desk_of, login, url) for login in (SECOND, THIRD))
    hands.claim(third, kept)
    third.tab_to("QPlainTextEdit")
    third.type("Half a thought")
    before = centre.unsolved()
    assert third.look()["levels"] == ["Second level", "Third level"]
    assert waiting not in str(second.look()["queue"])

    address, environment = apart(url, tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        admin(("levels", "merge", "--database", address))
    assert not ended.value.code
    second.wait("one queue", lambda seen: not seen["levels"] and waiting in str(seen["queue"]))
    third.wait("the same one", lambda seen: not seen["levels"] and waiting in str(seen["queue"]))
    seen = third.wait("its case came along", lambda seen: seen["case"]["place"].startswith("Second level"))
    assert seen["case"]["typed"] == "Half a thought" and "Pass to third level" not in seen["case"]["can"]
    assert centre.unsolved() == before
    assert {case.level for case in map(centre.case, (kept, waiting))} == {Level.SECOND}

    hands.give_goodwill(third, "nobody knows who called")
    third.tab_to("QPlainTextEdit")
    third.press("Ctrl+D")  # nothing need be passed down any more
    third.wait("solved", lambda seen: seen["case"]["state"] == "Solved")
    for desk in (second, third):
        desk.close()


def _show_and_hide(second: DeskProcess, third: DeskProcess, caller: str) -> None:
    """How the customer is reached, as second level says."""
    for is_shown in (True, False):
        second.wait("it may be shown, or hidden", _may_show)
        second.press("Shift+F6")
        third.wait("as it was said", partial(_is_shown, caller) if is_shown else _is_hidden)
        line = f"Contact {'shown to' if is_shown else 'hidden from'} third level"
        second.wait("and second level's desk knows it too", partial(_in_timeline, line))  # the key is the same


def _advise(third: DeskProcess, centre: Centre, number: str, advice: str) -> None:
    """Refused without what is passed down, and done with the known problem."""
    third.tab_to("QPlainTextEdit")
    third.type(advice)
    third.press("Shift+F9")
    third.wait("it is asked what is passed down", lambda seen: "ends with its solution passed down" in seen["said"])
    assert centre.case(number).state is CaseState.CLAIMED
    third.type(_title_of_the_problem(centre.url))
    third.press("Shift+F9")


def _say_that_first_level_could(second: DeskProcess) -> None:
    second.press("Shift+F4")
    second.wait("the caret is there", lambda seen: "answer that would have done" in seen["focus"])
    second.type(ANSWER)
    second.press("Return")
    second.wait("the caret is gone", lambda seen: seen["focus"] == "CaseTable: My cases")
    second.wait("said", partial(_on_cards, f"First level could have solved it with “{ANSWER}”"))


def _pass_on_from_a_call(agent: DeskProcess) -> str:
    """A customer with a contract; an answer is read, its script is walked, version and promise are noted."""
    hands.take_demo_call(agent, "Jonas Hofmann")
    assert hands.read_top(agent, "wifi drops") == ANSWER
    agent.press("Ctrl+G", "1")
    hands.write_note(agent, "Drops everywhere")
    agent.press("F8")
    agent.wait("what is asked stands there", lambda seen: seen["escalation"])
    agent.press("1", "3", "3")
    agent.tab_to("QLineEdit: Version of the product", "Shift+Tab")
    agent.type("7.2")
    agent.press("Tab")
    agent.type("A call before noon")
    agent.press("Ctrl+Return")
    return hands.confirmed_number(agent)


def _write(desk: DeskProcess, text: str, key: str) -> None:
    """Into the text for the open case, and send it with the key."""
    desk.tab_to("QPlainTextEdit")
    desk.type(text)
    desk.press(key)
    desk.wait("it is sent", hands.is_delivered)


def _claiming(case_id: UUID, head: dict[str, Any], _: Person) -> AnyCommand:
    return ClaimCase(**head, case_id=case_id)


def _passing_on(case_id: UUID, number: str, _: dict[str, Any], person: Person) -> AnyCommand:
    same = CaseDraft(id=case_id, number=number, title=number, opened_at=LONG_AGO)
    return builders.escalation(person, case=same, to_level=Level.THIRD, told_at=datetime.now(UTC))


def _title_of_the_problem(url: str) -> str:
    with keeper(url) as database:
        return next(f"{one.name} · {PROBLEM}" for one in ProblemLists(database).open() if one.words.title == PROBLEM)


def _may_show(seen: Seen) -> bool:
    return hands.is_delivered(seen) and "Show or hide contact" in seen["case"]["can"]


def _is_shown(number: str, seen: Seen) -> bool:
    return bool(seen["case"]["caller"]["Number"] == number)


def _in_timeline(line: str, seen: Seen) -> bool:
    return line in seen["case"]["timeline"]


def _is_hidden(seen: Seen) -> bool:
    return bool(seen["case"]["caller"]["Number"] == "only if second level shows it")


def _on_cards(text: str, seen: Seen) -> bool:
    return any(text in shown for shown in seen["case"].get("cards", ()))
