"""The answers' index on a desk: found by what is typed, at every key stroke, also when the database is away.

Answers are kept in a file of the desk's folder (`store`); what is searched is in memory (`corpus`) and is read or
built when the index is opened: few answers at once, many in a thread of its own.
"""

import sqlite3
import threading
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from app.domain.answers import Answer, Hit
from app.domain.errors import Unavailable
from app.search import snapshot
from app.search.corpus import Corpus
from app.search.explaining import explained
from app.search.holdings import DAMAGES, Holdings, decoded, encoded
from app.search.marking import excerpt, meant_words, words_to_mark
from app.search.query import Query, read_query
from app.search.ranking import Known, Ranked, rank
from app.search.results import Explanation, IndexState, Signals
from app.search.store import Store
from app.search.vocabulary import Meanings, Vocabulary

HIT_LIMIT = 50
_AT_ONCE = 300  # so many answers are built while the caller waits
_ONE_BY_ONE = 200  # so many changed answers are taken in beside the others; with more, all are built anew


class AnswerIndex:
    """Safe to use from all threads. Searches go on over the answers of before while others are taken in."""

    def __init__(self, folder: Path) -> None:
        """Open what is kept in `folder`, or make it anew when it is damaged or of another version: it is only a copy.

        Raises:
            Unavailable: the folder cannot be written to.
        """
        self._folder = folder
        self._lock = threading.Lock()  # of the holdings while they are searched or changed
        self._writing = threading.Lock()  # one at a time changes them
        self._vocabulary = Vocabulary()
        self._meanings = Meanings(self._vocabulary)
        self._holdings = Holdings()
        self._version = 0
        self._ready_at: datetime | None = None
        self._progress = 0.0
        self._is_kept = True
        self._is_closed = False
        self._store = Store(folder)
        self._stored = self._store.rows()  # until they are in memory
        self._writing.acquire()
        self._opening = threading.Thread(target=self._open, name="answers' index", daemon=True)
        self._opening.start()
        if len(self._stored) <= _AT_ONCE:
            self._opening.join()

    def close(self) -> None:
        """End what is being built; what was published is in the file and is built again at the next start."""
        self._is_closed = True
        self._opening.join()
        with self._writing:
            self._store.close()

    @property
    def state(self) -> IndexState:
        with self._lock:
            return IndexState(
                answer_count=len(self._holdings),
                is_building=self._progress < 1,
                progress=self._progress,
                version=self._version,
                ready_at=self._ready_at,
                is_kept=self._is_kept,
            )

    def answers(self) -> tuple[Answer, ...]:
        """All answers of the index."""
        stored = self._stored
        documents = [document for _, document in stored.values()] if stored else self._documents().values()
        try:
            return tuple(decoded(document) for document in documents)
        except DAMAGES:  # in the file: it is just being made anew
            return ()

    def count(self) -> int:
        return len(self._holdings)

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Use these synonyms and stop words beside those that come with the program, from the next search on."""
        if vocabulary != self._vocabulary:
            self._vocabulary, self._meanings = vocabulary, Meanings(vocabulary)

    def replace(self, answers: Iterable[Answer]) -> None:
        """Make these the answers of the index, all at once; runs in the thread that calls."""
        wanted = {answer.id: encoded(answer) for answer in answers}
        with self._writing:
            self._follow()
            held = self._documents()
            changed = {key: document for key, document in wanted.items() if held.get(key) != document}
            self._change(changed, [key for key in held if key not in wanted])

    def update(self, published: Iterable[Answer], withdrawn: Iterable[UUID] = ()) -> None:
        """Take in answers that are new or changed, and take out those with these ids."""
        with self._writing:
            self._follow()
            documents = {answer.id: encoded(answer) for answer in published}
            gone = [key for key in set(withdrawn) if key in self._holdings.slots and key not in documents]
            self._change(documents, sorted(gone))

    def search(
        self,
        text: str,
        *,
        language: str = "",
        products: frozenset[str] = frozenset(),
        signals: Signals | None = None,
        limit: int = HIT_LIMIT,
    ) -> tuple[Hit, ...]:
        """The answers that fit `text` best. What is known beside the words moves those that fit about equally."""
        return self._searched(text, language, products, signals or Signals(), limit)[0]

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
        hits, ranked, query, corpus = self._searched(text, language, products, signals or Signals(), limit)
        return explained(text, hits, ranked, query, corpus)

    def _searched(
        self, text: str, language: str, products: frozenset[str], signals: Signals, limit: int
    ) -> tuple[tuple[Hit, ...], Ranked, Query, Corpus]:
        self._follow_others()
        with self._lock:
            held = self._holdings
            query = read_query(text, held.corpus, self._meanings)
            known = Known(
                language=language,
                products=held.slots_for(products),
                popularity=held.by_slot(signals.popularity),
                in_force=frozenset(held.by_slot(dict.fromkeys(signals.in_force, 1.0))),
            )
            ranked = rank(held.corpus, query, known, limit)
            answers = [held.answer(slot) for slot in ranked.slots.tolist()]
            meant = meant_words(query)
        hits = []
        for answer, score in zip(answers, ranked.scores.tolist(), strict=True):
            shown = excerpt(answer, meant)
            hits.append(Hit(answer=answer, score=score, words=words_to_mark(answer, shown, meant), excerpt=shown))
        return tuple(hits), ranked, query, held.corpus

    def _documents(self) -> dict[UUID, bytes]:
        with self._lock:
            return self._holdings.documents()

    # From here on the caller holds `_writing`, so that the holdings change for nobody else.

    def _change(self, documents: dict[UUID, bytes], gone: Sequence[UUID]) -> None:
        """Into the file and into memory."""
        change = self._write(documents, gone) if documents or gone else 0
        self._take(documents, dict.fromkeys(documents, change), gone)

    def _write(self, documents: dict[UUID, bytes], gone: Sequence[UUID]) -> int:
        try:
            return self._store.write(documents, gone)
        except sqlite3.DatabaseError:
            kept = {key: document for key, document in self._holdings.documents().items() if key not in gone}
            return self._write_anew(kept | documents)

    def _write_anew(self, documents: dict[UUID, bytes]) -> int:
        """The file was deleted or damaged, or cannot be written: the answers in memory are searched all the same."""
        try:
            change = self._store.rewrite(documents, self._newest())
            self._is_kept = True
        except (Unavailable, sqlite3.DatabaseError):
            change = 0
            self._is_kept = False
        self._holdings.changes = dict.fromkeys(self._holdings.changes, change)
        return change

    def _take(self, documents: dict[UUID, bytes], changes: dict[UUID, int], gone: Sequence[UUID]) -> None:
        """Into memory: one by one, or all built anew beside the old ones when many changed."""
        held = self._holdings
        if len(documents) + len(gone) <= _ONE_BY_ONE:
            with self._lock:
                held.update(documents, changes, gone)
                self._become(held)
            return
        everything = {key: document for key, document in held.documents().items() if key not in gone} | documents
        all_changes = held.changes | changes
        fresh = Holdings()
        fresh.update(everything, {key: all_changes[key] for key in everything}, (), self._on_progress)
        with self._lock:
            self._become(fresh)
        if len(fresh) > _AT_ONCE:
            snapshot.save(self._folder, fresh)

    def _become(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._version += 1
        self._ready_at = datetime.now(UTC)
        self._progress = 1.0

    def _on_progress(self, share: float) -> None:
        self._progress = min(share, 0.999)
        time.sleep(0.001)  # the window paints in between
        if self._is_closed:
            raise _ClosedError

    def _open(self) -> None:
        """What the file holds: from the snapshot as far as it is true, else built."""
        try:
            kept = snapshot.load(self._folder) or Holdings()
            stored = self._stored
            kept.fill({key: document for key, (change, document) in stored.items() if kept.changes.get(key) == change})
            changed = {key: row for key, row in stored.items() if key not in kept.slots}
            self._holdings = kept
            self._take(
                {key: document for key, (_, document) in changed.items()},
                {key: change for key, (change, _) in changed.items()},
                (),
            )
        except _ClosedError:
            return
        except DAMAGES:
            self._holdings = Holdings()
            self._write_anew({})
            self._become(self._holdings)
        finally:
            self._stored = {}
            self._writing.release()

    def _follow_others(self) -> None:
        """Take in what another program of this desk wrote; write anew what somebody deleted or damaged."""
        if not self._writing.acquire(blocking=False):
            return  # it is just being changed
        try:
            self._follow()
        finally:
            self._writing.release()

    def _follow(self) -> None:
        try:
            if self._store.is_in_place():
                has_changed = self._store.was_changed_elsewhere()
            else:  # deleted; when two programs see it, the first one makes the file anew, and the other goes over to it
                has_changed = self._store.go_over(self._newest())
                if not has_changed:
                    self._write_anew(self._holdings.documents())
            if has_changed:
                self._catch_up()
        except sqlite3.DatabaseError:
            self._write_anew(self._holdings.documents())

    def _catch_up(self) -> None:
        stored, held, ours = self._store.changes(), self._holdings.changes, self._holdings.documents()
        read = self._store.documents(key for key, change in stored.items() if held.get(key) != change)
        changed = {key: document for key, document in read.items() if ours.get(key) != document}
        self._take(changed, {key: stored[key] for key in changed}, [key for key in held if key not in stored])
        self._holdings.changes = {key: stored[key] for key in self._holdings.slots}

    def _newest(self) -> int:
        return max(self._holdings.changes.values(), default=0)


class _ClosedError(Exception):
    """The index was closed while it was built."""
