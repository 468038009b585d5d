"""Escalate: the hand-over has written itself; the agent says why, how many are hit and how soon it hurts."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.domain.cases import EscalationReason, HandOver, Impact, Urgency, priority
from app.domain.customers import Product
from app.domain.typed_text import typed
from app.domain.work import CallWork, hand_over, missing_facts, title, with_product
from app.i18n import tr
from ui.agent.entitlement import entitlement_words
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
from ui.widgets.scrolled_page import ScrolledPage

Choices = tuple[EscalationReason | None, Impact | None, Urgency | None]


class EscalationPanel(QWidget):
    """Left what is asked, right what second level will see. Digits choose, Ctrl+Return sends, Escape goes back."""

    cancelled = Signal()
    sent = Signal()

    def __init__(self, desk: CallDesk, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._background = background
        self._call_id: object = None
        self._guessed: EscalationReason | None = None
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
        self.version, self.promised = QLineEdit(), QLineEdit()
        self.version.setPlaceholderText(tr("Version of the product, if known"))
        self.version.setAccessibleName(tr("Version of the product"))
        self.promised.setPlaceholderText(tr("Promised to the customer, if anything"))
        self.promised.setAccessibleName(tr("Promised to the customer"))
        for field in (self.version, self.promised):
            field.textChanged.connect(self._on_typed)
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
        for row in (self.reason, self.impact, self.urgency):
            row.moved.connect(self.refresh)
        self._lay_out()

    @property
    def choices(self) -> Choices:
        """What is chosen now."""
        return self.reason.value, self.impact.value, self.urgency.value

    def open(self, choices: Choices = (None, None, None)) -> None:
        """Ask for the call of now: anew for another call, else on from where it was left.

        The reason is guessed from what was tried, as long as the agent has not said another.
        """
        work = self._desk.work
        if work is None:
            return
        if not self._products:
            self._background.run(
                self._desk.desk.lanes.queries, self._desk.desk.products, owner=self, done=self._on_products
            )
        if work.call.id != self._call_id:
            self._begin(work, choices)
        if self.reason.value in (None, self._guessed):
            self._guessed = _likely_reason(work)
            self.reason.choose(self._guessed)
        self.refresh()
        open_rows = (row for row in (self.reason, self.impact, self.urgency) if row.value is None)
        self._questions.focus(next(open_rows, self.send_button), Qt.FocusReason.ShortcutFocusReason)

    def refresh(self) -> None:
        """The preview follows every key stroke in the note, and who the caller turns out to be."""
        work = self._desk.work
        if work is None or self.isHidden():
            return
        to_ask = missing_facts(replace(work, caller_name="", product_name=""))
        self._caller.setVisible("caller" in to_ask)
        self._product.setVisible("product" in to_ask)
        self._show_product(work)
        made = self._hand_over(work)
        is_decided = self.impact.value is not None and self.urgency.value is not None
        decided = priority(made.impact, made.urgency) if is_decided else None
        self._preview.show_hand_over(title(work), made, decided, has_reason=self.reason.value is not None)
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
                self._questions.focus(row, Qt.FocusReason.OtherFocusReason)
                return
        if self._desk.outcome.escalate(self._hand_over(work)):
            self.sent.emit()

    def _begin(self, work: CallWork, choices: Choices) -> None:
        self._call_id = work.call.id
        self._guessed = None
        self._caller.blockSignals(True)
        self._caller.setText(work.caller_name)
        self._caller.blockSignals(False)
        for field, text in ((self.version, work.version), (self.promised, work.promised)):
            field.blockSignals(True)
            field.setText(text)
            field.blockSignals(False)
        self.reason.choose(choices[0])
        self.impact.choose(choices[1])
        self.urgency.choose(choices[2])

    def _show_product(self, work: CallWork) -> None:
        """The product that the work has; nothing is told to the work."""
        ids = [product.id for product in self._products]
        self._product.blockSignals(True)
        self._product.setCurrentIndex(ids.index(work.product_id) + 1 if work.product_id in ids else 0)
        self._product.blockSignals(False)

    def _hand_over(self, work: CallWork) -> HandOver:
        return hand_over(
            work,
            entitlement_words(work, self._desk.outcome.entitlement(work)),
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
        self._questions.focus(next_row, Qt.FocusReason.TabFocusReason)

    def _on_caller(self, text: str) -> None:
        if self._desk.work and not self._caller.isHidden():
            self._desk.update(replace(self._desk.work, caller_name=typed(text).strip()))
            self.refresh()

    def _on_typed(self) -> None:
        if self._desk.work:
            version, promised = typed(self.version.text()), typed(self.promised.text())
            self._desk.update(replace(self._desk.work, version=version, promised=promised))
            self.refresh()

    def _on_products(self, products: tuple[Product, ...]) -> None:
        self._products = products
        self._product.blockSignals(True)
        self._product.clear()
        self._product.addItem(tr("Which product?"))
        self._product.addItems([product.name for product in products])
        self._product.blockSignals(False)
        if self._desk.work:
            self._show_product(self._desk.work)

    def _on_product(self, row: int) -> None:
        if self._desk.work and not self._product.isHidden():
            product = self._products[row - 1] if row > 0 else None
            self._desk.update(with_product(self._desk.work, product))
            self._desk.changed.emit()
            self.refresh()

    def _lay_out(self) -> None:
        ask = Card(tr("Escalate to second level"))
        questions = QWidget()
        column = QVBoxLayout(questions)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(ask.body.spacing())
        for widget in (
            self._caller,
            self._product,
            self.reason,
            self.impact,
            self.urgency,
            self.version,
            self.promised,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self._questions = ScrolledPage(questions)  # under a notice and a raised hand there is not room for all
        ask.body.addWidget(self._questions)
        ask.body.addWidget(self._advice)
        buttons = QHBoxLayout()
        buttons.addWidget(self.send_button)
        buttons.addWidget(self._cancel)
        buttons.addStretch(1)
        ask.body.addLayout(buttons)
        shown = Card(tr("Second level will see"))
        self._preview.setMinimumWidth(1)  # as wide as there is room: its words are broken, none is scrolled to
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


def _likely_reason(work: CallWork) -> EscalationReason | None:
    if any(read.steps_tried for read in work.answers):
        return EscalationReason.ANSWER_FAILED
    return EscalationReason.NO_ANSWER if work.searches and not work.answers else None


def _fact_name(name: str) -> str:
    names = {"caller": tr("Caller"), "number": tr("Number"), "product": tr("Product"), "note": tr("Note")}
    return names[name]
