"""The agent's own state at the telephone: told to the database, and to the line so that it offers no call too many."""

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.domain.commands import SetAgentState
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, Choice, Role, after_call, choose, follow_call, miss_call

_NOT_TAKING_CALLS = frozenset({AgentState.PAUSED, AgentState.SIGNED_OUT, AgentState.WRAP_UP, AgentState.ON_CALL})


class Presence(QObject):
    """Follows the calls of this desk and the choices of its person."""

    changed = Signal(object)  # Agent

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.agent = Agent(person_id=desk.person.id, state=AgentState.SIGNED_OUT, since=_now())
        self._desk = desk

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

    def _become(self, agent: Agent) -> None:
        if agent is self.agent:
            return
        has_moved = agent.state is not self.agent.state or agent.pause_code is not self.agent.pause_code
        self.agent = agent
        if has_moved:
            self._desk.send(SetAgentState(id=new_id(), by=self._desk.person.id, at=_now(), agent=agent))
            self._tell_line()
        self.changed.emit(agent)

    def _tell_line(self) -> None:
        """Whether the line can hold calls back or not: it may be lost now and do it when it is back."""
        reason = self.agent.pause_code or self.agent.state
        is_paused = self.agent.state in _NOT_TAKING_CALLS
        self._desk.source.pause(is_paused, str(reason) if is_paused else "")


def _now() -> datetime:
    return datetime.now(UTC)
