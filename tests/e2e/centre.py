"""What stands in the shared database and in a desk's journal, read past the program."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import AgentRow, CallRow, CaseRow, PersonRow, TimelineRow, WatcherRow
from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.people import AgentState

EMRE = "+493023125241"  # Emre Özdemir of Özdemir Elektrotechnik, and nobody else
HOFMANNS = "+493023125612"  # Jonas and Katrin Hofmann
STRANGER = "+493023125955"


class Centre:
    """The rows of one database; detached, so that they are values."""

    def __init__(self, url: str) -> None:
        self.url = url

    def cases(self, number: str) -> Sequence[CaseRow]:
        """The cases with this number: exactly one, where all is well."""
        with self._session() as session:
            return session.scalars(select(CaseRow).where(CaseRow.number == number)).all()

    def case(self, number: str) -> CaseRow:
        (found,) = self.cases(number)
        return found

    def unsolved(self) -> dict[UUID, UUID | None]:
        """Who has each case that is not solved, if anybody."""
        query = select(CaseRow.id, CaseRow.owner_id).where(CaseRow.state != CaseState.SOLVED)
        with self._session() as session:
            return {row.id: row.owner_id for row in session.execute(query)}

    def state(self, case_id: UUID) -> CaseState:
        with self._session() as session:
            return session.scalars(select(CaseRow.state).where(CaseRow.id == case_id)).one()

    def timeline(self, case_id: UUID) -> list[tuple[CaseEvent, str]]:
        """Event and login of the person, oldest first."""
        query = (
            select(TimelineRow.event, PersonRow.login)
            .join(PersonRow, PersonRow.id == TimelineRow.by)
            .where(TimelineRow.case_id == case_id)
            .order_by(TimelineRow.at, TimelineRow.id)
        )
        with self._session() as session:
            return [(row.event, row.login) for row in session.execute(query)]

    def watchers(self, case_id: UUID) -> list[str]:
        query = (
            select(PersonRow.login)
            .join(WatcherRow, WatcherRow.person_id == PersonRow.id)
            .where(WatcherRow.case_id == case_id)
        )
        with self._session() as session:
            return list(session.scalars(query))

    def calls(self, number_normal: str | None, agent: str) -> Sequence[CallRow]:
        """The calls from a number at an agent, oldest first."""
        query = (
            select(CallRow)
            .join(PersonRow, PersonRow.id == CallRow.agent_id)
            .where(CallRow.number_normal == number_normal, PersonRow.login == agent, CallRow.source != "history")
            .order_by(CallRow.queued_at)
        )
        with self._session() as session:
            return session.scalars(query).all()

    def newest_call(self, agent: str) -> CallRow:
        query = (
            select(CallRow)
            .join(PersonRow, PersonRow.id == CallRow.agent_id)
            .where(PersonRow.login == agent)
            .order_by(CallRow.queued_at.desc())
            .limit(1)
        )
        with self._session() as session:
            return session.scalars(query).one()

    def agent_state(self, login: str) -> AgentState | None:
        query = (
            select(AgentRow.state).join(PersonRow, PersonRow.id == AgentRow.person_id).where(PersonRow.login == login)
        )
        with self._session() as session:
            return session.scalar(query)

    def waiting(self) -> list[UUID]:
        """The cases in second level's queue."""
        query = select(CaseRow.id).where(CaseRow.state == CaseState.WAITING, CaseRow.level == Level.SECOND)
        with self._session() as session:
            return list(session.scalars(query))

    def claims(self) -> list[tuple[UUID, str]]:
        """Each claim in the timelines: case and login."""
        query = (
            select(TimelineRow.case_id, PersonRow.login)
            .join(PersonRow, PersonRow.id == TimelineRow.by)
            .where(TimelineRow.event == CaseEvent.CLAIMED)
        )
        with self._session() as session:
            return [(row.case_id, row.login) for row in session.execute(query)]

    def owned_by(self, login: str) -> set[UUID]:
        """The unsolved cases that a person has."""
        query = (
            select(CaseRow.id)
            .join(PersonRow, PersonRow.id == CaseRow.owner_id)
            .where(PersonRow.login == login, CaseRow.state != CaseState.SOLVED)
        )
        with self._session() as session:
            return set(session.scalars(query))

    def owner(self, case_id: UUID) -> str:
        query = select(PersonRow.login).join(CaseRow, CaseRow.owner_id == PersonRow.id).where(CaseRow.id == case_id)
        with self._session() as session:
            return session.scalars(query).one()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        database = Database(self.url)
        try:
            with database.read() as session:
                session.expire_on_commit = False
                yield session
                session.expunge_all()
        finally:
            database.close()


def end_undo(folder: Path) -> None:
    """On a desk that was killed: what is held back for undo is due now."""
    with closing(sqlite3.connect(folder / "desk" / "journal.db")) as journal, journal:
        journal.execute("UPDATE outbox SET due_at = 0")


def left_on_desk(folder: Path) -> dict[str, int]:
    """How many rows of each kind a desk that is closed has kept: commands to deliver, and work not finished."""
    with closing(sqlite3.connect(folder / "desk" / "journal.db")) as journal:
        return {table: journal.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("outbox", "work")}
