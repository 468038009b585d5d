"""Column types that keep our values exact on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Numeric, SmallInteger, String, TypeDecorator
from sqlalchemy.types import TypeEngine, UserDefinedType


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; a naive time is a bug and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """PostgreSQL takes any zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone: {value}")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Number(TypeDecorator[IntEnum]):
    """An IntEnum as a small integer, so that it can stand in an index in its order.

    It is an integer to the drivers as it is.
    """

    impl = SmallInteger
    cache_ok = True

    def __init__(self, enum: type[IntEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_result_value(self, value: int | None, dialect: Dialect) -> IntEnum | None:
        return None if value is None else self.enum(value)


class Exact(TypeDecorator[Decimal]):
    """An exact number. SQLite has none, and would make a float of it: there it is text."""

    impl = Numeric(18, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(24)) if dialect.name == "sqlite" else Numeric(18, 4)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if isinstance(value, float):
            raise TypeError("money is counted in Decimal")
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def word(enum: type[StrEnum]) -> Enum:
    """A StrEnum as its text: readable in `psql`, and extended without ALTER TYPE."""
    return Enum(enum, native_enum=False, length=30, values_callable=lambda e: [str(member) for member in e])


class _Xid8(UserDefinedType[Any]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


class _Name(UserDefinedType[str]):
    """PostgreSQL's type of role names: only so a policy that compares with `session_user` uses the index."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "name"


def login_name() -> TypeEngine[str]:
    return String(63).with_variant(_Name(), "postgresql")


def transaction_id() -> TypeEngine[Any]:
    return _Xid8().with_variant(BigInteger(), "sqlite")
