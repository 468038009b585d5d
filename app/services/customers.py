"""Who may be calling: all customers that a number or a name fits, ranked, with what they own and what is open."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import CallRow, CaseRow, ContractRow, CustomerRow, PhoneRow, ProductRow
from app.domain.calls import CallerNumber
from app.domain.customers import (
    CallerMatch,
    Contract,
    Customer,
    MatchSource,
    OpenCase,
    Phone,
    Product,
    ranked,
)
from app.domain.typed_text import typed
from app.services import callers
from app.services.contracts import CONTRACTS, contract_of, product_of

_SWITCHBOARD_DIGITS = 2  # last digits that differ between the extensions of one company
_RECENT = timedelta(days=7)


class Customers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def matches(self, caller: CallerNumber, *, except_call: UUID | None = None) -> tuple[CallerMatch, ...]:
        """All customers who may be calling, best first; `except_call` is not counted among the recent calls."""
        with callers.asking(self._database) as session:
            sources = _sources(session, caller)
            customers = _customers(session, sources, except_call)
        return ranked([CallerMatch(customer=c, source=sources[c.id]) for c in customers])

    def find(self, words: str) -> tuple[Customer, ...]:
        """Customers whose name or company holds `words`, or whose number begins with it; the first 20 by name."""
        words = typed(words).strip()
        if not words:
            return ()
        with callers.asking(self._database) as session:
            found = _customers(session, callers.like(session, words), None)
        return tuple(sorted(found, key=lambda c: c.name))

    def products(self) -> tuple[Product, ...]:
        """All products, by name."""
        with self._database.read() as session:
            return tuple(product_of(row) for row in session.scalars(select(ProductRow).order_by(ProductRow.name)))


def _sources(session: Session, caller: CallerNumber) -> dict[UUID, MatchSource]:
    """The customers that may be calling, each with its strongest reason."""
    found: dict[UUID, MatchSource] = {}
    if caller.normal:
        found |= dict.fromkeys(callers.with_number(session, caller.normal), MatchSource.NUMBER)
        if not found and caller.normal.startswith("+"):
            stem = caller.normal[:-_SWITCHBOARD_DIGITS]
            extensions = callers.at_switchboard(session, stem, len(caller.normal))
            found |= dict.fromkeys(extensions, MatchSource.SWITCHBOARD)
    if not found and caller.display_name:
        found |= dict.fromkeys(callers.named(session, caller.display_name), MatchSource.NAME)
    return found


def _customers(session: Session, ids: Iterable[UUID], except_call: UUID | None) -> list[Customer]:
    """The customers with everything the card shows: always five queries, however many they are."""
    ids = list(ids)
    if not ids:
        return []
    rows = session.scalars(select(CustomerRow).where(CustomerRow.id.in_(ids))).all()
    phones: dict[UUID, list[Phone]] = defaultdict(list)
    for phone in session.scalars(select(PhoneRow).where(PhoneRow.customer_id.in_(ids)).order_by(PhoneRow.label)):
        phones[phone.customer_id].append(Phone(label=phone.label, shown=phone.shown, normal=phone.normal))
    contracts = _contracts(session, ids)
    open_cases = _open_cases(session, ids)
    calls = _recent_calls(session, ids, except_call)
    return [
        Customer(
            id=row.id,
            number=row.number,
            name=row.name,
            company=row.company,
            city=row.city,
            language=row.language,
            phones=tuple(phones[row.id]),
            contracts=tuple(contracts[row.id]),
            open_cases=tuple(open_cases[row.id]),
            calls_in_7_days=calls.get(row.id, 0),
        )
        for row in rows
    ]


def _contracts(session: Session, ids: list[UUID]) -> dict[UUID, list[Contract]]:
    """Of each customer, the newest first."""
    found: dict[UUID, list[Contract]] = defaultdict(list)
    query = CONTRACTS.where(ContractRow.customer_id.in_(ids)).order_by(ContractRow.ends_on.desc())
    for row in session.execute(query):
        found[row.ContractRow.customer_id].append(contract_of(row))
    return found


def _open_cases(session: Session, ids: list[UUID]) -> dict[UUID, list[OpenCase]]:
    found: dict[UUID, list[OpenCase]] = defaultdict(list)
    query = (
        select(CaseRow.id, CaseRow.customer_id, CaseRow.number, CaseRow.title, CaseRow.level, CaseRow.opened_at)
        .where(CaseRow.customer_id.in_(ids), text("case_file.state <> 'solved'"))
        .order_by(CaseRow.opened_at.desc())
    )
    for row in session.execute(query):
        if row.customer_id is not None:
            found[row.customer_id].append(
                OpenCase(id=row.id, number=row.number, title=row.title, level=row.level, opened_at=row.opened_at)
            )
    return found


def _recent_calls(session: Session, ids: list[UUID], except_call: UUID | None) -> dict[UUID | None, int]:
    query = (
        select(CallRow.customer_id, func.count())
        .where(CallRow.customer_id.in_(ids), CallRow.queued_at >= datetime.now(UTC) - _RECENT)
        .group_by(CallRow.customer_id)
    )
    if except_call is not None:
        query = query.where(CallRow.id != except_call)
    return {row[0]: row[1] for row in session.execute(query)}
