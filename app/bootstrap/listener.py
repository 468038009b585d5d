"""Who is told what happens at a desk."""

from typing import Protocol

from app.desk.outbox import ClaimAnswer, OutboxStatus
from app.domain.calls import CallEvent
from app.domain.commands import AnyCommand
from app.domain.topics import Topic
from app.telephony.source import SourceStatus


class Listener(Protocol):
    """Called from worker threads."""

    def on_call_event(self, event: CallEvent) -> None: ...

    def on_source_status(self, status: SourceStatus) -> None: ...

    def on_topics_changed(self, topics: frozenset[Topic]) -> None: ...

    def on_contact_changed(self, is_there: bool, why: str = "") -> None:
        """The database comes or goes; `why`: what keeps it from being used although it may answer."""

    def on_outbox_changed(self, status: OutboxStatus) -> None: ...

    def on_delivered(self, command: AnyCommand) -> None: ...

    def on_claim_answered(self, answer: ClaimAnswer) -> None: ...

    def on_journal_changed(self, sentence: str) -> None:
        """What keeps the journal from keeping what is typed; empty: nothing."""

    def on_answers_changed(self, answer_count: int) -> None: ...

    def on_problems_changed(self) -> None:
        """The desk's copy of the known problems is another one."""
