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

MATCH_LIMIT = 20
_SWITCHBOARD_DIGITS = 2  # last digits that differ between the extensions of one company
_RECENT = timedelta(days=7)


class Customers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def matches(self, caller: CallerNumber, *, except_call: UUID | None = None) -> tuple[CallerMatch, ...]:
        """All customers who may be calling, best first; `except_call` is not counted among the recent calls."""
        with self._database.read() as session:
            sources = _sources(session, caller)
            customers = _customers(session, sources, except_call)
        return ranked([CallerMatch(customer=c, source=sources[c.id]) for c in customers])

    def find(self, words: str, *, limit: int = MATCH_LIMIT) -> tuple[Customer, ...]:
        """Customers whose name or company holds `words`, or whose number begins with it."""
        words = typed(words).strip()
        if not words:
            return ()
        with self._database.read() as session:
            ids = session.scalars(
                select(CustomerRow.id)
                .where(
                    CustomerRow.name.icontains(words, autoescape=True)
                    | CustomerRow.company.icontains(words, autoescape=True)
                    | CustomerRow.number.istartswith(words, autoescape=True)
                )
                .order_by(CustomerRow.name)
                .limit(limit)
            ).all()
            return tuple(sorted(_customers(session, ids, None), key=lambda c: c.name))

    def products(self) -> tuple[Product, ...]:
        """All products, by name."""
        with self._database.read() as session:
            return tuple(_product(row) for row in session.scalars(select(ProductRow).order_by(ProductRow.name)))


def _sources(session: Session, caller: CallerNumber) -> dict[UUID, MatchSource]:
    """The customers that may be calling, each with its strongest reason."""
    found: dict[UUID, MatchSource] = {}
    if caller.normal:
        exact = select(PhoneRow.customer_id).where(PhoneRow.normal == caller.normal).limit(MATCH_LIMIT)
        found |= dict.fromkeys(session.scalars(exact), MatchSource.NUMBER)
        if not found and caller.normal.startswith("+"):
            near = PhoneRow.normal.startswith(caller.normal[:-_SWITCHBOARD_DIGITS], autoescape=True)
            same_length = func.length(PhoneRow.normal) == len(caller.normal)
            switchboard = (
                select(PhoneRow.customer_id)
                .join(CustomerRow, CustomerRow.id == PhoneRow.customer_id)
                .where(near, same_length, CustomerRow.company != "")  # private neighbours have nothing to do with it
            )
            found |= dict.fromkeys(session.scalars(switchboard.limit(MATCH_LIMIT)), MatchSource.SWITCHBOARD)
    if not found and caller.display_name:
        named = select(CustomerRow.id).where(func.lower(CustomerRow.name) == caller.display_name.lower())
        found |= dict.fromkeys(session.scalars(named.limit(MATCH_LIMIT)), MatchSource.NAME)
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
    query = (
        select(ContractRow, ProductRow)
        .join(ProductRow, ProductRow.id == ContractRow.product_id)
        .where(ContractRow.customer_id.in_(ids))
        .order_by(ContractRow.ends_on.desc())
    )
    for row, product in session.execute(query):
        found[row.customer_id].append(
            Contract(
                id=row.id,
                number=row.number,
                kind=row.kind,
                product=_product(product),
                serial=row.serial,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
        )
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


def _product(row: ProductRow) -> Product:
    return Product(id=row.id, code=row.code, name=row.name, area=row.area, team_id=row.team_id)
