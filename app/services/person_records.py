"""What is stored about one person: for that person, and for who has a right and a reason to look."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, func, insert, null, select, text
from sqlalchemy import Row as Result
from sqlalchemy.orm import Session, aliased

from app.db.engine import Database
from app.db.history_rows import PersonLookRow
from app.db.rows import CallRow, PersonRow, Row
from app.domain.calls import Call, CallerNumber, CallState, EndedBy, EndReason, NumberKind
from app.domain.errors import NotAllowed
from app.domain.history.kept import Look, StoredThing
from app.domain.history.requests import Days
from app.domain.history.tallies import Tally, total
from app.domain.ids import new_id
from app.domain.metrics.call_figures import QueueRules, abandonment_rate, service_level, tally_of
from app.domain.metrics.calls import CallFacts, facts_of
from app.domain.metrics.handle_times import handle_times_of
from app.domain.people import Person, Role
from app.i18n import tr
from app.services import board_statements

SHORTEST_PURPOSE = 10  # characters

_NOBODY = CallerNumber(raw="", kind=NumberKind.UNKNOWN)

# When it was, in the first of these columns that a table has; as in `app/db/rights/history.sql`.
_TIMES = ("at", "queued_at", "opened_at", "made_at", "written_at", "applied_at", "since", "told_at")


class PersonRecords:
    def __init__(self, database: Database) -> None:
        self._database = database

    def stored_about(self, person: Person) -> tuple[StoredThing, ...]:
        """How much of what is stored about the person who asks, and of when."""
        with self._database.read() as session:
            if self._database.is_sqlite:
                return tuple(_counted(session, column, person.id) for column in columns_of_people())
            rows = session.execute(text("SELECT what, n, first_at, last_at FROM firstline.stored_about_me()"))
            return tuple(
                StoredThing(what=row.what, count=row.n, first_at=row.first_at, last_at=row.last_at) for row in rows
            )

    def looks_at(self, person: Person) -> tuple[Look, ...]:
        """Who looked at the person's figures, when and why; the newest first."""
        return self._looks(PersonLookRow.person_id == person.id)

    def looks_by(self, person: Person) -> tuple[Look, ...]:
        """At whose figures the person looked; the newest first."""
        return self._looks(PersonLookRow.by == person.id)

    def _looks(self, which: ColumnElement[bool]) -> tuple[Look, ...]:
        row, by, of = PersonLookRow, aliased(PersonRow), aliased(PersonRow)
        query = (
            select(row.id, row.at, by.name.label("by_name"), of.name.label("person_name"), row.purpose, row.first,
                   row.last)
            .join(by, by.id == row.by)
            .join(of, of.id == row.person_id)
            .where(which)
            .order_by(row.at.desc())
        )  # fmt: skip
        with self._database.read() as session:
            return tuple(Look(**look._mapping) for look in session.execute(query))

    def figures_of(self, person_id: UUID, days: Days, purpose: str, by: Person) -> Tally:
        """The calls of one person as sums; that somebody looked, and why, is written down first, for the person to see.

        Raises:
            NotAllowed: without a purpose, or by somebody who is no supervisor.
        """
        purpose = purpose.strip()
        if Role.SUPERVISOR not in by.roles:
            raise NotAllowed(tr("Only supervisors may look at the figures of one person."))
        if len(purpose) < SHORTEST_PURPOSE:
            raise NotAllowed(tr("Say what for, in {n} characters or more: the person can read it.", n=SHORTEST_PURPOSE))
        with self._database.write() as session:
            rows = self._looked_at(session, person_id, days, purpose, by)
            rules, default = board_statements.rules(session), QueueRules()
        facts = ((facts_of(_call(row)), rules.get(row.queue, default)) for row in rows)
        return total(_tally(call, rule) for call, rule in facts if call is not None)

    def _looked_at(
        self, session: Session, person_id: UUID, days: Days, purpose: str, by: Person
    ) -> Sequence[Result[Any]]:
        """The look and the rows in one transaction: none without the other."""
        period = days.period
        if not self._database.is_sqlite:
            values = {
                "id": new_id(), "person": person_id, "first": days.first, "last": days.last, "purpose": purpose,
                "start": period.start, "until": period.end,
            }  # fmt: skip
            return session.execute(_CALLS_OF_PERSON, values).all()
        look = {"id": new_id(), "at": datetime.now(UTC), "by": by.id, "person_id": person_id, "purpose": purpose}
        session.execute(insert(PersonLookRow).values(**look, first=days.first, last=days.last))
        row = CallRow
        columns = [getattr(row, name) for name in _COLUMNS]
        query = select(*columns).where(
            row.agent_id == person_id, row.queued_at >= period.start, row.queued_at < period.end
        )
        return session.execute(query).all()


def columns_of_people() -> tuple[Column[Any], ...]:
    """Each column that names a person, whatever table it is in."""
    columns = (column for table in Row.metadata.sorted_tables for column in table.columns)
    found = (column for column in columns if any(key.column.table.name == "person" for key in column.foreign_keys))
    return (*sorted(found, key=str), Row.metadata.tables["applied_command"].c.by)


def _counted(session: Session, column: Column[Any], person_id: UUID) -> StoredThing:
    moment = next((column.table.c[name] for name in _TIMES if name in column.table.c), null())
    query = select(func.count(), func.min(moment), func.max(moment)).where(column == person_id)
    row = session.execute(query).one()
    return StoredThing(what=str(column), count=row[0], first_at=row[1], last_at=row[2])


_COLUMNS = (
    "state", "queue", "queued_at", "offered_at", "answered_at", "held_ms", "ended_at", "wrapped_up_at", "end_reason",
    "ended_by", "is_outgoing",
)  # fmt: skip
_CALLS_OF_PERSON = text(
    f"SELECT {', '.join(_COLUMNS)} FROM firstline.calls_of_person("
    "CAST(:id AS uuid), CAST(:person AS uuid), CAST(:first AS date), CAST(:last AS date), :purpose,"
    " CAST(:start AS timestamptz), CAST(:until AS timestamptz))"
)


def _call(row: Result[Any]) -> Call:
    """From words or members: the function on PostgreSQL gives words."""
    return Call(
        id=new_id(),
        source="",
        caller=_NOBODY,
        state=CallState(row.state),
        queued_at=row.queued_at,
        is_outgoing=row.is_outgoing,
        offered_at=row.offered_at,
        answered_at=row.answered_at,
        held=timedelta(milliseconds=row.held_ms),
        ended_at=row.ended_at,
        wrapped_up_at=row.wrapped_up_at,
        end_reason=None if row.end_reason is None else EndReason(row.end_reason),
        ended_by=None if row.ended_by is None else EndedBy(row.ended_by),
    )


def _tally(call: CallFacts, rules: QueueRules) -> Tally:
    """By the rules of its queue, as everywhere."""
    counts = tally_of(call, rules)
    return Tally(
        calls=counts,
        service_level=service_level(counts, rules.service_level),
        abandonment=abandonment_rate(counts, rules.abandonment),
        handle_times=handle_times_of(call),
    )
