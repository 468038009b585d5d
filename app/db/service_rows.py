"""The tables of what is owed to whom: rules of the centre, what was booked, who was told of what; look-ups."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.rows import COUNTER, Row
from app.db.types import Exact
from app.domain.bookings import BookingKind
from app.domain.clocks import ClockKind
from app.domain.rules.rulebook import RuleKind


class RuleSetRow(Row):
    """What an administrator set, as it was written; of each kind the newest is in force. Only ever added to."""

    __tablename__ = "rule_set"
    version: Mapped[int] = mapped_column(COUNTER, Identity(always=True), primary_key=True)
    kind: Mapped[RuleKind]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(63))  # the login, which need not be a person's


class BookingRow(Row):
    """What was agreed, used of a contract, or given; only ever added to."""

    __tablename__ = "booking"
    __table_args__ = (
        Index("ix_booking_case_id", "case_id"),
        Index(
            "uq_booking_incident",
            "case_id",
            unique=True,
            sqlite_where=text("kind = 'incident'"),
            postgresql_where=text("kind = 'incident'"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id"), index=True)
    kind: Mapped[BookingKind]
    at: Mapped[datetime]
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    minutes: Mapped[int] = mapped_column(Integer)  # as they passed
    billed_minutes: Mapped[int] = mapped_column(Integer)
    net: Mapped[Decimal | None] = mapped_column(Exact())
    tax: Mapped[Decimal | None] = mapped_column(Exact())
    currency: Mapped[str | None] = mapped_column(String(3))
    text: Mapped[str] = mapped_column(Text)


class AlarmRow(Row):
    """A step that a clock came to: told once, whoever looks. `since` says which clock, `at` when it came to it."""

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_told_at", "told_at"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    clock: Mapped[ClockKind] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(20), primary_key=True)  # "75 %", "+60 min"
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))  # whose supervisors; None: all
    at: Mapped[datetime | None]
    told_at: Mapped[datetime]


class LookUpRow(Row):
    """Which customer a person looked up last when: what first level may see of other teams' customers for a shift.

    Only PostgreSQL's functions write it (`app/db/rights`); a database of one desk keeps nobody from anything.
    """

    __tablename__ = "look_up"
    __table_args__ = (Index("ix_look_up_of_person", "person_id", "at"),)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    at: Mapped[datetime]
