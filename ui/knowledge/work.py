"""The draft that is open in the editor: what was typed, what the database has, and what may be done with it.

What is typed goes into the desk's journal at each key stroke and leaves it when it is saved, so neither a crash nor
somebody else's change loses it.
"""

from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.desk.journal import Refused
from app.domain.answers import Answer
from app.domain.commands import AnyCommand, MoveAnswer, MoveDraft, WriteDraft
from app.domain.errors import FirstlineError
from app.domain.knowledge import AnswerEvent, AnswerLine, AnswerState, Draft, Working, is_same_content
from ui.context import ScreenContext
from ui.knowledge import kept
from ui.knowledge.loading import Loaded, load, working_of
from ui.knowledge.steps import head, may_step, state_of, step_of
from ui.refresh import Latest

_DraftCommand = WriteDraft | MoveDraft


class DraftWork(QObject):
    """At most one answer is open. Screens show what the properties say."""

    opened = Signal()
    """The person has opened another answer, which may not be read yet."""

    loaded = Signal()
    """Another answer is open, or another text of it: fields are filled anew."""

    changed = Signal()
    """What may be done is other than before."""

    refused = Signal(str)
    """The database said no; what was typed is still there."""

    moved = Signal(object, str)
    """An AnswerEvent that is safe on this desk's disk, and the title of its answer."""

    unsaid = Signal(object, str)  # an answer's id, and what was said with a move that was not made

    failed = Signal(object)  # FirstlineError

    def __init__(self, context: ScreenContext, parent: QObject) -> None:
        super().__init__(parent)
        self.working: Working | None = None
        self.draft: Draft | None = None
        self.in_force: Answer | None = None
        self.is_in_force = False
        self.is_dirty = False
        self.is_overtaken = False  # somebody saved another text since the one on the screen was begun
        self._context = context
        self._answer_id: UUID | None = None
        self._draft_id: UUID | None = None  # of what is not read yet
        self._reads = Latest(context.background, context.desk.lanes.queries, self)
        self._sent: dict[UUID, Working] = {}
        self._moves: dict[UUID, tuple[UUID, AnswerEvent]] = {}  # on their way, each with its answer
        self._taken_back: set[UUID] = set()  # commands that were not done; nor will be what follows them
        context.bridge.delivered.connect(self._on_delivered)
        context.bridge.refused.connect(self._on_refused)

    @property
    def answer_id(self) -> UUID | None:
        return self._answer_id

    @property
    def state(self) -> AnswerState:
        return state_of(self.draft, self.working, self._is_known_in_force)

    def may(self, event: AnswerEvent) -> bool:
        """Whether this person may do it now."""
        me, draft, is_in_force = self._desk.person, self.draft, self._is_known_in_force
        return self.working is not None and may_step(event, me, draft, is_in_force, is_typed=self.is_dirty)

    def is_moving(self, event: AnswerEvent) -> bool:
        """The person has chosen that for this answer already, and it is not known yet what came of it."""
        return (self._answer_id, event) in self._moves.values()

    def open(self, line: AnswerLine) -> None:
        """Read an answer and its draft; what was typed here and not saved comes back."""
        if line.id == self._answer_id and self.working is not None:
            return
        self._begin(line.id, line.draft_id)
        self.is_in_force = line.is_in_force
        self.working = kept.typed_for(self._desk, line.draft_id, line.id)
        self.is_dirty = self.working is not None
        if self.working:
            self.loaded.emit()
        self.reload()

    def begin(self, working: Working) -> None:
        """A new answer, or the other language of one; it is kept from now on."""
        self._begin(working.answer.id, working.draft_id)
        self.working, self.is_dirty, self.is_in_force = working, True, False
        self._keep()
        self.loaded.emit()
        self.changed.emit()

    def reload(self) -> None:
        """Look what the database has now; what is being typed stays."""
        if self._answer_id is not None:
            draft_id = self.working.draft_id if self.working else self._draft_id
            read = partial(load, self._desk, self._answer_id, draft_id)
            self._reads.read(read, self._on_loaded, self.failed.emit)

    def edit(self, answer: Answer) -> None:
        """This stands in the fields now."""
        if self.working is None or is_same_content(answer, self.working.answer):
            return
        before, self.working = self.working, replace(self.working, answer=answer)
        if not self.is_dirty or before.answer.id != answer.id:
            self._answer_id = answer.id
        self.is_dirty = True
        self._keep()
        self.changed.emit()

    def save(self, *, submits: bool = False) -> None:
        """Send what was typed; it is kept here until it is delivered."""
        working = self.working
        if working is None or not (self.is_dirty or submits):
            return
        if self.in_force:
            working = replace(working, base_version=self.in_force.version)
        command = WriteDraft(
            **head(self._desk.person),
            draft_id=working.draft_id,
            answer=working.answer,
            was_revision=working.revision,
            base_version=working.base_version,
            case_id=working.case_id,
            submits=submits,
            follows=working.follows,
        )
        self._send(command, working)

    def move(self, event: AnswerEvent, said: str = "") -> None:
        """Hand in, send back, publish or drop; what was typed is saved before."""
        if event is AnswerEvent.SUBMITTED and (self.is_dirty or self.draft is None):
            self.save(submits=True)
            return
        if self.is_dirty and event is not AnswerEvent.DROPPED:
            self.save()
        if working := self.working:
            at = {"draft_id": working.draft_id, "was_revision": working.revision, "follows": working.follows}
            self._send(MoveDraft(**head(self._desk.person), **at, event=event, text=said), working)  # type: ignore[arg-type]

    def move_answer(self, event: AnswerEvent, said: str = "") -> None:
        """Retire or restore."""
        if self._answer_id and self.in_force:
            command = MoveAnswer(**head(self._desk.person), answer_id=self._answer_id, event=event, text=said)
            self._put_out(command, self.in_force)

    def take_theirs(self) -> None:
        """What was typed here is given up for what the database has."""
        if self.working:
            self._desk.keep_case_text(self.working.draft_id, "")
        self.working, self.is_dirty, self.is_overtaken = None, False, False
        if self._answer_id:
            self._show(Loaded(self._answer_id, self.draft, self.in_force))

    def keep_mine(self) -> None:
        """Save what was typed here over what somebody else saved, having seen it."""
        if self.working and self.draft:
            self.working = replace(self.working, revision=self.draft.revision, follows=None)
            self.is_overtaken = False
            self.save()

    @property
    def _desk(self) -> Desk:
        return self._context.desk

    @property
    def _is_known_in_force(self) -> bool | None:
        """None: it was never published."""
        return self.is_in_force if self.in_force else None

    def _begin(self, answer_id: UUID, draft_id: UUID | None) -> None:
        self._answer_id, self._draft_id = answer_id, draft_id
        self.working = self.draft = self.in_force = None
        self.is_dirty = self.is_overtaken = False
        self.opened.emit()

    def _keep(self) -> None:
        if self.working:
            kept.keep(self._desk, self.working)

    def _on_loaded(self, loaded: Loaded) -> None:
        """While something is on its way, what is shown is newer."""
        is_older = self.working is not None and self._is_under_way
        if loaded.answer_id == self._answer_id and not is_older:
            self._show(loaded)

    def _show(self, loaded: Loaded) -> None:
        self.draft, self.in_force = loaded.draft, loaded.in_force
        if self.is_dirty and self.working:
            self.is_overtaken = self.draft is not None and self.draft.revision > self.working.revision
        else:
            self.working = working_of(loaded)
            self.loaded.emit()
        self.changed.emit()

    def _send(self, command: _DraftCommand, working: Working) -> None:
        """The next command counts on this one, also after a restart."""
        self._sent[command.id] = working
        self.working = replace(working, revision=working.revision + 1, follows=command.id)
        self.is_dirty = False
        self._put_out(command, working.answer)
        if working.draft_id in self._desk.case_texts:
            self._keep()
        self.changed.emit()

    def _put_out(self, command: _DraftCommand | MoveAnswer, answer: Answer) -> None:
        """Durable first, then it is told of."""
        event = step_of(command)
        if event:
            self._moves[command.id] = (answer.id, event)
        self._context.background.run(
            self._desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            self._desk.send(command).result,
            owner=self,
            done=lambda _: self.moved.emit(event, answer.title) if event else None,
            failed=partial(self._on_not_durable, command),
        )

    def _on_not_durable(self, command: _DraftCommand | MoveAnswer, error: FirstlineError) -> None:
        self._take_back(command)
        self.failed.emit(error)

    def _on_delivered(self, command: AnyCommand) -> None:
        sent = self._sent.pop(command.id, None)
        self._moves.pop(command.id, None)
        if sent is None:
            if isinstance(command, MoveAnswer) and command.answer_id == self._answer_id:
                self.is_in_force = command.event is AnswerEvent.RESTORED
                self.reload()
            return
        kept.forget(self._desk, sent)
        if isinstance(command, MoveDraft) and command.event is AnswerEvent.PUBLISHED and self._is_open(sent):
            self.is_in_force = True
        if self.working is not None and self.working.follows == command.id:
            self.working = replace(self.working, follows=None)
        if self._is_open(sent) and not self._is_under_way:
            self.reload()

    def _on_refused(self, refused: Refused) -> None:
        """What was typed is in the fields still; the database's word is shown beside it, once.

        A move of what is not open any more stays in the list of what was refused.
        """
        command = refused.command
        sent, move = self._sent.get(command.id), self._moves.get(command.id)
        if not isinstance(command, WriteDraft | MoveDraft | MoveAnswer) or not (sent or move):
            return
        is_open = self._is_open(sent) if sent else bool(move and move[0] == self._answer_id)
        self._take_back(command)
        if is_open or isinstance(command, WriteDraft):
            dismiss = partial(self._desk.outbox.dismiss, command.id)
            self._context.background.run(self._desk.lanes.journal, dismiss, owner=self, done=lambda _: None)
        if is_open:
            if not sent or sent.follows not in self._taken_back:  # why the first was refused says more
                self.refused.emit(refused.reason)
            self.reload()

    def _take_back(self, command: _DraftCommand | MoveAnswer) -> None:
        """It was not done: what was written for it is there again, and what is typed now began from what was before."""
        self._taken_back.add(command.id)
        sent, move = self._sent.pop(command.id, None), self._moves.pop(command.id, None)
        is_text = isinstance(command, WriteDraft)
        if sent and self._is_open(sent) and self.working is not None:
            self.working = kept.begun_from(self.working, sent)
            self.is_dirty = self.is_dirty or is_text
            if self.is_dirty:
                self._keep()
            self.changed.emit()
        elif sent:
            kept.give_back(self._desk, sent, is_text=is_text)
        if move and not isinstance(command, WriteDraft) and command.text:
            self.unsaid.emit(move[0], command.text)

    @property
    def _is_under_way(self) -> bool:
        """Something was sent of what is open and is not delivered."""
        return any(map(self._is_open, self._sent.values()))

    def _is_open(self, sent: Working) -> bool:
        return self.working is not None and self.working.draft_id == sent.draft_id
