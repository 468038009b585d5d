"""A supervisor and an agent at two desks on PostgreSQL: help is asked for and given, desks are told something."""

from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import Seen


def test_help_is_asked_for_and_given_and_the_desks_are_told(desk_of: OpenDesk, postgres_centre_url: str) -> None:
    agent = desk_of("anna.berger", postgres_centre_url)
    board = desk_of("bettina.krause", postgres_centre_url)
    for desk in (agent, board):
        desk.open()

    raised_at = agent.press("Ctrl+Shift+H")
    agent.wait("the hand is up", lambda seen: "my_hand" in seen)
    seen = board.wait("the hand is on the board", lambda seen: _answer_to(seen) == ["waits"])
    assert raised_at > 0 and seen["keys_pressed"] == 0

    board.press("Shift+F11")
    board.press("Shift+Tab", "Down")  # the demo's own hand is the older one
    board.press("Shift+F11")
    board.type("Try the grey cable")
    board.press("Return")
    agent.wait("the answer is there", lambda seen: "grey cable" in " ".join(seen["my_hand"]))
    board.wait("it is answered", lambda seen: _answer_to(seen) == ["replied"])
    agent.press("Ctrl+Shift+H")
    board.wait("the hand is down", lambda seen: _answer_to(seen) == [])

    board.press("Shift+F12")
    board.type("Fire drill at noon")
    board.press("Ctrl+Return")
    agent.wait("the notice is there", lambda seen: any("Fire drill at noon" in text for text in seen["banners"]))
    agent.press("Ctrl+Shift+I")
    agent.wait("it is read", lambda seen: not any("Fire drill" in text for text in seen["banners"]))
    board.wait("and the board says so", lambda seen: [row[-1] for row in seen["notices"]] == ["1"])
    for desk in (agent, board):
        desk.close()


def _answer_to(seen: Seen) -> list[str]:
    """How the agent's hand stands on the board."""
    return [row[2] for row in seen["hands"] if row[0] == "Anna Berger"]
