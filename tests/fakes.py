"""Real objects in the place of what a test does not want: a silent line, a notifier that only writes down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from app.bootstrap import Desk
from app.db.engine import Database
from app.domain.calls import CallEvent
from app.domain.people import Person
from app.telephony.source import Capability, SourceState, SourceStatus
from ui.background import Background
from ui.bridge import Bridge
from ui.context import ScreenContext
from ui.theme import Tone


class SilentSource:
    """A line that is ready and on which nobody ever calls."""

    name = "silent"
    capabilities: frozenset[Capability] = frozenset()

    def hindrance(self, capability: Capability) -> str:
        return "Nobody ever calls here."

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

    def transfer(self, call_id: UUID, number: str, *, is_attended: bool = False) -> None:
        """There is no call."""

    def dial(self, number: str) -> None:
        """Nobody is called."""

    def pause(self, is_paused: bool, reason: str = "") -> None:
        """There is nothing to hold back."""

    def next_call(self) -> None:
        """Nobody calls."""


class WrittenNotifier:
    """What the screens said, in order."""

    def __init__(self) -> None:
        self.confirmed: list[str] = []
        self.warned: list[str] = []

    def confirm(self, text: str, *, undo: Callable[[], None] | None = None, seconds: float = 5.0) -> None:
        self.confirmed.append(text)

    def hint(self, text: str) -> None:
        self.confirmed.append(text)

    def warn(self, text: str, tone: Tone = Tone.WARNING) -> None:
        self.warned.append(text)


@dataclass(frozen=True, slots=True)
class Station:
    """A desk of one person that runs, without a window."""

    desk: Desk
    background: Background
    bridge: Bridge
    notifier: WrittenNotifier

    @property
    def context(self) -> ScreenContext:
        return ScreenContext(self.desk, self.background, self.bridge, self.notifier)


@contextmanager
def station(url: str, person: Person, folder: Path) -> Iterator[Station]:
    """Open a person's desk at a database that has its tables, on a line on which nobody calls."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk(Database(url), person, folder, SilentSource(), undo_s=0.0)
    background = Background()
    bridge = Bridge(background)
    desk.start(bridge)
    try:
        yield Station(desk, background, bridge, WrittenNotifier())
    finally:
        background.close()
        desk.stop()


@contextmanager
def away(database: Database, path: Path) -> Iterator[None]:
    """The file of a database cannot be opened inside the block: a folder stands in its place."""
    hidden = path.with_suffix(".hidden")
    path.rename(hidden)
    path.mkdir()
    database.engine.dispose()
    try:
        yield
    finally:
        path.rmdir()
        hidden.rename(path)
