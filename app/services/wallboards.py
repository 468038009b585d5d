"""The figures of the wallboard. On PostgreSQL three functions give them, and its role may read nothing else."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, case, func, select, text
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import AgentRow, CallRow, CaseRow, PersonRow, TeamRow
from app.domain.calls import CallState
from app.domain.cases import CaseState, Level
from app.domain.history.parts import SMALLEST_GROUP
from app.domain.people import AgentState
from app.domain.wall import WallLevel, WallNow, WallQueue, WallTeam

_WAITING = (CallState.QUEUED, CallState.OFFERED)
_TALKING = (CallState.CONNECTED, CallState.HELD)


class Wallboards:
    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> WallNow:
        """All pages, of one moment."""
        with self._database.read() as session:
            is_sqlite = self._database.is_sqlite
            calls = _calls(session) if is_sqlite else session.execute(_CALLS_NOW).all()
            cases = _cases(session) if is_sqlite else session.execute(_CASES_NOW).all()
            teams = _agents(session) if is_sqlite else _by_team(session.execute(_AGENTS_NOW).all())
        return WallNow(
            read_at=datetime.now(UTC),
            queues=tuple(WallQueue(**row._mapping) for row in sorted(calls, key=lambda row: str(row.queue))),
            levels=_levels(cases),
            teams=teams,
        )


def _levels(rows: Any) -> tuple[WallLevel, ...]:
    """Second and third level, each also when it is empty."""
    found = {Level(row.level): row for row in rows}
    nothing = {"waiting_count": 0, "overdue_count": 0, "waiting_since": None, "claimed_count": 0}
    return tuple(
        WallLevel(**{**nothing, **(dict(found[level]._mapping) if level in found else {}), "level": level})
        for level in (Level.SECOND, Level.THIRD)
    )


def _by_team(rows: Any) -> tuple[WallTeam, ...]:
    teams: dict[str, dict[AgentState, int]] = defaultdict(dict)
    for row in rows:
        teams[row.team or ""][AgentState(row.state)] = row.agent_count
    return tuple(WallTeam(team=team, counts=teams[team]) for team in sorted(teams, key=lambda name: (not name, name)))


def _calls(session: Session) -> list[Row[Any]]:
    """What `firstline.calls_now` says, in a file of one desk."""
    row = CallRow
    is_waiting, is_talking = row.state.in_(_WAITING), row.state.in_(_TALKING)
    query = (
        select(
            row.queue,
            func.sum(case((is_waiting, 1), else_=0)).label("waiting_count"),
            func.min(case((is_waiting, row.queued_at))).label("waiting_since"),
            func.sum(case((is_talking, 1), else_=0)).label("talking_count"),
        )
        .where(row.state != CallState.CLOSED)
        .group_by(row.queue)
    )
    return list(session.execute(query).all())


def _cases(session: Session) -> list[Row[Any]]:
    """What `firstline.cases_now` says."""
    row = CaseRow
    is_waiting = row.state == CaseState.WAITING
    query = (
        select(
            row.level,
            func.sum(case((is_waiting, 1), else_=0)).label("waiting_count"),
            func.sum(case((is_waiting & (row.due_at < datetime.now(UTC)), 1), else_=0)).label("overdue_count"),
            func.min(case((is_waiting, row.level_since))).label("waiting_since"),
            func.sum(case((is_waiting, 0), else_=1)).label("claimed_count"),
        )
        .where(row.state.in_((CaseState.WAITING, CaseState.CLAIMED)))
        .group_by(row.level)
    )
    return list(session.execute(query).all())


def _agents(session: Session) -> tuple[WallTeam, ...]:
    """What `firstline.agents_now` says: teams of fewer than five agents at work are not told apart."""
    query = (
        select(TeamRow.name, AgentRow.state)
        .join(PersonRow, PersonRow.id == AgentRow.person_id)
        .join(TeamRow, TeamRow.id == PersonRow.team_id)
        .where(AgentRow.state != AgentState.SIGNED_OUT)
    )
    rows = [(name, state) for name, state in session.execute(query)]
    sizes = Counter(name for name, _ in rows)
    large = {name for name, size in sizes.items() if size >= SMALLEST_GROUP}
    if large and 0 < len(rows) - sum(sizes[name] for name in large) < SMALLEST_GROUP:
        large.remove(min(large, key=lambda name: (sizes[name], name)))  # else the sum of all would tell the rest
    counts: dict[str, Counter[AgentState]] = defaultdict(Counter)
    for name, state in rows:
        counts[name if name in large else ""][state] += 1
    if counts[""].total() < SMALLEST_GROUP:
        del counts[""]
    return tuple(WallTeam(team=team, counts=dict(counts[team])) for team in sorted(counts, key=lambda n: (not n, n)))


_CALLS_NOW = text("SELECT queue, waiting_count, waiting_since, talking_count FROM firstline.calls_now()")
_CASES_NOW = text("SELECT level, waiting_count, overdue_count, waiting_since, claimed_count FROM firstline.cases_now()")
_AGENTS_NOW = text("SELECT team, state, agent_count FROM firstline.agents_now()")
