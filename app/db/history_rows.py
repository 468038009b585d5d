"""The tables of the past: sums of what happened, how up to date they are, and who looked at whose figures."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.rows import Row
from app.db.types import UtcDateTime, word
from app.domain.history.kept import Grain, Kind
from app.domain.metrics.handle_times import BUCKET_COUNT
from app.domain.people import AgentState

NOT_COUNTED = text("NOT is_counted")
STALE = text("is_stale")


class AgentChangeRow(Row):
    """An agent came into a state. Only sums of it are told; nobody but the roll-up reads it."""

    __tablename__ = "agent_change"
    __table_args__ = (
        Index("ix_agent_change_at", "at"),
        Index("ix_agent_change_new", "at", sqlite_where=NOT_COUNTED, postgresql_where=NOT_COUNTED),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    state: Mapped[AgentState] = mapped_column(word(AgentState))
    is_counted: Mapped[bool] = mapped_column(server_default=false())


class HistoryStateRow(Row):
    """One row: whose days they are, and up to where changes were looked at."""

    __tablename__ = "history_state"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    zone: Mapped[str] = mapped_column(String(60))
    cursor: Mapped[str] = mapped_column(String(30))  # a transaction id on PostgreSQL, a row's id on SQLite
    rules: Mapped[str] = mapped_column(Text)  # by which calls were counted: other rules, and all is counted anew
    rolled_up_at: Mapped[datetime | None]


class HistoryDayRow(Row):
    """How a day stands: to be summed up again, withheld as a whole, or kept as it is because people were removed."""

    __tablename__ = "history_day"
    __table_args__ = (Index("ix_history_day_stale", "day", sqlite_where=STALE, postgresql_where=STALE),)
    kind: Mapped[Kind] = mapped_column(word(Kind), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_stale: Mapped[bool]
    is_withheld: Mapped[bool] = mapped_column(server_default=false())
    is_frozen: Mapped[bool] = mapped_column(server_default=false())
    rolled_at: Mapped[datetime | None]


class WorksCouncilRow(Row):
    """Each change of the mode, with its reason; the newest holds. Without any it is on."""

    __tablename__ = "works_council"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    is_on: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)


class PersonLookRow(Row):
    """Somebody looked at the figures of one person, and said why."""

    __tablename__ = "person_look"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text)
    first: Mapped[date]
    last: Mapped[date]


CALL_COUNTS = (
    "answered",
    "answered_in_time",
    "abandoned",
    "abandoned_short",
    "abandoned_in_time",
    "flowed_out",
    "handled",
    "with_after_call_work",
    "transferred",
)
CALL_SHARES = ("service_level", "abandonment")  # by the formula of the queue; stored as `…_part` and `…_whole`
CALL_TIMES = ("wait", "talk", "hold", "after_call_work")  # stored as microseconds, `…_us`
SHARE_COLUMNS = tuple(f"{name}_{piece}" for name in CALL_SHARES for piece in ("part", "whole"))
HANDLE_BUCKETS = tuple(f"handle_{place}" for place in range(BUCKET_COUNT))
CASE_COUNTS = (
    "opened_at_first",
    "solved_by_first_alone",
    "escalated_by_first",
    "returned_to_first",
    "came_to_second",
    "escalated_by_second",
    "returned_to_second",
    "solved_by_second",
    "solved_by_second_needlessly",
    "closed",
    "closed_with_known_answer",
    "closed_with_new_answer",
)


def _sums(name: str, labels: tuple[str, ...], counts: tuple[str, ...], times: tuple[str, ...] = ()) -> Table:
    """Sums of [`at`, `until`) by labels: a name or an id as text, "" where there is none, "*" where it is withheld."""
    return Table(
        name,
        Row.metadata,
        Column("grain", word(Grain), primary_key=True),
        Column("day", Date, primary_key=True),  # of the centre
        Column("at", UtcDateTime(), primary_key=True),
        Column("until", UtcDateTime(), primary_key=True),
        *(Column(label, String(100), primary_key=True) for label in labels),
        *(Column(count, Integer, nullable=False) for count in counts),
        *(Column(f"{time}_us", BigInteger, nullable=False) for time in times),
        Index(f"ix_{name}_at", "grain", "at"),
    )


CALL_TALLY = _sums(
    "call_tally",
    ("queue", "team"),
    (*CALL_COUNTS, *HANDLE_BUCKETS, "contacts", "solved_at_first", *SHARE_COLUMNS),
    CALL_TIMES,
)
CASE_TALLY = _sums("case_tally", ("team", "product", "reason"), CASE_COUNTS)
PRESENCE_TALLY = _sums("presence_tally", ("team",), (), ("busy", "available"))
