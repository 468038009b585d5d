"""The agent's own state at the telephone: told to the database, and to the line so that it offers no call too many."""

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.domain.commands import SetAgentState
from app.domain.ids import new_id
from app.domain.people import (
    Agent,
    AgentState,
    Choice,
    PauseCode,
    Role,
    after_call,
    choose,
    follow_call,
    follow_line,
    miss_call,
)
from app.telephony.source import OutsidePause, SourceStatus

_NOT_TAKING_CALLS = frozenset({AgentState.PAUSED, AgentState.SIGNED_OUT, AgentState.WRAP_UP, AgentState.ON_CALL})


class Presence(QObject):
    """Follows the calls of this desk and the choices of its person."""

    changed = Signal(object)  # Agent

    moved_from_outside = Signal(object)
    """The OutsidePause that this agent's state followed."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.agent = Agent(person_id=desk.person.id, state=AgentState.SIGNED_OUT, since=_now())
        self._desk = desk
        self._outside: OutsidePause | None = None
        self._told_line: tuple[bool, str] | None = None

    @property
    def is_agent(self) -> bool:
        """Second level and supervisors have no screen for calls: none may ring there, and no board counts them."""
        return Role.FIRST_LEVEL in self._desk.person.roles

    def begin(self) -> None:
        """The window opened: an agent is available, anybody else takes no calls."""
        if self.is_agent:
            self.choose(Choice(state=AgentState.AVAILABLE))
        else:
            self._tell_line()

    def choose(self, choice: Choice) -> None:
        """Available, paused or signed out: now, or after the call."""
        self._become(choose(self.agent, choice, _now()))

    def follow_line(self, status: SourceStatus) -> None:
        """Somebody else paused the telephone at the PBX, or ended its pause: the same holds here.

        The line is not told: it knows. Only where a call goes on it hears again that no other one shall come.
        """
        pause = status.pause
        if pause is None or pause == self._outside or not self.is_agent:
            return
        self._outside, self._told_line = pause, None
        agent = follow_line(self.agent, is_paused=pause.is_paused, reason=pause.reason, at=_now())
        has_moved = agent is not self.agent
        self._become(agent, is_known_to_line=True)
        if self.agent.state in _NOT_TAKING_CALLS and not pause.is_paused:
            self._tell_line()
        if has_moved:
            self.moved_from_outside.emit(pause)

    def follow(self, state: AgentState) -> None:
        """The telephone moved the agent to ringing, on a call or wrap-up."""
        self._become(follow_call(self.agent, state, _now()))

    def after_call(self) -> None:
        """The call is over for the agent."""
        self._become(after_call(self.agent, _now()))

    def stop_ringing(self, *, was_missed: bool) -> None:
        """It rings no more; whether a missed call pauses the agent, the centre has set."""
        if self.agent.state is AgentState.RINGING:
            end = miss_call if was_missed and self._desk.rules.pauses_after_missed else after_call
            self._become(end(self.agent, _now()))

    def sign_out(self) -> None:
        """The window closes, whatever the state was."""
        self._become(replace(self.agent, state=AgentState.SIGNED_OUT, pause_code=None, since=_now(), then=None))

    def _become(self, agent: Agent, *, is_known_to_line: bool = False) -> None:
        if agent is self.agent:
            return
        has_moved = agent.state is not self.agent.state or agent.pause_code is not self.agent.pause_code
        self.agent = agent
        if has_moved:
            self._desk.send(SetAgentState(id=new_id(), by=self._desk.person.id, at=_now(), agent=agent))
            if not is_known_to_line:
                self._tell_line()
        self.changed.emit(agent)

    def _tell_line(self) -> None:
        """Whether the line can hold calls back or not: it may be lost now and do it when it is back."""
        now = self.agent
        basis = now.then if now.state is AgentState.RINGING and now.then else now
        state, code = basis.state, basis.pause_code
        reason = str(code or state)
        if code is PauseCode.OUTSIDE and self._outside:
            reason = self._outside.reason or reason
        is_paused = state in _NOT_TAKING_CALLS
        wanted = (is_paused, reason if is_paused else "")
        if wanted != self._told_line:  # an agent at whose desk it rings is as free as before
            self._told_line = wanted
            self._desk.source.pause(*wanted)


def _now() -> datetime:
    return datetime.now(UTC)
