"""From what a gateway knows to rows, and back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.domain.call_backs import CallBack, number_of
from app.domain.calls import Call, CallerNumber, CallState
from app.domain.lines import SHARED
from app.telephony.ledger import LedgerCall, Ringing


def call_values(one: LedgerCall, people: Mapping[str, UUID]) -> dict[str, object]:
    """The row of a call, without its time of telling; a conversation of nobody's desk needs no wrap-up."""
    call, agent_id = one.call, people.get(one.call.agent)
    is_of_nobody = call.state is CallState.WRAP_UP and agent_id is None
    return {
        "id": call.id,
        "source": SHARED,
        "number_raw": call.caller.raw,
        "number_kind": call.caller.kind,
        "number_normal": call.caller.normal,
        "display_name": call.caller.display_name,
        "queue": call.queue[:100],
        "state": CallState.CLOSED if is_of_nobody else call.state,
        "agent_id": agent_id,
        "queued_at": call.queued_at,
        "offered_at": call.offered_at,
        "answered_at": call.answered_at,
        "held_ms": (one.held_before + call.held) // timedelta(milliseconds=1),
        "ended_at": call.ended_at,
        "wrapped_up_at": call.ended_at if is_of_nobody else None,
        "end_reason": call.end_reason,
        "ended_by": call.ended_by,
        "is_outgoing": call.is_outgoing,
        "note": "",
    }


def ring_values(ring: Ringing, person_id: UUID) -> dict[str, object]:
    return {
        "call_id": ring.call_id,
        "person_id": person_id,
        "at": ring.at,
        "stopped_at": ring.stopped_at,
        "end_reason": ring.end_reason,
    }


def call_back_values(one: CallBack) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "number": one.number,
        "name": one.name,
        "due_at": one.due_at,
        "made_at": one.made_at,
        "call_id": one.call_id,
    }


def settling_values(call: Call) -> dict[str, object]:
    """As `closed_kinds` says: a conversation of ours settles all, one of the caller's only that of giving up."""
    return {"at_number": number_of(call.caller), "is_outgoing": call.is_outgoing, "spoken_at": call.answered_at}


def restored(row: Row[Any], rings: Sequence[Row[Any]], interfaces: Mapping[UUID, str]) -> LedgerCall:
    """A call as an earlier gateway recorded it; when it was on hold is not known any more, only for how long."""
    call = Call(
        id=row.id,
        source=row.source,
        caller=CallerNumber(
            raw=row.number_raw, kind=row.number_kind, normal=row.number_normal, display_name=row.display_name
        ),
        state=row.state,
        queued_at=row.queued_at,
        queue=row.queue,
        is_outgoing=row.is_outgoing,
        agent=interfaces.get(row.agent_id, ""),
        offered_at=row.offered_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        wrapped_up_at=row.wrapped_up_at,
        end_reason=row.end_reason,
        ended_by=row.ended_by,
        disposition=row.disposition,
    )
    rung = tuple(
        Ringing(
            call_id=row.id,
            interface=interfaces[ring.person_id],
            at=ring.at,
            stopped_at=ring.stopped_at,
            end_reason=ring.end_reason,
        )
        for ring in rings
        if ring.person_id in interfaces
    )
    return LedgerCall(call=call, rings=rung, held_before=timedelta(milliseconds=row.held_ms))
