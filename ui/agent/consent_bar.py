"""What to say about the price, and what the customer says to it: there only while that is open."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.bookings import Booking
from app.domain.call_terms import agreed, goodwill
from app.domain.entitlement import Entitlement, Verdict
from app.domain.typed_text import typed
from app.domain.work import CallWork
from app.i18n import tr
from ui.call_desk import CallDesk
from ui.context import ScreenContext
from ui.shortcuts import Shortcut, key_text
from ui.terms_words import price_sentence, settled_text
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel


class ConsentBar(Card):
    """A key records the yes, another asks why nothing is charged; until the case is decided both can be taken back."""

    def __init__(self, context: ScreenContext, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._notifier = context.notifier
        self._desk = desk
        self._call_id: UUID | None = None
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        self.agree = KeyButton(tr("Customer agrees"), Shortcut.CUSTOMER_AGREES.key, icon_name="check")
        self.give = KeyButton(tr("Goodwill"), Shortcut.GOODWILL.key)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("Why is nothing charged?"))
        self.reason.setAccessibleName(tr("Why is nothing charged?"))
        self.reason.hide()
        for button in (self.agree, self.give):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.agree.clicked.connect(self.record_yes)
        self.give.clicked.connect(self.ask_reason)
        self.reason.returnPressed.connect(self._on_reason)
        self._lay_out()
        desk.changed.connect(self.refresh)
        desk.outcome.changed.connect(self.refresh)
        desk.outcome.consent_needed.connect(self._on_needed)
        self.refresh()

    def refresh(self) -> None:
        """Show what is open of the call that is worked on."""
        work, found = self._open()
        if work is not None and work.call.id != self._call_id:
            self._call_id = work.call.id
            self.reason.clear()  # it was begun for the call before
        self.setVisible(work is not None)
        if work is None or found is None or found.price is None:
            self.reason.hide()
            return
        is_settled = work.consent is not None
        self.sentence.setText(settled_text(work.consent) if is_settled else price_sentence(found.price))
        self.agree.setText(tr("Take it back") if is_settled else tr("Customer agrees"))
        self.give.setVisible(not is_settled)
        if is_settled:
            self.reason.hide()

    def record_yes(self) -> None:
        """The customer said yes to the price; once more takes it back."""
        work, found = self._open()
        if work and found:
            self._settle(work, None if work.consent else agreed(found, work.contract_id, _now()))

    def ask_reason(self) -> None:
        """Nothing shall be charged: why? Or that is taken back."""
        work, _ = self._open()
        if work and work.consent:
            self._settle(work, None)
        elif work:
            self.reason.show()
            self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_needed(self) -> None:
        yes, given = key_text(Shortcut.CUSTOMER_AGREES.key), key_text(Shortcut.GOODWILL.key)
        self._notifier.warn(
            tr("This is chargeable. Say the price, then {yes} when the customer agrees, or {given} for goodwill.",
               yes=yes, given=given)
        )  # fmt: skip

    def _open(self) -> tuple[CallWork | None, Entitlement | None]:
        """The work whose chargeable case is not decided, with its verdict."""
        work = self._desk.work
        found = self._desk.outcome.entitlement(work) if work and work.outcome is None else None
        return (work, found) if found and found.verdict is Verdict.CHARGEABLE else (None, None)

    def _on_reason(self) -> None:
        work, _ = self._open()
        reason = typed(self.reason.text()).strip()
        if work and reason:
            self.reason.clear()
            self._settle(work, goodwill(work.contract_id, reason, _now()))

    def _settle(self, work: CallWork, consent: Booking | None) -> None:
        self._desk.update(replace(work, consent=consent))
        self._desk.changed.emit()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(scaled(8))
        row.addWidget(self.sentence, 1)
        row.addWidget(self.agree)
        row.addWidget(self.give)
        column = QVBoxLayout()
        column.setSpacing(scaled(6))
        column.addLayout(row)
        column.addWidget(self.reason)
        self.body.setContentsMargins(scaled(12), scaled(2), scaled(12), scaled(10))
        self.body.addLayout(column)


def _now() -> datetime:
    return datetime.now(UTC)
