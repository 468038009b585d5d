"""A case's promises and its book: time left, waiting with a reason, the customer's yes, time worked."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.domain.bookings import Booking
from app.domain.call_terms import agreed, goodwill, time_booking
from app.domain.cases import WaitReason
from app.domain.commands import BookOnCase, ResumeCase, SuspendCase
from app.domain.entitlement import Unit, Verdict, price_of
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.typed_text import typed
from app.i18n import tr
from app.services.bookings import CaseBook
from ui.context import ScreenContext
from ui.labels import label
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, key_text
from ui.terms_words import VERDICT_LOOKS, booking_text, ground_text, price_sentence
from ui.theme import Tone, scaled
from ui.widgets.card import Card
from ui.widgets.choice_row import ChoiceRow
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.workbench.clock_words import WAIT_REASONS, own_line, resolve_line
from ui.workbench.open_case import OpenCase

_SHOWN_ENTRIES = 3
_MOST_MINUTES = 24 * 60


class ClockStrip(Card):
    """Only who has the case changes anything; everybody who reads it sees how its promises stand."""

    book_read = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._case: OpenCase | None = None
        self.book: CaseBook | None = None
        self._refresher: Refresher[CaseBook] | None = None
        self.own, self.resolve, self.verdict = Pill(), Pill(), Pill()
        self.ground = PlainLabel(kind="muted")
        self.to_say = PlainLabel()
        self.entries = PlainLabel(kind="muted")
        self.wait = KeyButton(tr("Wait"), Shortcut.WAIT.key, icon_name="pause")
        self.time = KeyButton(tr("Book time"), Shortcut.BOOK_TIME.key, icon_name="clock")
        self.agree = KeyButton(tr("Customer agrees"), Shortcut.CUSTOMER_AGREES.key, icon_name="check")
        self.give = KeyButton(tr("Goodwill"), Shortcut.GOODWILL.key)
        self.reasons = ChoiceRow(tr("What does it wait for?"), [(reason, words()) for reason, words in WAIT_REASONS])
        self.minutes = QSpinBox()
        self.minutes.lineEdit().setTextMargins(scaled(7), 0, 0, 0)  # as in other fields; a style sheet cannot say it
        self.text = QLineEdit()
        self._asked: Callable[[], None] | None = None
        self._sending: set[UUID] = set()  # the cases of which something is on its way to this desk's disk
        self._lay_out()
        self.wait.clicked.connect(self.wait_or_go_on)
        self.time.clicked.connect(self.ask_minutes)
        self.agree.clicked.connect(self.record_yes)
        self.give.clicked.connect(self.ask_goodwill)
        self.reasons.chosen.connect(self._on_reason)
        self.text.returnPressed.connect(self._on_return)
        self._ask_nothing()

    # --- what is shown ---

    def show_case(self, case: OpenCase) -> None:
        """Show how the case stands now, and read its book."""
        if self._case is None or self._case.id != case.id:
            self.book = None
            self._ask_nothing()
        self._case = case
        self.tick()
        query = partial(self._context.desk.bookings.of_case, case.id, self._context.desk.rulebook.book)
        if self._refresher is None:
            lane = self._context.desk.lanes.queries
            self._refresher = Refresher(self._context.background, lane, query, self._show_book, self)
            self._refresher.refresh()
        else:
            self._refresher.ask(query)

    def tick(self) -> None:
        """Show the times as they are now."""
        if self._case is None:
            return
        case, now = self._case.file.summary, datetime.now(UTC)
        for pill, (words, tone) in ((self.own, own_line(case, now)), (self.resolve, resolve_line(case, now))):
            pill.setVisible(bool(words))
            pill.set_state(words, tone, _ICONS[tone])
        is_mine = self._case.can_be_solved
        self.wait.setVisible(is_mine)
        self.time.setVisible(is_mine)
        self.wait.setText(tr("Go on") if case.waits_for else tr("Wait"))
        self.wait.set_icon("play" if case.waits_for else "pause")
        self._show_terms()

    def refuses_solving(self) -> str:
        """What must be said before the case may be solved; "" when nothing must."""
        if self.book is None or self._is_settled(self.book):
            return ""
        yes, given = key_text(Shortcut.CUSTOMER_AGREES.key), key_text(Shortcut.GOODWILL.key)
        return tr("This is chargeable. Say the price, then {yes} when the customer agrees, or {given} for goodwill.",
                  yes=yes, given=given)  # fmt: skip

    # --- what the person does ---

    def wait_or_go_on(self) -> None:
        """Ask for what the case waits; or it waits no more."""
        if self._case is None or not self._case.can_be_solved:
            return
        if self._case.file.summary.waits_for:
            self._send(ResumeCase, tr("The case goes on."))
            return
        self._ask(tr("What was agreed? (Return sends)"), self._on_wait, self.reasons)
        self.reasons.choose(None)
        self.reasons.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask_minutes(self) -> None:
        """Ask how long the work took."""
        if self._case and self._case.can_be_solved and self.book:
            self._ask(tr("What was done? (Return books)"), self._on_minutes, self.minutes)
            self.minutes.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.minutes.selectAll()

    def record_yes(self) -> None:
        """The customer said yes to the price."""
        if self._case and self.book and not self._is_settled(self.book):
            self._book(agreed(self.book.entitlement, self.book.contract_id, _now()), tr("The customer’s yes is noted."))

    def ask_goodwill(self) -> None:
        """Nothing shall be charged: why? Asked at once, also while it is still read whether anything is."""
        if self._case and not (self.book and self._is_settled(self.book)):
            self._ask(tr("Why is nothing charged?"), self._on_goodwill)
            self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_reason(self, reason: WaitReason) -> None:
        del reason  # the row has it
        self.text.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_return(self) -> None:
        if self._asked:
            self._asked()

    def _on_wait(self) -> None:
        reason = self.reasons.value
        if reason is None:
            self.reasons.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._send(SuspendCase, tr("{reason}: the customer’s clock stands still.", reason=label(reason)),
                   reason=reason, note=self._typed())  # fmt: skip

    def _on_minutes(self) -> None:
        book, minutes = self.book, self.minutes.value()
        if book is None or minutes == 0:
            return
        prices, contract = self._context.desk.rulebook.book.terms.prices, book.contract
        kind, code = (contract.kind, contract.product.code) if contract else (None, "")
        by_minute = [price for price in prices if price.unit is Unit.MINUTE]
        step = price_of(by_minute, code, kind, _now().astimezone().date())
        booking = time_booking(
            minutes, book.entitlement, book.contract_id, step, _now(), is_given=book.is_given, text=self._typed()
        )
        self._book(booking, booking_text(booking))

    def _on_goodwill(self) -> None:
        self._is_awaited = self.book is None
        if self.book and self._is_settled(self.book):
            self._ask_nothing()
        elif self.book and (reason := self._typed()):
            self._book(goodwill(self.book.contract_id, reason, _now()), tr("Goodwill is noted."))

    # --- how ---

    def _is_settled(self, book: CaseBook) -> bool:
        return book.entitlement.verdict is not Verdict.CHARGEABLE or book.is_settled

    def _book(self, booking: Booking, confirmation: str) -> None:
        self._send(BookOnCase, confirmation, booking=booking)

    def _send(self, kind: Any, confirmation: str, **values: Any) -> None:
        """Into the outbox; what was typed stays until it is safe on this desk's disk. Return twice sends once."""
        if self._case is None or self._case.id in self._sending:
            return
        desk, case_id, asked = self._context.desk, self._case.id, self._asked
        command = kind(id=new_id(), by=desk.person.id, at=_now(), case_id=case_id, **values)
        self._sending.add(case_id)
        self._context.background.run(
            desk.lanes.journal,
            desk.send(command).result,
            owner=self,
            done=lambda _: self._on_sent(case_id, asked, confirmation),
            failed=lambda error: self._on_not_sent(case_id, error),
        )

    def _on_sent(self, case_id: UUID, asked: Callable[[], None] | None, confirmation: str) -> None:
        self._sending.discard(case_id)
        if self._case and self._case.id == case_id and self._asked is asked:  # else something else is asked by now
            self._ask_nothing()
        self._context.notifier.confirm(confirmation)

    def _on_not_sent(self, case_id: UUID, error: FirstlineError) -> None:
        self._sending.discard(case_id)
        self._context.notifier.warn(str(error))

    def _show_book(self, book: CaseBook) -> None:
        self.book = book
        self._show_terms()
        self.book_read.emit()
        if self._is_awaited:
            self._on_return()

    def _show_terms(self) -> None:
        book = self.book
        for widget in (self.verdict, self.ground, self.to_say, self.entries, self.agree, self.give):
            widget.setVisible(False)
        if book is None or self._case is None:
            return
        found = book.entitlement
        verdict = Verdict.GOODWILL if book.is_given else found.verdict
        look = (Tone.GOOD, "check") if book.is_settled else VERDICT_LOOKS[verdict]
        self.verdict.set_state(label(verdict), *look)
        self.ground.setText(ground_text(found, book.contract))
        lines = [booking_text(entry.booking, entry.person_name) for entry in book.entries[-_SHOWN_ENTRIES:]]
        self.entries.setText("\n".join(lines))
        is_open = not self._is_settled(book)
        self.to_say.setText(price_sentence(found.price) if found.price else "")
        self.verdict.setVisible(True)
        self.ground.setVisible(True)
        self.to_say.setVisible(is_open)
        self.entries.setVisible(bool(lines))
        self.agree.setVisible(is_open and self._case.can_be_solved)
        self.give.setVisible(is_open and self._case.can_be_solved)

    def _ask(self, hint: str, done: Callable[[], None], *fields: QWidget) -> None:
        self._ask_nothing()
        self._asked = done
        self.text.setPlaceholderText(hint)
        self.text.setAccessibleName(hint)
        for field in (*fields, self.text):
            field.show()

    def _ask_nothing(self) -> None:
        self._asked = None
        self._is_awaited = False  # Return was pressed before the book was read
        self.text.clear()
        self.minutes.setValue(0)
        for field in (self.reasons, self.minutes, self.text):
            field.hide()

    def _typed(self) -> str:
        return typed(self.text.text()).strip()

    def _lay_out(self) -> None:
        self.minutes.setRange(0, _MOST_MINUTES)
        self.minutes.setSuffix(tr(" min"))
        self.minutes.setAccessibleName(tr("Minutes worked"))
        buttons = self.wait, self.time, self.agree, self.give
        for button in buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for words in (self.ground, self.to_say, self.entries):
            words.setWordWrap(True)
        head, keys, asked = _flow(self.own, self.resolve, self.verdict), _flow(*buttons), QHBoxLayout()
        asked.setSpacing(scaled(8))
        asked.addWidget(self.minutes)
        asked.addWidget(self.text, 1)
        column = QVBoxLayout()
        column.setSpacing(scaled(6))
        column.addLayout(head)
        for words in (self.ground, self.to_say, self.entries):
            column.addWidget(words)
        column.addLayout(keys)
        column.addWidget(self.reasons)
        column.addLayout(asked)
        self.body.setContentsMargins(scaled(12), scaled(2), scaled(12), scaled(10))
        self.body.addLayout(column)


_ICONS = {Tone.GOOD: "check", Tone.WARNING: "clock", Tone.DANGER: "warning", Tone.NEUTRAL: "pause"}


def _flow(*widgets: QWidget) -> FlowLayout:
    flow = FlowLayout(scaled(8))
    for widget in widgets:
        flow.addWidget(widget)
    return flow


def _now() -> datetime:
    return datetime.now(UTC)
