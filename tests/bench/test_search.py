"""How long a query in the index takes, against a plain full-text query over the same answers."""

import sqlite3
from collections.abc import Iterator

import pytest

from app.bootstrap import Desk
from app.domain.answers import Answer
from app.search.index import HIT_LIMIT
from tests.bench.measure import Line, Times, compared

ROUNDS = 20
QUERIES = (
    "internet",
    "router kein internet seit heute morgen",
    "drucker druckt leere seiten",
    "wlan passwort",
    "rechnung",
    "p217 toner",
    "vpn connection drops",
    "license activation does not work on the new computer",
    "umzug",
    "e14",
)


@pytest.fixture
def plain(demo_desk: Desk) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5(title, variants, keywords, body,"
        " tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')"
    )
    rows = [_fields(answer) for answer in demo_desk.index.answers()]
    connection.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", rows)
    yield connection
    connection.close()


def test_a_query_in_the_index(demo_desk: Desk, plain: sqlite3.Connection, report: list[Line]) -> None:
    ours, theirs = Times(), Times()
    for _ in range(ROUNDS):
        for text in QUERIES:
            with ours.one():
                demo_desk.index.search(text, language="de")
            with theirs.one():
                _plain_search(plain, text)
    report.append(compared("query in the search index", ours, "FTS5 OR-prefix query", theirs))


def _plain_search(connection: sqlite3.Connection, text: str) -> list[tuple[str]]:
    match = " OR ".join(f'"{word}"*' for word in text.split())
    query = "SELECT title FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT ?"
    return connection.execute(query, (match, HIT_LIMIT)).fetchall()


def _fields(answer: Answer) -> tuple[str, str, str, str]:
    body = " ".join((answer.body, *answer.steps, answer.closing))
    return answer.title, " ".join(answer.variants), " ".join(answer.keywords), body
