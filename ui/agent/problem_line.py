"""The known problem that this call may be about, under the call's card: one key attaches the case to it."""

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.problems import Problem
from app.domain.work import CallWork
from app.i18n import tr
from ui.call_desk import CallDesk
from ui.shortcuts import Shortcut
from ui.theme import Tone, scaled
from ui.widgets.announce import announce
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import ElidedLabel, PlainLabel

_TYPING_PAUSE_MS = 300


class ProblemLine(Card):
    """Shown only when there is one; it takes no focus and moves nothing but itself."""

    def __init__(self, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._desk = desk
        self.problem: Problem | None = None
        self._pill = Pill()
        self._title = ElidedLabel()
        self._why = PlainLabel(kind="muted")
        self._why.setWordWrap(True)
        self.button = KeyButton(tr("Attach"), Shortcut.ATTACH_PROBLEM.key, icon_name="flag")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.toggle)
        head = QHBoxLayout()
        head.addWidget(self._pill)
        head.addStretch(1)
        head.addWidget(self.button)
        column = QVBoxLayout()
        column.setSpacing(scaled(4))
        column.addLayout(head)
        column.addWidget(self._title)
        column.addWidget(self._why)
        self.body.addLayout(column)
        self.setAccessibleName(tr("Known problem of this call"))
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        desk.changed.connect(self.refresh)
        self.refresh()

    @property
    def is_attached(self) -> bool:
        """The case of this call is attached to the problem that is shown."""
        work = self._desk.shown
        return work is not None and self.problem is not None and work.problem_id == self.problem.id

    def toggle(self) -> None:
        """Ctrl+P: attach the case of this call, or not any more; not once it is solved or passed on."""
        work = self._desk.work
        if work is None or work.outcome or self.problem is None or work is not self._desk.shown:
            return
        self._desk.update(replace(work, problem_id=None if self.is_attached else self.problem.id))
        self._desk.changed.emit()

    def refresh_soon(self) -> None:
        """Something is being typed."""
        self._pause.start()

    def refresh(self) -> None:
        """Show what fits what is known of the call now."""
        work = self._desk.shown
        before = self.problem
        self.problem, why = self._found(work) if work else (None, "")
        self.setVisible(self.problem is not None)
        if self.problem is None or work is None:
            return
        self._pill.set_state(tr("Known problem {name}", name=self.problem.name), Tone.WARNING, "flag")
        self._title.setText(self.problem.words.title)
        self._why.setText(tr("The case of this call is attached.") if self.is_attached else why)
        self.button.setText(tr("Detach") if self.is_attached else tr("Attach"))
        self.button.setVisible(work is self._desk.work)
        self.button.setEnabled(work.outcome is None)
        if before is None or before.id != self.problem.id:
            announce(self, f"{self._pill.text()}: {self.problem.words.title}")

    def _found(self, work: CallWork) -> tuple[Problem | None, str]:
        """What is attached; else what fits the words; else what is new about the product."""
        known = self._desk.desk.known_problems
        attached = next((one for one in known.problems if one.id == work.problem_id), None)
        if attached:
            return attached, ""
        product = work.contract.product if work.contract else None
        code = product.code if product else ""
        texts = (*work.searches, *work.note.strip().splitlines()[:2])
        if matches := known.matches(texts, code):
            return matches[0].problem, tr("In common: {words}", words=", ".join(matches[0].words[:5]))
        fresh = known.for_product(code, datetime.now(UTC))
        return fresh, tr("In force for {product}", product=product.name) if product else ""
