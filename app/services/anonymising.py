"""Takes people out of what lies long back, and keeps every count as it is.

Who answered, opened, solved or wrote becomes "nobody" of the same team, so sums by team stay; who called stays the
customer, whose record has its own time to be kept. Numbers, names and what was typed go. The days before are frozen:
their sums, made while people were known, are kept and never made anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.history_rows import AgentChangeRow, HistoryDayRow, HistoryStateRow, PersonLookRow
from app.db.line_rows import CallBackRow, LineOrderRow, RingRow
from app.db.rows import AppliedCommandRow, CallRow, CaseRow, PersonRow, TeamRow, TimelineRow, WatcherRow
from app.db.service_rows import LookUpRow
from app.db.workbench_rows import QuestionRow
from app.domain.calls import CallState
from app.domain.cases import CaseState
from app.domain.errors import NotAllowed
from app.domain.history.requests import first_instant
from app.i18n import tr
from app.services.roll_ups import RollUps

YOUNGEST = timedelta(days=30)  # what is younger is still worked with

_NOBODIES = UUID("7c0a5f6e-98a1-4b55-8f43-0d3b1f9f5b11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymised:
    """How many rows had people taken out."""

    calls: int
    cases: int
    lines: int


class Anonymising:
    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, before: date, now: datetime) -> Anonymised:
        """Take people out of all that is over and began before this day of the centre.

        Raises:
            NotAllowed: the day is too near, or days before it could not be summed up first.
        """
        roll_ups = RollUps(self._database)
        roll_ups.run(now)
        with self._database.write() as session:
            state = session.scalars(select(HistoryStateRow)).one()
            zone = ZoneInfo(state.zone)
            if before > (now - YOUNGEST).astimezone(zone).date():
                raise NotAllowed(tr("That is too near. Choose a day at least {n} days ago.", n=YOUNGEST.days))
            _freeze(session, before)
            until = first_instant(before, zone)
            nobodies = _nobodies(session)
            done = Anonymised(
                calls=_calls(session, until, nobodies),
                cases=_cases(session, until, nobodies),
                lines=_lines(session, until, nobodies),
            )
            _remove_traces(session, until, nobodies)
            return done


def _freeze(session: Session, before: date) -> None:
    row = HistoryDayRow
    left = session.scalar(select(func.count()).where(row.day < before, row.is_stale))
    if left:
        raise NotAllowed(tr("Some days are not summed up yet. Run: firstline-admin history roll-up"))
    session.execute(update(row).where(row.day < before).values(is_frozen=True))


def _nobodies(session: Session) -> Mapping[UUID, UUID]:
    """For each person the one who stands for nobody of their team; made where it is missing."""
    known = set(session.scalars(select(PersonRow.id)))
    for team in session.execute(select(TeamRow.id, TeamRow.name)).all():
        id_ = uuid5(_NOBODIES, str(team.id))
        if id_ not in known:
            login = f"nobody-{id_.hex[:12]}"
            values = {"id": id_, "login": login, "name": f"– ({team.name})", "team_id": team.id, "roles": []}
            session.execute(insert(PersonRow).values(**values))
    people = session.execute(select(PersonRow.id, PersonRow.team_id))
    return {person.id: uuid5(_NOBODIES, str(person.team_id)) for person in people}


def _replaced(column: Any, nobodies: Mapping[UUID, UUID]) -> Any:
    return case(*((column == person, nobody) for person, nobody in nobodies.items()), else_=None)


def _calls(session: Session, until: datetime, nobodies: Mapping[UUID, UUID]) -> int:
    row = CallRow
    is_old = (row.queued_at < until) & (row.state == CallState.CLOSED)
    texts = {"number_raw": "", "number_normal": None, "display_name": "", "note": ""}
    count = session.scalar(select(func.count()).where(is_old)) or 0
    session.execute(update(row).where(is_old).values(agent_id=_replaced(row.agent_id, nobodies), **texts))
    return count


def _cases(session: Session, until: datetime, nobodies: Mapping[UUID, UUID]) -> int:
    row = CaseRow
    is_old = (row.opened_at < until) & (row.solved_at < until) & (row.state == CaseState.SOLVED)
    count = session.scalar(select(func.count()).where(is_old)) or 0
    values = {name: _replaced(getattr(row, name), nobodies) for name in ("opened_by", "owner_id")}
    session.execute(update(row).where(is_old).values(title="–", **values))
    old = select(row.id).where(is_old)
    session.execute(delete(WatcherRow).where(WatcherRow.case_id.in_(old)))
    return count


def _lines(session: Session, until: datetime, nobodies: Mapping[UUID, UUID]) -> int:
    """Of a hand-over what was chosen from lists stays, as the reason is counted; what was typed goes."""
    row = TimelineRow
    is_old = row.case_id.in_(
        select(CaseRow.id).where(
            CaseRow.opened_at < until, CaseRow.solved_at < until, CaseRow.state == CaseState.SOLVED
        )
    )
    with_hand_over = session.execute(select(row.id, row.hand_over).where(is_old, row.hand_over.is_not(None))).all()
    for line in with_hand_over:
        kept = {name: _emptied(name, value) for name, value in (line.hand_over or {}).items()}
        session.execute(update(row).where(row.id == line.id).values(hand_over=kept))
    count = session.scalar(select(func.count()).where(is_old)) or 0
    session.execute(update(row).where(is_old).values(by=_replaced(row.by, nobodies), text="", caller_number=None))
    return count


def _emptied(name: str, value: Any) -> Any:
    if name in ("reason", "impact", "urgency"):
        return value
    return "" if isinstance(value, str) else [] if isinstance(value, list) else None


def _remove_traces(session: Session, until: datetime, nobodies: Mapping[UUID, UUID]) -> None:
    """What says who did something and is in no figure, or is summed up already, goes."""
    session.execute(delete(QuestionRow).where(QuestionRow.asked_at < until))
    for old in (RingRow, LineOrderRow, LookUpRow, AgentChangeRow, PersonLookRow):
        session.execute(delete(old).where(old.at < until))
    row = CallBackRow
    is_over = (row.made_at < until) & row.done_at.is_not(None)
    people = {name: _replaced(getattr(row, name), nobodies) for name in ("made_by", "person_id", "done_by")}
    session.execute(update(row).where(is_over).values(number="", name="", note="", **people))
    done = AppliedCommandRow
    session.execute(update(done).where(done.applied_at < until, done.by.is_not(None)).values(by=None))
