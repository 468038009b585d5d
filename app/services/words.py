"""The editors' words: read by every desk with the answers, replaced as a whole."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.db.answer_rows import WordGroupRow
from app.db.engine import Database
from app.domain.topics import Topic
from app.domain.vocabulary import WordGroup
from app.services.once import tell


@dataclass(frozen=True, slots=True, kw_only=True)
class WordChanges:
    """How many groups come, go and stay."""

    new_count: int
    removed_count: int
    kept_count: int


class Words:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[WordGroup, ...]:
        """All groups, by kind and first word."""
        with self._database.read() as session:
            return _all(session)

    def compare(self, groups: Collection[WordGroup]) -> WordChanges:
        """What `replace` would change."""
        with self._database.read() as session:
            return _changes(*_differences(session, groups), groups)

    def replace(self, groups: Collection[WordGroup]) -> WordChanges:
        """Make these all there are; what stays is not written again."""
        with self._database.write() as session:
            new, gone = _differences(session, groups)
            if gone:
                session.execute(delete(WordGroupRow).where(WordGroupRow.id.in_(gone)))
            if new:
                rows = [{"id": group.id, "kind": group.kind, "words": list(group.words)} for group in new]
                session.execute(insert(WordGroupRow), rows)
            for group_id in (*gone, *(group.id for group in new)):
                tell(session, Topic.ANSWERS, group_id)
            return _changes(new, gone, groups)


def _all(session: Session) -> tuple[WordGroup, ...]:
    groups = (WordGroup(kind=row.kind, words=tuple(row.words)) for row in session.scalars(select(WordGroupRow)))
    return tuple(sorted(groups, key=lambda group: (group.kind, group.words)))


def _differences(session: Session, groups: Collection[WordGroup]) -> tuple[list[WordGroup], list[UUID]]:
    known = set(session.scalars(select(WordGroupRow.id)))
    wanted = {group.id: group for group in groups}
    return [group for id_, group in wanted.items() if id_ not in known], sorted(known - wanted.keys())


def _changes(new: list[WordGroup], gone: list[UUID], groups: Collection[WordGroup]) -> WordChanges:
    kept_count = len({group.id for group in groups}) - len(new)
    return WordChanges(new_count=len(new), removed_count=len(gone), kept_count=kept_count)
