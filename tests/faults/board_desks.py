"""Simulated desks that do calls, states and escalations in a shared database, and write down what was committed when.

Each desk has a sign-in and connections of its own; a process holds ten of them.
"""

import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from app.db.engine import Database
from app.domain.call_states import advance
from app.domain.calls import Call, CallEvent, CallState, EndReason, EventKind
from app.domain.commands import RecordCall, SetAgentState
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, Person
from app.services.commands import Commands
from app.services.people import People
from tests import builders

QUEUES = ("Router", "Office", "Billing")
SPAN_S = (0.5, 4.0)  # between two things that a desk does


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Desks of one process; all of it can be sent to another."""

    urls: tuple[tuple[str, str], ...]  # login and address
    log: Path
    until: float  # of `time.time`
    seed: int


def work(seats: Seats) -> None:
    """Until the time is over; each committed deed is a line of the log: kind, id, step, time."""
    lock, lines = threading.Lock(), seats.log.open("w", encoding="utf-8")

    def note(kind: str, id_: UUID, step: float) -> None:
        with lock:
            lines.write(json.dumps([kind, str(id_), step, time.time()]) + "\n")

    desks = [
        threading.Thread(target=_desk, args=(login, url, seats.until, random.Random(seats.seed + i), note))
        for i, (login, url) in enumerate(seats.urls)
    ]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    lines.close()


class _Desk:
    def __init__(self, database: Database, person: Person, chance: random.Random, note: object) -> None:
        self.person = person
        self._commands = Commands(database)
        self._chance = chance
        self._note = note

    def be(self, state: AgentState) -> None:
        agent = Agent(person_id=self.person.id, state=state, since=_now())
        self._commands.apply(SetAgentState(id=new_id(), by=self.person.id, at=_now(), agent=agent))
        self._tell("agent", self.person.id, agent.since.timestamp())

    def record(self, call: Call) -> None:
        self._commands.apply(RecordCall(id=new_id(), by=self.person.id, at=_now(), call=call))
        self._tell("call", call.id, STEPS[call.state])

    def escalate(self) -> None:
        draft = replace(builders.case_draft(), opened_at=_now())
        self._commands.apply(builders.escalation(self.person, case=draft, told_at=_now()))
        self._tell("case", draft.id, 0)

    def rest(self) -> None:
        time.sleep(self._chance.uniform(*SPAN_S))

    def one_call(self) -> None:
        """A call as a desk tells it, from ringing to the end of wrap-up; one in eight is given up."""
        waited_s = self._chance.uniform(1, 40)
        started = builders.call(CallState.QUEUED, queued_at=_now() - timedelta(seconds=waited_s))
        call = self._next(replace(started, queue=self._chance.choice(QUEUES)), EventKind.OFFERED)
        self.be(AgentState.RINGING)
        self.rest()
        if self._chance.random() < 0.125:
            self._next(call, EventKind.ENDED, EndReason.ABANDONED)
            self.be(AgentState.AVAILABLE)
            return
        call = self._next(call, EventKind.ANSWERED)
        self.be(AgentState.ON_CALL)
        self.rest()
        call = self._next(call, EventKind.ENDED, EndReason.ANSWERED)
        self.be(AgentState.WRAP_UP)
        if self._chance.random() < 0.2:
            self.escalate()
        self.rest()
        self._next(call, EventKind.WRAPPED_UP)
        self.be(AgentState.AVAILABLE)
        self.rest()

    def _next(self, call: Call, kind: EventKind, reason: EndReason | None = None) -> Call:
        call = advance(call, CallEvent(call_id=call.id, kind=kind, at=_now(), end_reason=reason))
        self.record(call)
        return call

    def _tell(self, kind: str, id_: UUID, step: float) -> None:
        self._note(kind, id_, step)  # type: ignore[operator]


STEPS = {
    CallState.QUEUED: 0,
    CallState.OFFERED: 1,
    CallState.CONNECTED: 2,
    CallState.HELD: 2,
    CallState.CONSULTING: 2,
    CallState.WRAP_UP: 3,
    CallState.CLOSED: 4,
}


def _desk(login: str, url: str, until: float, chance: random.Random, note: object) -> None:
    time.sleep(chance.uniform(0, SPAN_S[1]))
    database = Database(url)
    try:
        desk = _Desk(database, People(database).by_login(login), chance, note)
        desk.be(AgentState.AVAILABLE)
        desk.one_call()  # also where opening took all the time
        while time.time() < until:
            desk.one_call()
    finally:
        database.close()


def _now() -> datetime:
    return datetime.now(UTC)


def shared_out(urls: Sequence[tuple[str, str]], count: int) -> list[tuple[tuple[str, str], ...]]:
    """So many to a process."""
    return [tuple(urls[i : i + count]) for i in range(0, len(urls), count)]
