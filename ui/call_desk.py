"""The agent's call, work and state in this window: follows the line, keeps what is typed, sends the commands.

It outlives the screens, which are built anew when the language changes, and it is what comes back after a crash.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TypedDict
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.domain.answers import Answer
from app.domain.calls import Call, CallEvent, CallState, Disposition, EndReason, EventKind, advance, begin
from app.domain.cases import AnswerRead, HandOver
from app.domain.commands import AnyCommand, EscalateCase, RecordCall, SetAgentState, SolveWithAnswer
from app.domain.customers import CallerMatch, Customer, sure_match
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, Choice, after_call, choose, follow_call
from app.domain.work import CallWork, Outcome, begin_work, case_draft, steps_tried, with_customer
from app.telephony.source import Capability
from ui.background import Background
from ui.bridge import Bridge

_NOT_TAKING_CALLS = frozenset({AgentState.PAUSED, AgentState.SIGNED_OUT, AgentState.WRAP_UP, AgentState.ON_CALL})


class _Header(TypedDict):
    id: UUID
    by: UUID
    at: datetime


class CallDesk(QObject):
    """At most one call is worked on (`work`); one more may ring meanwhile (`ringing`)."""

    changed = Signal()
    """Call, work, matches or missed calls are others now; screens show what the properties say."""

    agent_changed = Signal(object)  # Agent
    outcome_changed = Signal()
    """The case was solved or escalated, or that was undone, or delivered."""

    def __init__(self, desk: Desk, background: Background, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.work: CallWork | None = None
        self.ringing: CallWork | None = None
        self.missed: tuple[Call, ...] = ()
        self.matches: tuple[CallerMatch, ...] = ()
        self.is_delivered = False
        self.agent = Agent(person_id=desk.person.id, state=AgentState.SIGNED_OUT, since=_now())
        self._background = background
        self._extra_calls: dict[UUID, Call] = {}
        bridge.call_event.connect(self._on_call_event)
        bridge.delivered.connect(self._on_delivered)

    @property
    def shown(self) -> CallWork | None:
        """The call that the card shows: one that rings before the one that is worked on."""
        return self.ringing or self.work

    def begin(self, kept: tuple[CallWork, ...]) -> bool:
        """Sign in; True when the work of a call came back from the journal, whose call ended while nobody looked."""
        self._set_agent(choose(self.agent, Choice(state=AgentState.AVAILABLE), _now()))
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
        self._set_agent(follow_call(self.agent, AgentState.WRAP_UP, _now()))
        self._record(work)
        self.changed.emit()
        return True

    def sign_out(self) -> None:
        """The window closes; the board shall not show somebody who is gone."""
        self._set_agent(replace(self.agent, state=AgentState.SIGNED_OUT, pause_code=None, since=_now(), then=None))

    def choose_state(self, choice: Choice) -> None:
        """Available, paused or signed out: now, or after the call."""
        self._set_agent(choose(self.agent, choice, _now()))

    def can(self, capability: Capability) -> bool:
        """Whether the line can do this."""
        return capability in self.desk.source.capabilities

    def answer(self) -> None:
        """Take the call that rings, unless one is in conversation: then that one comes first."""
        if self.ringing and not (self.work and self.work.call.is_live):
            self.desk.source.answer(self.ringing.call.id)

    def reject(self) -> None:
        if self.ringing:
            self.desk.source.reject(self.ringing.call.id)

    def hold_or_resume(self) -> None:
        if self.work and self.work.call.state is CallState.CONNECTED:
            self.desk.source.hold(self.work.call.id)
        elif self.work and self.work.call.state is CallState.HELD:
            self.desk.source.resume(self.work.call.id)

    def hang_up(self) -> None:
        if self.work and self.work.call.is_live:
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
        shown = self.shown
        if shown:
            self._put(with_customer(shown, customer, date.today()))
            self._record(self.shown)
            self.changed.emit()

    def update(self, work: CallWork) -> None:
        """What was typed, read or ticked; kept in the journal. The screens that typed it know it already."""
        if self.work and self.work.call.id == work.call.id:
            self.work = work
            self.desk.keep(work)

    def solve_with(self, answer: Answer, note: str) -> None:
        """The answer solved the case; held back for the time in which it can be undone."""
        work = self.work
        if work is None or work.outcome:
            return
        read = AnswerRead(answer_id=answer.id, title=answer.title, steps_tried=steps_tried(work, answer.id))
        self._finish_case(
            Outcome.SOLVED, SolveWithAnswer(**self._header(), case=case_draft(work), answer=read, note=note.strip())
        )

    def escalate(self, hand_over: HandOver) -> None:
        """Pass the case to second level; held back for the time in which it can be undone."""
        work = self.work
        if work is None or work.outcome:
            return
        self._finish_case(Outcome.ESCALATED, EscalateCase(**self._header(), case=case_draft(work), hand_over=hand_over))

    def undo(self) -> None:
        """Take the solving or escalation back, as long as it is held."""
        if self.work and self.work.command_id:
            lane = self.desk.lanes.journal
            withdraw = partial(self.desk.withdraw, self.work.command_id)
            self._background.run(lane, withdraw, owner=self, done=self._on_withdrawn)

    def wrap_up(self, disposition: Disposition | None) -> None:
        """The record is finished: the call is closed, and the agent is what it was before or chose meanwhile."""
        work = self.work
        if work is None or work.call.state is not CallState.WRAP_UP:
            return
        event = CallEvent(call_id=work.call.id, kind=EventKind.WRAPPED_UP, at=_now())
        self._record(replace(work, call=replace(advance(work.call, event), disposition=disposition)))
        self.desk.forget(work.call.id)
        self.work = None
        self.matches = ()
        self._set_agent(after_call(self.agent, _now()))
        if self.ringing:
            self._set_agent(follow_call(self.agent, AgentState.RINGING, _now()))
        self.changed.emit()

    def _on_call_event(self, event: CallEvent) -> None:
        for mine in (self.ringing, self.work):
            if mine and mine.call.id == event.call_id:
                self._follow(mine, event)
                return
        if event.call_id in self._extra_calls or self.ringing:
            self._follow_extra(event)
        elif event.kind in (EventKind.OFFERED, EventKind.QUEUED):
            self._ring(begin_work(begin(event, self.desk.source.name)))

    def _ring(self, work: CallWork) -> None:
        self.ringing = work
        self.matches = ()
        self._set_agent(follow_call(self.agent, AgentState.RINGING, _now()))
        self.changed.emit()
        self._record(work)
        call = work.call
        look_up = partial(self.desk.customers.matches, call.caller, except_call=call.id)
        self._background.run(
            self.desk.lanes.queries, look_up, owner=self, done=lambda found: self._on_matches(call.id, found)
        )

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
                self._set_agent(follow_call(self.agent, AgentState.WRAP_UP, _now()))
        self._record(work)
        self.changed.emit()

    def _leave_ringing(self, work: CallWork) -> None:
        if work.call.state is CallState.CONNECTED:
            self.wrap_up(None)  # the call before, if its wrap-up was still open: its note is in its record
            self.ringing = None
            self.work = work
            self.is_delivered = False
            self.desk.keep(work)
            self._set_agent(follow_call(self.agent, AgentState.ON_CALL, _now()))
        elif work.call.state is CallState.CLOSED:
            self.ringing = None
            if work.call.end_reason in (EndReason.ABANDONED, EndReason.MISSED):
                self.missed = (*self.missed, work.call)
            if self.agent.state is AgentState.RINGING:
                self._set_agent(after_call(self.agent, _now()))

    def _follow_extra(self, event: CallEvent) -> None:
        """A further call while one rings: recorded, and told as missed when nobody took it; never a second card."""
        known = self._extra_calls.get(event.call_id)
        call = advance(known, event) if known else begin(event, self.desk.source.name)
        self._extra_calls[call.id] = call
        self._record(begin_work(call))
        if call.state is CallState.CLOSED:
            del self._extra_calls[call.id]
            self.missed = (*self.missed, call)
            self.changed.emit()

    def _on_matches(self, call_id: UUID, matches: tuple[CallerMatch, ...]) -> None:
        shown = next((w for w in (self.ringing, self.work) if w and w.call.id == call_id), None)
        if shown is None:
            return
        self.matches = matches
        sure = sure_match(matches)
        if sure and shown.customer is None:
            self._put(with_customer(shown, sure.customer, date.today()))
            self._record(self.shown)
        self.changed.emit()

    def _put(self, work: CallWork) -> None:
        if self.ringing and self.ringing.call.id == work.call.id:
            self.ringing = work
        else:
            self.update(work)

    def _finish_case(self, outcome: Outcome, command: AnyCommand) -> None:
        assert self.work is not None
        self.update(replace(self.work, outcome=outcome, command_id=command.id))
        self.is_delivered = False
        self.desk.send(command, hold_s=self.desk.undo_s)
        self.outcome_changed.emit()

    def _on_withdrawn(self, was_held: bool) -> None:
        if was_held and self.work:
            self.update(replace(self.work, outcome=None, command_id=None))
        self.outcome_changed.emit()

    def _on_delivered(self, command: AnyCommand) -> None:
        if self.work and command.id == self.work.command_id:
            self.is_delivered = True
            self.outcome_changed.emit()

    def _record(self, work: CallWork | None) -> None:
        if work is None:
            return
        self.desk.send(
            RecordCall(
                **self._header(),
                call=work.call,
                customer_id=work.customer.id if work.customer else None,
                case_id=work.case_id if work.outcome else None,
                note=work.note,
            )
        )

    def _set_agent(self, agent: Agent) -> None:
        if agent is self.agent:
            return
        has_moved = agent.state is not self.agent.state or agent.pause_code is not self.agent.pause_code
        self.agent = agent
        if has_moved:
            self.desk.send(SetAgentState(**self._header(), agent=agent))
            if self.can(Capability.PAUSE):
                self.desk.source.pause(agent.state in _NOT_TAKING_CALLS)
        self.agent_changed.emit(agent)

    def _header(self) -> _Header:
        return {"id": new_id(), "by": self.desk.person.id, "at": _now()}


def _now() -> datetime:
    return datetime.now(UTC)
