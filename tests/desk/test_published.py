"""What editors publish is found on every desk, and what they retire on none: desks are processes of their own here."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.db.engine import Database
from app.domain.answers import Audience
from app.services.answers import Answers
from tests.builders import Seeded, answer
from tests.desk.children import child, next_line

DESKS = 3
SEARCHES_UNTIL = """
import sys, time
from pathlib import Path
from app.bootstrap import open_desk
from app.telephony.demo import DemoSource
from tests.desk.test_desk import Listener
url, login, folder = sys.argv[1:]
desk = open_desk(url, login, Path(folder), lambda *_: DemoSource(()), undo_s=0.0)
desk.start(Listener())
for line in sys.stdin:
    word, count = line.split()
    limit_s = time.monotonic() + 60
    while len(found := desk.index.search(word)) != int(count) and time.monotonic() < limit_s:
        time.sleep(0.02)
    print(*(hit.answer.title for hit in found), flush=True)
desk.stop()
"""
TURBINE = answer("turbine", title="Turbine stands still")
FOR_SECOND = answer("engine", title="Turbine opened", audience=Audience.SECOND)


@pytest.fixture
def desks(database_url: str, centre: Seeded, tmp_path: Path) -> Iterator[Sequence[subprocess.Popen[str]]]:
    with ExitStack() as stack:
        folders = (tmp_path / f"desk-{number}" for number in range(DESKS))
        started = (child(SEARCHES_UNTIL, database_url, centre.agent.login, folder) for folder in folders)
        yield [stack.enter_context(one) for one in started]


def found(desks: Sequence[subprocess.Popen[str]], word: str, count: int) -> set[str]:
    """What each desk finds, as soon as it is so many."""
    for desk in desks:
        assert desk.stdin is not None
        desk.stdin.write(f"{word} {count}\n")
        desk.stdin.flush()
    return {next_line(desk) for desk in desks}


def test_on_every_desk_and_on_none(desks: Sequence[subprocess.Popen[str]], database: Database) -> None:
    answers = Answers(database)
    assert found(desks, "turbine", 0) == {""}
    answers.publish([FOR_SECOND])  # never theirs, and so not there when the next one is
    answers.publish([TURBINE])
    assert found(desks, "turbine", 1) == {TURBINE.title}
    answers.retire([TURBINE.id])
    assert found(desks, "turbine", 0) == {""}
