"""Reading known problems: the list, those in force, one with its cases, and the one of a case."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row as Result
from sqlalchemy import Table, case, func, literal, select, text
from sqlalchemy.orm import Session, aliased

from app.db.engine import Database
from app.db.problem_rows import ProblemCaseRow, ProblemRow
from app.db.rows import CaseRow, PersonRow, ProductRow, Row
from app.db.steering_views import steered_cases
from app.domain.cases import CaseState
from app.domain.errors import NotFound
from app.domain.problems import (
    OPEN_STATES,
    CaseProblem,
    Link,
    Problem,
    ProblemCase,
    ProblemLine,
    ProblemState,
    ProblemWords,
    ToCallBack,
)
from app.i18n import tr
from app.services import solved_call_backs

LIST_LIMIT = 500
CASE_LIMIT = 200  # cases on the page of a problem; how many there are, its line says


class ProblemLists:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[ProblemLine, ...]:
        """What is open first, candidates before confirmed ones, then the newest; at most 500."""
        query = _with_counts(_PROBLEM).order_by(_RANK, ProblemRow.number.desc()).limit(LIST_LIMIT)
        with self._database.read() as session:
            return tuple(_line(row) for row in session.execute(query))

    def in_force(self) -> tuple[Problem, ...]:
        """The confirmed ones, for who looks for the answer to a case."""
        return self._problems(ProblemRow.state == ProblemState.CONFIRMED)

    def open(self) -> tuple[Problem, ...]:
        """The confirmed ones and the candidates, for who decides about them."""
        return self._problems(ProblemRow.state.in_(OPEN_STATES))

    def one(self, problem_id: UUID) -> ProblemLine:
        """NotFound when it is not there, or not for this person."""
        with self._database.read() as session:
            row = session.execute(_with_counts(_PROBLEM).where(ProblemRow.id == problem_id)).one_or_none()
        if row is None:
            raise NotFound(tr("This known problem is not there any more."))
        return _line(row)

    def cases(self, problem_id: UUID) -> tuple[ProblemCase, ...]:
        """Those that are attached or suggested, as far as the person sees them, unsolved ones first; at most 200."""
        with self._database.read() as session:
            source = _cases_seen(session)
            if source is None:
                return ()
            owner, link = aliased(PersonRow), ProblemCaseRow
            columns = (source.c[name] for name in ("id", "number", "title", "state", "level"))
            is_read = source.schema is None  # who only steers cases does not read whose they are
            name = func.coalesce(owner.name, "") if is_read else literal("")
            query = select(*columns, link.link, link.at, link.solved_at, name.label("owner_name"))
            query = query.select_from(source).join(link, link.case_id == source.c.id)
            if is_read:
                query = query.outerjoin(owner, owner.id == source.c.owner_id)
            is_solved = case((source.c.state == CaseState.SOLVED, 1), else_=0)
            query = query.where(link.problem_id == problem_id, link.link.in_((Link.ATTACHED, Link.SUGGESTED)))
            rows = session.execute(query.order_by(is_solved, link.at.desc(), source.c.id).limit(CASE_LIMIT))
            return tuple(ProblemCase(**row._mapping) for row in rows)

    def of_case(self, case_id: UUID) -> CaseProblem | None:
        """The problem that the case is attached to; else the one it is suggested for; None: neither."""
        with self._database.read() as session:
            return _of_case(session, case_id)

    def to_call_back(self, problem_id: UUID) -> tuple[ToCallBack, ...]:
        """The customers whose cases were solved with the problem, by name; for who may see their numbers."""
        with self._database.read() as session:
            return solved_call_backs.customers(session, problem_id, limit=CASE_LIMIT)

    def product_codes(self) -> dict[str, str]:
        """The code of each product by its name."""
        with self._database.read() as session:
            return {row.name: row.code for row in session.execute(select(ProductRow.name, ProductRow.code))}

    def _problems(self, *conditions: Any) -> tuple[Problem, ...]:
        query = _PROBLEM.where(*conditions).order_by(ProblemRow.number.desc()).limit(LIST_LIMIT)
        with self._database.read() as session:
            return tuple(_problem(row) for row in session.execute(query))


def _cases_seen(session: Session) -> Table | None:
    """Where this person reads cases: each level in the table, who steers them in a view, editors nowhere."""
    table: Table = Row.metadata.tables[CaseRow.__tablename__]
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite":
        return table
    is_read, is_steered = session.execute(_SEES).one()
    if is_read:
        return table
    return steered_cases(dialect) if is_steered else None


_SEES = text(
    "SELECT has_table_privilege('public.case_file', 'SELECT'),"
    " has_column_privilege('firstline.steered_case', 'number', 'SELECT')"
)


def _of_case(session: Session, case_id: UUID) -> CaseProblem | None:
    linker = aliased(PersonRow)
    is_suggested = case((ProblemCaseRow.link == Link.ATTACHED, 0), else_=1)
    is_link = ProblemCaseRow.link == Link.ATTACHED
    is_offer = (ProblemCaseRow.link == Link.SUGGESTED) & ProblemRow.state.in_(OPEN_STATES)
    query = (
        _PROBLEM.add_columns(ProblemCaseRow.link, ProblemCaseRow.at, linker.name.label("linked_by"))
        .join(ProblemCaseRow, ProblemCaseRow.problem_id == ProblemRow.id)
        .join(linker, linker.id == ProblemCaseRow.by)
        .where(ProblemCaseRow.case_id == case_id, is_link | is_offer)
        .order_by(is_suggested, ProblemCaseRow.at.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else CaseProblem(problem=_problem(row), link=row.link, at=row.at, by_name=row.linked_by)


def _with_counts(query: Any) -> Any:
    """With how many cases are attached, of these not yet solved with it, and suggested: one more scan, not one each."""
    is_attached = ProblemCaseRow.link == Link.ATTACHED
    counted = (
        select(
            ProblemCaseRow.problem_id,
            func.sum(case((is_attached, 1), else_=0)).label("case_count"),
            func.sum(case((is_attached & ProblemCaseRow.solved_at.is_(None), 1), else_=0)).label("waiting_count"),
            func.sum(case((ProblemCaseRow.link == Link.SUGGESTED, 1), else_=0)).label("suggested_count"),
        )
        .group_by(ProblemCaseRow.problem_id)
        .subquery()
    )
    counts = (func.coalesce(counted.c[name], 0).label(name) for name in _COUNTS)
    return query.add_columns(*counts).outerjoin(counted, counted.c.problem_id == ProblemRow.id)


def _line(row: Result[*tuple[Any, ...]]) -> ProblemLine:
    return ProblemLine(problem=_problem(row), **{name: int(row._mapping[name]) for name in _COUNTS})


def _problem(row: Result[*tuple[Any, ...]]) -> Problem:
    stored: ProblemRow = row[0]
    words = ProblemWords(
        title=stored.title,
        symptoms=stored.symptoms,
        cause=stored.cause,
        workaround=stored.workaround,
        products=tuple(stored.products),
        versions=stored.versions,
    )
    return Problem(
        id=stored.id,
        number=stored.number,
        words=words,
        state=stored.state,
        origin=stored.origin,
        revision=stored.revision,
        made_at=stored.made_at,
        made_by=row.made_by_name,
        changed_at=stored.changed_at,
        changed_by=row.changed_by_name,
        state_since=stored.state_since,
        state_by=row.state_by_name,
        said=stored.said,
    )


_COUNTS = ("case_count", "waiting_count", "suggested_count")
_Maker, _Changer, _Mover = aliased(PersonRow), aliased(PersonRow), aliased(PersonRow)
_PROBLEM = (
    select(
        ProblemRow,
        _Maker.name.label("made_by_name"),
        _Changer.name.label("changed_by_name"),
        _Mover.name.label("state_by_name"),
    )
    .join(_Maker, _Maker.id == ProblemRow.made_by)
    .join(_Changer, _Changer.id == ProblemRow.changed_by)
    .join(_Mover, _Mover.id == ProblemRow.state_by)
)
_ORDER = (ProblemState.CANDIDATE, ProblemState.CONFIRMED, ProblemState.SOLVED, ProblemState.REJECTED)
_RANK = case({state: place for place, state in enumerate(_ORDER)}, value=ProblemRow.state, else_=len(_ORDER))
