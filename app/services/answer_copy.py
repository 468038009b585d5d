"""Keeps what a desk searches complete: the answers it may read, the editors' words, and what solved cases lately."""

import random
import threading
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from app.db.engine import Database
from app.domain.answer_use import UseKind, popularity
from app.domain.answers import Answer, audiences_of
from app.domain.people import Person
from app.domain.vocabulary import WordGroup, stop_words_of, synonyms_of
from app.search.index import AnswerIndex
from app.search.results import Signals
from app.search.vocabulary import Vocabulary
from app.services.answers import Answers
from app.services.search_reports import SearchReports
from app.services.words import Words

FILE = "search_aids.json"
COUNT_EVERY_S = 600.0  # popularity halves in 14 days: ten minutes are soon enough, and one sum over days of use

_MANY = 200  # changed answers from which on building the index anew is the shorter way


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aids:
    """What ranks beside the answers; kept on the desk for a start without the database."""

    words: tuple[WordGroup, ...] = ()
    counts: Mapping[UUID, Mapping[UseKind, float]] = field(default_factory=dict)
    checked_at: datetime | None = None  # when the copy was last known to be complete


_AIDS = msgspec.json.Decoder(_Aids)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyState:
    """What there is to search, and how old it may be."""

    answer_count: int = 0
    is_fetching: bool = False  # what changed is being read or built in
    progress: float = 1.0  # of the building, 0 to 1
    checked_at: datetime | None = None  # when the copy was last known to be complete; None: never


class AnswerCopy:
    """The index of one person's desk. What the person may not read (any more) is not in it."""

    def __init__(self, database: Database, index: AnswerIndex, person: Person, folder: Path) -> None:
        self.signals = Signals()  # replaced as a whole
        self._answers = Answers(database)
        self._reports = SearchReports(database)
        self._words = Words(database)
        self._index = index
        self._person = person
        self._file = folder / FILE
        self._at_work = threading.Lock()
        self._is_owed = False
        self._count_at_s = 0.0  # of the monotonic clock
        self._stamps: dict[UUID, int] = {}  # of the answers in the index
        self._latest: datetime | None = None  # when the newest of them was published
        readable = audiences_of(person.roles)
        if hidden := [answer.id for answer in index.answers() if answer.audience not in readable]:
            index.update((), hidden)
        self._aids = _kept(self._file)
        self._use_aids()

    @property
    def state(self) -> CopyState:
        """As it is now; may wait for the index, so ask on a lane."""
        index = self._index.state
        return CopyState(
            answer_count=index.answer_count,
            is_fetching=index.is_building or self._at_work.locked(),
            progress=index.progress,
            checked_at=self._aids.checked_at,
        )

    @property
    def is_count_due(self) -> bool:
        """It is time to look again what solved cases lately."""
        return time.monotonic() >= self._count_at_s

    def refresh(self) -> None:
        """Take in what changed in the shared database.

        One refresh at a time: who comes meanwhile leaves, and the one at work looks once more. Else the slower of two
        could put an older state over a newer one.
        """
        self._is_owed = True
        while self._is_owed and self._at_work.acquire(blocking=False):
            try:
                self._is_owed = False
                has_changed = self._take_answers()
                if self._take_aids() or has_changed:
                    self._use_aids()
            finally:
                self._at_work.release()

    def _take_answers(self) -> bool:
        """Whether any answer changed."""
        state = self._index.state
        is_other = len(self._stamps) != state.answer_count and not state.is_building  # somebody deleted its files
        if is_other or self._latest is None:
            self._stamps.clear()
            self._remember(self._index.answers())
        changes = self._answers.changes(self._person.id, self._stamps, self._latest)
        if not changes:
            return False
        if len(changes.published) < _MANY:
            self._index.update(changes.published, changes.withdrawn)
        else:
            kept = {a.id: a for a in self._index.answers() if a.id not in changes.withdrawn}
            self._index.replace((kept | {a.id: a for a in changes.published}).values())
        for answer_id in changes.withdrawn:
            self._stamps.pop(answer_id, None)
        self._remember(changes.published)
        return True

    def _remember(self, answers: Iterable[Answer]) -> None:
        for answer in answers:
            self._stamps[answer.id] = answer.stamp
            if answer.published_at and (self._latest is None or answer.published_at > self._latest):
                self._latest = answer.published_at

    def _take_aids(self) -> bool:
        """Whether words or counts changed."""
        counts = self._aids.counts
        if is_count_due := self.is_count_due:
            counts = self._reports.use_counts(datetime.now(UTC).date())
            self._count_at_s = time.monotonic() + COUNT_EVERY_S * random.uniform(0.8, 1.2)  # desks do not ask in step
        words, before = self._words.all(), self._aids.words
        self._aids = _Aids(words=words, counts=counts, checked_at=datetime.now(UTC))
        _keep(self._file, self._aids)
        return is_count_due or words != before

    def _use_aids(self) -> None:
        self._index.set_vocabulary(vocabulary_of(self._aids.words))
        self.signals = signals_of(self._aids.counts, self._index.answers())


def vocabulary_of(words: Iterable[WordGroup]) -> Vocabulary:
    """The editors' words as the search takes them."""
    groups = tuple(words)
    return Vocabulary(synonyms=synonyms_of(groups), stop_words=stop_words_of(groups))


def signals_of(counts: Mapping[UUID, Mapping[UseKind, float]], answers: Collection[Answer]) -> Signals:
    """What ranks beside the words: what solved cases lately, and which known problems are in force."""
    return Signals(
        popularity=popularity(counts, answers, datetime.now(UTC)),
        in_force=frozenset(answer.id for answer in answers if answer.known_problem),
    )


def _kept(file: Path) -> _Aids:
    """What was kept; nothing when it is missing or damaged: it comes again with the first contact."""
    try:
        return _AIDS.decode(file.read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return _Aids()


def _keep(file: Path, aids: _Aids) -> None:
    part = file.with_name(file.name + ".part")
    with suppress(OSError):  # a full disk: only the next start without the database lacks it
        part.write_bytes(msgspec.json.encode(aids))
        part.replace(file)
