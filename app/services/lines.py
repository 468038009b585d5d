"""The desk's side of a line behind the gateway: what rings at a person's telephone, and what they ask of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, literal, or_, select, text, union
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.line_rows import GatewayRow, LineOrderRow, RingRow, TelephoneRow
from app.db.rows import CallRow
from app.db.types import UtcDateTime
from app.domain.calls import Call, CallerNumber, CallState
from app.domain.lines import GatewayState, LineCall, LineNow, LineOrder, OrderAnswer, OrderState, RingAt, Telephone
from app.services.gateway_statements import GATEWAY_CHANNEL

_RINGS_AT_MOST = timedelta(hours=1)  # an older one that never stopped is of a gateway that died


class Lines:
    """Of one person."""

    def __init__(self, database: Database, person_id: UUID) -> None:
        self._database = database
        self._person_id = person_id

    def now(self, known: frozenset[UUID], orders: frozenset[UUID]) -> LineNow:
        """The person's calls, those of `known` among them whatever became of them; and the answers to `orders`."""
        with self._database.read() as session:
            return LineNow(
                calls=tuple(map(self._call, session.execute(_calls_of(self._person_id, known)))),
                answers=_answers(session, orders) if orders else (),
                gateway=gateway_state(session),
                telephone=_telephone(session, self._person_id),
            )

    def gateway(self) -> GatewayState | None:
        """What the gateway said last; None: there never was one."""
        with self._database.read() as session:
            return gateway_state(session)

    def place(self, order: LineOrder) -> None:
        """Ask something of the gateway, and wake it.

        Raises:
            NotAllowed: it is about a call that is not this person's.
        """
        values = {"id": order.id, "by": order.by, "at": order.at, "action": order.action, "call_id": order.call_id}
        with self._database.write() as session:
            session.execute(insert(LineOrderRow).values({**values, "text": order.text[:100]}))
            if not self._database.is_sqlite:  # seldom enough to be told in the transaction itself
                session.execute(text(f"NOTIFY {GATEWAY_CHANNEL}"))

    def _call(self, row: Row[Any]) -> LineCall:
        ring = None
        if row.ring_at:
            ring = RingAt(
                call_id=row.id,
                person_id=self._person_id,
                at=row.ring_at,
                stopped_at=row.ring_stopped_at,
                end_reason=row.ring_end_reason,
            )
        return LineCall(call=_call_of(row), agent_id=row.agent_id, ring=ring)


def gateway_state(session: Session) -> GatewayState | None:
    """What the gateway said last; its age by the database's clock, because the desk's may be wrong."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    clock: Any = literal(datetime.now(UTC), UtcDateTime()) if is_sqlite else func.clock_timestamp()
    row = session.execute(select(GatewayRow.__table__, clock.label("now"))).first()
    if row is None:
        return None
    return GatewayState(
        holder=row.holder,
        phase=row.phase,
        since=row.since,
        beat_at=row.beat_at,
        age_s=(row.now - row.beat_at).total_seconds(),
        waiting_count=row.waiting_count,
        waiting_since=row.waiting_since,
        capabilities=tuple(row.capabilities),
    )


def _calls_of(person_id: UUID, known: frozenset[UUID]) -> Any:
    rings_here = select(RingRow.call_id).where(
        RingRow.person_id == person_id, RingRow.stopped_at.is_(None), RingRow.at > datetime.now(UTC) - _RINGS_AT_MOST
    )
    has = select(CallRow.id).where(
        text("call.state <> 'closed'"), CallRow.agent_id == person_id, CallRow.ended_at.is_(None)
    )
    return (
        select(
            CallRow.__table__,
            RingRow.at.label("ring_at"),
            RingRow.stopped_at.label("ring_stopped_at"),
            RingRow.end_reason.label("ring_end_reason"),
        )
        .outerjoin(RingRow, (RingRow.call_id == CallRow.id) & (RingRow.person_id == person_id))
        .where(or_(CallRow.id.in_(union(rings_here, has)), CallRow.id.in_(known)))
        .order_by(CallRow.queued_at)
    )


def _telephone(session: Session, person_id: UUID) -> Telephone | None:
    row = session.scalars(select(TelephoneRow).where(TelephoneRow.person_id == person_id).limit(1)).first()
    if row is None:
        return None
    return Telephone(
        interface=row.interface,
        name=row.name,
        device=row.device,
        is_paused=row.is_paused,
        pause_reason=row.pause_reason,
        person_id=person_id,
    )


def _answers(session: Session, orders: frozenset[UUID]) -> tuple[OrderAnswer, ...]:
    query = select(LineOrderRow.id, LineOrderRow.state, LineOrderRow.refusal, LineOrderRow.detail).where(
        LineOrderRow.id.in_(orders), LineOrderRow.state.in_((OrderState.DONE, OrderState.REFUSED))
    )
    return tuple(
        OrderAnswer(order_id=row.id, state=row.state, refusal=row.refusal, detail=row.detail)
        for row in session.execute(query)
    )


def _call_of(row: Row[Any]) -> Call:
    return Call(
        id=row.id,
        source=row.source,
        caller=CallerNumber(
            raw=row.number_raw, kind=row.number_kind, normal=row.number_normal, display_name=row.display_name
        ),
        state=CallState(row.state),
        queued_at=row.queued_at,
        queue=row.queue,
        is_outgoing=row.is_outgoing,
        offered_at=row.offered_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        ended_by=row.ended_by,
    )
