"""Column types that keep our values exact on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, SmallInteger, String, TypeDecorator
from sqlalchemy.types import TypeEngine, UserDefinedType


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; a naive time is a bug and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Number(TypeDecorator[IntEnum]):
    """An IntEnum as a small integer, so that it can stand in an index in its order."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, enum: type[IntEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: IntEnum | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> IntEnum | None:
        return None if value is None else self.enum(value)


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
