"""The books of cases and contracts: what was agreed, what was used, what is left."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.one_statement import NewRow
from app.db.rows import CaseRow, ContractRow, PersonRow, ProductRow
from app.db.service_rows import BookingRow
from app.domain.bookings import Booking, BookingKind
from app.domain.commands import BookOnCase
from app.domain.customers import Contract
from app.domain.entitlement import Entitlement, entitlement
from app.domain.errors import NotFound
from app.domain.money import Charge, Money
from app.domain.rules.rulebook import Rulebook
from app.domain.topics import Topic
from app.i18n import tr
from app.services.booked import booking_values
from app.services.contracts import CONTRACTS, contract_of
from app.services.once import Attempt, apply_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a case's book, and who wrote it."""

    booking: Booking
    person_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBook:
    """What is booked on a case, oldest first, and what its customer may have as of the day it was opened."""

    entries: tuple[Entry, ...]
    entitlement: Entitlement
    contract: Contract | None

    @property
    def contract_id(self) -> UUID | None:
        return self.contract.id if self.contract else None

    @property
    def is_settled(self) -> bool:
        """Whether the customer said yes, or somebody gave it for nothing."""
        return any(entry.booking.kind in (BookingKind.AGREED, BookingKind.GOODWILL) for entry in self.entries)

    @property
    def is_given(self) -> bool:
        """For nothing, as somebody decided."""
        return any(entry.booking.kind is BookingKind.GOODWILL for entry in self.entries)

    @property
    def minutes(self) -> int:
        return sum(entry.booking.minutes for entry in self.entries)


class Bookings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def book(self, command: BookOnCase) -> UUID | None:
        """Write an entry; the id of the case, None for a case that never came to the database."""
        return apply_once(self._database, command, _book)

    def of_case(self, case_id: UUID, book: Rulebook) -> CaseBook:
        """The book of a case. Times are those of the centre's days: the customer's verdict is that of the opening."""
        with self._database.read() as session:
            row = session.execute(_CASE.where(CaseRow.id == case_id)).one_or_none()
            if row is None:
                raise NotFound(tr("This case is not there any more."))
            contract = _contract(session, row.contract_id)
            found = session.execute(_ENTRIES.where(BookingRow.case_id == case_id)).all()
        entries = tuple(Entry(booking=_booking(row[0]), person_name=row.name) for row in found)
        incidents = sum(entry.booking.kind is BookingKind.INCIDENT for entry in entries)
        day = row.opened_at.astimezone().date()
        verdict = entitlement(contract, row.code or "", book.terms, day, incidents_booked=incidents)
        return CaseBook(entries=entries, entitlement=verdict, contract=contract)


def _book(attempt: Attempt[BookOnCase]) -> UUID | None:
    command = attempt.command
    known = attempt.connection.scalar(select(CaseRow.id).where(CaseRow.id == command.case_id))
    if known is None:  # its solving or escalation was refused, or taken back
        attempt.note()
        return None
    values = {**booking_values(command.booking, command.by), "case_id": command.case_id}
    return attempt.write_about(Topic.CASES, command.case_id, NewRow(row=BookingRow, values=values, keeps=True))


def _contract(session: Session, contract_id: UUID | None) -> Contract | None:
    found = session.execute(CONTRACTS.where(ContractRow.id == contract_id)).one_or_none() if contract_id else None
    return contract_of(found) if found else None


def _booking(row: BookingRow) -> Booking:
    charge = None
    if row.net is not None and row.tax is not None and row.currency:
        charge = Charge(
            net=Money(amount=row.net, currency=row.currency).rounded(),
            tax=Money(amount=row.tax, currency=row.currency).rounded(),
        )
    return Booking(
        id=row.id,
        kind=row.kind,
        at=row.at,
        contract_id=row.contract_id,
        minutes=row.minutes,
        billed_minutes=row.billed_minutes,
        charge=charge,
        text=row.text,
    )


_CASE = select(CaseRow.contract_id, CaseRow.opened_at, ProductRow.code).outerjoin(
    ProductRow, ProductRow.id == CaseRow.product_id
)
_ENTRIES = (
    select(BookingRow, PersonRow.name)
    .join(PersonRow, PersonRow.id == BookingRow.by)
    .order_by(BookingRow.at, BookingRow.id)
)
