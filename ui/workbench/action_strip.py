"""Where a case ends: the solution or the reason, and the two buttons that send it."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.cases import Level
from app.domain.typed_text import typed
from app.i18n import tr
from ui.context import ScreenContext
from ui.shortcuts import Shortcut
from ui.theme import scaled, set_kind
from ui.widgets.announce import announce
from ui.widgets.card import Card
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.workbench.actions import ACTIONS, Action
from ui.workbench.open_case import OpenCase
from ui.workbench.pass_down import PassDownRow

_WITH_TEXT = frozenset(action for action in ACTIONS if action.complaint)


class ActionStrip(Card):
    """The text typed belongs to its case: another case brings its own, and this one comes back with it."""

    typed_in = Signal()
    """By the person; not when a case brings its text."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.can_solve = False
        self.can_return = False
        self._desk = context.desk  # keeps the texts in its journal: they outlive the screen and a crash
        self._case_id: UUID | None = None
        self._is_right: Callable[[], str] | None = None  # what is complained of
        self._label = PlainLabel(tr("Solution, or reason for the return"), kind="heading")
        self.editor = QPlainTextEdit()
        self.editor.setTabChangesFocus(True)
        self.editor.setPlaceholderText(tr("What solved it, or why it goes back. Plain words: the next one reads this."))
        self.editor.textChanged.connect(self._on_typed)
        self._label.setBuddy(self.editor)
        self.solve = KeyButton(tr("Solve"), Shortcut.RESOLVE_CASE.key, kind="primary", icon_name="check")
        self.give_back = KeyButton(tr("Return to first level"), Shortcut.RETURN_CASE.key, icon_name="return")
        self.claim = KeyButton(tr("Claim this case"), Shortcut.CLAIM_CASE.key, kind="primary", icon_name="user")
        self.more = {
            action: KeyButton(action.text(), action.shortcut.key, icon_name=action.icon_name) for action in ACTIONS
        }
        self.offered: frozenset[Action] = frozenset()
        self.passed = PassDownRow(context)
        for button in (self.solve, self.give_back, self.claim, *self.more.values()):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        self._lay_out()

    def show_case(self, case_id: UUID, can_solve: bool = False, can_return: bool = False, sentence: str = "") -> None:
        """Offer what can be done to a case; text typed for it stays in sight even when nothing can be done."""
        if case_id != self._case_id:
            self._case_id = case_id
            self.editor.setPlainText(self._desk.case_texts.get(case_id, ""))
            self.passed.show_case(case_id)
            self._settle()
        self.can_solve, self.can_return = can_solve, can_return
        self.solve.setEnabled(can_solve)
        self.give_back.setEnabled(can_return)
        self._editing.setVisible(can_solve or can_return or bool(self._desk.case_texts.get(case_id)))
        if self._is_right is not None and not self._is_right():
            self._settle()
        if not (can_solve or can_return) or not self._is_complaining():
            self._say(sentence, "muted")

    def offer(self, case: OpenCase, *, is_sent: bool) -> None:
        """The buttons of what can be done to a case beside solving and returning it."""
        self.offered = frozenset() if is_sent else frozenset(a for a in ACTIONS if a.is_offered(case))
        for action, button in self.more.items():
            button.setVisible(action in self.offered)
        self.claim.setVisible(case.can_be_claimed and not is_sent)
        self._editing.setVisible(self._editing.isVisibleTo(self) or bool(self.offered & _WITH_TEXT))
        is_third = case.file.summary.level is Level.THIRD
        self.give_back.setText(tr("Return to second level") if is_third else tr("Return to first level"))
        self.passed.setVisible((is_third and case.can_be_solved and not is_sent) or self.passed.has_text)

    def suspend(self) -> None:
        """Until the next `show_case` neither key nor button does anything; what is seen stays as it is."""
        self.can_solve = self.can_return = False
        self.offered = frozenset()

    @property
    def text(self) -> str:
        """Without white space around it."""
        return typed(self.editor.toPlainText()).strip()

    def text_or_complaint(self, complaint: str) -> str:
        """The text; without one the complaint is shown."""
        text = self.text
        if not text:
            self.complain(complaint)
            set_kind(self.editor, "true", "invalid")
            self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return text

    def complain_while(self, why: Callable[[], str]) -> None:
        """The same, as long as it gives a sentence."""
        self.complain(why())
        self._is_right = why

    def complain(self, sentence: str) -> None:
        """Say what keeps the text from being sent."""
        self._is_right = None
        self._say(sentence, "danger")
        announce(self, sentence)

    def forget(self, case_id: UUID, sent: str) -> None:
        """The text of a case was sent; what was typed since stays."""
        if self._desk.case_texts.get(case_id, "").strip() != sent:
            return
        self._desk.keep_case_text(case_id, "")
        if case_id == self._case_id:
            self.editor.clear()

    def has_focus_inside(self) -> bool:
        """The caret is in the editor, or the focus on one of the buttons."""
        return any(widget.hasFocus() for widget in (self.editor, self.solve, self.give_back))

    def _on_typed(self) -> None:
        if self._case_id is None:
            return
        text = typed(self.editor.toPlainText())
        if text != self._desk.case_texts.get(self._case_id, ""):
            self._desk.keep_case_text(self._case_id, text)
            self.typed_in.emit()
        if text.strip() and self._is_complaining():
            self._settle()

    def _is_complaining(self) -> bool:
        return bool(self.sentence.property("kind") == "danger")

    def _settle(self) -> None:
        self._is_right = None
        self._say("", "muted")
        set_kind(self.editor, "false", "invalid")

    def _say(self, text: str, kind: str) -> None:
        self.sentence.setText(text)
        self.sentence.set_kind(kind)
        self.sentence.setVisible(bool(text))

    def _lay_out(self) -> None:
        self.editor.setFixedHeight(scaled(84))
        buttons = QVBoxLayout()
        buttons.setSpacing(scaled(8))
        buttons.addWidget(self.solve)
        buttons.addWidget(self.give_back)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(scaled(12))
        row.addWidget(self.editor, 1)
        row.addLayout(buttons)
        more = FlowLayout(scaled(8))
        for button in (self.claim, *self.more.values()):
            more.addWidget(button)
            button.hide()
        self._editing = QWidget()
        column = QVBoxLayout(self._editing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(6))
        column.addWidget(self._label)
        column.addLayout(row)
        self.body.setContentsMargins(scaled(12), scaled(2), scaled(12), scaled(12))
        self.body.addWidget(self._editing)
        self.body.addWidget(self.passed)
        self.body.addWidget(self.sentence)
        self.body.addLayout(more)
        self._editing.hide()
