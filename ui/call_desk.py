"""The agent's call, work and state in this window: follows the line, keeps what is typed, sends the commands.

It outlives the screens, which are built anew when the language changes, and it is what comes back after a crash.
"""

from collections import deque
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.domain.call_states import advance, begin
from app.domain.calls import ABANDONED_REASONS, Call, CallEvent, CallState, Disposition, EndReason, EventKind
from app.domain.commands import RecordCall
from app.domain.customers import CallerMatch, Customer, sure_match
from app.domain.ids import new_id
from app.domain.people import AgentState
from app.domain.work import CallWork, Outcome, begin_work, suggested_disposition, with_customer
from app.telephony.source import Capability
from ui.background import Background
from ui.bridge import Bridge
from ui.case_outcome import CaseOutcome
from ui.presence import Presence

_REMEMBERED_CALLS = 200  # ended calls of which a late event is not taken for a new call


class CallDesk(QObject):
    """At most one call is worked on (`work`); one more may ring meanwhile (`ringing`).

    `presence` is the agent's state, `outcome` what becomes of the call's case.
    """

    changed = Signal()
    """Call, work, matches or missed calls are others now; screens show what the properties say."""

    def __init__(self, desk: Desk, background: Background, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.work: CallWork | None = None
        self.ringing: CallWork | None = None
        self.missed: tuple[Call, ...] = ()
        self.presence = Presence(desk, self)
        self.outcome = CaseOutcome(desk, background, bridge, lambda: self.work, self._decide, self._keep, self)
        self._background = background
        self._extra_calls: dict[UUID, Call] = {}
        self._matches: dict[UUID, tuple[CallerMatch, ...]] = {}
        self._ended_calls: deque[UUID] = deque(maxlen=_REMEMBERED_CALLS)
        bridge.call_event.connect(self._on_call_event)
        bridge.contact_changed.connect(self._on_contact)

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
        return self._matches.get(self.shown.call.id, ()) if self.shown else ()

    def begin(self, kept: tuple[CallWork, ...]) -> bool:
        """Sign in; True when the work of a call came back from the journal, whose call ended while nobody looked."""
        self.presence.begin()
        if not kept:
            return False
        work = kept[-1]
        if work.call.is_live:
            lost = CallEvent(call_id=work.call.id, kind=EventKind.ENDED, at=_now(), end_reason=EndReason.UNKNOWN)
            work = replace(work, call=advance(work.call, lost))
        for older in kept[:-1]:
            self.desk.forget(older.call.id)
        if work.call.state is not CallState.WRAP_UP:  # it never got further than ringing
            self.desk.forget(work.call.id)
            self._record(work)
            return False
        self.work = work
        self.presence.follow(AgentState.WRAP_UP)
        self._record(work)
        self._look_up(work.call)
        self.changed.emit()
        return True

    def sign_out(self) -> None:
        """The window closes; the board shall not show somebody who is gone."""
        for mine in (self.ringing, self.work):
            if mine and mine.call.is_live:  # the line hangs up when it is stopped, and nobody would record that
                reason = EndReason.REJECTED if mine is self.ringing else EndReason.ANSWERED
                self._follow(mine, CallEvent(call_id=mine.call.id, kind=EventKind.ENDED, at=_now(), end_reason=reason))
        self.presence.sign_out()

    def can(self, capability: Capability) -> bool:
        """Whether the line can do this."""
        return capability in self.desk.source.capabilities

    def answer(self) -> None:
        """Take the call that rings, unless one is in conversation: then that one comes first."""
        if self.ringing and not self.is_talking and self.can(Capability.ANSWER):
            self.desk.source.answer(self.ringing.call.id)

    def reject(self) -> None:
        if self.ringing and self.can(Capability.REJECT):
            self.desk.source.reject(self.ringing.call.id)

    def hold_or_resume(self) -> None:
        if not self.can(Capability.HOLD):
            return
        if self.work and self.work.call.state is CallState.CONNECTED:
            self.desk.source.hold(self.work.call.id)
        elif self.work and self.work.call.state is CallState.HELD:
            self.desk.source.resume(self.work.call.id)

    def hang_up(self) -> None:
        if self.work and self.work.call.is_live and self.can(Capability.HANG_UP):
            self.desk.source.hang_up(self.work.call.id)

    def next_call(self) -> None:
        """A demo call now."""
        if self.can(Capability.NEXT_CALL) and not self.shown:
            self.desk.source.next_call()

    def acknowledge_missed(self) -> None:
        self.missed = ()
        self.changed.emit()

    def choose_customer(self, customer: Customer | None) -> None:
        """The agent says who calls."""
        if self.shown:
            self._put(with_customer(self.shown, customer, date.today()))
            self.changed.emit()

    def update(self, work: CallWork) -> None:
        """What was typed, read or ticked; kept in the journal. The screens that typed it know it already."""
        if self.work and self.work.call.id == work.call.id:
            self.work = work
            self.desk.keep(work)

    def wrap_up(self, disposition: Disposition | None) -> None:
        """The record is finished: the call is closed, and the agent is what it was before or chose meanwhile."""
        work = self.work
        if work is None or work.call.state is not CallState.WRAP_UP:
            return
        event = CallEvent(call_id=work.call.id, kind=EventKind.WRAPPED_UP, at=_now())
        self._record(replace(work, call=replace(advance(work.call, event), disposition=disposition)))
        self.outcome.report(work)
        self.desk.forget(work.call.id)
        self._end(work.call)
        self.work = None
        self.presence.after_call()
        if self.ringing:
            self.presence.follow(AgentState.RINGING)
        self.changed.emit()

    def _on_call_event(self, event: CallEvent) -> None:
        for mine in (self.ringing, self.work):
            if mine and mine.call.id == event.call_id:
                self._follow(mine, event)
                return
        is_new = event.kind in (EventKind.OFFERED, EventKind.QUEUED) and event.call_id not in self._ended_calls
        if event.call_id in self._extra_calls or (is_new and self.ringing):
            self._follow_extra(event)
        elif is_new:
            self._ring(begin_work(begin(event, self.desk.source.name)))

    def _ring(self, work: CallWork) -> None:
        self.ringing = work
        self.presence.follow(AgentState.RINGING)
        self.changed.emit()
        self._record(work)
        self._look_up(work.call)

    def _look_up(self, call: Call) -> None:
        """Who may be calling; asked again when the database is back, if it was away."""
        look_up = partial(self.desk.customers.matches, call.caller, except_call=call.id)
        self._background.run(
            self.desk.lanes.queries, look_up, owner=self, done=lambda found: self._on_matches(call.id, found)
        )

    def _on_contact(self, is_there: bool) -> None:
        for mine in (self.ringing, self.work):
            if is_there and mine and mine.call.id not in self._matches:
                self._look_up(mine.call)

    def _follow(self, mine: CallWork, event: CallEvent) -> None:
        call = advance(mine.call, event)
        if call is mine.call:
            return
        work = replace(mine, call=call)
        if mine is self.ringing:
            self._leave_ringing(work)
        else:
            self.work = work
            self.desk.keep(work)
            if call.state is CallState.WRAP_UP:
                self.presence.follow(AgentState.WRAP_UP)
        self._record(work)
        self.changed.emit()

    def _leave_ringing(self, work: CallWork) -> None:
        if work.call.state is CallState.CONNECTED:
            if self.work:  # the call before, whose wrap-up is still open
                self.wrap_up(suggested_disposition(self.work))
            self.ringing = None
            self.work = work
            self.outcome.is_delivered = False
            self.desk.keep(work)
            self.presence.follow(AgentState.ON_CALL)
        elif work.call.state is CallState.CLOSED:
            self.ringing = None
            self._end(work.call)
            if work.call.end_reason in ABANDONED_REASONS | {EndReason.MISSED}:
                self.missed = (*self.missed, work.call)
            if self.presence.agent.state is AgentState.RINGING:
                self.presence.after_call()
        if self.ringing is None:
            self._ring_next()

    def _ring_next(self) -> None:
        """The place of the ringing call is free for one that rang beside it."""
        waiting = next((call for call in self._extra_calls.values() if call.state is CallState.OFFERED), None)
        if waiting:
            del self._extra_calls[waiting.id]
            self._ring(begin_work(waiting))

    def _end(self, call: Call) -> None:
        self._ended_calls.append(call.id)
        self._matches.pop(call.id, None)

    def _follow_extra(self, event: CallEvent) -> None:
        """A further call while one rings: recorded, and told as missed when nobody took it; never a second card."""
        known = self._extra_calls.get(event.call_id)
        call = advance(known, event) if known else begin(event, self.desk.source.name)
        self._extra_calls[call.id] = call
        self._record(begin_work(call))
        if call.state is CallState.CLOSED:
            del self._extra_calls[call.id]
            self._end(call)
            self.missed = (*self.missed, call)
            self.changed.emit()

    def _on_matches(self, call_id: UUID, matches: tuple[CallerMatch, ...]) -> None:
        shown = next((w for w in (self.ringing, self.work) if w and w.call.id == call_id), None)
        if shown is None:
            return
        self._matches[call_id] = matches
        sure = sure_match(matches)
        if sure and shown.customer is None:
            self._put(with_customer(shown, sure.customer, date.today()))
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

    def _record(self, work: CallWork) -> None:
        self.desk.send(
            RecordCall(
                id=new_id(),
                by=self.desk.person.id,
                at=_now(),
                call=work.call,
                customer_id=work.customer.id if work.customer else None,
                case_id=work.case_id if work.outcome else None,
                note=work.note,
            )
        )


def _now() -> datetime:
    return datetime.now(UTC)
