"""The agent's call, work and state in this window: follows the line, keeps what is typed, sends the commands.

It outlives the screens, which are built anew when the language changes, and it is what comes back after a crash.
"""

from collections import deque
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.domain.call_states import advance, begin
from app.domain.calls import ABANDONED_REASONS, Call, CallEvent, CallState, Disposition, EndReason, EventKind
from app.domain.customers import CallerMatch, Customer, sure_match
from app.domain.people import AgentState
from app.domain.work import (
    CallWork,
    Outcome,
    begin_work,
    number_to_attach,
    suggested_disposition,
    with_customer,
    with_number,
)
from ui.background import Background
from ui.bridge import Bridge
from ui.call_commands import attaching, promised, promising, record_of
from ui.case_outcome import CaseOutcome
from ui.line_commands import LineCommands
from ui.other_calls import OtherCalls
from ui.presence import Presence
from ui.who_calls import WhoCalls
from ui.wrap_up_limit import WrapUpLimit

_MISSED = ABANDONED_REASONS | {EndReason.MISSED}
_REMEMBERED_CALLS = 200  # ended calls of which a late event is not taken for a new call


class CallDesk(QObject):
    """At most one call is worked on (`work`); one more may ring meanwhile (`ringing`).

    `presence` is the agent's state, `line` what can be done with the calls, `outcome` what becomes of the call's case.
    """

    changed = Signal()
    """Call, work, matches or missed calls are others now; screens show what the properties say."""

    promised = Signal(object)
    """The CallBack that was promised in the call; None: it was chosen, and no number is known."""

    def __init__(self, desk: Desk, background: Background, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.work: CallWork | None = None
        self.ringing: CallWork | None = None
        self.missed: tuple[Call, ...] = ()
        self.shows_whole_card = True  # else a call that rings is one line, until it is answered
        self.presence = Presence(desk, self)
        self.line = LineCommands(desk.source, lambda: self.ringing, lambda: self.work if self.is_talking else None)
        self.outcome = CaseOutcome(desk, background, bridge, lambda: self.work, self._decide, self._keep, self)
        self._others = OtherCalls()
        self._wrap_up_limit = WrapUpLimit(desk.rules.wrap_up_limit, lambda: self.wrap_up(None), self)
        self._ended_calls: deque[UUID] = deque(maxlen=_REMEMBERED_CALLS)
        self._who = WhoCalls(desk, background, bridge, lambda: tuple(work.call for work in self._mine), self)
        self._who.found.connect(self._on_found)
        bridge.call_event.connect(self._on_call_event)
        bridge.source_status.connect(self.presence.follow_line)

    @property
    def shown(self) -> CallWork | None:
        """The call that the card shows: the one in conversation, else the one that rings, else the one in wrap-up."""
        return self.work if self.is_talking else self.ringing or self.work

    @property
    def is_talking(self) -> bool:
        """Somebody is at the other end, connected or on hold."""
        return self.work is not None and self.work.call.is_live

    @property
    def matches(self) -> tuple[CallerMatch, ...]:
        """All who may be the caller of `shown`, ranked."""
        return self._who.of(self.shown.call.id) if self.shown else ()

    @property
    def _mine(self) -> tuple[CallWork, ...]:
        """What rings here and what is worked on."""
        return tuple(work for work in (self.ringing, self.work) if work)

    def begin(self, kept: tuple[CallWork, ...]) -> bool:
        """Sign in; True when the work of a call came back from the journal, whose call ended while nobody looked."""
        self.presence.begin()
        if not kept:
            return False
        *older, work = map(_over, kept)
        for one in older:
            self.desk.forget(one.call.id, self._record(one))
        if work.call.state is not CallState.WRAP_UP:  # it never got further than ringing
            self.desk.forget(work.call.id, self._record(work))
            return False
        self.work = work
        self.presence.follow(AgentState.WRAP_UP)
        self._wrap_up_limit.begin(self.presence.agent)
        self._record(work)
        self._who.look_up(work.call)
        self.changed.emit()
        return True

    def sign_out(self) -> None:
        """The window closes; the board shall not show somebody who is gone."""
        for mine in self._mine:
            if mine.call.is_live:  # the line hangs up when it is stopped, and nobody would record that
                reason = EndReason.REJECTED if mine is self.ringing else EndReason.ANSWERED
                self._follow(mine, CallEvent(call_id=mine.call.id, kind=EventKind.ENDED, at=_now(), end_reason=reason))
        self.presence.sign_out()

    def acknowledge_missed(self) -> None:
        self.missed = ()
        self.changed.emit()

    def choose_customer(self, customer: Customer | None) -> None:
        """The agent says who calls."""
        if self.shown:
            self._put(with_customer(self.shown, customer, date.today()))
            self.changed.emit()

    def attach_number(self) -> None:
        """The number of this call is the customer's, says the agent; the next call from it finds the customer."""
        phone, work = number_to_attach(self.shown), self.shown
        if phone and work and work.customer:
            self.desk.send(attaching(phone, work.customer, self.desk.person))
            self._put(with_number(work, phone))
            self.changed.emit()

    def update(self, work: CallWork) -> None:
        """What was typed, read or ticked; kept in the journal. The screens that typed it know it already."""
        if self.work and self.work.call.id == work.call.id:
            self.work = work
            self.desk.keep(work)
            self._wrap_up_limit.put_off()

    def wrap_up(self, disposition: Disposition | None) -> None:
        """The record is finished; the agent is what it was before or chose meanwhile. None: nobody said how it went."""
        work = self.work
        if work is None or work.call.state is not CallState.WRAP_UP:
            return
        self._wrap_up_limit.stop()
        event = CallEvent(call_id=work.call.id, kind=EventKind.WRAPPED_UP, at=_now())
        result = disposition or suggested_disposition(work) or Disposition.TIMED_OUT
        sent = self._record(replace(work, call=replace(advance(work.call, event), disposition=result)))
        if result is Disposition.CALL_BACK:
            self._promise(work)
        self.outcome.report(work)
        self.desk.forget(work.call.id, sent)
        self._end(work.call)
        self.work = None
        self.presence.after_call()
        if self.ringing:
            self.presence.follow(AgentState.RINGING)
        self.changed.emit()

    def _promise(self, work: CallWork) -> None:
        made = promised(work, self.desk.person, self.desk.rules.region)
        if made:
            self.desk.send(promising(made, self.desk.person))
        self.promised.emit(made)

    def _on_call_event(self, event: CallEvent) -> None:
        for mine in self._mine:
            if mine.call.id == event.call_id:
                self._follow(mine, event)
                return
        is_new = event.kind in (EventKind.OFFERED, EventKind.QUEUED) and event.call_id not in self._ended_calls
        if event.call_id in self._others or (is_new and self.ringing):
            self._follow_other(event)
        elif is_new:
            self._ring(begin_work(begin(event, self.desk.source.name)))

    def _ring(self, work: CallWork) -> None:
        self.ringing = work
        self.presence.follow(AgentState.RINGING)
        self.changed.emit()
        self._record(work)
        self._who.look_up(work.call)

    def _follow(self, mine: CallWork, event: CallEvent) -> None:
        call = advance(mine.call, event)
        if call is mine.call:
            return
        work = replace(mine, call=call)
        if mine is self.ringing and event.kind is EventKind.RING_STOPPED:
            self._set_aside(work, event.end_reason)
        elif mine is self.ringing:
            self._leave_ringing(work)
        else:
            self.work = work
            self.desk.keep(work)
            if call.state is CallState.WRAP_UP:
                self.presence.follow(AgentState.WRAP_UP)
                self._wrap_up_limit.begin(self.presence.agent)
        if call.caller != mine.call.caller:
            self._who.look_up(call)
        self._record(work)
        self.changed.emit()

    def _leave_ringing(self, work: CallWork) -> None:
        if work.call.state is CallState.CONNECTED:
            self.wrap_up(None)  # the call before, if its wrap-up is still open
            self.ringing = None
            self.work = work
            self.outcome.is_delivered = False
            self.desk.keep(work)
            self.presence.follow(AgentState.ON_CALL)
        elif work.call.state is CallState.CLOSED:
            self.ringing = None
            self._end(work.call)
            self._stop_ringing(work.call, work.call.end_reason)
        else:  # it rings on, and more is known of it
            self.ringing = work
        if self.ringing is None:
            self._ring_next()

    def _set_aside(self, work: CallWork, reason: EndReason | None) -> None:
        """It rings no more here and the caller still waits, or another telephone took it."""
        self.ringing = None
        self._others.add(work.call)
        self._stop_ringing(work.call, reason)
        self._ring_next()

    def _stop_ringing(self, call: Call, reason: EndReason | None) -> None:
        self._tell_missed(call, reason)
        self.presence.stop_ringing(was_missed=reason is EndReason.MISSED and not call.is_outgoing)

    def _tell_missed(self, call: Call, reason: EndReason | None) -> None:
        is_known = any(missed.id == call.id for missed in self.missed)
        if reason in _MISSED and not is_known and not call.is_outgoing:
            self.missed = (*self.missed, call)

    def _ring_next(self) -> None:
        """The place of the ringing call is free for one that rang beside it."""
        if waiting := self._others.take_ringing():
            self._ring(begin_work(waiting))

    def _end(self, call: Call) -> None:
        self._ended_calls.append(call.id)
        self._who.forget(call.id)

    def _follow_other(self, event: CallEvent) -> None:
        """A call without a card: recorded, and told as missed when nobody took it; back on the card if it rings."""
        call = self._others.follow(event, self.desk.source.name)
        self._record(begin_work(call))
        if call.state is CallState.CLOSED:
            self._end(call)
            self._tell_missed(call, call.end_reason)
            self.changed.emit()
        elif self.ringing is None:
            self._ring_next()

    def _on_found(self, call_id: UUID) -> None:
        """One customer with exactly this number is taken without asking."""
        found = next(work for work in self._mine if work.call.id == call_id)
        sure = sure_match(self._who.of(call_id))
        if sure and found.customer is None:
            self._put(with_customer(found, sure.customer, date.today()))
        self.changed.emit()

    def _put(self, work: CallWork) -> None:
        """Take over who calls, and write it into the record."""
        if self.ringing and self.ringing.call.id == work.call.id:
            self.ringing = work
        else:
            self.update(work)
        self._record(work)

    def _decide(self, outcome: Outcome | None, command_id: UUID | None, solved_by: UUID | None) -> None:
        if self.work:
            self.work = replace(self.work, outcome=outcome, command_id=command_id, solved_by=solved_by)

    def _keep(self) -> None:
        if self.work:
            self.desk.keep(self.work)
            self._record(self.work)

    def _record(self, work: CallWork) -> Future[None]:
        return self.desk.send(record_of(work, self.desk.person))


def _over(kept: CallWork) -> CallWork:
    """As it is at the next start: who talked is gone."""
    if not kept.call.is_live:
        return kept
    lost = CallEvent(call_id=kept.call.id, kind=EventKind.ENDED, at=_now(), end_reason=EndReason.UNKNOWN)
    return replace(kept, call=advance(kept.call, lost))


def _now() -> datetime:
    return datetime.now(UTC)
