"""Suggest an answer, in the place of the screen: it has written itself, and goes to the editors with one key."""

from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain.answers import Answer
from app.domain.commands import WriteDraft
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.knowledge import Working
from app.i18n import tr
from app.services.answer_documents import from_kept_text, kept_text
from ui.context import ScreenContext
from ui.knowledge.checks import Checks
from ui.knowledge.form import AnswerForm
from ui.knowledge.preview import Preview
from ui.pages import Page
from ui.shortcuts import Shortcut, install
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel


class SuggestionPage(Page):
    """What is typed is kept on this desk until it is handed in; coming back to the same case finds it again."""

    def __init__(self, context: ScreenContext, answer: Answer, case_id: UUID | None) -> None:
        super().__init__(context)
        self.working = self._kept(case_id) or Working(draft_id=new_id(), answer=answer, case_id=case_id)
        self.form = AnswerForm()
        self.preview = Preview()
        self.checks = Checks(context)
        self.hand_in = KeyButton(tr("Hand in for review"), Shortcut.SEND.key, kind="primary", icon_name="check")
        self.hand_in.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hand_in.clicked.connect(self.send)
        self._complaint = PlainLabel(kind="danger")
        self._lay_out()
        self.form.fill(self.working.answer, can_edit=True, is_new=True)
        self.form.edited.connect(self._on_edited)
        self._show(self.working.answer)
        install(self, {Shortcut.SEND: self.send})

    def focus(self) -> None:
        """The caret where the text begins."""
        self.form.focus()

    def send(self) -> None:
        """Ctrl+Return: to the editors. It leaves this page once it is safe on this desk's disk."""
        answer = self.working.answer
        if not self.hand_in.isEnabled():  # it is on its way already
            return
        if not answer.title.strip() or not answer.body.strip():
            self._complaint.setText(tr("A title and a text are needed; the rest may follow."))
            return
        desk = self._context.desk
        head = {"id": new_id(), "by": desk.person.id, "at": datetime.now(UTC)}
        about = {"draft_id": self.working.draft_id, "answer": answer, "case_id": self.working.case_id}
        self.hand_in.setEnabled(False)
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(WriteDraft(**head, **about, submits=True)).result,  # type: ignore[arg-type]
            owner=self,
            done=lambda _: self._on_sent(),
            failed=self._on_not_sent,
        )

    def _kept(self, case_id: UUID | None) -> Working | None:
        kept = (from_kept_text(text) for text in self._context.desk.case_texts.values())
        return next((one for one in kept if one and one.case_id == case_id and one.revision == 0 and case_id), None)

    def _on_edited(self) -> None:
        answer = self.form.answer(self.working.answer)
        self.working = Working(draft_id=self.working.draft_id, answer=answer, case_id=self.working.case_id)
        self._context.desk.keep_case_text(self.working.draft_id, kept_text(self.working))
        self._complaint.setText("")
        self._show(answer)

    def _show(self, answer: Answer) -> None:
        self.preview.show_answer(answer)
        self.checks.check(answer)

    def _on_sent(self) -> None:
        self._context.desk.keep_case_text(self.working.draft_id, "") if self._is_kept() else None
        self._context.notifier.confirm(tr("Handed in: “{title}”. You are told what becomes of it.",
                                         title=self.working.answer.title))  # fmt: skip
        self.left.emit()

    def _is_kept(self) -> bool:
        return self.working.draft_id in self._context.desk.case_texts

    def _on_not_sent(self, error: FirstlineError) -> None:
        self.hand_in.setEnabled(True)
        self._complaint.setText(str(error))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Suggest an answer"), kind="title"))
        head.addStretch(1)
        head.addWidget(self.back)
        head.addWidget(self.hand_in)
        hint = PlainLabel(tr("What could name the customer is taken out; look whether nothing is left."), kind="muted")
        hint.setWordWrap(True)
        card = Card()
        card.body.addWidget(hint)
        card.body.addWidget(self.form, 1)
        card.body.addWidget(self.checks)
        card.body.addWidget(self._complaint)
        columns = QHBoxLayout()
        columns.setSpacing(scaled(8))
        columns.addWidget(card, 6)
        columns.addWidget(self.preview, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addLayout(head)
        layout.addLayout(columns, 1)
