"""Whether second and third level are one queue: a setting of the centre that holds from one moment to the next.

Merged, each case of third level is second level's, with whoever has it, and each open question to third level is asked
of second level; no case goes up to third level. Split again, a case that came down by the merger and that nobody has
touched since goes back up; all others stay.
"""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, text, update

from app.db.engine import Database
from app.db.rows import CaseRow, TimelineRow
from app.db.workbench_rows import LevelsRow, QuestionRow
from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.i18n import tr
from app.services.once import tell


class Levels:
    def __init__(self, database: Database) -> None:
        self._database = database

    def are_merged(self) -> bool:
        with self._database.read() as session:
            return bool(session.scalar(_MERGED))

    def merge(self) -> int:
        """Make second and third level one; how many cases came down."""
        return self._set(are_merged=True)

    def split(self) -> int:
        """Make them two again; how many cases went back up."""
        return self._set(are_merged=False)

    def _set(self, *, are_merged: bool) -> int:
        """PostgreSQL has a function for it, because nobody may move cases that they have nothing to do with."""
        if not self._database.is_sqlite:
            with self._database.direct() as connection:
                moved: int = connection.scalar(text("SELECT firstline.merge_levels(:merged)"), {"merged": are_merged})
            self._database.announce()
            return moved
        with self._database.write() as session:
            connection = session.connection()
            connection.execute(update(LevelsRow).values(are_merged=are_merged))
            moved = _move(connection, are_merged=are_merged)
            tell(session, Topic.LEVELS, UUID(int=0))
            tell(session, Topic.CASES, UUID(int=0))
            return moved


def refuse_merged(connection: Connection) -> None:
    """Raise NotAllowed where there is no third level of its own. The database checks it once more, under a lock."""
    if connection.scalar(_MERGED):
        raise NotAllowed(tr("Second and third level are one here: there is no higher level to pass a case to."))


def second_if_merged(connection: Connection, level: Level) -> Level:
    return Level.SECOND if level is Level.THIRD and connection.scalar(_MERGED) else level


def _move(connection: Connection, *, are_merged: bool) -> int:
    """The cases of a SQLite file, with their lines."""
    query = select(CaseRow.id, CaseRow.opened_by).where(CaseRow.level == (Level.THIRD if are_merged else Level.SECOND))
    if are_merged:
        query = query.where(CaseRow.state.in_((CaseState.WAITING, CaseState.CLAIMED)))
    else:
        last = select(TimelineRow.event).where(TimelineRow.case_id == CaseRow.id)
        last = last.order_by(TimelineRow.at.desc(), TimelineRow.id.desc()).limit(1)
        query = query.where(CaseRow.state == CaseState.WAITING, last.scalar_subquery() == CaseEvent.MERGED)
    cases, now = connection.execute(query).all(), datetime.now(UTC)
    if are_merged:
        asked = QuestionRow.to_level == Level.THIRD, QuestionRow.answered_at.is_(None)
        connection.execute(update(QuestionRow).where(*asked).values(to_level=Level.SECOND))
    event = CaseEvent.MERGED if are_merged else CaseEvent.SPLIT
    from_level, to_level = (Level.THIRD, Level.SECOND) if are_merged else (Level.SECOND, Level.THIRD)
    moves = {"from_level": from_level, "to_level": to_level, "event": event, "text": ""}
    for case in cases:
        connection.execute(update(CaseRow).where(CaseRow.id == case.id).values(level=to_level))
        line = {"id": new_id(), "case_id": case.id, "at": now, "by": case.opened_by, **moves}
        connection.execute(insert(TimelineRow).values(**line))
    return len(cases)


_MERGED = select(LevelsRow.are_merged).where(LevelsRow.id == 1)
