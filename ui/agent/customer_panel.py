"""Who calls: all who may be, the one who is, what they own and which cases are open."""

from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.customers import CallerMatch, Contract, Customer, MatchSource, OpenCase, Phone
from app.domain.work import CallWork, number_to_attach
from app.i18n import tr
from app.telephony.numbers import readable
from ui.agent.entitlement import entitlement_text
from ui.agent.entitlement_bar import EntitlementBar
from ui.background import Background
from ui.call_desk import CallDesk
from ui.labels import date_text, label, language_name
from ui.models.records import Column, RecordModel
from ui.refresh import Refresher
from ui.shortcuts import Shortcut
from ui.theme import colours, scaled
from ui.widgets.card import Card
from ui.widgets.facts import Facts
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable

_SHOWN_ROWS = 4
_SHOWN_CASES = 3
_TYPING_PAUSE_MS = 150


class CustomerPanel(Card):
    """A choice as long as nobody is chosen; then the customer's record with the contract the call is about."""

    def __init__(self, desk: CallDesk, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(tr("Customer"), parent)
        self._desk = desk
        self._shown: CallWork | None = None
        self._picker = _Picker(desk, background)
        self._facts = Facts()
        self._contracts = _contract_table()
        self._contracts.current_record.connect(self._on_contract)
        self._attach = KeyButton(tr("Keep the number"), Shortcut.ATTACH_NUMBER.key, icon_name="phone")
        self._attach.setToolTip(Shortcut.ATTACH_NUMBER.text)
        self._attach.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._attach.clicked.connect(desk.attach_number)
        self.entitlement = EntitlementBar(desk)
        self._cases = PlainLabel(kind="muted")
        self._cases.setWordWrap(True)
        self._empty = PlainLabel(tr("With the call, the caller's record appears here."), kind="muted")
        self._empty.setWordWrap(True)
        for widget in (
            self._empty,
            self._picker,
            self._facts,
            self._attach,
            self._contracts,
            self.entitlement,
            self._cases,
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        desk.changed.connect(self.refresh)
        self.refresh()

    def focus_choice(self) -> None:
        """Let the keyboard choose among those who may be calling."""
        self._picker.focus_choice()

    def attach_number(self) -> None:
        """Ctrl+M."""
        self._desk.attach_number()

    def refresh(self) -> None:
        """Show who calls, or who may be calling."""
        work = self._desk.shown
        customer = work.customer if work else None
        self._empty.setVisible(work is None)
        self._picker.setVisible(work is not None and customer is None)
        for widget in (self._facts, self._contracts, self._cases):
            widget.setVisible(customer is not None)
        self._attach.setVisible(number_to_attach(work) is not None)
        if work is not None and customer is None:
            self._picker.show_matches(work.call.id, self._desk.matches)
        if work is not None and customer is not None:
            self._show_customer(work, customer)
        self.entitlement.refresh()
        self._shown = self._desk.shown

    def _show_customer(self, work: CallWork, customer: Customer) -> None:
        self._facts.set_facts(
            [
                (tr("Name"), customer.name),
                (tr("Company"), customer.company),
                (tr("Number"), customer.number),
                (tr("Place"), customer.city),
                (tr("Phone"), "\n".join(_phone_text(phone) for phone in customer.phones)),
                (tr("Language"), language_name(customer.language)),
            ]
        )
        self._contracts.records.replace(customer.contracts)
        if work.contract_id:
            self._contracts.choose(work.contract_id)
        self._contracts.fit_rows(1, _SHOWN_ROWS)
        self._cases.setText(_cases_text(customer.open_cases))

    def _on_contract(self, contract: Contract | None) -> None:
        work = self._desk.work
        if contract is None or work is None or work.customer is None or work.contract_id == contract.id:
            return
        if contract in work.customer.contracts:
            self._desk.update(replace(work, contract_id=contract.id))
            self._desk.changed.emit()


class _Picker(QWidget):
    """All who may be calling, ranked; or a search by name, company or number. A choice takes a key or a click."""

    def __init__(self, desk: CallDesk, background: Background) -> None:
        super().__init__()
        self._desk = desk
        self._call_id: UUID | None = None
        self._matches: tuple[CallerMatch, ...] = ()
        self._field = QLineEdit()
        self._field.setPlaceholderText(tr("Find: name, company, number, serial number"))
        self._field.setAccessibleName(tr("Find customer"))
        self._field.textChanged.connect(self._on_typed)
        self._table = _match_table()
        self._table.activated_record.connect(lambda row: desk.choose_customer(row.customer))
        self._refresher = Refresher(
            background, desk.desk.lanes.queries, partial(desk.desk.customers.find, ""), self._on_found, self
        )
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._search)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(6))
        layout.addWidget(self._field)
        layout.addWidget(self._table)

    def show_matches(self, call_id: UUID, matches: tuple[CallerMatch, ...]) -> None:
        """Who may be calling by number or name; what was searched for another caller is over."""
        self._matches = matches
        if call_id != self._call_id:
            self._call_id = call_id
            self._field.clear()
        self._show_if_nothing_is_typed()

    def focus_choice(self) -> None:
        self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        # With the focus the first row becomes the current one without being marked.
        self._table.step(1 if self._table.current() is None else 0)

    def _on_typed(self) -> None:
        self._pause.start()

    def _search(self) -> None:
        if self._field.text().strip():
            self._refresher.ask(partial(self._desk.desk.customers.find, self._field.text()))
        else:
            self._show_if_nothing_is_typed()

    def _show_if_nothing_is_typed(self) -> None:
        if not self._field.text().strip():
            self._show([_Candidate(match.customer, match.source) for match in self._matches])

    def _on_found(self, customers: tuple[Customer, ...]) -> None:
        if self._field.text().strip():
            self._show([_Candidate(customer, None) for customer in customers])

    def _show(self, candidates: list["_Candidate"]) -> None:
        self._table.records.replace(candidates)
        self._table.fit_rows(2, _SHOWN_ROWS)


class _Candidate:
    """A customer to choose, and why."""

    def __init__(self, customer: Customer, source: MatchSource | None) -> None:
        self.id = customer.id
        self.customer = customer
        self.reason = label(source) if source else customer.number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Candidate) and (self.customer, self.reason) == (other.customer, other.reason)

    def __hash__(self) -> int:
        return hash(self.id)


def _match_table() -> RecordTable[_Candidate]:
    columns = (
        Column[_Candidate](title=lambda: tr("Caller"), text=_candidate_text, stretches=True),
        Column[_Candidate](title=lambda: tr("Why"), text=lambda c: c.reason, width=148),
    )
    table = RecordTable(RecordModel(columns), lambda: tr("Nobody fits this number. Ask for the name, type it above."))
    table.setAccessibleName(tr("Who may be calling"))
    return table


def _candidate_text(candidate: _Candidate) -> str:
    return ", ".join(filter(None, (candidate.customer.name, candidate.customer.company)))


def _contract_table() -> RecordTable[Contract]:
    columns = (
        Column[Contract](
            title=lambda: tr("Product"), text=lambda c: c.product.name, stretches=True, tool_tip=_contract_tip
        ),
        Column[Contract](
            title=lambda: tr("Valid until"), text=_validity, width=104, colour=_validity_colour, tool_tip=_contract_tip
        ),
    )
    table = RecordTable(RecordModel(columns), lambda: tr("No product on record"))
    table.setAccessibleName(tr("Products and contracts"))
    return table


def _cases_text(cases: tuple[OpenCase, ...]) -> str:
    if not cases:
        return tr("No open case")
    count = len(cases)
    title = tr("Open cases") if count <= _SHOWN_CASES else tr("{n} open cases, the newest:", n=count)
    return "\n".join((title, *(f"{case.number}  {case.title}" for case in cases[:_SHOWN_CASES])))


def _phone_text(phone: Phone) -> str:
    return readable(phone.normal) if phone.shown == phone.normal else phone.shown


def _contract_tip(contract: Contract) -> str:
    return f"{entitlement_text(contract, date.today())}, {contract.serial}"


def _validity(contract: Contract) -> str:
    return date_text(contract.ends_on) if contract.is_in_force(date.today()) else tr("expired")


def _validity_colour(contract: Contract) -> QColor | None:
    return None if contract.is_in_force(date.today()) else colours().danger
