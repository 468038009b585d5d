"""Brings what the desk's threads report to the UI thread, as signals."""

from PySide6.QtCore import QObject, Signal

from app.desk.outbox import ClaimAnswer, OutboxStatus
from app.domain.calls import CallEvent
from app.domain.commands import AnyCommand
from app.domain.topics import Topic
from app.telephony.source import SourceStatus
from ui.background import Background


class Bridge(QObject):
    """The listener of a desk; its signals are emitted on the UI thread."""

    call_event = Signal(object)  # CallEvent
    source_status = Signal(object)  # SourceStatus
    topics_changed = Signal(object)  # frozenset[Topic]
    contact_changed = Signal(bool)
    trouble_changed = Signal(str)  # why the database is not used although it may answer; before `contact_changed`
    outbox_changed = Signal(object)  # OutboxStatus
    delivered = Signal(object)  # AnyCommand
    refused = Signal(object)  # Refused; once for each
    claim_answered = Signal(object)  # ClaimAnswer
    journal_changed = Signal(str)
    answers_changed = Signal(int)
    problems_changed = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deliver = background.deliver

    def on_call_event(self, event: CallEvent) -> None:
        self._deliver(lambda: self.call_event.emit(event))

    def on_source_status(self, status: SourceStatus) -> None:
        self._deliver(lambda: self.source_status.emit(status))

    def on_topics_changed(self, topics: frozenset[Topic]) -> None:
        self._deliver(lambda: self.topics_changed.emit(topics))

    def on_contact_changed(self, is_there: bool, why: str = "") -> None:
        self._deliver(lambda: self.trouble_changed.emit(why))
        self._deliver(lambda: self.contact_changed.emit(is_there))

    def on_outbox_changed(self, status: OutboxStatus) -> None:
        self._deliver(lambda: self.outbox_changed.emit(status))

    def on_delivered(self, command: AnyCommand) -> None:
        self._deliver(lambda: self.delivered.emit(command))

    def on_claim_answered(self, answer: ClaimAnswer) -> None:
        self._deliver(lambda: self.claim_answered.emit(answer))

    def on_journal_changed(self, sentence: str) -> None:
        self._deliver(lambda: self.journal_changed.emit(sentence))

    def on_answers_changed(self, answer_count: int) -> None:
        self._deliver(lambda: self.answers_changed.emit(answer_count))

    def on_problems_changed(self) -> None:
        self._deliver(self.problems_changed.emit)
