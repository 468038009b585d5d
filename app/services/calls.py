"""The record of calls, as the agent's desk tells it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import CallRow
from app.domain.calls import RANK, Call
from app.domain.commands import RecordCall
from app.domain.topics import Topic
from app.services.once import apply_once, tell


class Calls:
    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, command: RecordCall) -> UUID | None:
        """Write the call as the desk knows it; what the database knows better (a later state) stays."""
        return apply_once(self._database, command, _record)


def _record(session: Session, command: RecordCall) -> UUID:
    call = command.call
    known = session.execute(select(CallRow.state, CallRow.told_at).where(CallRow.id == call.id)).one_or_none()
    values = {**_facts(call), "note": command.note, "told_at": command.at}
    values |= {k: v for k, v in (("customer_id", command.customer_id), ("case_id", command.case_id)) if v is not None}
    if known is None:
        session.execute(insert(CallRow).values(id=call.id, agent_id=command.by, **values))
    elif RANK[known.state] < RANK[call.state] or (
        RANK[known.state] == RANK[call.state] and known.told_at <= command.at
    ):
        session.execute(update(CallRow).where(CallRow.id == call.id).values(**values))
    tell(session, Topic.CALLS, call.id)
    return call.id


def _facts(call: Call) -> dict[str, object]:
    return {
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
