"""What the window says about the database and this desk's outbox: trouble, what waits, what was refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.desk.journal import Refused
from app.desk.outbox import ClaimAnswer, OutboxStatus
from app.domain.ids import case_number
from app.i18n import plural, tr
from ui.background import Background
from ui.bridge import Bridge
from ui.labels import clock_text
from ui.theme import Tone
from ui.window import Window


class Delivery(QObject):
    """Lives as long as the desk is open; the screens come and go."""

    changed = Signal(object)
    """The OutboxStatus is another one."""

    reading_asked = Signal()
    """The person wants to read what was refused."""

    def __init__(
        self,
        window: Window,
        desk: Desk,
        background: Background,
        bridge: Bridge,
        on_refused: Callable[[UUID], None],
        parent: QObject,
    ) -> None:
        """
        Args:
            on_refused: told of each refused command.
        """
        super().__init__(parent)
        self.status: OutboxStatus | None = None
        self._window = window
        self._desk = desk
        self._background = background
        self._bridge = bridge
        self._on_refused_command = on_refused
        self._lost_since: datetime | None = None
        self._was_there = desk.data_at is None
        self._why = ""
        self._line_sentence = ""
        self._told: frozenset[UUID] = frozenset()
        bridge.outbox_changed.connect(self._on_outbox)
        bridge.trouble_changed.connect(self._on_trouble)
        bridge.contact_changed.connect(self._on_contact)
        bridge.journal_changed.connect(self._on_journal)
        bridge.claim_answered.connect(self._on_claim)

    def say_how_it_opened(self) -> None:
        """What is to be said of the opening itself, such as a damaged journal."""
        if self._desk.warnings:
            self._window.warn("  ".join(self._desk.warnings))

    def show_line_trouble(self, sentence: str) -> None:
        """What is wrong with the line stands beside what is wrong with the database."""
        self._line_sentence = sentence
        self.show_trouble()

    def show_trouble(self) -> None:
        """All that is wrong now, in the current language."""
        self._window.show_trouble("  ".join(filter(None, (self._database_sentence(), self._line_sentence))))

    def _database_sentence(self) -> str:
        if self._lost_since is None:
            return ""
        goes_on = tr("Search, notes and escalations go on; they are delivered when it is back.")
        if self._why:
            return f"{self._why}  {goes_on}"
        if not self._was_there and self._desk.data_at:
            time = clock_text(self._desk.data_at)
            return tr("The database cannot be reached. You work on what this desk had at {time}.", time=time) + (
                f" {goes_on}"
            )
        return tr("No connection to the database since {time}.", time=clock_text(self._lost_since)) + f" {goes_on}"

    def _on_outbox(self, status: OutboxStatus) -> None:
        self.status = status
        self.changed.emit(status)
        if status.refused_count:
            journal = self._desk.journal
            self._background.run(self._desk.lanes.journal, journal.refused, owner=self, done=self._on_refused)
        else:
            self._told = frozenset()
            self._window.show_refused("")

    def _on_refused(self, refused: tuple[Refused, ...]) -> None:
        """Each refusal is told once; all of them stay in the list until the person decides."""
        news = [one for one in refused if one.command.id not in self._told]
        self._told = frozenset(one.command.id for one in refused)
        for one in news:
            self._on_refused_command(one.command.id)
            self._bridge.refused.emit(one)
        if news:
            others = len(refused) - 1
            more = plural(others, "And 1 more.", "And {n} more.") if others else ""
            sentence = tr("Not done: {sentence}", sentence=" ".join(filter(None, (news[-1].reason, more))))
            self._window.show_refused(sentence, tr("Read it"), self.reading_asked.emit)

    def _on_trouble(self, why: str) -> None:
        self._why = why

    def _on_contact(self, is_there: bool) -> None:
        self._was_there |= is_there
        self._lost_since = None if is_there else self._lost_since or datetime.now(UTC)
        self.show_trouble()

    def _on_journal(self, sentence: str) -> None:
        if sentence:
            self._window.warn(sentence, Tone.DANGER)

    def _on_claim(self, answer: ClaimAnswer) -> None:
        """What was told as not claimed, and was after all."""
        if answer.is_late and answer.case_id:
            number = case_number(answer.case_id)
            self._window.warn(
                tr("Case {number} is yours: it was claimed before the connection broke.", number=number), Tone.INFO
            )
