"""The desk's own copy of the published answers with a full-text index, so that search works without the database.

First form: SQLite's FTS5 over folded words, any word may match, each as a prefix, ranked by BM25 with weighted fields.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import msgspec

from app.domain.answers import Answer, Hit
from app.domain.errors import Unavailable
from app.i18n import tr
from app.search.results import ExplainedHit, Explanation, How, IndexState, Part, Signals, WordMatch
from app.search.text import fold, query_words, words
from app.search.vocabulary import Vocabulary

FILE = "answers.db"
VERSION = 2  # of the file: one of another version is built anew
HIT_LIMIT = 50

_FIELD_WEIGHTS = (10.0, 7.0, 6.0, 1.0)  # title, variants, keywords, text
_LANGUAGE_BONUS = 1.5
_PRODUCT_BONUS = 1.4
_CANDIDATES = 120
_EXCERPT_LENGTH = 140


class AnswerIndex:
    """Answers by id and by words. Safe to use from all threads; one call at a time."""

    def __init__(self, folder: Path) -> None:
        """Open what is kept in `folder`, or make it anew when it is damaged or of another version: it is only a copy.

        Raises:
            Unavailable: the folder cannot be written to.
        """
        path = folder / FILE
        self._lock = threading.Lock()
        self._vocabulary = Vocabulary()
        self._version = 0
        self._ready_at: datetime | None = None
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError:
            for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                leftover.unlink(missing_ok=True)
            try:
                self._connection = _open(path)
            except sqlite3.DatabaseError as error:
                raise Unavailable(
                    tr("The copy of the answers cannot be written to {folder}. Free some space or ask for the right.",
                       folder=path.parent)
                ) from error  # fmt: skip

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @property
    def state(self) -> IndexState:
        return IndexState(answer_count=self.count(), version=self._version, ready_at=self._ready_at)

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Use these synonyms and stop words beside those that come with the program, from the next search on."""
        self._vocabulary = vocabulary

    def replace(self, answers: Iterable[Answer]) -> None:
        """Make these the answers of the index, all at once; runs in the thread that calls."""
        with self._lock, self._connection:
            self._connection.execute("DELETE FROM answer")
            self._connection.execute("DELETE FROM words")
            self._insert(answers)
            self._changed()

    def update(self, published: Iterable[Answer], withdrawn: Iterable[UUID] = ()) -> None:
        """Take in answers that are new or changed, and take out those with these ids."""
        taken = {answer.id: answer for answer in published}
        gone = {*taken, *withdrawn}
        with self._lock, self._connection:
            known = self._connection.execute("SELECT id, document FROM answer").fetchall()
            rows = [(rowid,) for rowid, document in known if msgspec.json.decode(document, type=Answer).id in gone]
            self._connection.executemany("DELETE FROM answer WHERE id = ?", rows)
            self._connection.executemany("DELETE FROM words WHERE rowid = ?", rows)
            self._insert(taken.values())
            self._changed()

    def answers(self) -> tuple[Answer, ...]:
        """All answers of the index."""
        with self._lock:
            rows = self._connection.execute("SELECT document FROM answer ORDER BY id").fetchall()
        return tuple(msgspec.json.decode(document, type=Answer) for (document,) in rows)

    def count(self) -> int:
        with self._lock:
            return int(self._connection.execute("SELECT count(*) FROM answer").fetchone()[0])

    def search(
        self,
        text: str,
        *,
        language: str = "",
        products: frozenset[str] = frozenset(),
        signals: Signals | None = None,
        limit: int = HIT_LIMIT,
    ) -> tuple[Hit, ...]:
        """The answers that fit `text` best; those in the call's language and for the caller's products come first."""
        wanted = query_words(text)
        if not wanted:
            return ()
        with self._lock:
            rows = self._connection.execute(_SEARCH, (_match(wanted), *_FIELD_WEIGHTS, _CANDIDATES)).fetchall()
        told = signals or Signals()
        found = [(_score(-rank, answer, language, products, told), answer) for answer, rank in map(_decoded, rows)]
        best = sorted(found, key=lambda pair: (pair[1].id not in told.in_force, -pair[0]))[:limit]
        starts = frozenset(wanted)
        return tuple(Hit(answer=a, score=score, words=starts, excerpt=_excerpt(a, starts)) for score, a in best)

    def explain(
        self,
        text: str,
        *,
        language: str = "",
        products: frozenset[str] = frozenset(),
        signals: Signals | None = None,
        limit: int = HIT_LIMIT,
    ) -> Explanation:
        """The same search, with the parts of each score and the words that brought it."""
        hits = self.search(text, language=language, products=products, signals=signals, limit=limit)
        wanted = query_words(text)
        return Explanation(text=text, words=tuple(wanted), hits=tuple(_explained(hit, wanted) for hit in hits))

    def _insert(self, answers: Iterable[Answer]) -> None:
        for answer in answers:
            document = msgspec.json.encode(answer)
            rowid = self._connection.execute("INSERT INTO answer (document) VALUES (?)", (document,)).lastrowid
            self._connection.execute(_INSERT_WORDS, (rowid, *_fields(answer)))

    def _changed(self) -> None:
        self._version += 1
        self._ready_at = datetime.now(UTC)


_INSERT_WORDS = "INSERT INTO words (rowid, title, variants, keywords, body) VALUES (?, ?, ?, ?, ?)"
_SEARCH = (
    "SELECT answer.document, bm25(words, ?2, ?3, ?4, ?5) AS rank FROM words JOIN answer ON answer.id = words.rowid"
    " WHERE words MATCH ?1 ORDER BY rank LIMIT ?6"
)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        if connection.execute("PRAGMA user_version").fetchone()[0] not in (0, VERSION):
            raise sqlite3.DatabaseError("of another version")
        connection.execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, document BLOB NOT NULL)")
        connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(title, variants, keywords, body, prefix='2 3 4')"
        )
        connection.execute("SELECT count(*) FROM words WHERE words MATCH 'a'").fetchone()
        connection.execute(f"PRAGMA user_version = {VERSION}")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _fields(answer: Answer) -> tuple[str, str, str, str]:
    body = (answer.body, *answer.steps, answer.closing)
    texts = ((answer.title,), answer.variants, answer.keywords, body)
    title, variants, keywords, said = (" ".join(words(" ".join(text))) for text in texts)
    return title, variants, keywords, said


def _match(wanted: list[str]) -> str:
    """Words are quoted, so nothing that a person types is syntax of the engine."""
    return " OR ".join(f"{json.dumps(word, ensure_ascii=False)} *" for word in wanted)


def _decoded(row: tuple[bytes, float]) -> tuple[Answer, float]:
    return msgspec.json.decode(row[0], type=Answer), row[1]


def _explained(hit: Hit, wanted: list[str]) -> ExplainedHit:
    matches = (
        WordMatch(typed=word, found=found, how=How.EXACT if found == word else How.PREFIX, weight=1.0)
        for found in dict.fromkeys(found for field in _fields(hit.answer) for found in _words_of_line(field))
        for word in wanted
        if found.startswith(word)
    )
    return ExplainedHit(hit=hit, parts={Part.WORDS: hit.score}, matches=tuple(matches))


def _score(score: float, answer: Answer, language: str, products: frozenset[str], signals: Signals) -> float:
    if language and answer.language == language:
        score *= _LANGUAGE_BONUS
    if products.intersection(answer.products):
        score *= _PRODUCT_BONUS
    return score * (1 + signals.popularity.get(answer.id, 0.0))


def _excerpt(answer: Answer, wanted: frozenset[str]) -> str:
    """The variant or line in which most of the words stand, else the first of them."""
    lines = (*answer.variants, *answer.body.splitlines(), *answer.steps)
    text = max(lines, key=lambda line: _matching(line, wanted), default="")
    text = " ".join(text.replace("**", "").split())
    return text if len(text) <= _EXCERPT_LENGTH else text[: _EXCERPT_LENGTH - 1] + "…"


def _matching(line: str, wanted: frozenset[str]) -> int:
    in_line = _words_of_line(line)
    return sum(any(word.startswith(start) for word in in_line) for start in wanted)


@lru_cache(maxsize=20_000)  # the same answers come again with each key stroke
def _words_of_line(line: str) -> tuple[str, ...]:
    return tuple(words(line))


def marks(text: str, wanted: frozenset[str]) -> list[tuple[int, int]]:
    """The stretches (start, end) of `text` whose folded word begins with one of the words searched for."""
    stretches = []
    start = None
    for position, character in enumerate(text + " "):
        if character.isalnum():
            start = position if start is None else start
        elif start is not None:
            folded = fold(text[start:position])
            if any(folded.startswith(word) for word in wanted):
                stretches.append((start, position))
            start = None
    return stretches
