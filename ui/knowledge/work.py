"""The draft that is open in the editor: what was typed, what the database has, and what may be done with it.

What is typed goes into the desk's journal at each key stroke and leaves it when it is saved, so neither a crash nor
somebody else's change loses it.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypedDict
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.desk.journal import Refused
from app.domain.answers import Answer
from app.domain.commands import AnyCommand, MoveAnswer, MoveDraft, WriteDraft
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.knowledge import AnswerEvent, AnswerLine, AnswerState, Draft, Working, is_same_content, may
from app.services.answer_documents import from_kept_text, kept_text
from ui.context import ScreenContext
from ui.knowledge.loading import Loaded, begun_from, load, working_of
from ui.refresh import Latest


class _Head(TypedDict):
    id: UUID
    by: UUID
    at: datetime


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

    unsaid = Signal(object, str)  # an answer's id, and what was said with a move of its draft that was not made

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
        self._taken_back: set[UUID] = set()  # commands that were not done; nor will be what follows them
        context.bridge.delivered.connect(self._on_delivered)
        context.bridge.refused.connect(self._on_refused)

    @property
    def answer_id(self) -> UUID | None:
        return self._answer_id

    @property
    def state(self) -> AnswerState:
        if self.draft is not None or self.working is None or self.working.revision == 0:
            return self.draft.state if self.draft else self._resting_state()
        return self.working.state

    def may(self, event: AnswerEvent) -> bool:
        """Whether this person may do it now."""
        roles = self._desk.person.roles
        if self.working is None:
            return False
        if event in (AnswerEvent.RETIRED, AnswerEvent.RESTORED):
            is_due = self.is_in_force is (event is AnswerEvent.RETIRED)
            is_at_rest = self.draft is None and not self.is_dirty
            return self.in_force is not None and is_due and is_at_rest and may(event, roles, is_own=False)
        has_draft = self.draft is not None or self.is_dirty
        state = self.draft.state if self.draft else AnswerState.DRAFT
        is_own = self.draft is None or self.draft.made_by == self._desk.person.id
        wanted = {
            AnswerEvent.CHANGED: True,
            AnswerEvent.SUBMITTED: has_draft and state is AnswerState.DRAFT,
            AnswerEvent.SENT_BACK: state is AnswerState.REVIEW,
            AnswerEvent.PUBLISHED: state is AnswerState.REVIEW,
            AnswerEvent.DROPPED: self.draft is not None,
        }
        return wanted.get(event, False) and may(event, roles, is_own=is_own, state=state)

    def open(self, line: AnswerLine) -> None:
        """Read an answer and its draft; what was typed here and not saved comes back."""
        if line.id == self._answer_id:
            return
        self._begin(line.id, line.draft_id)
        self.is_in_force = line.is_in_force
        self.working = self._kept(line.draft_id, line.id)
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
        in_force = self.in_force
        command = WriteDraft(
            **self._head(),
            draft_id=working.draft_id,
            answer=working.answer,
            was_revision=working.revision,
            base_version=in_force.version if in_force else 0,
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
            self._send(MoveDraft(**self._head(), **at, event=event, text=said), working)  # type: ignore[arg-type]

    def move_answer(self, event: AnswerEvent, said: str = "") -> None:
        """Retire or restore."""
        if self._answer_id:
            self._desk.send(MoveAnswer(**self._head(), answer_id=self._answer_id, event=event, text=said))

    def take_theirs(self) -> None:
        """What was typed here is given up for what the database has."""
        if self.working:
            self._desk.keep_case_text(self.working.draft_id, "")
        self.working, self.is_dirty, self.is_overtaken = None, False, False
        self._show(Loaded(self._answer_id, self.draft, self.in_force) if self._answer_id else None)

    def keep_mine(self) -> None:
        """Save what was typed here over what somebody else saved, having seen it."""
        if self.working and self.draft:
            self.working = replace(self.working, revision=self.draft.revision, follows=None)
            self.is_overtaken = False
            self.save()

    @property
    def _desk(self) -> Desk:
        return self._context.desk

    def _begin(self, answer_id: UUID, draft_id: UUID | None) -> None:
        self._answer_id, self._draft_id = answer_id, draft_id
        self.working = self.draft = self.in_force = None
        self.is_dirty = self.is_overtaken = False
        self.opened.emit()

    def _resting_state(self) -> AnswerState:
        if self.in_force is None:
            return AnswerState.DRAFT
        return AnswerState.PUBLISHED if self.is_in_force else AnswerState.RETIRED

    def _kept(self, draft_id: UUID | None, answer_id: UUID) -> Working | None:
        if draft_id and (text := self._desk.case_texts.get(draft_id)):
            return from_kept_text(text)
        kept = (from_kept_text(text) for text in self._desk.case_texts.values())
        return next((one for one in kept if one is not None and one.answer.id == answer_id), None)

    def _keep(self) -> None:
        if self.working:
            self._desk.keep_case_text(self.working.draft_id, kept_text(self.working))

    def _on_loaded(self, loaded: Loaded) -> None:
        """While something is on its way, what is shown is newer."""
        is_older = self.working is not None and self._is_under_way
        if loaded.answer_id == self._answer_id and not is_older:
            self._show(loaded)

    def _show(self, loaded: Loaded | None) -> None:
        if loaded is None:
            return
        self.draft, self.in_force = loaded.draft, loaded.in_force
        if self.is_dirty and self.working:
            self.is_overtaken = self.draft is not None and self.draft.revision > self.working.revision
        else:
            self.working = working_of(loaded)
            self.loaded.emit()
        self.changed.emit()

    def _head(self) -> _Head:
        return {"id": new_id(), "by": self._desk.person.id, "at": datetime.now(UTC)}

    def _send(self, command: WriteDraft | MoveDraft, working: Working) -> None:
        """Durable first; the next command counts on this one, also after a restart."""
        self._sent[command.id] = working
        self.working = replace(working, revision=working.revision + 1, follows=command.id)
        self.is_dirty = False
        lane, send = self._desk.lanes.journal, self._desk.send(command).result
        failed = partial(self._on_not_durable, command)  # the lane has one worker: when it waits for this, it is done
        self._context.background.run(lane, send, owner=self, done=lambda _: None, failed=failed)
        if working.draft_id in self._desk.case_texts:
            self._keep()
        self.changed.emit()

    def _on_not_durable(self, command: WriteDraft | MoveDraft, error: FirstlineError) -> None:
        self._take_back(command, self._sent.pop(command.id))
        self.failed.emit(error)

    def _on_delivered(self, command: AnyCommand) -> None:
        sent = self._sent.pop(command.id, None)
        if sent is None:
            if isinstance(command, MoveAnswer) and command.answer_id == self._answer_id:
                self.is_in_force = command.event is AnswerEvent.RESTORED
                self.reload()
            return
        kept = self._desk.case_texts.get(sent.draft_id)
        if kept and (now := from_kept_text(kept)) is not None and is_same_content(now.answer, sent.answer):
            self._desk.keep_case_text(sent.draft_id, "")
        if isinstance(command, MoveDraft) and command.event is AnswerEvent.PUBLISHED and self._is_open(sent):
            self.is_in_force = True
        if self.working is not None and self.working.follows == command.id:
            self.working = replace(self.working, follows=None)
        if self._is_open(sent) and not self._is_under_way:
            self.reload()

    def _on_refused(self, refused: Refused) -> None:
        """What was typed is in the fields still; the database's word is shown beside it, once."""
        sent = self._sent.pop(refused.command.id, None)
        if sent is None:
            return
        self._take_back(refused.command, sent)
        dismiss = partial(self._desk.outbox.dismiss, refused.command.id)
        self._context.background.run(self._desk.lanes.journal, dismiss, owner=self, done=lambda _: None)
        if self._is_open(sent):
            if sent.follows not in self._taken_back:  # why the first was refused says more
                self.refused.emit(refused.reason)
            self.reload()

    def _take_back(self, command: AnyCommand, sent: Working) -> None:
        """It was not done: what was written for it is there again, and what is typed now began from what was before."""
        self._taken_back.add(command.id)
        if self._is_open(sent) and self.working is not None:
            self.working = begun_from(self.working, sent)
            self.is_dirty = self.is_dirty or isinstance(command, WriteDraft)
            if self.is_dirty:
                self._keep()
            self.changed.emit()
        else:
            kept = from_kept_text(self._desk.case_texts.get(sent.draft_id, ""))
            if kept or isinstance(command, WriteDraft):
                self._desk.keep_case_text(sent.draft_id, kept_text(begun_from(kept or sent, sent)))
        if isinstance(command, MoveDraft) and command.text:
            self.unsaid.emit(sent.answer.id, command.text)

    @property
    def _is_under_way(self) -> bool:
        """Something was sent of what is open and is not delivered."""
        return any(map(self._is_open, self._sent.values()))

    def _is_open(self, sent: Working) -> bool:
        return self.working is not None and self.working.draft_id == sent.draft_id
