"""The note of the call: every key stroke goes to the desk's journal; nothing but the person changes the text."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.domain.typed_text import typed
from app.i18n import tr
from ui.call_desk import CallDesk
from ui.shortcuts import Shortcut
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel


class NotePane(Card):
    """A plain text field for the call that is worked on, and the key for escalation."""

    left = Signal()
    """The call is over under the caret: somewhere else has to have it."""

    def __init__(self, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__(tr("Note"), parent)
        self._desk = desk
        self._call_id: object = None
        self.field = QPlainTextEdit()
        self.field.setAccessibleName(tr("Note"))
        self.field.setTabChangesFocus(True)
        self.field.textChanged.connect(self._on_typed)
        self._state = PlainLabel(kind="muted")
        self.escalate = KeyButton(tr("Escalate"), Shortcut.ESCALATE.key, icon_name="escalate")
        self.escalate.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.header.addWidget(self._state)
        self.header.addWidget(self.escalate)
        self.body.addWidget(self.field)
        desk.changed.connect(self.refresh)
        desk.outcome.changed.connect(self.refresh)
        self.refresh()

    def focus(self) -> None:
        """F7."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_journal_state(self, sentence: str) -> None:
        """What hinders keeping what is typed, or that it is kept."""
        self._state.set_kind("danger" if sentence else "muted")
        self._state.setText(sentence or (tr("kept on this desk") if self._desk.work else ""))

    def refresh(self) -> None:
        """Another call: its own note. The same call: the text stays exactly as it is."""
        work = self._desk.work
        if work is None and self.field.hasFocus():
            self.left.emit()
        self.field.setEnabled(work is not None)
        self.field.setPlaceholderText(
            tr("What the customer says, what you did.  F7") if work else tr("The note opens when you answer a call.")
        )
        self.escalate.setEnabled(work is not None and work.outcome is None)
        if (work.call.id if work else None) != self._call_id:
            self._call_id = work.call.id if work else None
            self.field.blockSignals(True)
            self.field.setPlainText(work.note if work else "")
            self.field.blockSignals(False)
            self.show_journal_state("")

    def _on_typed(self) -> None:
        work = self._desk.work
        if work:
            self._desk.update(replace(work, note=typed(self.field.toPlainText())))
