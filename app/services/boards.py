"""The supervisor's figures of this moment, read so that a change costs what changed."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

from sqlalchemy.orm import Session

from app.db.changed_subjects import Changed, SubjectReader
from app.db.engine import Database
from app.domain.board import AgentNow, AnswerNow, Board, CallBackNow, CaseNow, DeadDesk, GapNow, StepNow
from app.domain.board_agents import AgentGroup
from app.domain.day_calls import DayCalls
from app.domain.lines import GatewayState
from app.domain.people import Role
from app.domain.topics import Topic
from app.services import board_statements as statements
from app.services.lines import gateway_state
from app.services.people import People
from app.services.works_council import is_council_mode

MANY = 1_000  # subjects that one statement asks for
USES_REST_S = 1.5  # what searches tell is announced by nobody, so it is read at most so often


class Boards:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._copy: _Copy | None = None
        self._people = People(database)

    def gateway(self) -> GatewayState | None:
        """What the gateway said last; None: there never was one."""
        with self._database.read() as session:
            return gateway_state(session)

    def now(self, day_start: datetime) -> Board:
        """The centre at this moment; `day_start` (aware) is when the person's day began."""
        with self._lock:
            copy = self._copy or _Copy(self._database, day_start)
            self._copy = None  # a read that fails may have taken changes in by half: the next one begins anew
            if copy.day_start != day_start:
                copy = _Copy(self._database, day_start)
            with self._database.read_replica() as session:
                board = copy.read(session)
            self._copy = copy
            return board

    def desks(self) -> tuple[DeadDesk, ...]:
        """Whose desk can be said to be dead, by name: all who take calls. Who of them is there, this does not tell."""
        now = datetime.now(UTC)
        return tuple(
            DeadDesk(id=one.id, name=one.name, team_name=one.team_name, told_until=now)
            for one in self._people.with_role(Role.FIRST_LEVEL)
        )


class _Copy:
    """What the board shows, in memory; each read takes in what changed since the one before.

    The changes are read first and what they are about after it, in one snapshot. So none is missed, however late
    a transaction commits, and all that is shown is of the same instant.
    """

    def __init__(self, database: Database, day_start: datetime) -> None:
        self.day_start = day_start
        self._database = database
        self._changes = SubjectReader()
        self._names_agents = False
        self._forget()

    def read(self, session: Session) -> Board:
        now = datetime.now(UTC)
        if not self._database.is_sqlite:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        changes = self._changes.read(session.connection())
        named_agents, self._names_agents = self._names_agents, not is_council_mode(session)
        if changes is None or named_agents is not self._names_agents:
            self._forget()
            self._take_in_all(session)
        else:
            self._take_in(session, changes)
        self._take_in_uses(session, now)
        return self._board(now, session)

    def _forget(self) -> None:
        self._day = DayCalls(self.day_start)
        self._cases: dict[UUID, CaseNow] = {}
        self._steps: dict[UUID, StepNow] = {}
        self._agents: tuple[AgentNow, ...] = ()
        self._agent_groups: tuple[AgentGroup, ...] = ()
        self._call_backs: tuple[CallBackNow, ...] = ()
        self._answers: tuple[AnswerNow, ...] = ()
        self._gaps: tuple[GapNow, ...] = ()
        self._uses_read_at_s: float | None = None

    def _take_in_all(self, session: Session) -> None:
        for call in statements.calls(session, self.day_start, names_agents=self._names_agents):
            self._day.put(call)
        self._cases = {case.id: case for case in statements.cases(session, names_agents=self._names_agents)}
        self._steps = {step.id: step for step in statements.steps(session, self.day_start)}
        self._take_in_agents(session, frozenset())
        self._take_in_call_backs(session, frozenset())

    def _take_in(self, session: Session, changes: Changed) -> None:
        take: dict[Topic, Callable[[Session, frozenset[UUID]], None]] = {
            Topic.CALLS: self._take_in_calls,
            Topic.CASES: self._take_in_cases,
            Topic.AGENTS: self._take_in_agents,
            Topic.CALL_BACKS: self._take_in_call_backs,
        }
        for topic, subjects in changes.items():
            if topic in take:
                take[topic](session, subjects)

    def _take_in_calls(self, session: Session, ids: frozenset[UUID]) -> None:
        for some in _pieces(ids):
            read = statements.calls(session, self.day_start, some, names_agents=self._names_agents)
            found = {call.id: call for call in read}
            for call_id in some:
                if call_id in found:
                    self._day.put(found[call_id])
                else:
                    self._day.remove(call_id)

    def _take_in_cases(self, session: Session, ids: frozenset[UUID]) -> None:
        for some in _pieces(ids):
            for case_id in some:
                self._cases.pop(case_id, None)
            read = statements.cases(session, some, names_agents=self._names_agents)
            self._cases.update((case.id, case) for case in read)
            self._steps.update((step.id, step) for step in statements.steps(session, self.day_start, some))

    def _take_in_agents(self, session: Session, _: frozenset[UUID]) -> None:
        self._agents = statements.agents(session) if self._names_agents else ()
        self._agent_groups = () if self._names_agents else statements.agent_groups(session)

    def _take_in_call_backs(self, session: Session, _: frozenset[UUID]) -> None:
        self._call_backs = statements.call_backs(session, names_agents=self._names_agents)

    def _take_in_uses(self, session: Session, now: datetime) -> None:
        now_s = time.monotonic()
        if self._uses_read_at_s is None or now_s >= self._uses_read_at_s + USES_REST_S:
            self._uses_read_at_s = now_s
            self._answers = statements.answers(session, now)
            self._gaps = statements.gaps(session, now)

    def _board(self, now: datetime, session: Session) -> Board:
        rules = statements.rules(session)
        return Board(
            read_at=now,
            day_start=self.day_start,
            calls=self._day.calls,
            tallies=self._day.tallies(rules),
            rules=rules,
            agents=self._agents,
            agent_groups=self._agent_groups,
            cases=tuple(sorted(self._cases.values(), key=_urgency)),
            steps=tuple(sorted(self._steps.values(), key=lambda step: (step.at, step.id))),
            call_backs=self._call_backs,
            answers=self._answers,
            gaps=self._gaps,
            names_agents=self._names_agents,
        )


def _urgency(case: CaseNow) -> tuple[int, int, datetime, UUID]:
    """As in the queues: by level, then the most urgent first."""
    return case.level, case.priority, case.due_at or case.level_since, case.id


def _pieces(ids: frozenset[UUID]) -> list[list[UUID]]:
    """So many at a time as one statement takes."""
    ordered = sorted(ids)
    return [ordered[i : i + MANY] for i in range(0, len(ordered), MANY)]
