"""Keeps the desk's copy of the published answers complete: reads what changed, and nothing else."""

import threading

from app.domain.answers import audiences_of
from app.domain.people import Person
from app.search.index import AnswerIndex
from app.services.answers import Answers

_MANY = 200  # changed answers from which on building the index anew is the shorter way


class AnswerCopy:
    """The index of one person's desk. What the person may not read (any more) is not in it."""

    def __init__(self, answers: Answers, index: AnswerIndex, person: Person) -> None:
        self._answers = answers
        self._index = index
        self._person = person
        self._at_work = threading.Lock()
        self._is_owed = False
        readable = audiences_of(person.roles)
        if hidden := [answer.id for answer in index.answers() if answer.audience not in readable]:
            index.update((), hidden)

    def refresh(self) -> None:
        """Take in what changed in the shared database.

        One refresh at a time: who comes meanwhile leaves, and the one at work looks once more. Else the slower of two
        could put an older state over a newer one.
        """
        self._is_owed = True
        while self._is_owed and self._at_work.acquire(blocking=False):
            try:
                self._is_owed = False
                self._take_in()
            finally:
                self._at_work.release()

    def _take_in(self) -> None:
        copy = self._index.answers()
        changes = self._answers.changes(self._person.id, copy)
        if not changes:
            return
        if len(changes.published) < _MANY:
            self._index.update(changes.published, changes.withdrawn)
            return
        kept = {answer.id: answer for answer in copy if answer.id not in changes.withdrawn}
        self._index.replace((kept | {answer.id: answer for answer in changes.published}).values())
