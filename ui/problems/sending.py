"""What the page of a known problem sends, and what is under way: words that were sent are newer than those read."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.desk.journal import Refused
from app.domain.commands import AnyCommand, EditProblem, MakeProblem, ProblemCommand
from app.domain.errors import FirstlineError
from app.domain.problems import Problem, ProblemWords
from ui.context import ScreenContext

Edits = dict[str, Any]


class Sending(QObject):
    """Into the outbox; what was typed is given up when it is safe on this desk's disk."""

    settled = Signal()
    """What became of sent words is known: what is being read now may be older."""

    not_taken = Signal(object, object, str)
    """The id of the problem whose words are only typed again; the fields that were changed in them; and why."""

    def __init__(self, context: ScreenContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._words: dict[UUID, EditProblem | MakeProblem] = {}  # under way
        self._edits: dict[UUID, Edits] = {}  # what was changed in them, by command
        self._taken_back: set[UUID] = set()  # refused, perhaps before it was heard that they were safe
        context.bridge.delivered.connect(self._on_delivered)
        context.bridge.refused.connect(self._on_refused)

    def send(
        self, command: ProblemCommand, then: Callable[[], None] = lambda: None, edits: Edits | None = None
    ) -> None:
        """`then` is called when it is safe on the disk; `edits` are the fields of its words that were changed."""
        if isinstance(command, EditProblem | MakeProblem):
            self._words[command.id] = command
            self._edits[command.id] = edits or {}
        desk = self._context.desk
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(command).result,
            owner=self,
            done=lambda _: None if command.id in self._taken_back else then(),
            failed=partial(self._on_not_durable, command),
        )

    @property
    def under_way(self) -> frozenset[UUID]:
        """The problems whose words are."""
        return frozenset(one.problem_id for one in self._words.values())

    def newest(self, problem: Problem) -> tuple[ProblemWords, int]:
        """The words of a problem that was read, and their revision; those under way, where they are newer."""
        sent = [one for one in self._words.values() if one.problem_id == problem.id]
        newer = [one for one in sent if _revision(one) >= problem.revision]
        return (newer[-1].words, _revision(newer[-1]) + 1) if newer else (problem.words, problem.revision)

    def _on_delivered(self, command: AnyCommand) -> None:
        if self._words.pop(command.id, None):
            del self._edits[command.id]
            self.settled.emit()

    def _on_refused(self, refused: Refused) -> None:
        """Words stand in the fields again, so they need no place in the list of what was refused."""
        sent = self._words.pop(refused.command.id, None)
        if sent is None:
            return
        self._taken_back.add(sent.id)
        desk = self._context.desk
        dismiss = partial(desk.outbox.dismiss, refused.command.id)
        self._context.background.run(desk.lanes.journal, dismiss, owner=self, done=lambda _: None)
        self.not_taken.emit(sent.problem_id, self._edits.pop(sent.id), refused.reason)
        self.settled.emit()

    def _on_not_durable(self, command: ProblemCommand, error: FirstlineError) -> None:
        sent = self._words.pop(command.id, None)
        self.not_taken.emit(sent.problem_id if sent else None, self._edits.pop(command.id, {}), str(error))
        if sent:
            self.settled.emit()


def _revision(sent: EditProblem | MakeProblem) -> int:
    """The one it was written on: the words become the next."""
    return sent.revision if isinstance(sent, EditProblem) else 0
