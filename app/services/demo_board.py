"""What the demo centre's board shows beyond calls and cases: a raised hand, answers that helped, searches in vain."""

from datetime import timedelta

from app.domain.answer_use import UseKind, weight_of
from app.domain.answers import Answer
from app.domain.people import AgentState, Role
from app.domain.search_report import GapKind
from app.services.demo_data import Centre, Dice, Values

_HELPED = (9, 7, 6, 4, 3, 2)  # cases that each of the first answers solved today
_GAPS = (
    ("leuchtet orange nach gewitter", GapKind.NOT_FOUND, 5),
    ("esim zweitkarte aktivieren", GapKind.NOT_FOUND, 3),
    ("umsätze doppelt nach umzug", GapKind.NOT_USED, 3),
    ("printer grinds but no paper", GapKind.NOT_FOUND, 2),
    ("mesh fällt nachts aus", GapKind.NOT_USED, 2),
)
_ABOUT = "Özdemir Elektrotechnik · LINK-200"
_ASKS = "Der Kunde möchte heute noch einen Techniker. Darf ich den zusagen?"


def raised_hand(centre: Centre, dice: Dice) -> tuple[Values, Values]:
    """An agent in a call asks for help: the hand, and the line beside it."""
    asking = next(person for person in reversed(centre.people) if person.state is AgentState.ON_CALL)
    person_id, hand_id = dice.id(f"person/{asking.login}"), dice.id("hand")
    raised_at = dice.now - timedelta(minutes=2)
    hand = {
        "id": hand_id,
        "person_id": person_id,
        "raised_at": raised_at,
        "lowered_at": None,
        "call_id": None,
        "case_id": None,
        "about": _ABOUT,
    }
    said_at = raised_at + timedelta(seconds=20)
    line = {"id": dice.id("hand/line"), "hand_id": hand_id, "by": person_id, "at": said_at, "text": _ASKS}
    return hand, line


def looks(centre: Centre, dice: Dice, login: str) -> list[Values]:
    """A supervisor looked at the figures of `login`, who is one too and looked at a colleague's; each said why."""
    other = next(one for one in centre.people if one.roles == (Role.SUPERVISOR,))
    colleague = next(one for one in centre.people if one.roles == (Role.FIRST_LEVEL,))
    told = ((other.login, login, 9, "Gespräch zum Quartal, vereinbart am Montag"),
            (login, colleague.login, 6, "Frage der Kollegin zu ihren Nacharbeitszeiten"))  # fmt: skip
    return [
        {
            "id": dice.id(f"look/{by}"),
            "at": dice.now - timedelta(days=days),
            "by": dice.id(f"person/{by}"),
            "person_id": dice.id(f"person/{of}"),
            "purpose": purpose,
            "first": (dice.now - timedelta(days=days + 28)).date(),
            "last": (dice.now - timedelta(days=days + 1)).date(),
        }
        for by, of, days, purpose in told
    ]


def uses(dice: Dice, answers: tuple[Answer, ...]) -> list[Values]:
    """What became of answers today; a row each, as desks report them."""
    day = dice.now.date()
    chosen = sorted((answer for answer in answers if answer.language == "de"), key=lambda answer: answer.key)
    found = []
    for answer, solved in zip(chosen, _HELPED, strict=False):
        kinds = {UseKind.SOLVED: solved, UseKind.ESCALATED: solved % 3, UseKind.READ: solved % 4}
        values = {"answer_id": answer.id, "day": day, "count": 1, "weight": weight_of(day)}
        found += [{**values, "kind": kind} for kind, count in kinds.items() for _ in range(count)]
    return found


def gaps(dice: Dice) -> list[Values]:
    """What was searched in vain today."""
    values = {"day": dice.now.date(), "language": "de", "product": ""}
    return [{**values, "kind": kind, "text": text} for text, kind, count in _GAPS for _ in range(count)]
