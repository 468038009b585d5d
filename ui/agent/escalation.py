"""Escalate: the hand-over has written itself; the agent says why, how many are hit and how soon it hurts."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from app.domain.cases import EscalationReason, HandOver, Impact, Urgency, priority
from app.domain.customers import Product
from app.domain.work import CallWork, hand_over, missing_facts, title
from app.i18n import tr
from ui.agent.entitlement import entitlement_text
from ui.agent.hand_over_view import HandOverView
from ui.background import Background
from ui.call_desk import CallDesk
from ui.labels import label
from ui.shortcuts import Shortcut
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.choice_row import ChoiceRow
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel


class EscalationPanel(QWidget):
    """Left what is asked, right what second level will see. Digits choose, Ctrl+Return sends, Escape goes back."""

    cancelled = Signal()
    sent = Signal()

    def __init__(self, desk: CallDesk, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._background = background
        self._products: tuple[Product, ...] = ()
        self.reason = ChoiceRow(tr("Why?"), [(r, label(r)) for r in EscalationReason], is_vertical=True)
        self.impact = ChoiceRow(tr("Who is hit?"), [(i, label(i)) for i in Impact])
        self.urgency = ChoiceRow(tr("How urgent?"), [(u, label(u)) for u in Urgency])
        self._caller = QLineEdit()
        self._caller.setPlaceholderText(tr("Name of the caller"))
        self._caller.setAccessibleName(tr("Name of the caller"))
        self._caller.textChanged.connect(self._on_caller)
        self._product = QComboBox()
        self._product.setAccessibleName(tr("Product"))
        self._product.currentIndexChanged.connect(self._on_product)
        self._advice = PlainLabel(kind="warning")
        self._advice.setWordWrap(True)
        self._preview = HandOverView()
        self._preview.setProperty("kind", "page")
        self.send_button = KeyButton(tr("Escalate"), Shortcut.SEND.key, kind="primary", icon_name="escalate")
        self._cancel = KeyButton(tr("Back"), "Esc")
        self.send_button.clicked.connect(self.send)
        self._cancel.clicked.connect(self.cancelled)
        self.reason.chosen.connect(lambda _: self._on_chosen(self.impact))
        self.impact.chosen.connect(lambda _: self._on_chosen(self.urgency))
        self.urgency.chosen.connect(lambda _: self._on_chosen(self.send_button))
        self._lay_out()

    def open(self) -> None:
        """Ask anew for the call of now; the reason is guessed from what was tried."""
        work = self._desk.work
        if work is None:
            return
        if not self._products:
            self._background.run(
                self._desk.desk.lanes.queries, self._desk.desk.customers.products, owner=self, done=self._on_products
            )
        missing = missing_facts(work)
        self._caller.setVisible("caller" in missing)
        self._product.setVisible("product" in missing)
        self._caller.clear()
        self.reason.choose(_likely_reason(work))
        self.impact.choose(None)
        self.urgency.choose(None)
        self.refresh()
        first = self.impact if self.reason.value else self.reason
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self) -> None:
        """The preview follows every key stroke in the note."""
        work = self._desk.work
        if work is None or self.isHidden():
            return
        made = self._hand_over(work)
        is_decided = self.impact.value is not None and self.urgency.value is not None
        self._preview.show_hand_over(title(work), made, priority(made.impact, made.urgency) if is_decided else None)
        self._advice.setText(self._what_is_missing(work))

    def preview_text(self) -> str:
        """The note as second level will read it."""
        return self._preview.note

    def send(self) -> None:
        """Ctrl+Return: pass the case, unless something is still to be said."""
        work = self._desk.work
        if work is None or work.outcome:
            return
        for row in (self.reason, self.impact, self.urgency):
            if row.value is None:
                self.refresh()
                row.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self._desk.escalate(self._hand_over(work))
        self.sent.emit()

    def _hand_over(self, work: CallWork) -> HandOver:
        return hand_over(
            work,
            entitlement_text(work.contract, date.today()),
            self.reason.value or EscalationReason.NO_ANSWER,
            self.impact.value or Impact.PERSON,
            self.urgency.value or Urgency.NORMAL,
        )

    def _what_is_missing(self, work: CallWork) -> str:
        asked = [row.accessibleName() for row in (self.reason, self.impact, self.urgency) if row.value is None]
        missing = missing_facts(work)
        if asked:
            return tr("Still to choose: {names}", names="  ".join(asked))
        if "note" in missing:
            return tr("The note is empty: a sentence helps second level.")
        if missing:
            return tr("Second level will have to ask: {names}", names=", ".join(_fact_name(name) for name in missing))
        return ""

    def _on_chosen(self, next_row: QWidget) -> None:
        self.refresh()
        next_row.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_caller(self, text: str) -> None:
        if self._desk.work and not self._caller.isHidden():
            self._desk.update(replace(self._desk.work, caller_name=text.strip()))
            self.refresh()

    def _on_products(self, products: tuple[Product, ...]) -> None:
        self._products = products
        self._product.blockSignals(True)
        self._product.clear()
        self._product.addItem(tr("Which product?"))
        self._product.addItems([product.name for product in products])
        self._product.blockSignals(False)

    def _on_product(self, row: int) -> None:
        if self._desk.work and not self._product.isHidden():
            product = self._products[row - 1] if row > 0 else None
            chosen = {"product_id": product.id, "product_name": product.name} if product else _NO_PRODUCT
            self._desk.update(replace(self._desk.work, **chosen))
            self.refresh()

    def _lay_out(self) -> None:
        ask = Card(tr("Escalate to second level"))
        for widget in (self._caller, self._product, self.reason, self.impact, self.urgency, self._advice):
            ask.body.addWidget(widget)
        ask.body.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.send_button)
        buttons.addWidget(self._cancel)
        buttons.addStretch(1)
        ask.body.addLayout(buttons)
        shown = Card(tr("Second level will see"))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._preview)
        shown.body.addWidget(scroll)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(8))
        layout.addWidget(ask, 1)
        layout.addWidget(shown, 1)


_NO_PRODUCT = {"product_id": None, "product_name": ""}


def _likely_reason(work: CallWork) -> EscalationReason | None:
    if any(read.steps_tried for read in work.answers):
        return EscalationReason.ANSWER_FAILED
    return EscalationReason.NO_ANSWER if work.searches and not work.answers else None


def _fact_name(name: str) -> str:
    names = {"caller": tr("Caller"), "number": tr("Number"), "product": tr("Product"), "note": tr("Note")}
    return names[name]
