"""What the model of the levels knows of each case, how it compares that with the database, and its steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
)
from sqlalchemy import delete, select, update

from app.db.knowledge_rows import MessageRow
from app.db.rows import AppliedCommandRow, CaseRow, ChangeRow, TimelineRow, WatcherRow
from app.db.workbench_rows import ContactGrantRow, LevelsRow, QuestionRow
from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.people import Person
from app.services.commands import Commands
from tests.builders import Seeded
from tests.services.floor import Floor


@dataclass
class Expected:
    """What the model knows of a case."""

    state: CaseState
    level: Level
    owner: UUID | None
    events: list[CaseEvent] = field(default_factory=list)
    giver: UUID | None = None  # at second level, when it was passed on from there last


class LevelsMachine(RuleBasedStateMachine):
    """`floor` is set by the test; the rows of a run are removed at its end."""

    floor: Floor

    @initialize()
    def begin(self) -> None:
        self.cases: dict[UUID, Expected] = {}
        self.are_merged = False
        self.answered: set[UUID] = set()
        centre: Seeded = self.floor.centre
        self.second = (centre.expert, centre.lead)
        self.third = self.floor.developer
        self.agent = centre.agent

    # --- what always holds ------------------------------------------------------------------------------------------

    @invariant()
    def database_agrees(self) -> None:
        if not hasattr(self, "cases"):
            return
        with self.floor.database.read() as session:
            rows = session.execute(select(CaseRow.id, CaseRow.state, CaseRow.level, CaseRow.owner_id)).all()
            lines = session.execute(
                select(TimelineRow.case_id, TimelineRow.event).order_by(TimelineRow.at, TimelineRow.id)
            ).all()
        assert {row.id for row in rows} == set(self.cases)
        for row in rows:
            case = self.cases[row.id]
            assert (row.state, row.level, row.owner_id) == (case.state, case.level, case.owner)
            assert (row.owner_id is None) == (row.state is CaseState.WAITING)
            assert [line.event for line in lines if line.case_id == row.id] == case.events

    def teardown(self) -> None:
        with self.floor.database.write() as session:
            rows: tuple[Any, ...] = (QuestionRow, ContactGrantRow, WatcherRow, TimelineRow, MessageRow)
            for row in (*rows, AppliedCommandRow, ChangeRow, CaseRow):
                session.execute(delete(row))
            session.execute(update(LevelsRow).values(are_merged=False))

    # --- steps ------------------------------------------------------------------------------------------------------

    def _specialist(self, who: int) -> Person:
        return (*self.second, self.third)[who]

    def _case(self, place: int) -> tuple[UUID, Expected]:
        return list(self.cases.items())[place % len(self.cases)]

    def _head(self, by: Person) -> dict[str, Any]:
        return {"id": new_id(), "by": by.id, "at": now()}

    def _apply(self, command: Any) -> UUID | None:
        return Commands(self.floor.database).apply(command)

    def _refused(self, command: Any) -> None:
        try:
            self._apply(command)
        except NotAllowed:
            return
        raise AssertionError(f"not refused: {command}")

    def _expect(self, command: Any, is_allowed: bool, then: Callable[[], None]) -> None:
        """Allowed it is done, also when it is sent twice; else it is refused and nothing changes."""
        if not is_allowed:
            self._refused(command)
            return
        assert self._apply(command) == self._apply(command)
        then()

    def _becomes(self, id_: UUID, state: CaseState, event: CaseEvent, **changes: Any) -> None:
        case = self.cases[id_]
        case.state = state
        case.owner = changes.get("owner", case.owner)
        case.level = changes.get("level", case.level)
        case.events.append(event)


def now() -> datetime:
    return datetime.now(UTC)
