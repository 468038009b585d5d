"""Contracts with their product and with what was used of them."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Row

from app.db.rows import ContractRow, ProductRow
from app.db.service_rows import BookingRow
from app.domain.bookings import BookingKind
from app.domain.customers import Contract, Product

_incidents = select(func.count()).where(
    BookingRow.contract_id == ContractRow.id, BookingRow.kind == BookingKind.INCIDENT
)
_minutes = select(func.coalesce(func.sum(BookingRow.billed_minutes), 0)).where(BookingRow.contract_id == ContractRow.id)
CONTRACTS = select(
    ContractRow,
    ProductRow,
    _incidents.scalar_subquery().label("incidents_used"),
    _minutes.scalar_subquery().label("minutes_used"),
).join(ProductRow, ProductRow.id == ContractRow.product_id)


def contract_of(found: Row[Any]) -> Contract:
    """A row of `CONTRACTS` as a value."""
    row = found.ContractRow
    return Contract(
        id=row.id,
        number=row.number,
        kind=row.kind,
        product=product_of(found.ProductRow),
        serial=row.serial,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        incidents_used=found.incidents_used,
        minutes_used=int(found.minutes_used),
    )


def product_of(row: ProductRow) -> Product:
    return Product(id=row.id, code=row.code, name=row.name, area=row.area, team_id=row.team_id)
