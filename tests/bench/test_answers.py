"""From the editor to the agent: how soon a published answer is found, and what a desk asks of the database for it."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert

from app.bootstrap import Desk, open_desk
from app.db.answer_rows import AnswerRow, AnswerUseRow
from app.db.engine import Database
from app.domain.answer_use import UseKind, weight_of
from app.services.answers import Answers, answer_columns
from app.services.search_reports import SearchReports
from app.telephony.demo import DemoSource
from tests.bench.measure import Line, Times, compared
from tests.builders import NOW, TODAY, answer, seed
from tests.desk.test_desk import Listener
from tests.people import plain

ANSWER_COUNT = 10_000
USE_COUNT = 100_000
ROUNDS = 15
LIMIT_S = 10.0
PUBLISHER = """
import sys
from app.db.engine import Database
from app.services.answers import Answers
from app.domain.answers import Answer
answers = Answers(Database(sys.argv[1]))
for line in sys.stdin:
    answers.publish([Answer(key="new", language="en", title=line.strip(), body="Text")])
    print("published", flush=True)
"""


@pytest.fixture
def desk(postgres_url: str, tmp_path: Path) -> Desk:
    database = Database(postgres_url)
    centre = seed(database)
    database.close()
    return open_desk(postgres_url, centre.agent.login, tmp_path / "desk", lambda *_: DemoSource(()), undo_s=0.0)


def test_published_in_another_process_to_found_here(desk: Desk, postgres_url: str, report: list[Line]) -> None:
    listener = Listener()
    desk.start(listener)
    bare, found = Times(), Times()
    program = [sys.executable, "-c", PUBLISHER, postgres_url]
    with (
        subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as publisher,
        psycopg.connect(plain(postgres_url), autocommit=True) as listening,
    ):
        assert publisher.stdin and publisher.stdout
        listening.execute("LISTEN firstline")
        for number in range(ROUNDS):
            word = f"turbine{number}x"
            publisher.stdin.write(word + "\n")
            publisher.stdin.flush()
            publisher.stdout.readline()
            with found.one():
                _wait_until_found(desk, word, listener)
            time.sleep(0.3)  # wake-ups are sent four times a second at most
        publisher.stdin.close()
        for _ in range(ROUNDS):
            with bare.one():
                listening.execute("NOTIFY firstline")
                next(iter(listening.notifies(timeout=LIMIT_S, stop_after=1)))
    desk.stop()
    report.append(compared("published in another process to found here", found, "bare NOTIFY to LISTEN", bare))


def test_what_a_desk_asks_when_answers_changed(postgres_url: str, report: list[Line]) -> None:
    database = Database(postgres_url)
    agent = seed(database).agent
    made = [replace(answer(f"a{n}", title=f"Title {n}"), body="Some text. " * 40) for n in range(ANSWER_COUNT)]
    with database.write() as session:
        session.execute(insert(AnswerRow), [answer_columns(one, 1, NOW) for one in made])
        day = {"day": TODAY, "kind": UseKind.SOLVED, "count": 1, "weight": weight_of(TODAY)}
        uses = [{"answer_id": made[n % 1_000].id, **day} for n in range(USE_COUNT)]
        session.execute(insert(AnswerUseRow), uses)
    answers = Answers(database)
    everything, nothing, one, counts = Times(), Times(), Times(), Times()
    with everything.one():
        stamps = {a.id: a.stamp for a in answers.changes(agent.id, {}).published}
    latest: datetime | None = NOW
    for number in range(ROUNDS):
        with nothing.one():
            assert not answers.changes(agent.id, stamps, latest)
        answers.publish([replace(made[0], title=f"Changed {number}")])
        with one.one():
            changes = answers.changes(agent.id, stamps, latest)
        (changed,) = changes.published
        stamps[changed.id], latest = changed.stamp, changed.published_at
        with counts.one():
            SearchReports(database).use_counts(TODAY)
    database.close()
    for name, times in (("nothing changed", nothing), ("one answer changed", one), ("100,000 uses summed", counts)):
        report.append(compared(f"{name}, of 10,000", times, "reading all 10,000", everything))


def _wait_until_found(desk: Desk, word: str, listener: Listener) -> None:
    limit_s = time.monotonic() + LIMIT_S
    while not any(hit.answer.title == word for hit in desk.index.search(word)):
        assert time.monotonic() < limit_s
        listener.answer_counts.get(timeout=LIMIT_S)
