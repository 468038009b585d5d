"""The tables of a line that many desks share: what rings where, telephones, the gateway, its orders, call-backs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.rows import Row
from app.domain.call_backs import CallBackKind, CallBackState
from app.domain.calls import EndReason
from app.domain.lines import GatewayPhase, LineAction, OrderState, Refusal


class RingRow(Row):
    """The newest ringing of one call at one person's telephone, as the gateway saw it."""

    __tablename__ = "ring"
    __table_args__ = (Index("ix_ring_of_person", "person_id", "at"),)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None]


class TelephoneRow(Row):
    """A telephone of the PBX's queues; whose it is, an administrator says, or its name there that is a login."""

    __tablename__ = "telephone"
    interface: Mapped[str] = mapped_column(String(80), primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), unique=True)
    name: Mapped[str] = mapped_column(String(100), server_default="")
    device: Mapped[str] = mapped_column(String(30), server_default="unknown")
    is_paused: Mapped[bool] = mapped_column(server_default=text("false"))
    pause_reason: Mapped[str] = mapped_column(String(100), server_default="")
    told_at: Mapped[datetime | None]


class GatewayRow(Row):
    """One row: what the active gateway said last. It is written each second, so nothing else stands in it."""

    __tablename__ = "gateway"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(100))
    phase: Mapped[GatewayPhase]
    since: Mapped[datetime]
    beat_at: Mapped[datetime]
    waiting_count: Mapped[int] = mapped_column(Integer)
    waiting_since: Mapped[datetime | None]
    capabilities: Mapped[list[str]]


class LineOrderRow(Row):
    """What a person asked of the telephone system, and what came of it."""

    __tablename__ = "line_order"
    __table_args__ = (
        Index(
            "ix_line_order_waiting",
            "at",
            sqlite_where=text("state IN ('waiting', 'taken')"),
            postgresql_where=text("state IN ('waiting', 'taken')"),
        ),
        Index("ix_line_order_of_person", "by", "at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    action: Mapped[LineAction]
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("call.id"))
    text: Mapped[str] = mapped_column(String(100))
    state: Mapped[OrderState] = mapped_column(server_default="waiting")
    refusal: Mapped[Refusal | None]
    detail: Mapped[str] = mapped_column(String(200), server_default="")
    answered_at: Mapped[datetime | None]


class CallBackRow(Row):
    """A customer to call. `call_id` has no foreign key: the desk that abandons a call may tell of it later."""

    __tablename__ = "call_back"
    __table_args__ = (
        Index(
            "ix_call_back_open",
            "due_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_call_back_number",
            "number",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[CallBackKind]
    number: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    call_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(Text, server_default="")
    state: Mapped[CallBackState] = mapped_column(server_default="open")
    attempt_count: Mapped[int] = mapped_column(Integer, server_default="0")
    attempted_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
