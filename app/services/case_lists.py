"""Reading cases: queues, own cases, watched cases, one case with all that is known."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, text, tuple_
from sqlalchemy.orm import aliased

from app.db.engine import Database
from app.db.rows import CaseRow, CustomerRow, PersonRow, ProductRow, TeamRow, TimelineRow, WatcherRow
from app.domain.cases import CaseFile, CaseState, CaseSummary, Level, TimelineEntry
from app.domain.errors import NotFound
from app.i18n import tr
from app.services.hand_overs import from_document

PAGE_SIZE = 200  # cases: what a screen takes in one read without missing a frame


class CaseLists:
    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(
        self, level: Level, *, after: CaseSummary | None = None, limit: int = PAGE_SIZE
    ) -> tuple[CaseSummary, ...]:
        """The waiting cases of a level by priority and due time; the page that follows `after`."""
        query = _SUMMARY.where(text("case_file.state = 'waiting'"), CaseRow.level == level)
        if after is not None:
            key = tuple_(CaseRow.priority, CaseRow.due_at, CaseRow.id)
            query = query.where(key > tuple_(after.priority, after.due_at, after.id))
        return self._summaries(query.order_by(CaseRow.priority, CaseRow.due_at, CaseRow.id).limit(limit))

    def owned_by(self, person_id: UUID) -> tuple[CaseSummary, ...]:
        """The unsolved cases that the person has, most urgent first; at most 200."""
        query = _SUMMARY.where(CaseRow.owner_id == person_id, text("case_file.state <> 'solved'"))
        return self._summaries(query.order_by(CaseRow.priority, CaseRow.opened_at).limit(PAGE_SIZE))

    def watched_by(self, person_id: UUID, *, limit: int = 50) -> tuple[CaseSummary, ...]:
        """The cases that the person gave away, newest first, solved ones too."""
        query = _SUMMARY.join(WatcherRow, WatcherRow.case_id == CaseRow.id).where(WatcherRow.person_id == person_id)
        return self._summaries(query.order_by(CaseRow.opened_at.desc()).limit(limit))

    def file(self, case_id: UUID) -> CaseFile:
        """One case with its newest hand-over and its whole timeline, oldest first."""
        with self._database.read() as session:
            row = session.execute(_SUMMARY.where(CaseRow.id == case_id)).one_or_none()
            if row is None:
                raise NotFound(tr("This case is not there any more."))
            entries = session.execute(_TIMELINE.where(TimelineRow.case_id == case_id)).all()
        documents = [entry.hand_over for entry in entries if entry.hand_over]
        return CaseFile(
            summary=_summary(row),
            hand_over=from_document(documents[-1]) if documents else None,
            timeline=tuple(
                TimelineEntry(id=e.id, at=e.at, event=e.event, person_name=e.name, text=e.text) for e in entries
            ),
        )

    def _summaries(self, query: Select[*tuple[Any, ...]]) -> tuple[CaseSummary, ...]:
        with self._database.read() as session:
            return tuple(_summary(row) for row in session.execute(query))


_Owner = aliased(PersonRow)
_SUMMARY = (
    select(
        CaseRow.id,
        CaseRow.number,
        CaseRow.title,
        CaseRow.state,
        CaseRow.level,
        CaseRow.priority,
        CaseRow.due_at,
        CaseRow.level_since,
        CustomerRow.name.label("customer_name"),
        ProductRow.name.label("product_name"),
        _Owner.name.label("owner_name"),
        TeamRow.name.label("team_name"),
    )
    .join(TeamRow, TeamRow.id == CaseRow.team_id)
    .outerjoin(CustomerRow, CustomerRow.id == CaseRow.customer_id)
    .outerjoin(ProductRow, ProductRow.id == CaseRow.product_id)
    .outerjoin(_Owner, _Owner.id == CaseRow.owner_id)
)
_TIMELINE = (
    select(TimelineRow.id, TimelineRow.at, TimelineRow.event, TimelineRow.text, TimelineRow.hand_over, PersonRow.name)
    .join(PersonRow, PersonRow.id == TimelineRow.by)
    .order_by(TimelineRow.at, TimelineRow.id)
)


def _summary(row: Row[*tuple[Any, ...]]) -> CaseSummary:
    return CaseSummary(
        id=row.id,
        number=row.number,
        title=row.title,
        state=CaseState(row.state),
        level=row.level,
        priority=row.priority,
        due_at=row.due_at,
        level_since=row.level_since,
        customer_name=row.customer_name or "",
        product_name=row.product_name or "",
        owner_name=row.owner_name or "",
        team_name=row.team_name,
    )
