"""Call-backs: from calls that were given up and from promises; taken, moved, settled."""

from dataclasses import replace
from uuid import UUID

import pytest

from app.db.engine import Database
from app.db.line_rows import CallBackRow
from app.domain.call_backs import CallBack, CallBackKind, CallBackState
from app.domain.calls import Call, CallState, EndReason
from app.domain.commands import AttemptCallBack, CloseCallBack, MoveCallBack, PromiseCallBack
from app.domain.errors import NotFound
from app.domain.ids import new_id
from app.domain.people import Person
from app.services.call_backs import CallBacks
from app.services.calls import Calls
from tests.builders import LONE_NUMBER, Seeded, at, call, caller, record_call


def abandoned(**others: object) -> Call:
    given_up = replace(call(CallState.CLOSED), caller=caller(LONE_NUMBER), ended_at=at(30), answered_at=None)
    facts: dict[str, object] = {"end_reason": EndReason.ABANDONED, "source": "demo"}
    return replace(given_up, **facts | others)  # type: ignore[arg-type]


def spoken(seconds: float, *, is_outgoing: bool = False) -> Call:
    talk = replace(call(CallState.CONNECTED), caller=caller(LONE_NUMBER), answered_at=at(seconds))
    return replace(talk, is_outgoing=is_outgoing)


def promise(by: Person, due_s: float = 3600) -> PromiseCallBack:
    made = CallBack(id=new_id(), kind=CallBackKind.PROMISED, number=LONE_NUMBER, name="Zoe Meyer", due_at=at(due_s),
                    made_at=at(0), person_id=by.id)  # fmt: skip
    return PromiseCallBack(id=new_id(), by=by.id, at=at(0), call_back=made)


@pytest.fixture
def call_backs(database: Database) -> CallBacks:
    return CallBacks(database)


def state(database: Database, id_: UUID) -> CallBackState:
    with database.read() as session:
        row = session.get_one(CallBackRow, id_)
        return row.state


def test_a_caller_who_gave_up_is_anyones_until_the_caller_comes_through(
    database: Database, centre: Seeded, call_backs: CallBacks
) -> None:
    given_up = abandoned()
    for _ in range(2):  # told twice, there is one
        Calls(database).record(record_call(given_up, centre.agent, customer_id=centre.meyer.id))
    (one,) = call_backs.open_for(centre.agent.id)
    assert (one.number, one.kind, one.person_id, one.due_at) == (LONE_NUMBER, CallBackKind.ABANDONED, None, at(30))
    assert one.customer_id == centre.meyer.id and call_backs.open_for(centre.lead.id) == (one,)
    Calls(database).record(record_call(spoken(20), centre.agent))  # a conversation from before
    assert call_backs.open_for(centre.agent.id) == (one,)
    Calls(database).record(record_call(spoken(90), centre.agent))
    assert call_backs.open_for(centre.agent.id) == () and state(database, one.id) is CallBackState.DONE


@pytest.mark.parametrize(
    "given_up",
    [
        abandoned(source="sip"),
        abandoned(end_reason=EndReason.SHORT_ABANDONED),
        abandoned(end_reason=EndReason.MISSED),
        abandoned(caller=caller(None)),
        abandoned(is_outgoing=True),
    ],
    ids=["a softphone cannot tell", "at once", "not given up", "no number", "ours"],
)
def test_who_is_not_called_back(database: Database, centre: Seeded, call_backs: CallBacks, given_up: Call) -> None:
    Calls(database).record(record_call(given_up, centre.agent))
    assert call_backs.open_for(centre.agent.id) == ()


def test_a_promise_is_kept_by_our_call_not_by_the_customers(
    database: Database, centre: Seeded, call_backs: CallBacks
) -> None:
    promised = promise(centre.agent)
    for _ in range(2):
        call_backs.promise(promised)
    assert call_backs.open_for(centre.agent.id) == (promised.call_back,)
    assert call_backs.open_for(centre.lead.id) == ()  # it is Ada's
    Calls(database).record(record_call(spoken(90), centre.agent))
    assert call_backs.open_for(centre.agent.id) == (promised.call_back,)
    Calls(database).record(record_call(spoken(90, is_outgoing=True), centre.agent))
    assert call_backs.open_for(centre.agent.id) == ()


def test_who_dials_or_moves_one_takes_it(database: Database, centre: Seeded, call_backs: CallBacks) -> None:
    Calls(database).record(record_call(abandoned(), centre.agent))
    (one,) = call_backs.open_for(centre.agent.id)
    attempt = AttemptCallBack(id=new_id(), by=centre.agent.id, at=at(60), call_back_id=one.id, next_at=at(1800))
    for _ in range(2):  # sent again, it counts once
        call_backs.attempt(attempt)
    (taken,) = call_backs.open_for(centre.agent.id)
    assert (taken.attempt_count, taken.attempted_at, taken.due_at) == (1, at(60), at(1800))
    assert call_backs.open_for(centre.lead.id) == ()
    with pytest.raises(NotFound, match="Somebody else"):
        call_backs.attempt(replace(attempt, id=new_id(), by=centre.lead.id))
    call_backs.move(MoveCallBack(id=new_id(), by=centre.agent.id, at=at(70), call_back_id=one.id, due_at=at(7200)))
    assert call_backs.open_for(centre.agent.id)[0].due_at == at(7200)


@pytest.mark.parametrize(("is_done", "end"), [(True, CallBackState.DONE), (False, CallBackState.DROPPED)])
def test_closed_is_closed(
    database: Database, centre: Seeded, call_backs: CallBacks, is_done: bool, end: CallBackState
) -> None:
    promised = promise(centre.agent)
    call_backs.promise(promised)
    close = CloseCallBack(
        id=new_id(),
        by=centre.agent.id,
        at=at(3600),
        call_back_id=promised.call_back.id,
        is_done=is_done,
    )
    call_backs.close(close)
    call_backs.close(replace(close, id=new_id(), is_done=not is_done))  # it was settled meanwhile: no fault, no change
    assert state(database, promised.call_back.id) is end and call_backs.open_for(centre.agent.id) == ()
