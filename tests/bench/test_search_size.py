"""The search over many answers: key strokes beside a plain full-text query, building, updating, memory."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.domain.answers import Answer
from app.search.index import HIT_LIMIT, AnswerIndex
from tests.bench.many_answers import many_answers, typed_texts
from tests.bench.measure import Line, Times, compared

FRAME_MS = 1000 / 60
TEXTS = {1_000: 40, 10_000: 40, 100_000: 6}  # typed key by key, by number of answers
UPDATES = 40
MATCH = "SELECT id FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT ?"


@pytest.mark.parametrize("count", TEXTS)
def test_a_key_stroke(count: int, tmp_path: Path, report: list[Line]) -> None:
    answers = list(many_answers(count))
    before_mib = _resident_mib()
    index = AnswerIndex(tmp_path)
    building, gaps = _built(index, answers)
    name = f"{count:,} answers"
    mib = _resident_mib() - before_mib
    plain, their_building = _full_text(answers)
    report.append(compared(f"{name}: build, {mib:.0f} MiB", building, "FTS5", their_building))
    report.append(Line(name=f"{name}: pause of another thread", times=gaps, yardstick="frame", yardstick_ms=FRAME_MS))
    ours, theirs = Times(), Times()
    for text in typed_texts(TEXTS[count]):
        for end in range(2, len(text) + 1):
            with ours.one():
                index.search(text[:end])
            with theirs.one():
                _plain_search(plain, text[:end])
    report.append(Line(name=f"{name}: key stroke", times=ours, yardstick="frame", yardstick_ms=FRAME_MS))
    report.append(compared(f"{name}: key stroke", ours, "FTS5 OR-prefix, p50", theirs))
    report.append(_slowest(f"{name}: key stroke", ours, theirs))
    updating = Times()
    for changed in answers[:UPDATES]:
        with updating.one():
            index.update([changed], [answers[-1].id])
    report.append(Line(name=f"{name}: update of one", times=updating, yardstick="limit", yardstick_ms=50))
    index.close()
    plain.close()


def _built(index: AnswerIndex, answers: Sequence[Answer]) -> tuple[Times, Times]:
    """Build in a thread; the gaps are what another one, which wants to run each millisecond, has to wait."""
    building, gaps = Times(), Times()

    def build() -> None:
        with building.one():
            index.replace(answers)

    builder = threading.Thread(target=build)
    builder.start()
    while builder.is_alive():
        with gaps.one():
            time.sleep(0.001)
    builder.join()
    return building, gaps


def _slowest(name: str, ours: Times, theirs: Times) -> Line:
    p95_ms = theirs.percentile(0.95)
    return Line(name=name, times=ours, yardstick=f"FTS5 OR-prefix, p95: {p95_ms:.2f} ms", yardstick_ms=p95_ms)


def _full_text(answers: Sequence[Answer]) -> tuple[sqlite3.Connection, Times]:
    connection, building = sqlite3.connect(":memory:"), Times()
    connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5(id UNINDEXED, title, variants, keywords, body,"
        " tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')"
    )
    with building.one():
        connection.executemany("INSERT INTO words VALUES (?, ?, ?, ?, ?)", map(_row, answers))
    return connection, building


def _row(answer: Answer) -> tuple[str, ...]:
    return answer.key, answer.title, " ".join(answer.variants), " ".join(answer.keywords), answer.body


def _plain_search(connection: sqlite3.Connection, text: str) -> list[tuple[str]]:
    match = " OR ".join(f'"{word}"*' for word in text.split())
    return connection.execute(MATCH, (match, HIT_LIMIT)).fetchall()


def _resident_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(_lines_of(status, "VmRSS")).split()[1]) / 1024


def _lines_of(status: str, name: str) -> Iterator[str]:
    return (line for line in status.splitlines() if line.startswith(name))
