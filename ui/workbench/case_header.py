"""The head of a case: number to read out and copy, title, where it stands."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout

from app.domain.cases import CaseSummary
from app.i18n import tr
from ui import icons
from ui.context import Notifier
from ui.labels import label
from ui.theme import Tone, scaled
from ui.widgets.card import Card
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.workbench.words import PRIORITY_TONES, STATE_LOOKS, due_words, level_words, priority_words


class CaseHeader(Card):
    """Three lines: number and states, title, level with its times."""

    def __init__(self, notifier: Notifier) -> None:
        super().__init__()
        self._notifier = notifier
        self.number = PlainLabel(kind="number")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = QToolButton()
        self._copy.setProperty("kind", "ghost")
        self._copy.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._copy.setAccessibleName(tr("Copy the number"))
        self._copy.setToolTip(tr("Copy the number"))
        self._copy.clicked.connect(self._on_copy)
        icons.put(self._copy, "copy", Tone.ACCENT)
        self.overdue, self.state, self.priority = Pill(), Pill(), Pill()
        self.title_line = PlainLabel(kind="title")
        self.title_line.setWordWrap(True)
        self.title_line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.place = PlainLabel(kind="muted")
        self.place.setWordWrap(True)
        self._lay_out()

    def show_summary(self, case: CaseSummary) -> None:
        """Show where a case stands now."""
        now = datetime.now(UTC)
        tone, icon_name = STATE_LOOKS[case.state]
        self.number.setText(case.number)
        self.state.set_state(label(case.state), tone, icon_name)
        self.priority.set_state(case.priority.name, PRIORITY_TONES[case.priority], "flag")
        self.priority.setToolTip(priority_words(case))
        self.overdue.setVisible(case.is_overdue(now) or case.is_warned(now) or case.waits_for is not None)
        if case.waits_for:
            self.overdue.set_state(due_words(case, now), Tone.NEUTRAL, "pause")
        elif case.is_overdue(now):
            self.overdue.set_state(due_words(case, now), Tone.DANGER, "warning")
        elif case.is_warned(now):
            self.overdue.set_state(due_words(case, now), Tone.WARNING, "clock")
        self.title_line.setText(case.title)
        owner = tr("with {name}", name=case.owner_name) if case.owner_name else ""
        parts = (label(case.level), case.team_name, owner, level_words(case, now))
        self.place.setText("  ·  ".join(filter(None, parts)))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(scaled(8))
        line.addWidget(self.number)
        line.addWidget(self._copy)
        line.addStretch(1)
        for pill in (self.overdue, self.state, self.priority):
            line.addWidget(pill)
        text = QVBoxLayout()
        text.setSpacing(scaled(3))
        text.addWidget(self.title_line)
        text.addWidget(self.place)
        self.body.setSpacing(scaled(4))
        self.body.setContentsMargins(scaled(12), scaled(1), scaled(12), scaled(12))
        self.body.addLayout(line)
        self.body.addLayout(text)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.number.text())
        self._notifier.confirm(tr("Number {number} copied.", number=self.number.text()))
