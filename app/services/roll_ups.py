"""Sums up what happened, day by day, so that a year opens as fast as a day.

Each day is summed up from its facts in one transaction, which replaces what was there: done twice it is the same, and
a fact that arrives late only makes its day be summed up once more. Several programs may do it; one does at a time.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, or_, select, text, update
from sqlalchemy.orm import Session

from app.adapters.time_zone import name_of_zone
from app.db.engine import Database
from app.db.history_rows import CALL_TALLY, CASE_TALLY, PRESENCE_TALLY, HistoryDayRow, HistoryStateRow
from app.db.locks import Lock
from app.domain.errors import NotAllowed
from app.domain.history.kept import Kind
from app.domain.history.requests import Days
from app.domain.metrics.call_figures import QueueRules
from app.i18n import tr
from app.services import board_statements
from app.services import roll_up_marks as marks
from app.services.roll_up_day import DaySums, sums_of

PATIENCE = timedelta(hours=1)  # between two times that a day before yesterday is summed up

_LOCK = text(f"SELECT pg_try_advisory_xact_lock({Lock.ROLL_UPS:d})")
# A large day takes long between reading and writing. Nothing is written until then, so nobody waits for it meanwhile.
_PATIENT = text("SET LOCAL idle_in_transaction_session_timeout = '10min'")
_TABLES = {Kind.CALLS: CALL_TALLY, Kind.CASES: CASE_TALLY, Kind.PRESENCE: PRESENCE_TALLY}


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUpReport:
    """How many days were summed up; of how many that are due another time, or are another program's work now."""

    days: int
    left: int


class RollUps:
    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, now: datetime, *, zone: str = "", rebuilds: bool = False, is_patient: bool = False) -> RollUpReport:
        """Sum up all days that changed, or all there are.

        Args:
            zone: whose days they are, with the first roll-up; another one later rebuilds all.
            is_patient: leave days before yesterday that were summed up within `PATIENCE`.

        Raises:
            NotAllowed: there is no such time zone.
        """
        with self._database.write() as session:
            if not _may_work(session):
                return RollUpReport(days=0, left=0)
            state = _state(session, zone or name_of_zone())
            rules = _as_text(board_statements.rules(session))
            is_other = rules != state.rules or (bool(zone) and zone != state.zone)
            state.rules, state.zone = rules, zone or state.zone
            if rebuilds or is_other:
                marks.mark_all(session, state, now)
            else:
                marks.mark_changes(session, state, now)
            due = _due(session, ZoneInfo(state.zone), now, is_patient=is_patient)
        done = sum(self._sum_up(kind, day, now) for kind, day in due)
        with self._database.write() as session:
            session.execute(update(HistoryStateRow).values(rolled_up_at=now))
            left = len(session.execute(select(HistoryDayRow.day).where(HistoryDayRow.is_stale)).all())
        return RollUpReport(days=done, left=left)

    def differences(self) -> list[str]:
        """A sentence for each day whose sums are not those of its facts; [] when all is well.

        Of a day that was anonymised only what tells of nobody can be compared.
        """
        found: list[str] = []
        with self._database.read() as session:
            state = session.scalar(select(HistoryStateRow))
            days = session.execute(select(HistoryDayRow).where(~HistoryDayRow.is_stale).order_by(HistoryDayRow.day))
            known = [(row.kind, row.day, row.is_frozen, row.rolled_at) for row in days.scalars() if row.rolled_at]
        if state is None:
            return found
        for kind, day, is_frozen, rolled_at in known:
            if is_frozen and kind is Kind.PRESENCE:
                continue
            with self._database.read() as session:
                if not self._database.is_sqlite:
                    session.execute(_PATIENT)
                facts = self._facts(session, kind, _day(day, state.zone), rolled_at)
                kept = facts.kept_in(session)
                if not facts.is_equal_to(kept, without_parts=is_frozen):
                    found.append(tr("{day}: the sums of “{kind}” are not those of the facts.", day=day, kind=kind))
        return found

    def _sum_up(self, kind: Kind, day: date, now: datetime) -> bool:
        with self._database.write() as session:
            if not _may_work(session):
                return False
            state = session.scalars(select(HistoryStateRow)).one()
            facts = self._facts(session, kind, _day(day, state.zone), now)
            table = _TABLES[kind]
            session.execute(delete(table).where(table.c.day == day))
            if facts.rows:
                session.execute(insert(table), facts.rows)
            known = (HistoryDayRow.kind == kind) & (HistoryDayRow.day == day)
            values = {"is_stale": False, "is_withheld": facts.is_withheld, "rolled_at": now}
            session.execute(update(HistoryDayRow).where(known).values(**values))
        return True

    def _facts(self, session: Session, kind: Kind, days: Days, now: datetime) -> DaySums:
        return sums_of(session, _TABLES[kind], kind, days, now, board_statements.rules(session))


def _may_work(session: Session) -> bool:
    """Whether no other program sums up now; on SQLite only one writes anyway."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    session.execute(_PATIENT)
    return bool(session.scalar(_LOCK))


def _state(session: Session, zone: str) -> HistoryStateRow:
    state = session.scalar(select(HistoryStateRow))
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise NotAllowed(tr("There is no time zone “{zone}”. Give one like Europe/Berlin.", zone=zone)) from None
    if state is None:
        state = HistoryStateRow(id=1, zone=zone, cursor="0", rules="", rolled_up_at=None)
        session.add(state)
        session.flush()
    return state


def _due(session: Session, zone: ZoneInfo, now: datetime, *, is_patient: bool) -> list[tuple[Kind, date]]:
    row = HistoryDayRow
    query = select(row.kind, row.day).where(row.is_stale).order_by(row.day.desc(), row.kind)
    if is_patient:
        yesterday = now.astimezone(zone).date() - timedelta(days=1)
        query = query.where(or_(row.day >= yesterday, row.rolled_at.is_(None), row.rolled_at < now - PATIENCE))
    return [(found.kind, found.day) for found in session.execute(query)]


def _day(day: date, zone: str) -> Days:
    return Days(first=day, last=day, zone=ZoneInfo(zone))


def _as_text(rules: Mapping[str, QueueRules]) -> str:
    return repr(sorted((queue, sorted(asdict(rule).items())) for queue, rule in rules.items()))
