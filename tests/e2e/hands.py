"""What an agent does over and over, with the keys that an agent presses."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial

from tests.e2e.desks import DeskProcess, Seen
from tests.patience import wait_for
from tests.telephony.sipp import SippCall, place_call

NUMBER = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
_INVITE_SENT = re.compile(r"^-+ (\S+ \S+)\s*\nUDP message sent .*\n\nINVITE ", re.MULTILINE)


def line_is_ready(desk: DeskProcess) -> int:
    """The port on which the softphone takes calls."""
    return int(
        desk.wait("the line is ready", lambda seen: "Line ready" in seen["line"] and seen["sip_port"])["sip_port"]
    )


def call(desk: DeskProcess, caller: str, name: str = "", *, host: str = "127.0.0.1") -> SippCall:
    """A real call to the desk."""
    return place_call(line_is_ready(desk), caller, name, host=host)


def open_desk(desk_of: Callable[[str, str], DeskProcess], login: str, url: str) -> DeskProcess:
    """One after the other: three at once start slowly on a busy machine."""
    desk = desk_of(login, url)
    desk.open()
    return desk


def take_demo_call(agent: DeskProcess, name: str) -> None:
    """A demo call is answered; of two who may be calling it is this one."""
    agent.press("F5")
    agent.wait("a demo call rings", is_in("card", "Ringing"))
    answer(agent)
    seen = agent.wait("who may be calling", lambda seen: len(seen["candidates"]) == 2)
    choose_caller(agent, seen, name)


def is_in(region: str, *wanted: str) -> Callable[[Seen], bool]:
    """A claim: all of these texts stand somewhere in that part of the screen."""

    def holds(seen: Seen) -> bool:
        return all(any(text in shown for shown in seen[region]) for text in wanted)

    return holds


def answer(desk: DeskProcess) -> Seen:
    desk.press("F2")
    return desk.wait("the call is connected", is_in("card", "Connected"))


def choose_caller(desk: DeskProcess, seen: Seen, name: str) -> None:
    """Of those who may be calling."""
    desk.tab_to("RecordTable: Who may be calling", "Shift+Tab")
    names = [row[0] for row in seen["candidates"]]
    desk.press(*["Down"] * len(names), *["Up"] * (len(names) - 1 - names.index(name)))  # from the last one upwards
    desk.press("Return")
    desk.wait("the one who was asked", is_in("card", name))


def search(desk: DeskProcess, text: str) -> Seen:
    """Type a search; its hits stand in the list then."""
    desk.press("Ctrl+K")
    desk.type(text)
    return desk.wait("the search has hits", lambda seen: seen["found_by"] == text and seen["hits"])


def search_until_there(desk: DeskProcess, text: str, is_it: Callable[[str], bool]) -> Seen:
    """Search for what is on its way to this desk, and once more when it came: it stands on top then.

    Hits do not move while they are looked at, so what comes meanwhile stands below them.
    """
    search(desk, text)
    desk.wait(f"it came: {text}", lambda seen: any(map(is_it, seen["hits"])))
    desk.press("Ctrl+K", "Delete")
    desk.wait("the field is empty", lambda seen: not seen["found_by"] and not seen["hits"])
    search(desk, text)
    return desk.wait(f"it is on top: {text}", lambda seen: seen["hits"] and is_it(seen["hits"][0]))


def read_top(desk: DeskProcess, text: str) -> str:
    """Search and Return: the answer on top is open; its title."""
    title: str = search(desk, text)["hits"][0]
    desk.press("Return")
    desk.wait("the top answer is open", is_in("reading", title))
    return title


def write_note(desk: DeskProcess, text: str) -> None:
    desk.press("F7")
    desk.type(text)
    desk.wait("the note stands there", lambda seen: seen["note"] == text)


def escalate(desk: DeskProcess, impact: str = "3", urgency: str = "3") -> tuple[str, float]:
    """F8, digits, Ctrl+Return; the number that the confirmation says, and the moment of Ctrl+Return."""
    desk.press("F8")
    seen = desk.wait("what is asked stands there", lambda seen: seen["escalation"])
    if "ChoiceRow: Why?" in seen["focus"]:
        desk.press("1")
    desk.press(impact, urgency)
    at = desk.press("Ctrl+Return")
    return confirmed_number(desk), at


def confirmed_number(desk: DeskProcess) -> str:
    seen = desk.wait("the confirmation", is_in("confirmation", "Passed to second level"))
    number: str = next(text for text in seen["confirmation"] if NUMBER.fullmatch(text))
    return number


def claim(desk: DeskProcess, number: str) -> Seen:
    """Ctrl+L, which gives the most urgent case, until it is this one; the case as the screen shows it."""
    for _ in range(10):
        before = desk.look()["case"]
        desk.press("Ctrl+L")
        case: Seen = desk.wait("a claimed case", partial(_is_another, before))["case"]
        if case["number"] == number:
            return case
    raise AssertionError(f"{number} is never claimed")


def _is_another(before: Seen, seen: Seen) -> bool:
    case = seen["case"]
    if not case or not case["searches"] or not case["answers"]:  # Qt shows new lines a moment after their heading
        return False
    return case["state"] == "In progress" and (not before or case["number"] != before["number"])


def give_goodwill(desk: DeskProcess, why: str) -> None:
    """Where nobody knows of a contract, nothing is charged for the open case."""
    desk.press("Ctrl+Shift+G")
    desk.type(why)
    desk.press("Return")
    desk.wait("it is goodwill", lambda seen: any("Goodwill: " in text for text in seen["case"]["clocks"]))


def hang_up(desk: DeskProcess) -> None:
    desk.press("F4")
    desk.wait("wrap-up", is_in("card", "Wrap-up"))


def finish(desk: DeskProcess, digit: str) -> None:
    """Finish the wrap-up with a digit."""
    desk.press("F10", digit)
    desk.wait("no call any more", is_in("card", "No call"))


def is_delivered(seen: Seen) -> bool:
    return bool(seen["not_delivered"] == 0)


def invited_at(placed: SippCall) -> float:
    """When sipp sent the first INVITE, by its own log (seconds of the epoch), which may come after what it did."""
    wait_for(lambda: _INVITE_SENT.search(placed.messages()), placed.messages)
    found = _INVITE_SENT.search(placed.messages())
    assert found
    return datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S.%f").astimezone().timestamp()
