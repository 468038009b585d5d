"""The ledger of a gateway: what changed, whom it concerns, in whatever order it is told."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from app.domain.calls import CallEvent, CallState, EndReason, EventKind
from app.domain.ids import new_id
from app.telephony.ami.members import DeviceState, Member
from app.telephony.ledger import Ledger, LedgerCall, Ringing

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALL = new_id()
ONE, TWO = "PJSIP/1001", "PJSIP/1002"


def told(kind: EventKind, s: float, agent: str = "", **others: object) -> CallEvent:
    return CallEvent(call_id=CALL, kind=kind, at=BEGAN + timedelta(seconds=s), agent=agent, **others)  # type: ignore[arg-type]


def after(*events: CallEvent) -> LedgerCall:
    ledger = Ledger()
    ledger.take(events)
    (one,) = ledger.drain().calls
    return one


def ring(one: LedgerCall, interface: str) -> Ringing:
    return next(ring for ring in one.rings if ring.interface == interface)


def test_what_nobody_changed_is_not_written_again() -> None:
    changes: list[None] = []
    ledger = Ledger(lambda: changes.append(None))
    member = Member(interface=ONE, queue="q", name="ada", device=DeviceState.FREE, is_paused=False, pause_reason="")
    ledger.take([told(EventKind.QUEUED, 0), member])
    batch = ledger.drain()
    assert len(batch.calls) == len(batch.telephones) == len(changes) == 1 and not ledger.drain()
    ledger.take([told(EventKind.QUEUED, 0), member])
    assert not ledger.drain() and len(changes) == 1
    ledger.put_back(batch)
    assert ledger.drain() == batch


def test_who_answers_stops_all_other_telephones() -> None:
    events = [
        told(EventKind.QUEUED, 0),
        told(EventKind.OFFERED, 1, ONE),
        told(EventKind.OFFERED, 1.001, TWO),
        told(EventKind.ANSWERED, 3, TWO),
    ]
    for order in permutations(events):
        one = after(*order)
        assert ring(one, TWO).end_reason is EndReason.ANSWERED
        assert (ring(one, ONE).end_reason, ring(one, ONE).stopped_at) == (
            EndReason.FLOW_OUT,
            BEGAN + timedelta(seconds=3),
        )
        assert one.call.state is CallState.CONNECTED and one.interfaces == {ONE, TWO}


def test_a_telephone_rings_again_after_it_stopped() -> None:
    one = after(
        told(EventKind.OFFERED, 1, ONE),
        told(EventKind.RING_STOPPED, 5, ONE, end_reason=EndReason.MISSED),
        told(EventKind.OFFERED, 9, ONE),
    )
    assert ring(one, ONE) == Ringing(call_id=CALL, interface=ONE, at=BEGAN + timedelta(seconds=9))


def test_whose_call_it_is() -> None:
    ledger = Ledger()
    ledger.take([told(EventKind.OFFERED, 1, ONE)])
    assert ledger.is_at(CALL, ONE) and not ledger.is_at(CALL, TWO) and not ledger.is_at(new_id(), ONE)
    ledger.take([told(EventKind.OFFERED, 2, TWO), told(EventKind.ANSWERED, 3, TWO)])
    assert ledger.is_at(CALL, TWO) and not ledger.is_at(CALL, ONE)
    ledger.take([told(EventKind.ENDED, 4, end_reason=EndReason.ANSWERED)])
    assert not ledger.is_at(CALL, TWO)


def test_what_vanished_ends_as_unknown_and_what_is_over_is_forgotten_when_it_is_written() -> None:
    ledger = Ledger()
    ledger.take([told(EventKind.QUEUED, 0)])
    ledger.end_vanished(frozenset({CALL}), BEGAN)
    ledger.drain()
    ledger.end_vanished(frozenset(), BEGAN + timedelta(seconds=9))
    ledger.forget_old(BEGAN + timedelta(days=1))
    (one,) = ledger.drain().calls  # not forgotten: it was not written
    assert one.call.end_reason is EndReason.UNKNOWN
    ledger.forget_old(BEGAN + timedelta(seconds=60))
    assert len(ledger) == 1  # late events still come
    ledger.forget_old(BEGAN + timedelta(days=1))
    assert len(ledger) == 0
