"""What this person, or their level, is asked about cases of others."""

from uuid import UUID

from PySide6.QtCore import QModelIndex, Signal

from app.domain.questions import Question
from app.i18n import tr
from ui.models.records import Column, RecordModel
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable

_ROWS = 3  # without scrolling


class QuestionList(Card):
    """Oldest first; hidden while nothing is asked."""

    chosen = Signal(object)
    """Id of the case that the question is about."""

    def __init__(self) -> None:
        super().__init__(tr("Questions to me"), is_padded=False)
        columns = (
            Column[Question](title=lambda: tr("From"), text=lambda q: q.asked_by_name, width=120),
            Column[Question](
                title=lambda: tr("Question"),
                text=lambda q: q.text,
                tool_tip=lambda q: f"{q.text}\n{q.case_title}",
                stretches=True,
            ),
        )
        self.table = RecordTable(RecordModel(columns), lambda: "")
        self.table.setAccessibleName(tr("Questions to me"))
        self._count = PlainLabel(kind="muted")
        self.header.addWidget(self._count)
        self.body.addWidget(self.table)
        self.table.current_record.connect(self._on_current)
        self.table.activated_record.connect(self._on_current)
        self._is_showing = False
        self.hide()

    def show_questions(self, questions: tuple[Question, ...]) -> None:
        """These are open now."""
        self._is_showing = True
        self.table.records.replace(questions)
        self.table.fit_rows(1, _ROWS)
        self._is_showing = False
        self._count.setText(str(len(questions)))
        self.setVisible(bool(questions))

    def mark(self, case_id: UUID | None) -> None:
        """No question stays chosen while another case is open."""
        chosen = self.table.current()
        if chosen is not None and chosen.case_id != case_id:
            self._is_showing = True
            self.table.setCurrentIndex(QModelIndex())
            self._is_showing = False

    def _on_current(self, question: Question | None) -> None:
        if question is not None and not self._is_showing:
            self.chosen.emit(question.case_id)
