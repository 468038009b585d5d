"""What supervisors are told: promises of open cases that are about to break, or have."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, literal_column, or_, select

from app.db.engine import Database
from app.db.rows import TeamRow
from app.db.service_rows import AlarmRow
from app.db.steering_views import case_owners, steered_cases
from app.domain.cases import CaseState, Level, Priority
from app.domain.clocks import ClockKind
from app.domain.rules.promises import END
from app.services.works_council import is_council_mode

LIST_LIMIT = 200
_LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmNow:
    """The last step that a running clock of a case has come to."""

    case_id: UUID
    number: str
    title: str
    level: Level
    priority: Priority
    clock: ClockKind
    step: str  # "75 %", "+60 min"
    at: datetime  # when the clock came to it
    told_at: datetime
    due_at: datetime | None
    team_name: str
    owner_name: str  # "" while the works-council mode is on

    @property
    def id(self) -> tuple[UUID, ClockKind]:
        return self.case_id, self.clock

    @property
    def is_broken(self) -> bool:
        return not self.step.endswith("%") or self.step == END.name


class Alarms:
    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self, team_id: UUID | None = None) -> tuple[AlarmNow, ...]:
        """The alarms of clocks that run, newest first and one for each clock, of the last seven days.

        Args:
            team_id: only what the supervisors of this team are told; None: everything.
        """
        with self._database.read() as session:
            dialect, names_agents = session.get_bind().dialect.name, not is_council_mode(session)
            query = _alarms(dialect, names_agents=names_agents)
            query = query.where(AlarmRow.told_at >= datetime.now(UTC) - _LOOK_BACK)
            if team_id is not None:
                query = query.where(or_(AlarmRow.team_id == team_id, AlarmRow.team_id.is_(None)))
            rows = session.execute(query.limit(4 * LIST_LIMIT)).all()
        newest: dict[tuple[UUID, ClockKind], AlarmNow] = {}
        for row in rows:
            newest.setdefault((row.case_id, row.clock), _alarm(row))
        return tuple(newest.values())[:LIST_LIMIT]


def _alarm(row: Any) -> AlarmNow:
    return AlarmNow(
        case_id=row.case_id,
        number=row.number,
        title=row.title,
        level=row.level,
        priority=row.priority,
        clock=row.clock,
        step=row.step,
        at=row.at or row.told_at,
        told_at=row.told_at,
        due_at=row.due_at if row.clock is ClockKind.OWN else row.resolve_due_at,
        team_name=row.team_name,
        owner_name=row.owner_name or "",
    )


@cache
def _alarms(dialect: str, *, names_agents: bool) -> Any:
    case, owner = steered_cases(dialect), case_owners(dialect, names_agents=names_agents)
    runs = or_(  # a clock that was stopped or begun anew is told no more
        and_(
            AlarmRow.clock == ClockKind.OWN,
            case.c.state == CaseState.WAITING,
            case.c.level_since == AlarmRow.since,
        ),
        and_(
            AlarmRow.clock == ClockKind.RESOLVE,
            case.c.state != literal_column("'solved'"),
            case.c.waits_for.is_(None),
        ),
    )
    told = AlarmRow.case_id, AlarmRow.clock, AlarmRow.step, AlarmRow.at, AlarmRow.told_at
    about = (case.c[name] for name in ("number", "title", "level", "priority", "due_at", "resolve_due_at"))
    return (
        select(*told, *about, TeamRow.name.label("team_name"), owner.c.name.label("owner_name"))
        .select_from(AlarmRow)
        .join(case, case.c.id == AlarmRow.case_id)
        .join(TeamRow, TeamRow.id == case.c.team_id)
        .outerjoin(owner, owner.c.case_id == case.c.id)
        .where(runs)
        .order_by(AlarmRow.told_at.desc(), AlarmRow.at.desc(), AlarmRow.case_id)
    )
