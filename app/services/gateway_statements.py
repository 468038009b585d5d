"""The gateway's statements, for PostgreSQL. Each writes what is there as a whole, so repeating one is harmless."""

from sqlalchemy import Boolean, bindparam, case, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.db.line_rows import CallBackRow, GatewayRow, LineOrderRow, RingRow, TelephoneRow
from app.db.rows import CallRow, PersonRow
from app.domain.call_backs import CallBackKind, CallBackState
from app.domain.calls import RANK
from app.domain.lines import SHARED, OrderState

GATEWAY_CHANNEL = "firstline_gateway"  # wakes it: an order waits

_ABANDONED_WRAP_UP = "30 minutes"  # nobody finishes the record of such a call any more

_call = CallRow.__table__.c
_told_call = insert(CallRow)
_ranks = {str(state): rank for state, rank in RANK.items()}
_known_rank = case(_ranks, value=_call.state)
_told_rank = case(_ranks, value=_told_call.excluded.state)
_CALL_NAMES = (
    "id", "source", "number_raw", "number_kind", "number_normal", "display_name", "queue", "state", "agent_id",
    "queued_at", "offered_at", "answered_at", "held_ms", "ended_at", "wrapped_up_at", "end_reason", "ended_by",
    "is_outgoing", "note", "told_at",
)  # fmt: skip
_CALL_FACTS = tuple(name for name in _CALL_NAMES if name not in ("id", "note"))

RECORD_CALL = _told_call.values({name: bindparam(name, type_=_call[name].type) for name in _CALL_NAMES})
RECORD_CALL = RECORD_CALL.on_conflict_do_update(
    index_elements=[_call.id],
    set_={name: _told_call.excluded[name] for name in _CALL_FACTS}
    | {"agent_id": func.coalesce(_told_call.excluded.agent_id, _call.agent_id)},
    where=(_known_rank < _told_rank) | ((_known_rank == _told_rank) & (_call.told_at <= _told_call.excluded.told_at)),
)

_told_ring = insert(RingRow)
RECORD_RING = _told_ring.on_conflict_do_update(
    index_elements=["call_id", "person_id"],
    set_={name: _told_ring.excluded[name] for name in ("at", "stopped_at", "end_reason")},
)

_told_telephone = insert(TelephoneRow)
RECORD_TELEPHONE = _told_telephone.on_conflict_do_update(
    index_elements=["interface"],
    set_={name: _told_telephone.excluded[name] for name in ("name", "device", "is_paused", "pause_reason", "told_at")}
    | {"person_id": func.coalesce(TelephoneRow.__table__.c.person_id, _told_telephone.excluded.person_id)},
)

_told_beat = insert(GatewayRow)
BEAT = _told_beat.values(beat_at=func.clock_timestamp()).on_conflict_do_update(
    index_elements=["name"],
    set_={
        name: _told_beat.excluded[name]
        for name in ("holder", "phase", "since", "beat_at", "waiting_count", "waiting_since", "capabilities")
    },
)

OPEN_CALL_BACK = insert(CallBackRow).on_conflict_do_nothing()
SETTLE_CALL_BACKS = (
    update(CallBackRow)
    .where(
        CallBackRow.number == bindparam("at_number"),
        or_(CallBackRow.kind == CallBackKind.ABANDONED, bindparam("is_outgoing", type_=Boolean())),
        CallBackRow.made_at < bindparam("spoken_at"),
        text("call_back.state = 'open'"),
    )
    .values(state=CallBackState.DONE, done_at=bindparam("spoken_at"))
)

# What nobody answered when the gateway before ended may have been done; the rest is for this one.
TAKE_ORDERS = (
    update(LineOrderRow)
    .where(text("line_order.state = 'waiting'"))
    .values(state=OrderState.TAKEN)
    .returning(
        LineOrderRow.id,
        LineOrderRow.by,
        LineOrderRow.at,
        LineOrderRow.action,
        LineOrderRow.call_id,
        LineOrderRow.text,
        (func.clock_timestamp() - LineOrderRow.at).label("age"),
    )
)
LEFT_ORDERS = select(LineOrderRow.id, LineOrderRow.by).where(text("line_order.state = 'taken'"))
ANSWER_ORDER = (
    update(LineOrderRow)
    .where(LineOrderRow.id == bindparam("order_id"))
    .values(
        state=bindparam("new_state"),
        refusal=bindparam("why"),
        detail=bindparam("words"),
        answered_at=func.clock_timestamp(),
    )
)

LIVE_CALLS = select(CallRow).where(text("call.state <> 'closed'"), CallRow.source == SHARED, CallRow.ended_at.is_(None))
CALLS_OF = select(CallRow.__table__).where(CallRow.id.in_(bindparam("ids", expanding=True)))
RINGS_OF = select(RingRow).where(RingRow.call_id.in_(bindparam("ids", expanding=True)))
PEOPLE = select(PersonRow.id, PersonRow.login)
TELEPHONES = select(TelephoneRow.interface, TelephoneRow.person_id).where(TelephoneRow.person_id.is_not(None))

WAKE = text("SELECT pg_notify(channel, '') FROM unnest(CAST(:channels AS text[])) AS channel")
TRY_LOCK = text("SELECT pg_try_advisory_lock(:lock), pg_backend_pid()")
UNLOCK = text("SELECT pg_advisory_unlock_all()")
UNSEAT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = 0 AND objid = :lock AND objsubid = 1 AND pid <> pg_backend_pid()"
)
BEAT_AGE = text("SELECT extract(epoch FROM clock_timestamp() - beat_at) FROM gateway WHERE phase <> 'stopped'")
CLOSE_OLD_WRAP_UP = text(
    "UPDATE call SET state = 'closed', wrapped_up_at = ended_at WHERE state = 'wrap_up' AND source = 'shared'"
    f" AND ended_at < now() - interval '{_ABANDONED_WRAP_UP}'"
)
REMOVE_OLD_ORDERS = text("DELETE FROM line_order WHERE at < now() - interval '1 day'")
