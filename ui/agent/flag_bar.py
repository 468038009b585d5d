"""One key in a call: what is wrong with the answer that is open, and it goes to the editors."""

from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.answers import Answer
from app.domain.commands import FlagAnswer
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.knowledge import FlagKind
from app.domain.typed_text import typed
from app.i18n import tr
from ui.agent.newer_version import NewerVersion
from ui.agent.reading_view import ReadingView
from ui.context import ScreenContext
from ui.labels import label
from ui.widgets.card import Card
from ui.widgets.choice_row import ChoiceRow


class FlagBar(Card):
    """A digit says what, a line says more, Return sends; Escape closes. The note keeps what stands in it."""

    def __init__(self, context: ScreenContext, reading: ReadingView, parent: QWidget | None = None) -> None:
        super().__init__(tr("What is wrong with this answer?"), parent)
        self._context = context
        self._reading = reading
        NewerVersion(context, reading)  # the other thing to be said of an answer that is open
        self._answer: Answer | None = None
        self._before: QWidget | None = None
        self.row = ChoiceRow("", [(kind, label(kind)) for kind in FlagKind])
        self.row.setAccessibleName(tr("What is wrong with this answer?"))
        self.text = QLineEdit()
        self.text.setAccessibleName(tr("In your words"))
        self.text.setPlaceholderText(tr("In your words; Return sends it"))
        self.row.chosen.connect(lambda _: self.text.setFocus(Qt.FocusReason.TabFocusReason))
        self.text.returnPressed.connect(self.send)
        self.body.addWidget(self.row)
        self.body.addWidget(self.text)
        self.hide()

    def open(self) -> None:
        """Ask about the answer that is open; what was typed for another one stays."""
        if self._reading.answer is None:
            return
        self._answer = self._reading.answer
        self._before = self.window().focusWidget()
        self.set_title(tr("What is wrong with “{title}”?", title=self._answer.title))
        self.row.choose(None)
        self.show()
        self.row.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def send(self) -> None:
        """Without a kind it is asked for first."""
        answer, kind = self._answer, self.row.value
        if answer is None or kind is None:
            self.row.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        command = FlagAnswer(
            id=new_id(),
            by=self._context.desk.person.id,
            at=datetime.now(UTC),
            flag_id=new_id(),
            answer_id=answer.id,
            version=answer.version,
            kind=kind,
            text=typed(self.text.text()).strip(),
        )
        desk, text = self._context.desk, self.text.text()
        self._context.background.run(
            desk.lanes.journal,
            desk.send(command).result,  # the lane has one worker: when it comes to wait for the future, it is done
            owner=self,
            done=partial(self._on_sent, answer),
            failed=partial(self._on_not_sent, text),
        )
        self.text.clear()
        self._close()

    def _on_sent(self, answer: Answer, _: None) -> None:
        self._context.notifier.confirm(tr("The editors are told: {title}", title=answer.title))

    def _on_not_sent(self, text: str, error: FirstlineError) -> None:
        """The disk does not take it: it is still to be sent."""
        if not self.text.text():
            self.text.setText(text)
        self._context.background.error_raised.emit(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, without sending."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return
        super().keyPressEvent(event)

    def _close(self) -> None:
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
