"""Keeps what is typed: writes it to the journal at most every 300 ms, so that a killed program loses less than that."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from uuid import UUID

from app.domain.errors import Unavailable
from app.i18n import tr

INTERVAL_S = 0.3  # of the journal's writes while somebody types; the first key stroke is written at once
RETRY_S = 1.0  # after a write that the disk did not take

_log = logging.getLogger("firstline.desk")


@dataclass(frozen=True, slots=True)
class _Write:
    number: int  # in the order in which they were asked for
    do: Callable[[], None]


class Keeper:
    """A thread of its own that writes; of what waits about one subject only the newest is written."""

    def __init__(self, on_written: Callable[[str], None]) -> None:
        """
        Args:
            on_written: told after each round of writes, with the sentence of what hindered it; empty: nothing did.
        """
        self._on_written = on_written
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._waiting: dict[UUID, _Write] = {}
        self._overtaken: Counter[UUID] = Counter()
        self._asked_count = 0
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._thread.start()

    def keep(self, subject_id: UUID, write: Callable[[], None]) -> None:
        """Write soon; returns at once."""
        with self._changed:
            self._asked_count += 1
            self._waiting[subject_id] = _Write(self._asked_count, write)
            self._changed.notify()

    def overtake(self, subject_id: UUID) -> AbstractContextManager[Callable[[], None]]:
        """Something newer about the subject is written elsewhere, in a block of what this gives, on any thread.

        From now until the end of the block nothing about it is written here. The block calls what it is given when the
        newer is written: what waits now is then forgotten, so that it never comes after.
        """
        with self._changed:
            self._overtaken[subject_id] += 1
            return self._overtaking(subject_id, self._asked_count)

    def stop(self) -> None:
        """Write what waits, then end; a second call does nothing."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        said = ""
        while subject_ids := self._next():
            began_s = time.monotonic()
            sentence = self._write_all(subject_ids)
            if not sentence or sentence != said:
                self._on_written(sentence)
            said = sentence
            self._rest(began_s + (RETRY_S if sentence else INTERVAL_S))

    @contextmanager
    def _overtaking(self, subject_id: UUID, number: int) -> Iterator[Callable[[], None]]:
        def forget_older() -> None:
            with self._changed:
                waiting = self._waiting.get(subject_id)
                if waiting and waiting.number <= number:
                    del self._waiting[subject_id]

        try:
            with self._writing:  # not under way while this one begins
                pass
            yield forget_older
        finally:
            with self._changed:
                self._overtaken[subject_id] -= 1

    def _write_all(self, subject_ids: tuple[UUID, ...]) -> str:
        """What the disk does not take waits for the next round. The sentence of what hindered it."""
        sentence = ""
        for subject_id in subject_ids:
            try:
                with self._writing:
                    self._write(subject_id)
            except Unavailable as error:
                sentence = str(error)
            except Exception:  # noqa: BLE001 - the edge of this thread: what is typed next must be kept all the same
                _log.exception("journal")
                sentence = tr("Firstline made a mistake here. Please tell your administrator.")
        return sentence

    def _write(self, subject_id: UUID) -> None:
        """What waits about the subject now: what was forgotten meanwhile is gone."""
        write = self._take(subject_id)
        if not write:
            return
        try:
            write.do()
        except Unavailable:
            self._put_back(subject_id, write)
            raise

    def _take(self, subject_id: UUID) -> _Write | None:
        """At the end all is written that waits: what overtakes it, does so after it."""
        with self._changed:
            if self._overtaken[subject_id] and not self._is_stopping:
                return None
            return self._waiting.pop(subject_id, None)

    def _put_back(self, subject_id: UUID, write: _Write) -> None:
        with self._changed:
            if not self._is_stopping:
                self._waiting.setdefault(subject_id, write)

    def _next(self) -> tuple[UUID, ...]:
        """About what something waits, as soon as it does; nothing: it is the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_stopping)
            return tuple(self._waiting)

    def _rest(self, until_s: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopping, max(0.0, until_s - time.monotonic()))
