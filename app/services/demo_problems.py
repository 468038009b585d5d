"""The demo centre's known problems: in force, to be decided, and solved; with open cases that are one of them."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.problems import Link, Origin, ProblemState, ProblemWords
from app.services.demo_data import Dice, Values
from app.services.problem_statements import new_values

_EXPERT = "henrik.vollmer"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """`case`: the title of an open case of the demo that is attached, or suggested where it is a candidate."""

    key: str
    words: ProblemWords
    state: ProblemState
    hours: float  # since it is in its state
    case: str = ""
    origin: Origin = Origin.PERSON
    said: str = ""


_PROBLEMS = (
    _Problem(
        key="time",
        words=ProblemWords(
            title="Wrong time on the display after the clocks change",
            symptoms="Time is one hour wrong\nUhrzeit geht eine Stunde vor",
            cause="The time zone table of firmware 4.10",
            workaround="Switch automatic time off and on again",
            products=("LINK-200", "LINK-400"),
            versions="4.10",
        ),
        state=ProblemState.SOLVED,
        hours=700,
        said="Firmware 4.12 has the new table; it comes by itself at night.",
    ),
    _Problem(
        key="import",
        words=ProblemWords(
            title="Kontoauszüge werden doppelt eingelesen",
            symptoms="Bank statements are imported twice\nKontoauszug doppelt, Umsätze doppelt",
            workaround="Liste der Importe öffnen\nZweiten Import desselben Tages löschen\nAutomatik ausschalten",
            versions="12.3",
        ),
        state=ProblemState.CONFIRMED,
        hours=20,
        case="Bank statements are imported twice since Monday",
    ),
    _Problem(
        key="vpn",
        words=ProblemWords(
            title="VPN bricht nach dem Update auf 7.2 ab",
            symptoms="VPN zur Niederlassung bricht nach dem Update ab\nVPN drops after the update, error E-47",
            workaround="Im Menü „VPN“ den Schlüsseltausch auf Version 1 stellen\nRouter neu starten",
            products=("LINK-600",),
            versions="7.2",
        ),
        state=ProblemState.CONFIRMED,
        hours=3,
        case="VPN zur Niederlassung bricht nach dem Update ab",
    ),
    _Problem(
        key="mesh",
        words=ProblemWords(
            title="Wi-Fi drops mesh point",
            symptoms="Wi-Fi drops since the mesh point was added\nWLAN weg mit Mesh-Punkt",
            products=("LINK-400",),
        ),
        state=ProblemState.CANDIDATE,
        hours=0.3,
        case="Wi-Fi drops in the extension since the mesh point was added",
        origin=Origin.RADAR,
    ),
)


def problem_rows(cases: list[Values], dice: Dice) -> tuple[list[Values], list[Values]]:
    """The rows of the problems, and of their cases."""
    by = dice.id(f"person/{_EXPERT}")
    problems: list[Values] = []
    links: list[Values] = []
    for one in _PROBLEMS:
        at = dice.now - timedelta(hours=one.hours)
        id_ = dice.id(f"problem/{one.key}")
        problems.append(new_values(id_, one.words, one.state, one.origin, by, at) | {"said": one.said})
        link = Link.SUGGESTED if one.state is ProblemState.CANDIDATE else Link.ATTACHED
        links += [
            {"problem_id": id_, "case_id": case["id"], "link": link, "at": at, "by": by, "solved_at": None}
            for case in cases
            if case["title"] == one.case
        ]
    return problems, links
