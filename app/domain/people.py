"""The people of the centre and the state of an agent at the telephone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may do; one person can have several."""

    FIRST_LEVEL = "first_level"
    SECOND_LEVEL = "second_level"
    THIRD_LEVEL = "third_level"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: UUID
    login: str
    name: str
    team_id: UUID
    team_name: str
    roles: frozenset[Role]


class AgentState(StrEnum):
    SIGNED_OUT = "signed_out"
    AVAILABLE = "available"
    RINGING = "ringing"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


class PauseCode(StrEnum):
    BREAK = "break"
    LUNCH = "lunch"
    MEETING = "meeting"
    TRAINING = "training"
    TECHNICAL = "technical"
    MISSED_CALL = "missed_call"  # set by the program: nobody took the call that rang here
    OUTSIDE = "outside"  # set at the telephone system, by a supervisor or another program, in words of their own


_NOT_CHOSEN = (PauseCode.MISSED_CALL, PauseCode.OUTSIDE)
CHOSEN_PAUSES: tuple[PauseCode, ...] = tuple(code for code in PauseCode if code not in _NOT_CHOSEN)


TRANSITIONS: Mapping[AgentState, frozenset[AgentState]] = {
    AgentState.SIGNED_OUT: frozenset({AgentState.AVAILABLE, AgentState.PAUSED}),
    AgentState.AVAILABLE: frozenset(
        {AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP, AgentState.PAUSED, AgentState.SIGNED_OUT}
    ),
    AgentState.RINGING: frozenset({AgentState.ON_CALL, AgentState.AVAILABLE, AgentState.PAUSED, AgentState.SIGNED_OUT}),
    AgentState.ON_CALL: frozenset({AgentState.WRAP_UP}),
    AgentState.WRAP_UP: frozenset({AgentState.AVAILABLE, AgentState.PAUSED, AgentState.SIGNED_OUT}),
    AgentState.PAUSED: frozenset(
        {AgentState.AVAILABLE, AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP, AgentState.SIGNED_OUT}
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """As much of a person as a list to choose from needs."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRules:
    """What a centre has set for its agents.

    Attributes:
        wrap_up_limit: after so long wrap-up ends by itself; zero: never.
        pauses_after_missed: whether who misses a call is paused until they say that they are there.
        region: the region that a number without a country code belongs to.
    """

    wrap_up_limit: timedelta = timedelta(0)
    pauses_after_missed: bool = False
    region: str = "DE"


CHOSEN_BY_PERSON = frozenset({AgentState.AVAILABLE, AgentState.PAUSED, AgentState.SIGNED_OUT})
_BUSY = frozenset({AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A state that a person chooses: available, paused with a code, or signed out."""

    state: AgentState
    pause_code: PauseCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent's state now, and what comes after the call (`then`): the state chosen meanwhile, or the one before."""

    person_id: UUID
    state: AgentState
    since: datetime
    pause_code: PauseCode | None = None
    then: Choice | None = None


_FREE = Choice(state=AgentState.AVAILABLE)


def choose(agent: Agent, choice: Choice, at: datetime) -> Agent:
    """The agent after the person chose a state; during a call the choice waits until after wrap-up."""
    if choice.state not in CHOSEN_BY_PERSON:
        raise ValueError(f"{choice.state} comes from the telephone, nobody chooses it")
    if agent.state in _BUSY:
        return replace(agent, then=choice)
    if (agent.state, agent.pause_code) == (choice.state, choice.pause_code):
        return agent
    return replace(agent, state=choice.state, pause_code=choice.pause_code, since=at, then=None)


def follow_line(agent: Agent, *, is_paused: bool, reason: str, at: datetime) -> Agent:
    """The agent after somebody paused their telephone at the PBX, or ended its pause; after the call, in a call.

    Nobody is signed in from outside, and who is signed out takes no calls anyway.
    """
    if agent.state is AgentState.SIGNED_OUT:
        return agent
    return choose(agent, Choice(state=AgentState.PAUSED, pause_code=_code_of(reason)) if is_paused else _FREE, at)


def follow_call(agent: Agent, state: AgentState, at: datetime) -> Agent:
    """The agent after the telephone moved it to RINGING, ON_CALL or WRAP_UP; unreachable states are ignored."""
    if state == agent.state or state not in TRANSITIONS[agent.state]:
        return agent
    then = agent.then if agent.state in _BUSY else Choice(state=agent.state, pause_code=agent.pause_code)
    return replace(agent, state=state, pause_code=None, since=at, then=then)


def after_call(agent: Agent, at: datetime) -> Agent:
    """The agent when the call is over for it: the state chosen meanwhile, else the one before the call."""
    if agent.state not in _BUSY:
        return agent
    then = agent.then or Choice(state=AgentState.AVAILABLE)
    return replace(agent, state=then.state, pause_code=then.pause_code, since=at, then=None)


def miss_call(agent: Agent, at: datetime) -> Agent:
    """The agent after a call rang out here: paused until it says that it is there; its own choice goes first."""
    is_free = agent.then is None or agent.then.state is AgentState.AVAILABLE
    if agent.state is not AgentState.RINGING or not is_free:
        return after_call(agent, at)
    return replace(agent, state=AgentState.PAUSED, pause_code=PauseCode.MISSED_CALL, since=at, then=None)


def _code_of(reason: str) -> PauseCode:
    """ "Lunch" is the break that agents choose under that name; any other word stands for itself."""
    word = reason.strip().lower()
    return PauseCode(word) if word in CHOSEN_PAUSES else PauseCode.OUTSIDE


def wrap_up_ends_at(agent: Agent, limit: timedelta) -> datetime | None:
    """When wrap-up is over by itself; None outside it, or where there is no limit (zero)."""
    return agent.since + limit if agent.state is AgentState.WRAP_UP and limit else None
