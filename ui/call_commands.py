"""What a call sends to the database: its record, a number that is the customer's, a call-back that was promised."""

from datetime import UTC, datetime, timedelta

from app.domain.call_backs import CallBack, CallBackKind, CallBackWish
from app.domain.commands import AttachNumber, PromiseCallBack, RecordCall
from app.domain.customers import Customer, Phone
from app.domain.due_times import wall_clock
from app.domain.ids import new_id
from app.domain.people import Person
from app.domain.work import CallWork, number_to_call
from app.telephony.numbers import dialable, to_e164

DUE_IN = timedelta(hours=1)  # unless another time was chosen

_NUMBER_LENGTH = 60


def record_of(work: CallWork, person: Person) -> RecordCall:
    """The call as the desk knows it now."""
    return RecordCall(
        id=new_id(),
        by=person.id,
        at=_now(),
        call=work.call,
        customer_id=work.customer.id if work.customer else None,
        case_id=work.case_id if work.outcome else None,
        note=work.note,
    )


def attaching(phone: Phone, customer: Customer, person: Person) -> AttachNumber:
    return AttachNumber(id=new_id(), by=person.id, at=_now(), customer_id=customer.id, normal=phone.normal)


def promising(call_back: CallBack, person: Person) -> PromiseCallBack:
    return PromiseCallBack(id=new_id(), by=person.id, at=call_back.made_at, call_back=call_back)


def number_of(text: str, region: str) -> str:
    """A typed number as it is stored: E.164 where it is one; empty for what cannot be dialled."""
    return to_e164(text, region=region) or dialable(text)


def promised(work: CallWork, person: Person, region: str) -> CallBack | None:
    """The call-back as it was chosen; a time or number that is none gives way to what is known without it.

    Returns:
        None where no number is known and none was typed: nobody could call.
    """
    now = _now()
    wish = work.call_back or CallBackWish()
    typed = wish.number_text.strip()
    number = number_of(typed, region) or number_to_call(work) or typed[:_NUMBER_LENGTH]
    if not number:
        return None
    due = wish.due_at(wall_clock(now))
    return CallBack(
        id=new_id(),
        kind=CallBackKind.PROMISED,
        number=number,
        name=work.who,
        due_at=due.astimezone(UTC) if due else now + DUE_IN,
        made_at=now,
        call_id=work.call.id,
        customer_id=work.customer.id if work.customer else None,
        person_id=person.id,
        note=work.note.strip(),
    )


def _now() -> datetime:
    return datetime.now(UTC)
