"""Reading cases: queues, own cases, watched cases, one case with all that is known."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, false, func, literal, null, or_, select, text, true, tuple_, union_all
from sqlalchemy.orm import aliased

from app.db.answer_rows import AnswerRow
from app.db.engine import Database
from app.db.knowledge_rows import FirstCouldHaveRow
from app.db.rows import CaseRow, CustomerRow, PersonRow, ProductRow, TeamRow, TimelineRow, WatcherRow
from app.db.workbench_rows import ContactGrantRow, LevelsRow
from app.domain.case_filters import CaseFilter
from app.domain.cases import CaseFile, CaseState, CaseSummary, Level, Priority, TimelineEntry
from app.domain.errors import NotFound
from app.domain.ids import heard_number
from app.domain.passing_down import FirstCould
from app.i18n import tr
from app.services.hand_overs import from_columns, passed_from

PAGE_SIZE = 200  # cases: what a screen takes in one read without missing a frame


class CaseLists:
    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(
        self,
        level: Level,
        *,
        after: CaseSummary | None = None,
        limit: int = PAGE_SIZE,
        wanted: CaseFilter = CaseFilter(),  # noqa: B008 - frozen
    ) -> tuple[CaseSummary, ...]:
        """The waiting cases of a level by priority and due time; the page that follows `after`.

        Every filter is served by an index in this order: few that fit among a million are found as fast as many.
        """
        fitting = [text("case_file.state = 'waiting'"), CaseRow.level == level, *_fitting(wanted)]
        if after is not None:
            fitting.append(tuple_(*_URGENCY) > tuple_(after.priority, after.due_at, after.id))
        if wanted.is_overdue:
            return self._summaries(_overdue(fitting, limit))
        return self._summaries(_SUMMARY.where(*fitting).order_by(*_URGENCY).limit(limit))

    def pages(
        self,
        level: Level,
        page_count: int,
        wanted: CaseFilter = CaseFilter(),  # noqa: B008 - frozen
        *,
        page_size: int = PAGE_SIZE,
    ) -> tuple[CaseSummary, ...]:
        """The first pages of a queue; each is read for itself, so that no read is long."""
        found: tuple[CaseSummary, ...] = ()
        for _ in range(page_count):
            page = self.queue(level, after=found[-1] if found else None, limit=page_size, wanted=wanted)
            found += page
            if len(page) < page_size:
                break
        return found

    def owned_by(self, person_id: UUID) -> tuple[CaseSummary, ...]:
        """The unsolved cases that the person has, most urgent first; at most 200."""
        query = _SUMMARY.where(CaseRow.owner_id == person_id, text("case_file.state <> 'solved'"))
        return self._summaries(query.order_by(CaseRow.priority, CaseRow.opened_at).limit(PAGE_SIZE))

    def watched_by(self, person_id: UUID, *, limit: int = 50) -> tuple[CaseSummary, ...]:
        """The cases that the person gave away, newest first, solved ones too."""
        query = _SUMMARY.join(WatcherRow, WatcherRow.case_id == CaseRow.id).where(WatcherRow.person_id == person_id)
        return self._summaries(query.order_by(CaseRow.opened_at.desc()).limit(limit))

    def numbered(self, number: str) -> UUID | None:
        """The case with this number, as it was written down, if the person may see it."""
        query = select(CaseRow.id).where(CaseRow.number.in_((number, heard_number(number))))
        with self._database.read() as session:
            return session.scalars(query).first()

    def file(self, case_id: UUID) -> CaseFile:
        """One case with its newest hand-over and its whole timeline, oldest first."""
        with self._database.read() as session:
            reads_numbers = true() if self._database.is_sqlite else _READS_NUMBERS
            query = _FILE.add_columns(reads_numbers.label("reads_numbers")).where(CaseRow.id == case_id)
            row = session.execute(query).one_or_none()
            if row is None:
                raise NotFound(tr("This case is not there any more."))
            number = _number(case_id, reads_all=row.reads_numbers, is_granted=row.shows_contact)
            entries = session.execute(_TIMELINE.add_columns(number).where(TimelineRow.case_id == case_id)).all()
        handed_over = [entry for entry in entries if entry.hand_over]
        newest = handed_over[-1] if handed_over else None
        return CaseFile(
            summary=_summary(row),
            hand_over=from_columns(newest.hand_over, newest.caller_number) if newest else None,
            timeline=tuple(
                TimelineEntry(id=e.id, at=e.at, event=e.event, person_name=e.name, text=e.text, waits_for=e.waits_for)
                for e in entries
            ),
            customer_id=row.customer_id,
            product_id=row.product_id,
            shows_contact=row.shows_contact,
            passed_down=passed_from(row.passed_down),
            kept_back=row.kept_back,
            owner_id=row.owner_id,
            first_could=_first_could(row),
        )

    def _summaries(self, query: Select[*tuple[Any, ...]]) -> tuple[CaseSummary, ...]:
        with self._database.read() as session:
            return tuple(_summary(row) for row in session.execute(query))


_Owner = aliased(PersonRow)


def _summary_of(case: Any) -> Select[*tuple[Any, ...]]:
    """What a line of a list needs, of the cases in `case`."""
    return (
        select(
            case.id,
            case.number,
            case.title,
            case.state,
            case.level,
            case.priority,
            case.due_at,
            case.level_since,
            case.opened_at,
            case.warn_at,
            case.resolve_due_at,
            case.resolve_warn_at,
            case.waits_for,
            CustomerRow.name.label("customer_name"),
            ProductRow.name.label("product_name"),
            _Owner.name.label("owner_name"),
            TeamRow.name.label("team_name"),
        )
        .join(TeamRow, TeamRow.id == case.team_id)
        .outerjoin(CustomerRow, CustomerRow.id == case.customer_id)
        .outerjoin(ProductRow, ProductRow.id == case.product_id)
        .outerjoin(_Owner, _Owner.id == case.owner_id)
    )


def _fitting(wanted: CaseFilter) -> list[Any]:
    """The conditions of a filter that are one piece of an index; `is_overdue` is one of each priority."""
    conditions = []
    if wanted.team_id is not None:
        conditions.append(CaseRow.team_id == wanted.team_id)
    if wanted.product_id is not None:
        conditions.append(CaseRow.product_id == wanted.product_id)
    if wanted.least_priority is not None:
        conditions.append(CaseRow.priority <= wanted.least_priority)
    return conditions


def _overdue(fitting: Sequence[Any], limit: int) -> Select[*tuple[Any, ...]]:
    """Of each priority those that are overdue, as many as a page can take of it, and then the page."""
    late = CaseRow.due_at < datetime.now(UTC)
    pieces = (
        select(CaseRow).where(*fitting, CaseRow.priority == one, late).order_by(*_URGENCY).limit(limit).subquery()
        for one in Priority
    )
    case = aliased(CaseRow, union_all(*(select(piece) for piece in pieces)).subquery())
    return _summary_of(case).order_by(case.priority, case.due_at, case.id).limit(limit)


def _number(case_id: UUID, *, reads_all: bool, is_granted: bool) -> Any:
    """Who called: as it stands there, or for third level what it is granted."""
    if reads_all:
        return TimelineRow.caller_number
    granted = func.firstline.granted_number(case_id) if is_granted else null()
    return granted.label("caller_number")


_URGENCY = CaseRow.priority, CaseRow.due_at, CaseRow.id
_SUMMARY = _summary_of(CaseRow)
_IS_GRANTED = exists().where(ContactGrantRow.case_id == CaseRow.id)
_ARE_MERGED = select(LevelsRow.are_merged).where(LevelsRow.id == 1).scalar_subquery()
_Marker = aliased(PersonRow)
_FILE = (
    _SUMMARY.add_columns(
        CaseRow.customer_id,
        CaseRow.product_id,
        CaseRow.owner_id,
        CaseRow.passed_down,
        CaseRow.kept_back,
        or_(_IS_GRANTED, func.coalesce(_ARE_MERGED, false())).label("shows_contact"),
        FirstCouldHaveRow.answer_id.label("could_answer_id"),
        func.coalesce(AnswerRow.title, "").label("could_title"),
        func.coalesce(_Marker.name, "").label("could_by"),
    )
    .outerjoin(FirstCouldHaveRow, FirstCouldHaveRow.case_id == CaseRow.id)
    .outerjoin(AnswerRow, AnswerRow.id == FirstCouldHaveRow.answer_id)
    .outerjoin(_Marker, _Marker.id == FirstCouldHaveRow.by)
)
_READS_NUMBERS: Any = func.has_column_privilege(literal("public.timeline"), literal("caller_number"), literal("SELECT"))
_TIMELINE = (
    select(
        TimelineRow.id,
        TimelineRow.at,
        TimelineRow.event,
        TimelineRow.text,
        TimelineRow.hand_over,
        TimelineRow.waits_for,
        PersonRow.name,
    )
    .join(PersonRow, PersonRow.id == TimelineRow.by)
    .order_by(TimelineRow.at, TimelineRow.id)
)


def _first_could(row: Any) -> FirstCould | None:
    if row.could_answer_id is None:
        return None
    return FirstCould(answer_id=row.could_answer_id, title=row.could_title, by_name=row.could_by)


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
        opened_at=row.opened_at,
        warn_at=row.warn_at,
        resolve_due_at=row.resolve_due_at,
        resolve_warn_at=row.resolve_warn_at,
        waits_for=row.waits_for,
    )
