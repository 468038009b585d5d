"""A known problem in force stands on top of what matches, and takes nothing away below it."""

from pathlib import Path

from app.search.index import AnswerIndex
from app.search.results import Signals
from tests.builders import answer

OUTAGE = answer("outage", title="Internet down in the north", known_problem="P-12")
SLOW = answer("slow", title="Internet slow in the evening")
OTHERS = tuple(
    answer(f"slow-{n}", title=f"Slow {word}, slow internet") for n, word in enumerate(("page", "mail", "vpn"))
)
PRINTER = answer("printer", title="Printer prints nothing")
IN_FORCE = Signals(in_force=frozenset({OUTAGE.id}))


def keys(folder: Path, text: str, signals: Signals | None = None) -> list[str]:
    index = AnswerIndex(folder)
    index.replace([OUTAGE, SLOW, *OTHERS, PRINTER])
    found = [hit.answer.key for hit in index.search(text, signals=signals)]
    index.close()
    return found


def test_it_stands_on_top_of_what_fits_better(tmp_path: Path) -> None:
    text = "slow internet, or down in the evening"
    assert keys(tmp_path, text) == ["slow", "outage"]
    assert keys(tmp_path, text, IN_FORCE) == ["outage", "slow"]


def test_the_others_stay(tmp_path: Path) -> None:
    before = keys(tmp_path, "internet slow or down")
    assert len(before) == 5 and set(keys(tmp_path, "internet slow or down", IN_FORCE)) == set(before)


def test_it_stands_nowhere_when_something_else_is_meant(tmp_path: Path) -> None:
    assert "outage" not in keys(tmp_path, "printer prints nothing", IN_FORCE)
