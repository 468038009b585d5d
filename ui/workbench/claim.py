"""Claiming: the next case by the button with what came of it beside it, or this very one."""

from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.desk.outbox import ClaimAnswer
from app.domain.cases import Level
from app.domain.commands import ClaimCase, ClaimNext
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.i18n import tr
from ui.context import ScreenContext
from ui.shortcuts import Shortcut
from ui.theme import scaled
from ui.widgets.announce import announce
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.workbench.words import claim_hint


class Asked(QObject):
    """One case at a time is asked for, however often the key is pressed; in the journal first, as all of a desk."""

    answered = Signal(object)  # ClaimAnswer

    refused = Signal(str)
    """The disk does not take it, so it was not asked for."""

    def __init__(self, context: ScreenContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._command: ClaimNext | ClaimCase | None = None  # and not yet answered
        context.bridge.claim_answered.connect(self._on_answer)

    @property
    def is_waiting(self) -> bool:
        """Nobody knows yet what became of it."""
        return self._command is not None

    def ask(self, command: ClaimNext | ClaimCase) -> None:
        """Ask the database, unless something is asked of it."""
        if self.is_waiting:
            return
        desk = self._context.desk
        self._command = command
        self._context.background.run(
            desk.lanes.journal,
            desk.send(command).result,  # the lane has one worker: when it comes to wait for the future, it is done
            owner=self,
            done=lambda _: None,
            failed=partial(self._on_not_durable, command),
        )

    def _on_answer(self, answer: ClaimAnswer) -> None:
        if self._command and answer.command.id == self._command.id:  # the shell tells of what comes late
            self._command = None
            self.answered.emit(answer)

    def _on_not_durable(self, command: ClaimNext | ClaimCase, error: FirstlineError) -> None:
        if self._command is command:
            self._command = None
            self.refused.emit(str(error))


class _BigButton(KeyButton):
    """The one thing that this screen is for."""

    def sizeHint(self) -> QSize:
        """Higher than its neighbours."""
        return super().sizeHint().expandedTo(QSize(0, scaled(38)))


class Claim(QWidget):
    """The next case of a level, and what came of it."""

    claimed = Signal(object)
    """Id of the case that is mine now."""

    def __init__(self, context: ScreenContext, level: Level) -> None:
        super().__init__()
        self._context = context
        self._level = level
        self.asked = Asked(context, self)
        self.asked.answered.connect(self._on_answer)
        self.asked.refused.connect(lambda sentence: self._say(sentence, "danger"))
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
        """Ask for the most urgent case that waits."""
        person_id = self._context.desk.person.id
        self.asked.ask(ClaimNext(id=new_id(), by=person_id, at=datetime.now(UTC), level=self._level))

    def _on_answer(self, answer: ClaimAnswer) -> None:
        if answer.not_claimed:
            self._say(answer.not_claimed, "danger")
        elif answer.case_id is None:
            self._say(tr("Nothing is waiting."), "heading")
            self._found_nothing = True
        else:
            self._say(claim_hint(self._level), "muted")
            self.claimed.emit(answer.case_id)

    def _say(self, text: str, kind: str) -> None:
        self.sentence.setText(text)
        self.sentence.set_kind(kind)
        self._found_nothing = False
        if kind != "muted":
            announce(self, text)
