"""The statements about known problems: built once, the same on SQLite and PostgreSQL where both can do it."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, insert, select, text, update
from sqlalchemy.orm import Session

from app.db.one_statement import Decision, insert_into
from app.db.problem_rows import ProblemCaseRow, ProblemRow
from app.db.rows import CaseRow, Row, TimelineRow
from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.commands import Command, EditProblem, MakeProblem, SolveProblem
from app.domain.ids import new_id
from app.domain.problems import SOLVED_WITH_PROBLEM, Link, Origin, ProblemState, ProblemWords, name_of
from app.services import messages
from app.services.case_statements import end_questions

_problem = Row.metadata.tables[ProblemRow.__tablename__]
_link = Row.metadata.tables[ProblemCaseRow.__tablename__]


def words_of(words: ProblemWords) -> dict[str, Any]:
    """As columns."""
    return {
        "title": words.title,
        "symptoms": words.symptoms,
        "cause": words.cause,
        "workaround": words.workaround,
        "products": list(words.products),
        "versions": words.versions,
    }


def making(command: MakeProblem, words: ProblemWords) -> Decision:
    state = ProblemState.CONFIRMED if command.is_confirmed else ProblemState.CANDIDATE
    values = new_values(command.problem_id, words, state, Origin.PERSON, command.by, command.at)
    statement = insert(_problem).values(_bound(tuple(values))).returning(_problem.c.id)
    return Decision(statement=statement, values={f"new_{name}": value for name, value in values.items()})


def new_values(
    problem_id: UUID, words: ProblemWords, state: ProblemState, origin: Origin, by: UUID, at: datetime
) -> dict[str, Any]:
    """The columns of a problem that begins; its number is the database's."""
    people = dict.fromkeys(("made_by", "changed_by", "state_by"), by)
    times = dict.fromkeys(("made_at", "changed_at", "state_since"), at)
    values = {"id": problem_id, "state": state, "origin": origin, "revision": 1, "said": "", **people, **times}
    return values | words_of(words)


def editing(command: EditProblem, words: ProblemWords) -> Decision:
    """Other words, if nobody has changed them since the revision that the person read."""
    values = words_of(words) | {"changed_at": command.at, "changed_by": command.by}
    statement = (
        update(_problem)
        .where(_problem.c.id == bindparam("which"), _problem.c.revision == bindparam("was_revision"))
        .values(_bound(tuple(values)) | {"revision": _problem.c.revision + 1})
        .returning(_problem.c.id)
    )
    known = {"which": command.problem_id, "was_revision": command.revision}
    return Decision(statement=statement, values=known | {f"new_{name}": value for name, value in values.items()})


def moving(command: Command, problem_id: UUID, before: ProblemState, then: ProblemState, said: str) -> Decision:
    """Into another state, if it still is as it was read."""
    values = {"state": then, "state_since": command.at, "state_by": command.by, "said": said}
    known = {"which": problem_id, "was_state": before}
    return Decision(statement=_MOVING, values=known | {f"new_{name}": value for name, value in values.items()})


def attaching(dialect: str, command: Command, problem_id: UUID, case_id: UUID, link: Link = Link.ATTACHED) -> Decision:
    """Link the case with the problem, or change the link that there is; the id of the case."""
    values = {"problem_id": problem_id, "case_id": case_id, "link": link, "at": command.at, "by": command.by}
    return Decision(statement=_attaching(dialect), values={f"new_{name}": value for name, value in values.items()})


def detaching(command: Command, problem_id: UUID, case_id: UUID) -> Decision:
    """The case is none of the problem; one that was solved with it stays."""
    values = {"link": Link.DETACHED, "at": command.at, "by": command.by}
    known = {"which": problem_id, "of_case": case_id}
    return Decision(statement=_DETACHING, values=known | {f"new_{name}": value for name, value in values.items()})


def confirm(session: Session, problem_id: UUID, by: UUID, at: datetime) -> bool:
    """Confirm a candidate and attach the cases that the radar saw; False when it is none (any more)."""
    if session.get_bind().dialect.name != "sqlite":
        values = {"which": problem_id, "person": by, "moment": at}
        query = text("SELECT * FROM firstline.confirm_problem(:which, :person, :moment)")
        return session.execute(query, values).first() is not None
    values = {"new_state": ProblemState.CONFIRMED, "new_state_since": at, "new_state_by": by, "new_said": ""}
    known = {"which": problem_id, "was_state": ProblemState.CANDIDATE}
    if session.execute(_MOVING, known | values).first() is None:
        return False
    other = _link.alias("other")
    is_taken = exists().where(other.c.case_id == _link.c.case_id, other.c.link == Link.ATTACHED)
    linked = session.scalars(
        update(_link)
        .where(_link.c.problem_id == problem_id, _link.c.link == Link.SUGGESTED, ~is_taken)
        .values(link=Link.ATTACHED, at=at, by=by)
        .returning(_link.c.case_id)
    ).all()
    number, title = session.execute(select(_problem.c.number, _problem.c.title).filter_by(id=problem_id)).one()
    unsolved = CaseRow.state != CaseState.SOLVED
    _write_lines(session, linked, CaseEvent.ATTACHED, by, at, f"{name_of(number)}: {title}", unsolved)
    return True


def solve(session: Session, command: SolveProblem) -> bool:
    """Solve the problem and its cases, and tell who opened them; False when it is not confirmed (any more)."""
    if session.get_bind().dialect.name != "sqlite":
        query = text("SELECT * FROM firstline.solve_problem(:which, :person, :moment, :solution, :seen)")
        values = {"which": command.problem_id, "person": command.by, "moment": command.at}
        return (
            session.execute(query, values | {"solution": command.solution, "seen": command.seen_at}).first() is not None
        )
    move = moving(command, command.problem_id, ProblemState.CONFIRMED, ProblemState.SOLVED, command.solution)
    if session.execute(move.statement, move.values).first() is None:
        return False
    came_back = exists().where(
        TimelineRow.case_id == CaseRow.id, TimelineRow.event == CaseEvent.RETURNED, TimelineRow.at > command.seen_at
    )
    attached = select(_link.c.case_id).where(_link.c.problem_id == command.problem_id, _link.c.link == Link.ATTACHED)
    solved = session.scalars(
        update(CaseRow)
        .where(CaseRow.id.in_(attached), CaseRow.state.in_(SOLVED_WITH_PROBLEM), ~came_back)
        .values(state=CaseState.SOLVED, solved_at=command.at)
        .returning(CaseRow.id),
        execution_options={"synchronize_session": False},
    ).all()
    number = session.scalar(select(_problem.c.number).filter_by(id=command.problem_id))
    said = f"{name_of(number or 0)}: {command.solution}"
    _write_lines(session, solved, CaseEvent.SOLVED, command.by, command.at, said)
    messages.tell_solved(session, command, solved, said)
    mark = update(_link).where(_link.c.problem_id == command.problem_id, _link.c.case_id == bindparam("of_case"))
    if solved:
        session.connection().execute(mark.values(solved_at=command.at), [{"of_case": case_id} for case_id in solved])
        end_questions(session.connection(), solved, command.at)
    return True


def _write_lines(
    session: Session, case_ids: Any, event: CaseEvent, by: UUID, at: datetime, said: str, *only: Any
) -> None:
    """A line in the timeline of each of these cases."""
    levels: dict[UUID, Level] = {}
    for start in range(0, len(case_ids), 500):  # SQLite takes some thousand parameters at once
        query = select(CaseRow.id, CaseRow.level).where(CaseRow.id.in_(case_ids[start : start + 500]), *only)
        levels |= {row.id: row.level for row in session.execute(query)}
    lines = [
        {"id": new_id(), "case_id": case_id, "at": at, "by": by, "event": event, "from_level": level,
         "to_level": level, "text": said, "hand_over": None}
        for case_id, level in levels.items()
    ]  # fmt: skip
    if lines:
        session.execute(insert(TimelineRow), lines)


@cache
def _attaching(dialect: str) -> Any:
    names = ("problem_id", "case_id", "link", "at", "by")
    adding = insert_into(dialect, ProblemCaseRow).values({name: _new(_link, name) for name in names})
    changed = {name: adding.excluded[name] for name in ("link", "at", "by")}
    return adding.on_conflict_do_update(index_elements=[_link.c.problem_id, _link.c.case_id], set_=changed).returning(
        _link.c.case_id.label("id")
    )


def _bound(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _new(_problem, name) for name in names}


def _new(table: Any, name: str) -> Any:
    return bindparam(f"new_{name}", type_=table.c[name].type)


_MOVING = (
    update(_problem)
    .where(_problem.c.id == bindparam("which"), _problem.c.state == bindparam("was_state"))
    .values(_bound(("state", "state_since", "state_by", "said")))
    .returning(_problem.c.id)
)
_DETACHING = (
    update(_link)
    .where(
        _link.c.problem_id == bindparam("which"),
        _link.c.case_id == bindparam("of_case"),
        text("problem_case.link <> 'detached'"),
        _link.c.solved_at.is_(None),
    )
    .values({name: _new(_link, name) for name in ("link", "at", "by")})
    .returning(_link.c.case_id.label("id"))
)
