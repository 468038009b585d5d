"""A call-back promised in a conversation: due in an hour, to the number that called; the list changes both."""

from datetime import UTC, datetime, timedelta

from app.domain.call_backs import CallBack, CallBackKind, number_of
from app.domain.commands import PromiseCallBack
from app.domain.ids import new_id
from app.domain.work import CallWork
from app.i18n import tr
from ui.context import ScreenContext
from ui.labels import clock_text
from ui.shortcuts import Shortcut, key_text

DUE_IN = timedelta(hours=1)


def promise(context: ScreenContext, work: CallWork) -> None:
    """Put the caller on the agent's list; said with when and where to change it, or why that is not possible."""
    phones = work.customer.phones if work.customer else ()
    number = number_of(work.call.caller) or next((phone.normal for phone in phones), "")
    if not number:
        context.notices.warn(tr("No number of this caller is known, so nobody can call back. Write it into a case."))
        return
    now, person_id = datetime.now(UTC), context.desk.person.id
    made = CallBack(
        id=new_id(),
        kind=CallBackKind.PROMISED,
        number=number,
        name=work.who,
        due_at=now + DUE_IN,
        made_at=now,
        call_id=work.call.id,
        customer_id=work.customer.id if work.customer else None,
        person_id=person_id,
        note=work.note.strip(),
    )
    context.desk.send(PromiseCallBack(id=new_id(), by=person_id, at=now, call_back=made))
    key = key_text(Shortcut.SCREEN_CALL_BACKS.key)
    context.notices.confirm(tr("Call-back noted for {time}. {key} changes it.", time=clock_text(made.due_at), key=key))
