"""The loop through three windows on PostgreSQL: escalated, solved, suggested, published, told and found below."""

from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import DeskProcess
from tests.e2e.hands import answer, claim, escalate, give_goodwill, is_delivered, is_in, read_top, write_note

QUESTION = "zebralampe flackert violett"


def test_what_is_solved_above_comes_down_as_an_answer(desk_of: OpenDesk, postgres_centre_url: str) -> None:
    agent = desk_of("anna.berger", postgres_centre_url)
    agent.open()
    number = _escalate(agent)
    expert = desk_of("henrik.vollmer", postgres_centre_url)
    expert.open()
    expert.wait("the queue is read", lambda seen: seen["queue"])
    claim(expert, number)
    give_goodwill(expert, "nobody knows who called")
    expert.press("Ctrl+D")  # without a text: the caret goes where it belongs
    expert.type("Firmware 4.2 eingespielt, Lampe wieder ruhig.")
    expert.press("Ctrl+D")
    expert.wait("solved", is_delivered)
    agent.wait("told that the case is solved", lambda seen: "1 message" in seen["line"])

    expert.press("Shift+F5")
    draft = expert.wait("the draft has written itself", lambda seen: seen["page"])["page"]
    assert QUESTION in draft["variants"] and draft["body"].startswith("Firmware 4.2")
    expert.press("Ctrl+Return")
    expert.wait("handed in", lambda seen: not seen["page"] and is_delivered(seen))

    editor = desk_of("frank.eilers", postgres_centre_url)
    editor.open()
    _publish(editor)
    agent.wait("told that it can answer this now", lambda seen: "2 messages" in seen["line"])
    agent.press("Ctrl+K")
    agent.type(QUESTION)
    is_found = is_in("hits", QUESTION.capitalize())
    seen = agent.wait("the answer is found", lambda seen: seen["found_by"] == QUESTION and is_found(seen))
    assert seen["focus"].startswith("SearchField")  # no message took it
    for desk in (agent, expert, editor):
        desk.kill()


def _escalate(agent: DeskProcess) -> str:
    """A call of the demo line, a search in vain, F8."""
    agent.press("F5")
    agent.wait("a demo call rings", is_in("card", "Ringing"))
    agent.wait("who is calling", lambda seen: is_in("customer", "Language")(seen) or seen["candidates"])
    answer(agent)
    read_top(agent, "lampe blinkt")
    agent.press("Ctrl+K")
    agent.type(QUESTION)
    agent.wait("the search is made", lambda seen: seen["found_by"] == QUESTION)
    write_note(agent, "Lampe flackert seit heute")
    return escalate(agent)[0]


def _publish(editor: DeskProcess) -> None:
    """The draft in review, read and published with keys."""
    editor.wait("the list is read", lambda seen: seen["lines"])
    editor.tab_to("QLineEdit: Title or key", "Shift+Tab")
    editor.type("violett")
    editor.wait("the draft is in the list", lambda seen: len(seen["lines"]) == 1)
    editor.tab_to("LineTable")
    editor.press("Return")
    editor.wait("the draft is open", lambda seen: seen["editor"]["state"] == "In review")
    editor.press("Ctrl+Return")
    editor.wait("published", lambda seen: seen["editor"]["state"] == "Published")
