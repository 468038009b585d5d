"""Real objects in the place of what a test does not want: a silent line, notices that are only written down."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from app.domain.calls import CallEvent
from app.telephony.source import Capability, SourceState, SourceStatus
from ui.theme import Tone


class SilentSource:
    """A line that is ready and on which nobody ever calls."""

    name = "silent"
    capabilities: frozenset[Capability] = frozenset()

    def start(self, on_event: Callable[[CallEvent], None], on_status: Callable[[SourceStatus], None]) -> None:
        on_status(SourceStatus(name=self.name, state=SourceState.READY, since=datetime.now(UTC)))

    def stop(self) -> None:
        """There is no thread."""

    def answer(self, call_id: UUID) -> None:
        """There is no call."""

    def reject(self, call_id: UUID) -> None:
        """There is no call."""

    def hold(self, call_id: UUID) -> None:
        """There is no call."""

    def resume(self, call_id: UUID) -> None:
        """There is no call."""

    def hang_up(self, call_id: UUID) -> None:
        """There is no call."""

    def pause(self, is_paused: bool) -> None:
        """There is nothing to hold back."""

    def next_call(self) -> None:
        """Nobody calls."""


class WrittenNotices:
    """What the screens said, in order."""

    def __init__(self) -> None:
        self.confirmed: list[str] = []
        self.warned: list[str] = []

    def confirm(self, text: str, *, undo: Callable[[], None] | None = None, seconds: float = 5.0) -> None:
        self.confirmed.append(text)

    def warn(self, text: str, tone: Tone = Tone.WARNING) -> None:
        self.warned.append(text)
