"""Call-backs: who is to be called, by whom and when; made by calls that were given up, and by promises."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select, text, update

from app.db.engine import Database
from app.db.line_rows import CallBackRow
from app.db.one_statement import Decision, NewRow
from app.db.rows import ChangeRow
from app.domain.call_backs import CallBack, CallBackState, closed_kinds, for_abandoned, number_of
from app.domain.calls import Call, CallState
from app.domain.commands import AttemptCallBack, CloseCallBack, MoveCallBack, PromiseCallBack
from app.domain.errors import NotFound
from app.domain.topics import Topic
from app.i18n import tr
from app.services.once import Attempt, apply_once

LIST_LIMIT = 200


class CallBacks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open_for(self, person_id: UUID) -> tuple[CallBack, ...]:
        """Those of this person and those of nobody, the most urgent first."""
        query = (
            select(CallBackRow)
            .where(_IS_OPEN, or_(CallBackRow.person_id.is_(None), CallBackRow.person_id == person_id))
            .order_by(CallBackRow.due_at, CallBackRow.id)
            .limit(LIST_LIMIT)
        )
        with self._database.read() as session:
            return tuple(_value(row) for row in session.scalars(query))

    def promise(self, command: PromiseCallBack) -> UUID | None:
        return apply_once(self._database, command, _promise)

    def attempt(self, command: AttemptCallBack) -> UUID | None:
        return apply_once(self._database, command, _attempt)

    def move(self, command: MoveCallBack) -> UUID | None:
        return apply_once(self._database, command, _move)

    def close(self, command: CloseCallBack) -> UUID | None:
        return apply_once(self._database, command, _close)


def after_call(connection: Connection, call: Call, by: UUID, customer_id: UUID | None) -> tuple[NewRow, ...]:
    """What a call means for call-backs: one given up asks for one, a conversation settles those to its number.

    The rows are still to be added.
    """
    abandoned = for_abandoned(call)
    if abandoned:
        values = {**_values(abandoned), "made_by": by, "customer_id": customer_id}
        return NewRow(row=CallBackRow, values=values, keeps=True), _news(abandoned.id)
    return (_news(call.id),) if _settle(connection, call, by) else ()


def _settle(connection: Connection, call: Call, by: UUID) -> bool:
    """Whether there was one to settle. In a statement of its own: to do it again does no harm."""
    kinds = closed_kinds(call)
    if not kinds or call.state not in (CallState.CONNECTED, CallState.WRAP_UP):
        return False
    statement = (
        update(CallBackRow)
        .where(
            _IS_OPEN,
            CallBackRow.number == number_of(call.caller),
            CallBackRow.kind.in_(kinds),
            CallBackRow.made_at < call.answered_at,
        )
        .values(state=CallBackState.DONE, done_at=call.answered_at, done_by=by)
    )
    return connection.execute(statement).rowcount > 0


def _news(subject_id: UUID) -> NewRow:
    return NewRow(row=ChangeRow, values={"topic": Topic.CALL_BACKS, "subject_id": subject_id, "at": datetime.now(UTC)})


def _promise(attempt: Attempt[PromiseCallBack]) -> UUID:
    one = attempt.command.call_back
    values = {**_values(one), "made_by": attempt.command.by, "person_id": one.person_id}
    return attempt.write_about(Topic.CALL_BACKS, one.id, NewRow(row=CallBackRow, values=values, keeps=True))


def _attempt(attempt: Attempt[AttemptCallBack]) -> UUID | None:
    """Dialling makes it this person's, so that nobody else calls the customer at the same time."""
    command = attempt.command
    changed = {"person_id": command.by, "attempted_at": command.at, "due_at": command.next_at}
    return _change(attempt, command.call_back_id, changed, counts=True)


def _move(attempt: Attempt[MoveCallBack]) -> UUID | None:
    command = attempt.command
    changed: dict[str, object] = {"person_id": command.by, "due_at": command.due_at}
    if command.number:
        changed["number"] = command.number[:60]
    return _change(attempt, command.call_back_id, changed)


def _close(attempt: Attempt[CloseCallBack]) -> UUID | None:
    command = attempt.command
    state = CallBackState.DONE if command.is_done else CallBackState.DROPPED
    return _change(attempt, command.call_back_id, {"state": state, "done_at": command.at, "done_by": command.by})


def _change(
    attempt: Attempt[Any], call_back_id: UUID, changed: Mapping[str, object], *, counts: bool = False
) -> UUID | None:
    """Only of what is open and one's own or nobody's; what was settled meanwhile stays so, and that is no fault."""
    by = attempt.command.by
    values = {**changed, "of_id": call_back_id, "of_person": by}
    if attempt.write(Topic.CALL_BACKS, Decision(statement=_changing(tuple(changed), counts), values=values)):
        return call_back_id
    known = CallBackRow.__table__.c
    is_theirs = or_(known.person_id.is_(None), known.person_id == by)
    state = attempt.connection.scalar(select(known.state).where(known.id == call_back_id, is_theirs))
    if state is None or state is CallBackState.OPEN:
        raise NotFound(tr("Somebody else has taken this call-back."))
    attempt.note()
    return None


@cache
def _changing(names: tuple[str, ...], counts: bool) -> Any:
    known = CallBackRow.__table__.c
    person = bindparam("of_person", type_=known.person_id.type)
    changed: dict[str, Any] = {name: bindparam(name, type_=known[name].type) for name in names}
    if counts:
        changed["attempt_count"] = known.attempt_count + 1
    return (
        update(CallBackRow)
        .where(known.id == bindparam("of_id", type_=known.id.type), text("call_back.state = 'open'"))
        .where(or_(known.person_id.is_(None), known.person_id == person))
        .values(changed)
        .returning(known.id)
    )


def _value(row: CallBackRow) -> CallBack:
    return CallBack(
        id=row.id,
        kind=row.kind,
        number=row.number,
        name=row.name,
        due_at=row.due_at,
        made_at=row.made_at,
        call_id=row.call_id,
        customer_id=row.customer_id,
        person_id=row.person_id,
        note=row.note,
        state=row.state,
        attempt_count=row.attempt_count,
        attempted_at=row.attempted_at,
    )


def _values(one: CallBack) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "number": one.number[:60],
        "name": one.name[:200],
        "due_at": one.due_at,
        "made_at": one.made_at,
        "call_id": one.call_id,
        "customer_id": one.customer_id,
        "note": one.note,
    }


_IS_OPEN: ColumnElement[bool] = CallBackRow.state == CallBackState.OPEN
