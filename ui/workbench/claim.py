"""The button that claims the next case, with what came of it beside it."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.cases import Level
from app.domain.commands import ClaimNext
from app.domain.errors import FirstlineError, Unavailable
from app.domain.ids import new_id
from app.i18n import tr
from ui.context import ScreenContext
from ui.shortcuts import Shortcut
from ui.theme import scaled
from ui.widgets.announce import announce
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.workbench.words import claim_hint


class _BigButton(KeyButton):
    """The one thing that this screen is for."""

    def sizeHint(self) -> QSize:
        """Higher than its neighbours."""
        return super().sizeHint().expandedTo(QSize(0, scaled(38)))


class Claim(QWidget):
    """One case at a time is asked for, however often the key is pressed."""

    claimed = Signal(object)
    """Id of the case that is mine now."""

    def __init__(self, context: ScreenContext, level: Level) -> None:
        super().__init__()
        self._context = context
        self._level = level
        self._asked: ClaimNext | None = None
        self._is_under_way = False
        self._found_nothing = False
        self.button = _BigButton(tr("Claim next"), Shortcut.CLAIM_NEXT.key, kind="primary", icon_name="queue")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.claim_next)
        self.sentence = PlainLabel(claim_hint(level), kind="muted")
        self.sentence.setWordWrap(True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(12))
        layout.addWidget(self.button)
        layout.addWidget(self.sentence, 1)

    def set_level(self, level: Level) -> None:
        """Claim from another queue from now on."""
        self._level = level
        self._say(claim_hint(level), "muted")

    def tell_waiting(self, case_count: int) -> None:
        """So many cases wait now: "nothing is waiting" is not true any more."""
        if case_count and self._found_nothing:
            self._say(claim_hint(self._level), "muted")

    def claim_next(self) -> None:
        """Ask the database for the most urgent waiting case.

        Not through the outbox: who claims wants to see the case now, and a claim delivered later would
        take a case for somebody who is not waiting for it any more.
        """
        if self._is_under_way:
            return
        self._is_under_way = True
        command = self._command()
        self._context.background.run(
            self._context.desk.lanes.commands,
            partial(self._context.desk.commands.apply, command),
            owner=self,
            done=self._on_answer,
            failed=partial(self._on_failed, command),
            ended=self._on_ended,
        )

    def _command(self) -> ClaimNext:
        """A new command; after a lost answer the same again, so that not a second case is claimed."""
        if self._asked is None or self._asked.level is not self._level:
            return ClaimNext(id=new_id(), by=self._context.desk.person.id, at=datetime.now(UTC), level=self._level)
        return self._asked

    def _on_answer(self, case_id: UUID | None) -> None:
        self._asked = None
        if case_id is None:
            self._say(tr("Nothing is waiting."), "heading")
            self._found_nothing = True
            return
        self._say(claim_hint(self._level), "muted")
        self.claimed.emit(case_id)

    def _on_failed(self, command: ClaimNext, error: FirstlineError) -> None:
        self._asked = command if isinstance(error, Unavailable) else None
        self._say(_said(error), "danger")

    def _on_ended(self) -> None:
        self._is_under_way = False

    def _say(self, text: str, kind: str) -> None:
        self.sentence.setText(text)
        self.sentence.set_kind(kind)
        self._found_nothing = False
        if kind != "muted":
            announce(self, text)


def _said(error: FirstlineError) -> str:
    if isinstance(error, Unavailable):  # its own sentence speaks of work that is delivered later; a claim is not
        return tr("Not claimed: the database does not answer.")
    return str(error)
