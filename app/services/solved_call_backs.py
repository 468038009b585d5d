"""Whom to call when a known problem is solved, and the promise to do so."""

from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.line_rows import CallBackRow
from app.db.one_statement import insert_into
from app.db.problem_rows import ProblemCaseRow, ProblemRow
from app.db.rows import CaseRow, CustomerRow, PhoneRow
from app.domain.call_backs import CallBackKind
from app.domain.commands import PromiseSolvedCallBacks
from app.domain.errors import NotAllowed
from app.domain.problems import ProblemState, ToCallBack, name_of
from app.domain.topics import Topic
from app.i18n import tr
from app.services.once import tell

_IDS = UUID("0f4b7a5e-1c39-5d1e-8a72-6b90c2a4e8d1")


def call_back_id(problem_id: UUID, customer_id: UUID) -> UUID:
    """The same whoever promises it and how often: a customer is called once for one problem."""
    return uuid5(_IDS, f"{problem_id}/{customer_id}")


def customers(session: Session, problem_id: UUID, limit: int | None = None) -> tuple[ToCallBack, ...]:
    """Each customer once, with the newest of their cases, by name."""
    newest_first = CaseRow.opened_at.desc(), CaseRow.id.desc()
    place = func.row_number().over(partition_by=CaseRow.customer_id, order_by=newest_first).label("place")
    solved = (
        select(CaseRow.id, CaseRow.number, CaseRow.customer_id, place)
        .join(ProblemCaseRow, ProblemCaseRow.case_id == CaseRow.id)
        .where(ProblemCaseRow.problem_id == problem_id, ProblemCaseRow.solved_at.is_not(None))
        .subquery()
    )
    columns = CustomerRow.id, CustomerRow.name, CustomerRow.company, solved.c.number, solved.c.id.label("case_id")
    query = (
        select(*columns, func.min(PhoneRow.normal).label("phone"))
        .join(solved, (solved.c.customer_id == CustomerRow.id) & (solved.c.place == 1))
        .outerjoin(PhoneRow, PhoneRow.customer_id == CustomerRow.id)
        .group_by(*columns)
        .order_by(CustomerRow.name, CustomerRow.id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    promised = _promised(session, problem_id, rows)
    return tuple(
        ToCallBack(
            customer_id=row.id,
            case_id=row.case_id,
            case_number=row.number,
            name=row.name,
            company=row.company,
            number=row.phone or "",
            is_promised=row.id in promised,
        )
        for row in rows
    )


def promise(session: Session, command: PromiseSolvedCallBacks) -> UUID:
    """A promised call-back, anyone's at first level, for each of them who has a number and none yet."""
    problem = session.execute(
        select(ProblemRow.number, ProblemRow.title, ProblemRow.state).where(ProblemRow.id == command.problem_id)
    ).one_or_none()
    if problem is None or problem.state is not ProblemState.SOLVED:
        raise NotAllowed(tr("Only when it is solved are its customers called."))
    note = tr("{problem} is solved: {title}", problem=name_of(problem.number), title=problem.title)
    rows = [
        {
            "id": call_back_id(command.problem_id, one.customer_id),
            "kind": CallBackKind.PROMISED,
            "number": one.number,
            "name": one.name,
            "due_at": command.due_at,
            "made_at": command.at,
            "made_by": command.by,
            "call_id": None,
            "customer_id": one.customer_id,
            "note": f"{note} ({one.case_number})",
        }
        for one in customers(session, command.problem_id)
        if one.number and not one.is_promised
    ]
    if rows:
        statement = insert_into(session.get_bind().dialect.name, CallBackRow).on_conflict_do_nothing()
        session.execute(statement, rows)
        tell(session, Topic.CALL_BACKS, command.problem_id)
    tell(session, Topic.PROBLEMS, command.problem_id)
    return command.problem_id


def _promised(session: Session, problem_id: UUID, rows: Any) -> set[UUID]:
    """The customers of these who have a call-back from this list."""
    ids = {call_back_id(problem_id, row.id): row.id for row in rows}
    found: set[UUID] = set()
    for start in range(0, len(ids), 500):
        some = list(ids)[start : start + 500]
        found.update(session.scalars(select(CallBackRow.id).where(CallBackRow.id.in_(some))))
    return {ids[one] for one in found}
