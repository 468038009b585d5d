"""The questions by which a caller is found: each gives at most `MATCH_LIMIT` customers' ids.

On PostgreSQL people ask functions of `app/db/rights`: a caller may be a customer of another team, whom no policy shows
to the agent. They answer narrow questions only, and note who asked; so ask in a writing transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import ContractRow, CustomerRow, PhoneRow

MATCH_LIMIT = 20
_NARROW = 3  # characters; of fewer, only those customers are found whom the person sees anyway


@contextmanager
def asking(database: Database) -> Iterator[Session]:
    """A transaction to ask in, and then to read whom it found."""
    with database.read() if database.is_sqlite else database.write() as session:
        yield session


def with_number(session: Session, number: str) -> Iterable[UUID]:
    """Whose number this is, exactly."""
    known = select(PhoneRow.customer_id).where(PhoneRow.normal == number).limit(MATCH_LIMIT)
    return session.scalars(_asked(session, func.firstline.customers_with_number(number), known))


def at_switchboard(session: Session, stem: str, length: int) -> Iterable[UUID]:
    """Companies with an extension that begins with `stem` and has `length` characters; private neighbours are none."""
    known = (
        select(PhoneRow.customer_id)
        .join(CustomerRow, CustomerRow.id == PhoneRow.customer_id)
        .where(PhoneRow.normal.startswith(stem, autoescape=True), func.length(PhoneRow.normal) == length)
        .where(CustomerRow.company != "")
        .limit(MATCH_LIMIT)
    )
    return session.scalars(_asked(session, func.firstline.customers_at_switchboard(stem, length), known))


def named(session: Session, name: str) -> Iterable[UUID]:
    """Whose whole name this is, in capitals or not."""
    known = select(CustomerRow.id).where(func.lower(CustomerRow.name) == name.lower()).limit(MATCH_LIMIT)
    return session.scalars(_asked(session, func.firstline.customers_named(name), known))


def like(session: Session, words: str) -> Iterable[UUID]:
    """Whose name or company holds `words`, whose number begins with it, or who has the product of this serial number;
    by name."""
    owners = select(ContractRow.customer_id).where(ContractRow.serial == words.upper())
    known = (
        select(CustomerRow.id)
        .where(
            CustomerRow.name.icontains(words, autoescape=True)
            | CustomerRow.company.icontains(words, autoescape=True)
            | CustomerRow.number.istartswith(words, autoescape=True)
            | CustomerRow.id.in_(owners)
        )
        .order_by(CustomerRow.name)
        .limit(MATCH_LIMIT)
    )
    return session.scalars(
        known if len(words) < _NARROW else _asked(session, func.firstline.customers_like(words), known)
    )


def _asked(session: Session, function: Any, known: Select[UUID]) -> Select[UUID]:
    return known if session.get_bind().dialect.name == "sqlite" else select(function)
