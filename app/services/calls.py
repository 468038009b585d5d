"""The record of calls, as the agent's desk tells it."""

from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, func, update

from app.db.engine import Database
from app.db.one_statement import Decision, insert_into
from app.db.rows import CallRow
from app.domain.calls import RANK, Call, CallState
from app.domain.commands import RecordCall
from app.domain.errors import NotAllowed
from app.domain.lines import SHARED
from app.domain.topics import Topic
from app.i18n import tr
from app.services import call_backs
from app.services.once import Attempt, apply_once


class Calls:
    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, command: RecordCall) -> UUID | None:
        """Write the call as the desk knows it; what the database knows better (a later state) stays."""
        return apply_once(self._database, command, _record)


def _record(attempt: Attempt[RecordCall]) -> UUID | None:
    command = attempt.command
    if command.call.source == SHARED:
        return _add_to_gateways_record(attempt)
    values = {
        **_facts(command.call),
        "agent_id": command.by,
        "customer_id": command.customer_id,
        "case_id": command.case_id,
        "note": command.note,
        "told_at": command.at,
    }
    statement = _recording(attempt.connection.dialect.name, tuple(values))
    decision = Decision(statement=statement, values=values)
    rows = call_backs.after_call(attempt.connection, command.call, command.by, command.customer_id)
    return attempt.write_about(Topic.CALLS, command.call.id, *rows, decision=decision)


def _add_to_gateways_record(attempt: Attempt[RecordCall]) -> UUID | None:
    """What only the desk knows of a call that the gateway records: who called, the case, the note, the end of wrap-up.

    Raises:
        NotAllowed: the call is another agent's by now, and there is a note that would be lost.
    """
    command, call = attempt.command, attempt.command.call
    values: dict[str, object] = {"customer_id": command.customer_id, "case_id": command.case_id, "note": command.note}
    values = {name: value for name, value in values.items() if value and call.answered_at}
    if call.answered_at and call.state is CallState.CLOSED:
        values |= {"state": call.state, "wrapped_up_at": call.wrapped_up_at, "disposition": call.disposition}
    if values:
        keys = {"of_call": call.id, "of_agent": command.by}
        decision = Decision(statement=_adding(tuple(values)), values=values | keys)
        if attempt.write(Topic.CALLS, decision):
            return call.id
        if command.note:
            raise NotAllowed(tr("This call is recorded for somebody else, so the note is not in its record."))
    attempt.note()
    return None


@cache
def _adding(names: tuple[str, ...]) -> Any:
    known = CallRow.__table__.c
    return (
        update(CallRow)
        .where(known.id == bindparam("of_call", type_=known.id.type))
        .where(known.agent_id == bindparam("of_agent", type_=known.agent_id.type))
        .values({name: bindparam(name, type_=known[name].type) for name in names})
        .returning(known.id)
    )


@cache
def _recording(dialect: str, names: tuple[str, ...]) -> Any:
    """Insert the call, or change what is there unless it is of a later state, or of the same and told later."""
    known = CallRow.__table__.c
    insert = insert_into(dialect, CallRow)
    told = insert.excluded
    ranks = {str(state): rank for state, rank in RANK.items()}
    known_rank, told_rank = case(ranks, value=known.state), case(ranks, value=told.state)
    facts = {name: told[name] for name in names if name not in ("id", "agent_id")}
    facts |= {name: func.coalesce(told[name], known[name]) for name in ("customer_id", "case_id")}
    is_newer = (known_rank < told_rank) | ((known_rank == told_rank) & (known.told_at <= told.told_at))
    insert = insert.values({name: bindparam(name, type_=known[name].type) for name in names})
    return insert.on_conflict_do_update(index_elements=[known.id], set_=facts, where=is_newer).returning(known.id)


def _facts(call: Call) -> dict[str, object]:
    return {
        "id": call.id,
        "source": call.source,
        "number_raw": call.caller.raw,
        "number_kind": call.caller.kind,
        "number_normal": call.caller.normal,
        "display_name": call.caller.display_name,
        "queue": call.queue,
        "state": call.state,
        "queued_at": call.queued_at,
        "offered_at": call.offered_at,
        "answered_at": call.answered_at,
        "held_ms": call.held // timedelta(milliseconds=1),
        "ended_at": call.ended_at,
        "wrapped_up_at": call.wrapped_up_at,
        "end_reason": call.end_reason,
        "ended_by": call.ended_by,
        "is_outgoing": call.is_outgoing,
        "disposition": call.disposition,
    }
