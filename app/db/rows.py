"""The tables. Rows stay in `app.db` and `app.services`; everything else sees the values of `app.domain`."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.types import Number, UtcDateTime, login_name, transaction_id, word
from app.domain.answer_use import UseKind
from app.domain.answers import Audience
from app.domain.bookings import BookingKind
from app.domain.call_backs import CallBackKind, CallBackState
from app.domain.calls import CallState, Disposition, EndedBy, EndReason, NumberKind
from app.domain.cases import CaseEvent, CaseState, Level, Priority, WaitReason
from app.domain.clocks import ClockKind
from app.domain.customers import ContractKind, ProductArea
from app.domain.lines import GatewayPhase, LineAction, OrderState, Refusal
from app.domain.people import AgentState, PauseCode
from app.domain.rules.rulebook import RuleKind
from app.domain.search_report import GapKind
from app.domain.topics import Topic
from app.domain.vocabulary import WordKind

_WORDS: tuple[type[StrEnum], ...] = (
    AgentState,
    Audience,
    BookingKind,
    CallBackKind,
    CallBackState,
    CallState,
    CaseEvent,
    CaseState,
    ClockKind,
    ContractKind,
    Disposition,
    EndedBy,
    EndReason,
    GapKind,
    GatewayPhase,
    LineAction,
    NumberKind,
    OrderState,
    PauseCode,
    ProductArea,
    Refusal,
    RuleKind,
    Topic,
    UseKind,
    WaitReason,
    WordKind,
)
COUNTER = BigInteger().with_variant(Integer(), "sqlite")
_Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Row(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        date: Date(),
        UUID: Uuid(),
        Level: Number(Level),
        Priority: Number(Priority),
        dict[str, Any]: _Json,
        list[str]: _Json,
        **{enum: word(enum) for enum in _WORDS},
    }


class TeamRow(Row):
    __tablename__ = "team"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)


class PersonRow(Row):
    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(login_name(), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    roles: Mapped[list[str]]


class AgentRow(Row):
    """An agent's state at the telephone, as its desk last said."""

    __tablename__ = "agent"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    state: Mapped[AgentState]
    pause_code: Mapped[PauseCode | None]
    since: Mapped[datetime]
    told_at: Mapped[datetime]  # when the desk decided it: a late command never overwrites a newer one


class ProductRow(Row):
    __tablename__ = "product"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    area: Mapped[ProductArea]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))


class CustomerRow(Row):
    __tablename__ = "customer"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    company: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(8))


class PhoneRow(Row):
    __tablename__ = "phone"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"), index=True)
    label: Mapped[str] = mapped_column(String(40))
    shown: Mapped[str] = mapped_column(String(60))
    normal: Mapped[str] = mapped_column(String(40), index=True)


class ContractRow(Row):
    __tablename__ = "contract"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    kind: Mapped[ContractKind]
    serial: Mapped[str] = mapped_column(String(60), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class CallRow(Row):
    """One call. `case_id` has no foreign key: a desk's call may arrive before the case that it holds back for undo."""

    __tablename__ = "call"
    __table_args__ = (
        Index(
            "ix_call_now", "state", sqlite_where=text("state <> 'closed'"), postgresql_where=text("state <> 'closed'")
        ),
        Index("ix_call_customer", "customer_id", "queued_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(20))
    number_raw: Mapped[str] = mapped_column(String(200))
    number_kind: Mapped[NumberKind]
    number_normal: Mapped[str | None] = mapped_column(String(40))
    display_name: Mapped[str] = mapped_column(String(200))
    queue: Mapped[str] = mapped_column(String(100))
    state: Mapped[CallState]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # who answered
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id"))
    case_id: Mapped[UUID | None]
    queued_at: Mapped[datetime] = mapped_column(index=True)
    offered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    held_ms: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None]
    wrapped_up_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None]
    ended_by: Mapped[EndedBy | None]
    is_outgoing: Mapped[bool] = mapped_column(server_default=false())
    disposition: Mapped[Disposition | None]
    note: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime]


def _waiting(name: str, *narrowed_by: str) -> Index:
    """The waiting cases in the order of their queue."""
    is_waiting = text("state = 'waiting'")
    key = (*narrowed_by, "level", "priority", "due_at", "id")
    return Index(name, *key, sqlite_where=is_waiting, postgresql_where=is_waiting)


class CaseRow(Row):
    """One case. Exactly one level owns it; `owner_id` is the person of that level who has it, if anybody."""

    __tablename__ = "case_file"  # CASE is a word of SQL
    __table_args__ = (
        _waiting("ix_case_file_waiting"),
        _waiting("ix_case_file_waiting_of_product", "product_id"),
        _waiting("ix_case_file_waiting_of_team", "team_id"),
        Index(
            "ix_case_file_of_owner",
            "owner_id",
            sqlite_where=text("state <> 'solved'"),
            postgresql_where=text("state <> 'solved'"),
        ),
        Index("ix_case_file_customer", "customer_id", "state"),
        Index(
            "ix_case_file_alarm",
            "alarm_at",
            sqlite_where=text("alarm_at IS NOT NULL"),
            postgresql_where=text("alarm_at IS NOT NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[CaseState]
    level: Mapped[Level]
    priority: Mapped[Priority]
    due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    level_since: Mapped[datetime]
    solved_at: Mapped[datetime | None] = mapped_column(index=True)
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    call_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id"))
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id"))
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey("product.id"))
    answer_id: Mapped[UUID | None]  # what solved it at first level
    passed_down: Mapped[dict[str, Any] | None]  # where third level's solution is published
    kept_back: Mapped[str] = mapped_column(Text, server_default="")  # or why it is not
    plan: Mapped[ContractKind | None]  # of the contract, as it was when the case was opened
    waits_for: Mapped[WaitReason | None]
    warn_at: Mapped[datetime | None]  # this and the next three, as `due_at`: `app.domain.clocks.Reckoned`
    resolve_due_at: Mapped[datetime | None]
    resolve_warn_at: Mapped[datetime | None]
    alarm_at: Mapped[datetime | None]


class TimelineRow(Row):
    """What happened to a case; only ever added to. `hand_over` and `caller_number` go with an escalation.

    The number stands apart, because third level may not read it.
    """

    __tablename__ = "timeline"
    __table_args__ = (Index("ix_timeline_case", "case_id", "at"), Index("ix_timeline_event", "event", "at"))
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    at: Mapped[datetime]
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    event: Mapped[CaseEvent]
    from_level: Mapped[Level]
    to_level: Mapped[Level]
    text: Mapped[str] = mapped_column(Text)
    hand_over: Mapped[dict[str, Any] | None]
    caller_number: Mapped[str | None] = mapped_column(String(200))
    waits_for: Mapped[WaitReason | None]


class WatcherRow(Row):
    """Who gave a case away keeps sight of it."""

    __tablename__ = "watcher"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class AppliedCommandRow(Row):
    """The commands that were done, written in their own transaction: a repeated one finds itself here."""

    __tablename__ = "applied_command"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    by: Mapped[UUID | None]  # without a foreign key: it is written with each command, and read by policies alone
    applied_at: Mapped[datetime]
    subject_id: Mapped[UUID | None]


class ChangeRow(Row):
    """What changed, appended by each writing transaction; `tx` is the cursor on PostgreSQL, `id` on SQLite."""

    __tablename__ = "change"
    id: Mapped[int] = mapped_column(COUNTER, Identity(always=True), primary_key=True)
    topic: Mapped[Topic]
    subject_id: Mapped[UUID]
    at: Mapped[datetime]
    tx: Mapped[Any] = mapped_column(transaction_id(), nullable=True, index=True)  # PostgreSQL fills it in
