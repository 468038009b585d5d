"""What the page of a known problem sends, and what is under way: words that were sent are newer than those read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypedDict
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.desk.journal import Refused
from app.domain.commands import AnyCommand, EditProblem, MakeProblem, ProblemCommand
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.problems import Problem, ProblemWords
from ui.context import ScreenContext

Edits = dict[str, Any]
Standing = tuple[UUID, datetime]  # a problem, or a case of one, as it stands since then


class Head(TypedDict):
    """What all commands begin with."""

    id: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The words of a problem and their revision; `follows`: the command under way that makes it."""

    words: ProblemWords
    revision: int
    follows: UUID | None = None


class Sending(QObject):
    """Into the outbox; what was typed is given up when it is safe on this desk's disk."""

    sent = Signal()
    """Something is on its way."""

    settled = Signal()
    """What became of sent words is known: what is being read now may be older."""

    not_taken = Signal(object, object, str)
    """The id of the problem whose words are only typed again; the fields that were changed in them; and why.

    No fields: newer words of the same problem are under way, which wait for the same end and bring these along.
    No reason: it was said of those before.
    """

    def __init__(self, context: ScreenContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._words: dict[UUID, EditProblem | MakeProblem] = {}  # under way
        self._edits: dict[UUID, Edits] = {}  # what was changed in them, by command
        self._asked: dict[UUID, Standing] = {}  # what a command was to change, as it stood; not those refused
        self._taken_back: set[UUID] = set()  # not done, perhaps before it was heard that they were safe
        context.bridge.delivered.connect(self._on_delivered)
        context.bridge.refused.connect(self._on_refused)

    def head(self) -> Head:
        """For a command that is made now."""
        return {"id": new_id(), "by": self._context.desk.person.id, "at": datetime.now(UTC)}

    def send(
        self,
        command: ProblemCommand,
        then: Callable[[], object] = lambda: None,
        edits: Edits | None = None,
        of: Standing | None = None,
    ) -> None:
        """Put it into the outbox.

        Args:
            then: called when it is safe on the disk.
            edits: the fields of its words that were changed.
            of: what it changes, as it stands now.
        """
        if of:
            self._asked[command.id] = of
        if isinstance(command, EditProblem | MakeProblem):
            self._words[command.id] = command
            self._edits[command.id] = edits or {}

        def safe(_: None) -> None:
            if command.id not in self._taken_back:
                then()

        desk = self._context.desk
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(command).result,
            owner=self,
            done=safe,
            failed=partial(self._on_not_durable, command),
        )
        self.sent.emit()

    def is_asked(self, of: Standing | None) -> bool:
        """What stands so was sent a command already, whose effect was not read yet: a key pressed twice asks once."""
        return of in self._asked.values()

    @property
    def under_way(self) -> frozenset[UUID]:
        """The problems whose words are."""
        return frozenset(one.problem_id for one in self._words.values())

    def newest(self, problem_id: UUID, read: Problem | None) -> Newest | None:
        """The words as they were `read`, or those under way, where they are newer; None: it is not made yet."""
        known = read.revision if read else 0
        sent = [one for one in self._words.values() if one.problem_id == problem_id and _revision(one) >= known]
        if sent:
            return Newest(words=sent[-1].words, revision=_revision(sent[-1]) + 1, follows=sent[-1].id)
        return Newest(words=read.words, revision=read.revision) if read else None

    def _on_delivered(self, command: AnyCommand) -> None:
        if self._words.pop(command.id, None):
            del self._edits[command.id]
            self.settled.emit()

    def _on_refused(self, refused: Refused) -> None:
        """Words stand in the fields again, so they need no place in the list of what was refused."""
        if self._asked.pop(refused.command.id, None):
            self.settled.emit()
        sent = self._words.pop(refused.command.id, None)
        if sent is None:
            return
        desk = self._context.desk
        dismiss = partial(desk.outbox.dismiss, refused.command.id)
        self._context.background.run(desk.lanes.journal, dismiss, owner=self, done=lambda _: None)
        self._give_back(sent, refused.reason)

    def _on_not_durable(self, command: ProblemCommand, error: FirstlineError) -> None:
        self._asked.pop(command.id, None)
        if sent := self._words.pop(command.id, None):
            self._give_back(sent, str(error))
        else:
            self.not_taken.emit(None, {}, str(error))

    def _give_back(self, sent: EditProblem | MakeProblem, why: str) -> None:
        """What follows it is newer and will not be done either: all of it stands in the fields when that is known."""
        self._taken_back.add(sent.id)
        edits = self._edits.pop(sent.id)
        if later := next((one.id for one in self._words.values() if _follows(one) == sent.id), None):
            self._edits[later] = edits | self._edits[later]
            edits = {}
        self.not_taken.emit(sent.problem_id, edits, "" if _follows(sent) in self._taken_back else why)
        self.settled.emit()


def _revision(sent: EditProblem | MakeProblem) -> int:
    """The one it was written on: the words become the next."""
    return sent.revision if isinstance(sent, EditProblem) else 0


def _follows(sent: EditProblem | MakeProblem) -> UUID | None:
    return sent.follows if isinstance(sent, EditProblem) else None
