"""What an index holds in memory: the answers themselves, by slot, and the corpus in which they are searched."""

import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

import msgspec
import numpy as np

from app.domain.answers import Answer
from app.search.arrays import Ints, Progress, in_silence
from app.search.corpus import Corpus

T = TypeVar("T")
DAMAGES = zlib.error, msgspec.MsgspecError


def encoded(answer: Answer) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(answer), 1)


@lru_cache(maxsize=500)  # the same answers come again with each key stroke
def decoded(document: bytes) -> Answer:
    """Raises one of DAMAGES when the document is damaged or of another version of the program."""
    return msgspec.msgpack.decode(zlib.decompress(document), type=Answer)


class Holdings:
    """Not safe for threads: its owner locks."""

    def __init__(self) -> None:
        self.corpus = Corpus()
        self.changes: dict[UUID, int] = {}  # by answer: the change that brought it
        self.slots: dict[UUID, int] = {}
        self._documents: list[bytes] = []  # by slot; empty in a dead one
        self._products: dict[str, set[int]] = {}

    def __len__(self) -> int:
        return len(self.slots)

    @classmethod
    def restored(cls, corpus: Corpus, slots: dict[UUID, int], changes: dict[UUID, int]) -> "Holdings":
        """From a snapshot: the corpus and what was in its slots; `fill` then brings the answers."""
        held = cls()
        held.corpus, held.slots, held.changes = corpus, slots, changes
        held._documents = [b""] * corpus.slot_count
        return held

    def fill(self, documents: Mapping[UUID, bytes]) -> None:
        """Bring the answers themselves; slots of all others are dead."""
        for key, slot in list(self.slots.items()):
            if key in documents:
                self._put(slot, documents[key], decoded(documents[key]))
            else:
                self.corpus.is_alive[slot] = False
                del self.slots[key], self.changes[key]

    def update(
        self,
        documents: Mapping[UUID, bytes],
        changes: Mapping[UUID, int],
        gone: Iterable[UUID] = (),
        on_progress: Progress = in_silence,
    ) -> None:
        """Put these in, each brought by its change, and take those out."""
        for key in (*(key for key in documents if key in self.slots), *gone):
            self._take_out(key)
        answers = [decoded(document) for document in documents.values()]
        first = self.corpus.slot_count
        self.corpus.add(answers, on_progress)
        self._documents += [b""] * len(answers)
        for slot, (key, document) in enumerate(documents.items(), start=first):
            self.slots[key] = slot
            self._put(slot, document, answers[slot - first])
        self.changes.update(changes)

    def documents(self) -> dict[UUID, bytes]:
        return {key: self._documents[slot] for key, slot in self.slots.items()}

    def answer(self, slot: int) -> Answer:
        return decoded(self._documents[slot])

    def slots_for(self, products: Iterable[str]) -> Ints:
        """The slots of the answers for any of these products."""
        return np.array(sorted(set().union(*(self._products.get(code, ()) for code in products))), np.int64)

    def by_slot(self, values: Mapping[UUID, T]) -> dict[int, T]:
        return {self.slots[key]: value for key, value in values.items() if key in self.slots}

    def _put(self, slot: int, document: bytes, answer: Answer) -> None:
        self._documents[slot] = document
        for code in answer.products:
            self._products.setdefault(code, set()).add(slot)

    def _take_out(self, key: UUID) -> None:
        slot = self.slots.pop(key, -1)
        if slot >= 0:
            answer = self.answer(slot)
            self.corpus.remove(slot, answer)
            self._documents[slot] = b""
            del self.changes[key]
            for code in answer.products:
                self._products[code].discard(slot)
