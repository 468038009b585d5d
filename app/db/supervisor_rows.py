"""The tables of supervisors: how queues are measured, what is watched, alerts, notices on the desks, raised hands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.rows import Row
from app.db.types import word
from app.domain.board_figures import Measure
from app.domain.metrics.call_figures import Abandonment, ServiceLevel


class QueueRuleRow(Row):
    """How one queue is measured, where it is not as all others are."""

    __tablename__ = "queue_rule"
    queue: Mapped[str] = mapped_column(String(100), primary_key=True)
    answer_within_ms: Mapped[int] = mapped_column(Integer)
    short_abandon_ms: Mapped[int] = mapped_column(Integer)
    goal_percent: Mapped[int] = mapped_column(Integer)
    service_level: Mapped[ServiceLevel] = mapped_column(word(ServiceLevel))
    abandonment: Mapped[Abandonment] = mapped_column(word(Abandonment))


class AlertRuleRow(Row):
    """When a figure is an alert, where it is not as the program has it. Thresholds are thousandths of its unit."""

    __tablename__ = "alert_rule"
    measure: Mapped[Measure] = mapped_column(word(Measure), primary_key=True)
    queue: Mapped[str] = mapped_column(String(100), primary_key=True)  # empty: all
    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # 0: all
    raise_milli: Mapped[int] = mapped_column(BigInteger)
    clear_milli: Mapped[int] = mapped_column(BigInteger)
    hold_s: Mapped[int] = mapped_column(Integer)
    quiet_s: Mapped[int] = mapped_column(Integer)
    days: Mapped[str] = mapped_column(String(7))
    opens: Mapped[str] = mapped_column(String(5))
    closes: Mapped[str] = mapped_column(String(5))
    zone: Mapped[str] = mapped_column(String(60))
    is_on: Mapped[bool]


class AlertRow(Row):
    """An alert; of one rule one at most is open, however many boards watch."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "uq_alert_open",
            "measure",
            "queue",
            "level",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_alert_ended", "ended_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    measure: Mapped[Measure] = mapped_column(word(Measure))
    queue: Mapped[str] = mapped_column(String(100))
    level: Mapped[int] = mapped_column(Integer)
    value_milli: Mapped[int] = mapped_column(BigInteger)
    raised_at: Mapped[datetime]
    raised_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # whose board saw it first
    ended_at: Mapped[datetime | None]
    seen_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime | None]


class NoticeRow(Row):
    """What supervisors tell the desks of a team, or all."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_until", "until"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    until: Mapped[datetime]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    text: Mapped[str] = mapped_column(String(300))


class NoticeSeenRow(Row):
    """Who has read a notice."""

    __tablename__ = "notice_seen"
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


class HandRow(Row):
    """An agent's raised hand; a person has one at most."""

    __tablename__ = "hand"
    __table_args__ = (
        Index(
            "uq_hand_raised",
            "person_id",
            unique=True,
            sqlite_where=text("lowered_at IS NULL"),
            postgresql_where=text("lowered_at IS NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime]
    lowered_at: Mapped[datetime | None]
    call_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]  # without foreign keys: a desk's call and case may arrive later
    about: Mapped[str] = mapped_column(String(300))


class HandLineRow(Row):
    """A line between an agent whose hand is raised and the supervisors; only ever added to."""

    __tablename__ = "hand_line"
    __table_args__ = (Index("ix_hand_line_of_hand", "hand_id", "at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hand_id: Mapped[UUID] = mapped_column(ForeignKey("hand.id"))
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(1_000))
