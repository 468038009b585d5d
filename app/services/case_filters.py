"""The filters that a person has kept for the queue."""

from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, delete, select

from app.db.engine import Database
from app.db.one_statement import Decision, insert_into
from app.db.workbench_rows import SavedFilterRow
from app.domain.case_filters import CaseFilter, SavedFilter
from app.domain.commands import ForgetFilter, KeepFilter
from app.domain.errors import NotAllowed
from app.i18n import tr
from app.services.once import Attempt, apply_once

# Before there are threads: two that convert to a type for the first time at once make msgspec crash the program.
msgspec.json.Decoder(CaseFilter)


class CaseFilters:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_person(self, person_id: UUID) -> tuple[SavedFilter, ...]:
        """By name."""
        query = select(SavedFilterRow.id, SavedFilterRow.name, SavedFilterRow.filter).order_by(SavedFilterRow.name)
        with self._database.read() as session:
            rows = session.execute(query.where(SavedFilterRow.person_id == person_id)).all()
        return tuple(SavedFilter(id=r.id, name=r.name, filter=msgspec.convert(r.filter, CaseFilter)) for r in rows)

    def keep(self, command: KeepFilter) -> UUID | None:
        """Add it, or change the one that has its id."""
        return apply_once(self._database, command, _keep)

    def forget(self, command: ForgetFilter) -> UUID | None:
        return apply_once(self._database, command, _forget)


def _keep(attempt: Attempt[KeepFilter]) -> UUID:
    command, kept = attempt.command, attempt.command.filter
    name = " ".join(kept.name.split())
    if not name:
        raise NotAllowed(tr("Give the filter a name."))
    document = msgspec.to_builtins(kept.filter)
    values = {"filter_id": kept.id, "by": command.by, "name": name[:60], "document": document}
    found = attempt.write_quietly(Decision(statement=_keeping(attempt.connection.dialect.name), values=values))
    if found is None:
        raise NotAllowed(tr("This filter is somebody else's."))
    return found


def _forget(attempt: Attempt[ForgetFilter]) -> UUID | None:
    values = {"filter_id": attempt.command.filter_id, "by": attempt.command.by}
    forgotten = attempt.write_quietly(Decision(statement=_FORGETTING, values=values))
    if forgotten is None:
        attempt.note()
    return forgotten


_filters: Any = SavedFilterRow.__table__


def _parameter(name: str, column: Any) -> Any:
    return bindparam(name, type_=column.type)


@cache
def _keeping(dialect: str) -> Any:
    values = {
        "id": _parameter("filter_id", _filters.c.id),
        "person_id": _parameter("by", _filters.c.person_id),
        "name": _parameter("name", _filters.c.name),
        "filter": _parameter("document", _filters.c.filter),
    }
    insert = insert_into(dialect, SavedFilterRow).values(values)
    told = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=["id"],
        set_={"name": told.name, "filter": told.filter},
        where=_filters.c.person_id == told.person_id,
    ).returning(_filters.c.id)


_FORGETTING = (
    delete(_filters)
    .where(_filters.c.id == _parameter("filter_id", _filters.c.id))
    .where(_filters.c.person_id == _parameter("by", _filters.c.person_id))
    .returning(_filters.c.id)
)
