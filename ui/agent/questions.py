"""What second level asks the agent about cases that the agent passed on; answered here, and nothing takes the focus."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.commands import AnswerQuestion
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.questions import Question
from app.domain.topics import Topic
from app.domain.typed_text import typed
from app.i18n import tr
from ui.context import ScreenContext
from ui.refresh import Refresher
from ui.widgets.announce import announce
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel


class AskedBack(Card):
    """The oldest open question, and how many there are; hidden while there is none.

    What is typed belongs to its question and is kept in the desk's journal. A new question never moves the one that is
    being answered.
    """

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Second level asks"), parent)
        self._context = context
        self._shown: Question | None = None
        self._sent: set[UUID] = set()
        self._count = PlainLabel(kind="muted")
        self.header.addWidget(self._count)
        self.about = PlainLabel(kind="muted")
        self.about.setWordWrap(True)
        self.question = PlainLabel()
        self.question.setWordWrap(True)
        self.answer = QLineEdit()
        self.answer.setPlaceholderText(tr("Your answer"))
        self.answer.setAccessibleName(tr("Your answer"))
        self.answer.textChanged.connect(self._on_typed)
        self.answer.returnPressed.connect(self.send)
        self.send_button = KeyButton(tr("Answer the question"), icon_name="check")
        self.send_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.send_button.clicked.connect(self.send)
        for widget in (self.about, self.question, self.answer, self.send_button):
            self.body.addWidget(widget)
        desk = context.desk
        query = partial(desk.questions.open_for, desk.person.id)
        self._refresher = Refresher(context.background, desk.lanes.queries, query, self._show, self)
        context.bridge.topics_changed.connect(self._on_topics)
        self.hide()
        self._refresher.refresh()

    def send(self) -> None:
        """Return: the answer is in the outbox, and the next question comes up."""
        text = typed(self.answer.text()).strip()
        if self._shown is None or not text or self._shown.id in self._sent:
            return
        desk, question = self._context.desk, self._shown
        self._sent.add(question.id)  # Return twice sends once
        command = AnswerQuestion(
            id=new_id(), by=desk.person.id, at=datetime.now(UTC), question_id=question.id, text=text
        )
        self._context.background.run(
            desk.lanes.journal,
            desk.send(command).result,  # the lane has one worker: when it comes to wait for the future, it is done
            owner=self,
            done=lambda _: self._on_sent(question),
            failed=partial(self._on_not_sent, question),
        )

    def _on_sent(self, question: Question) -> None:
        self._context.desk.keep_case_text(question.id, "")
        self._context.notifier.confirm(tr("Your answer to {number} is sent.", number=question.case_number))
        if self._shown is question:
            self._shown = None
            self.answer.clear()
            self.hide()
        self._refresher.refresh()

    def _on_not_sent(self, question: Question, error: FirstlineError) -> None:
        self._sent.discard(question.id)
        self._context.notifier.warn(str(error))

    def _show(self, questions: tuple[Question, ...]) -> None:
        waiting = [question for question in questions if question.id not in self._sent]
        self._count.setText(str(len(waiting)) if len(waiting) > 1 else "")
        if self._shown is not None and any(question.id == self._shown.id for question in waiting):
            return
        is_typing = self._shown is not None and bool(self.answer.text().strip())
        if is_typing:  # answered elsewhere, or the case is solved: the text stays until it is dealt with
            self.about.setText(tr("This question is not open any more. Your text is still here."))
            return
        self._shown = waiting[0] if waiting else None
        self.setVisible(self._shown is not None)
        if self._shown:
            self._show_question(self._shown)

    def _show_question(self, question: Question) -> None:
        name, number, title = question.asked_by_name, question.case_number, question.case_title
        self.about.setText(tr("{name} about case {number}: {title}", name=name, number=number, title=title))
        self.question.setText(question.text)
        self.answer.setText(self._context.desk.case_texts.get(question.id, ""))
        announce(self, f"{self.about.text()} {question.text}")

    def _on_typed(self) -> None:
        if self._shown is not None:
            text = typed(self.answer.text())
            if not text.strip():
                self._refresher.refresh()  # a question that is not open any more was kept for the text alone
            if text != self._context.desk.case_texts.get(self._shown.id, ""):
                self._context.desk.keep_case_text(self._shown.id, text)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.CASES in topics:
            self._refresher.refresh()
