"""The agent's screen: call and customer left, answers in the middle, the open answer right, the note below."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.answers import Hit
from app.domain.call_backs import CallBack
from app.domain.calls import Disposition
from app.domain.search_trail import Search
from app.domain.work import with_search
from app.i18n import tr
from ui.agent.answers_pane import AnswersPane
from ui.agent.call_card import CallCard
from ui.agent.confirmation import Confirmation
from ui.agent.consent_bar import ConsentBar
from ui.agent.customer_panel import CustomerPanel
from ui.agent.escalation import EscalationPanel
from ui.agent.flag_bar import FlagBar
from ui.agent.note_pane import NotePane
from ui.agent.place import Place, caret_of, focus_of, put_caret, put_focus
from ui.agent.problem_line import ProblemLine
from ui.agent.questions import AskedBack
from ui.agent.reading_view import ReadingView
from ui.agent.watched import WatchedCases
from ui.agent.wrap_up_bar import WrapUpBar
from ui.call_desk import CallDesk
from ui.context import ScreenContext
from ui.labels import clock_text
from ui.shortcuts import Shortcut, install, install_hits, key_text
from ui.theme import scaled
from ui.widgets.scrolled_column import ScrolledColumn

_LEFT_PX = 328
_NOTE_PX = 158


class AgentScreen(QWidget):
    """One window, no modal chains: escalation takes the place of the answers, the note stays in sight."""

    def __init__(self, context: ScreenContext, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._call_id: object = None
        self.card = CallCard(desk, self)
        self.problem = ProblemLine(desk, self)
        self.customer = CustomerPanel(desk, context.background, self)
        self.asked_back = AskedBack(context, self)
        self.watched = WatchedCases(context, self)
        self.answers = AnswersPane(desk, context.background, self)
        self.reading = ReadingView(desk, self)
        self.escalation = EscalationPanel(desk, context.background, self)
        self.confirmation = Confirmation(desk, self)
        self.consent = ConsentBar(context, desk, self)
        self.wrap_up = WrapUpBar(desk, self)
        self.note = NotePane(desk, self)
        self.flag = FlagBar(context, self.reading, self)
        self._lay_out()
        self._connect()
        self._install_keys()
        for table in self.findChildren(QAbstractItemView):
            table.installEventFilter(self)
        self._on_call_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit that no field took finishes the wrap-up."""
        if not self._take_digit(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The search has the focus. A focus proxy would do the same, but takes all else out of Tab's order."""
        super().focusInEvent(event)
        self.answers.field.setFocus(event.reason())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A digit is no search in a list while a call waits for its end."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._take_digit(event):
            return True
        return super().eventFilter(watched, event)

    @property
    def place(self) -> Place:
        """Where the agent is in the work, for the screen that takes the place of this one."""
        return Place(
            search=self.answers.field.text(),
            answer=self.reading.answer,
            caret=caret_of(self.note.field),
            escalation=self.escalation.choices if self._is_escalating else None,
            focus=focus_of(self._focus_parts()),
        )

    def go_to(self, place: Place) -> None:
        """Go on where the screen of before was."""
        self.answers.field.setText(place.search)
        self.reading.show_answer(place.answer)
        put_caret(self.note.field, place.caret)
        if place.escalation:
            self._pages.setCurrentIndex(1)
            self.escalation.open(place.escalation)
        put_focus(self._focus_parts(), place.focus)

    def open_escalation(self) -> None:
        """F8."""
        work = self._desk.work
        if work is None:
            self._context.notifier.warn(tr("There is no call to escalate. Answer a call first."))
        elif work.outcome is None:
            self.answers.leave()
            self._pages.setCurrentIndex(1)
            self.escalation.open()

    def close_escalation(self) -> None:
        """Back to the answers; what was typed stays in the note."""
        if self._is_escalating:
            self._pages.setCurrentIndex(0)
            self.note.focus()

    @property
    def _is_escalating(self) -> bool:
        return self._pages.currentIndex() == 1

    def _focus_parts(self) -> tuple[QWidget, ...]:
        choices = (self.escalation.reason, self.escalation.impact, self.escalation.urgency)
        promise = self.wrap_up.call_back
        wrap_up = (self.wrap_up.row, promise.number, promise.when, promise.time)
        return (self.answers.field, self.note.field, *choices, self.escalation.send_button, *wrap_up)

    def _take_digit(self, event: QKeyEvent) -> bool:
        digit = event.key() - Qt.Key.Key_0
        is_plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        return 1 <= digit <= 9 and is_plain and not self._is_escalating and self.wrap_up.press(digit)

    def _on_call_changed(self) -> None:
        work = self._desk.work
        call_id = work.call.id if work else None
        if call_id != self._call_id:
            self._call_id = call_id
            self._pages.setCurrentIndex(0)
            self.answers.clear()
            self.reading.show_answer(None)
        elif work and not work.call.is_live:
            self.answers.leave()
        self.answers.follow_caller()
        self.escalation.refresh()

    def _on_search_left(self, search: Search) -> None:
        if self._desk.work:
            self._desk.update(with_search(self._desk.work, search.text, has_found=search.has_found))
            self.problem.refresh()

    def _on_problems(self) -> None:
        self.problem.refresh()
        self.answers.search_again()

    def _on_taken(self, hit: Hit, text: str) -> None:
        self.reading.open(hit.answer, text)
        self.problem.refresh()

    def _on_undo(self) -> None:
        self._desk.outcome.undo()

    def _on_finished(self, disposition: Disposition) -> None:
        had_focus = self.wrap_up.has_focus
        self.answers.leave()
        self._desk.wrap_up(disposition)
        if had_focus:
            self.answers.focus()

    def _on_promised(self, made: CallBack | None) -> None:
        if made is None:
            sentence = tr("No number of this caller is known, so nobody can call back. Write it into a case.")
            self._context.notifier.warn(sentence)
            return
        time, key = clock_text(made.due_at), key_text(Shortcut.SCREEN_CALL_BACKS.key)
        self._context.notifier.confirm(tr("Call-back noted for {time}. {key} changes it.", time=time, key=key))

    def _on_note_key(self) -> None:
        if self._desk.work is None:
            self._context.notifier.hint(tr("The note opens when you answer a call."))
        self.note.focus()

    def _on_solved_key(self) -> None:
        if self._desk.work and self.reading.answer is None:
            search = key_text(Shortcut.SEARCH_ANSWERS.key)
            self._context.notifier.hint(tr("Open the answer that helped first: {key} finds it.", key=search))
        self.reading.solve()

    def _on_transfer_closed(self) -> None:
        self.note.refresh()  # of a call that has just begun it has not heard yet
        self.note.focus()

    def _on_wrap_up_key(self) -> None:
        if not self.wrap_up.isVisible():
            self._context.notifier.hint(tr("There is no call to finish: its wrap-up begins when it has ended."))
        elif self.wrap_up.has_focus:
            self.wrap_up.finish_as_suggested()
        else:
            self.wrap_up.focus()

    def _on_escape(self) -> None:
        if self._is_escalating:
            self.close_escalation()
        elif self.card.transfer.isVisible():
            self.card.transfer.close_row()
        elif self.wrap_up.call_back.is_open:
            self.wrap_up.leave_call_back()
        else:
            self.card.hide_details()

    def _open_transfer(self) -> None:
        if self._desk.ringing is None or self._desk.is_talking:
            self.card.transfer.open()

    def _on_send(self) -> None:
        if self._is_escalating:
            self.escalation.send()

    def _connect(self) -> None:
        self._desk.changed.connect(self._on_call_changed)
        self._desk.promised.connect(self._on_promised)
        self._context.bridge.contact_changed.connect(lambda _: self.customer.entitlement.refresh())
        self.answers.taken.connect(self._on_taken)
        self.answers.left.connect(self._on_search_left)
        self.card.transfer.closed.connect(self._on_transfer_closed)
        self._context.bridge.source_status.connect(lambda _: self.card.refresh())
        self.note.left.connect(self.answers.focus)
        self.note.escalate.clicked.connect(self.open_escalation)
        self.note.field.textChanged.connect(self.escalation.refresh)
        self.note.field.textChanged.connect(self.problem.refresh_soon)
        self.escalation.cancelled.connect(self.close_escalation)
        self.escalation.sent.connect(self.close_escalation)
        self.confirmation.undo_asked.connect(self._on_undo)
        self.wrap_up.finished.connect(self._on_finished)
        self._context.bridge.journal_changed.connect(self.note.show_journal_state)
        self._context.bridge.contact_changed.connect(self.answers.copy_label.show_contact)
        self._context.bridge.answers_changed.connect(lambda _: self.answers.search_again())
        self._context.bridge.problems_changed.connect(self._on_problems)

    def _install_keys(self) -> None:
        desk = self._desk
        install(
            self,
            {
                Shortcut.ANSWER_CALL: desk.line.answer,
                Shortcut.HOLD_CALL: desk.line.hold_or_resume,
                Shortcut.HANG_UP: desk.line.hang_up,
                Shortcut.TRANSFER: self._open_transfer,
                Shortcut.ATTACH_PROBLEM: self.problem.toggle,
                Shortcut.ATTACH_NUMBER: self.customer.attach_number,
                Shortcut.CUSTOMER_AGREES: self.consent.record_yes,
                Shortcut.GOODWILL: self.consent.ask_reason,
                Shortcut.NEXT_DEMO_CALL: desk.line.next_call,
                Shortcut.HIDE_CARD: self._on_escape,
                Shortcut.NOTE: self._on_note_key,
                Shortcut.ESCALATE: self.open_escalation,
                Shortcut.SOLVED: self._on_solved_key,
                Shortcut.WRAP_UP: self._on_wrap_up_key,
                Shortcut.SEND: self._on_send,
                Shortcut.SEARCH_ANSWERS: self.answers.focus,
                Shortcut.TAKE_PROBLEM: self.answers.take_problem,
                Shortcut.WALK_SCRIPT: self.reading.walk.setFocus,
                Shortcut.FLAG_ANSWER: self.flag.open,
            },
        )
        install_hits(self, self.answers.take)

    def _lay_out(self) -> None:
        gap = scaled(8)
        left = QVBoxLayout()
        left.setSpacing(gap)
        left.addWidget(ScrolledColumn(scaled(_LEFT_PX), (self.card, self.problem, self.customer, self.asked_back)))
        left.addWidget(self.watched, 1)
        side = QWidget()
        side.setFixedWidth(scaled(_LEFT_PX))
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        read = QWidget()
        columns = QHBoxLayout(read)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(gap)
        columns.addWidget(self.answers, 5)
        columns.addWidget(self.reading, 6)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(read)
        self._pages.addWidget(self.escalation)
        self.note.setFixedHeight(scaled(_NOTE_PX))
        main = QVBoxLayout()
        main.setSpacing(gap)
        main.addWidget(pages, 1)
        for widget in (self.flag, self.consent, self.confirmation, self.wrap_up, self.note):
            main.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(gap, gap, gap, gap)
        layout.setSpacing(gap)
        layout.addWidget(side)
        layout.addLayout(main, 1)
