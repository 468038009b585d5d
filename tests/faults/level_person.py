"""One person of `tests.faults.levels`, in a process of its own: random steps, signed in as themselves.

What is about to be asked stands in a file before it is asked. Who dies in the middle asks the same again afterwards.
"""

import os
import pickle
import random
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.db.engine import Database
from app.domain.cases import CaseState, Level, Urgency
from app.domain.commands import (
    AcceptCase,
    AdviseCase,
    AnswerQuestion,
    AskBack,
    AssignCase,
    ClaimCase,
    ClaimNext,
    Consult,
    GrantContact,
    ReleaseCase,
    ReturnCase,
    SolveCase,
)
from app.domain.errors import NotAllowed, NotFound, Unavailable
from app.domain.ids import new_id
from app.domain.people import Person, Role
from app.services.case_lists import CaseLists
from app.services.commands import Commands
from app.services.leases import Leases
from app.services.levels import Levels
from app.services.people import People
from app.services.questions import Questions
from tests.builders import case_draft, escalation

SHARE_DEADLY = 0.005  # of the steps end in the middle
LEASE = timedelta(seconds=2)
LEVELS = frozenset({Role.FIRST_LEVEL, Role.SECOND_LEVEL, Role.THIRD_LEVEL})
# Where so many wait, no more are passed on, or a long run would end in one long queue that nobody quarrels about.
MOST_WAITING = 40
MOST_PASSED_ON = 3  # by each of second level
HELD_LIMIT = 20  # that a supervisor reads of at once, and then works through


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """`steps` are what is left to do; the folder holds what was asked, and what came of it.

    Who `steers`, an administrator or a supervisor, ends with the last of the others.
    """

    login: str
    steers: bool
    url: str
    folder: Path
    steps: int
    seed: int


def work(seat: Seat) -> None:
    """Do the steps; another process may die here at any of them."""
    worker = _Worker(seat)
    try:
        worker.run()
    finally:
        worker.close()


class _Worker:
    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._chance = random.Random(seat.seed)
        self._database = Database(seat.url)
        self._me: Person = People(self._database).by_login(seat.login)
        self._commands, self._lists = Commands(self._database), CaseLists(self._database)
        self._questions = Questions(self._database)
        self._leases = Leases(self._database, self._me.id, LEASE)
        self._held: list[UUID] = []
        self._asked = seat.folder / f"{seat.login}.asked"
        self._told = (seat.folder / f"{seat.login}.told").open("a", encoding="utf-8")

    def close(self) -> None:
        self._told.close()
        self._database.close()

    def run(self) -> None:
        if self._asked.exists() and (kept := self._asked.read_bytes()):
            with suppress(pickle.UnpicklingError, EOFError):  # died while it was written: it was never asked
                self._ask(pickle.loads(kept), is_new=False)
        for number in range(self._seat.steps):
            if self._chance.random() < SHARE_DEADLY:
                threading.Timer(self._chance.random() * 0.01, _die).start()
            try:
                self._step()
            except Unavailable:
                time.sleep(0.05)
            if number % 50 == 0 and self._me.roles & LEVELS:
                self._leases.renew()
                self._leases.hand_back()
        if self._me.roles & LEVELS:
            self._leases.release()

    def _step(self) -> None:
        if Role.FIRST_LEVEL in self._me.roles:
            self._first_level()
        elif Role.ADMINISTRATOR in self._me.roles:
            time.sleep(self._chance.random() * 0.4)
            levels = Levels(self._database)
            levels.split() if levels.are_merged() else levels.merge()
        elif Role.SUPERVISOR in self._me.roles:
            time.sleep(self._chance.random() * 0.6)
            self._put_back()
        else:
            self._specialist(Level.THIRD if Role.THIRD_LEVEL in self._me.roles else Level.SECOND)

    def _first_level(self) -> None:
        self._answer()
        mine = self._lists.owned_by(self._me.id)
        if mine:
            self._escalate(mine[0].id, Level.SECOND)
            return
        level = Level.THIRD if self._chance.random() < 0.05 else Level.SECOND
        if self._has_room(level, MOST_WAITING):
            self._escalate(new_id(), level)

    def _answer(self, *levels: Level) -> None:
        """Now and then, so that questions are open for a while."""
        if self._chance.random() < 0.4:
            for question in self._questions.open_for(self._me.id, levels)[:1]:
                self._ask(AnswerQuestion(**self._head(), question_id=question.id, text="so"))

    def _has_room(self, level: Level, most: int) -> bool:
        """As far as this person sees the queue: of third level's, second level sees what it has passed on."""
        return len(self._lists.queue(level, limit=most)) < most

    def _escalate(self, case_id: UUID, level: Level) -> None:
        urgency = self._chance.choice(list(Urgency))
        draft = replace(case_draft(), id=case_id, number=case_id.hex[-20:], opened_at=_now())
        self._ask(escalation(self._me, case=draft, to_level=level, urgency=urgency, told_at=_now()))

    def _specialist(self, level: Level) -> None:
        self._answer(level)
        mine = [case for case in self._lists.owned_by(self._me.id) if case.state is CaseState.CLAIMED]
        if len(mine) < 3 and self._chance.random() < 0.6:
            self._claim(level)
        elif mine:
            self._work_on(self._chance.choice(mine).id, self._chance.random())
        if self._chance.random() < 0.05:
            self._not_mine(level)

    def _claim(self, level: Level) -> None:
        waiting = self._lists.queue(level, limit=5) if self._chance.random() < 0.4 else ()
        if waiting:
            self._ask(ClaimCase(**self._head(), case_id=self._chance.choice(waiting).id))
        else:
            self._ask(ClaimNext(**self._head(), level=level))

    def _work_on(self, case_id: UUID, chance: float) -> None:
        head: dict[str, Any] = {**self._head(), "case_id": case_id}
        made = (
            (0.05, lambda: AcceptCase(**head)),
            (0.13, lambda: AskBack(**head, text="why?")),
            (0.20, lambda: Consult(**head, text="how?")),
            (0.26, lambda: GrantContact(**head, is_granted=chance < 0.23)),
            (0.34, lambda: ReleaseCase(**head)),
            (0.46, lambda: ReturnCase(**head, reason="more")),
            (0.54, lambda: AdviseCase(**head, advice="so", kept_back="one of a kind")),
            (0.57, lambda: SolveCase(**head, solution="done")),
        )
        for limit, make in made:
            if chance < limit:
                self._ask(make())
                return
        if chance < 0.68 and self._has_room(Level.THIRD, MOST_PASSED_ON):
            self._escalate(case_id, Level.THIRD)
        else:
            self._ask(SolveCase(**head, solution="done", kept_back="one of a kind"))

    def _not_mine(self, level: Level) -> None:
        """What waits, or somebody else has: refused, or lost the race."""
        for case in self._lists.queue(level, limit=3)[-1:]:
            self._ask(SolveCase(**self._head(), case_id=case.id, solution="not mine", kept_back="x"))

    def _put_back(self) -> None:
        """A supervisor, who does not read whose case it is, with a list that grows old while it is worked through: some
        went back to first level meanwhile, some are solved.
        """
        if not self._held:
            with self._database.read() as session:
                self._held.extend(session.scalars(_HELD, {"limit": HELD_LIMIT}))
            self._chance.shuffle(self._held)
        if self._held:
            self._ask(AssignCase(**self._head(), case_id=self._held.pop(), person_id=None))

    def _ask(self, command: Any, *, is_new: bool = True) -> None:
        """Until the database has said what became of it."""
        if is_new:
            self._asked.write_bytes(pickle.dumps(command))
        while True:
            try:
                subject = self._commands.apply(command)
                outcome = "nothing" if subject is None else "done"
            except (NotAllowed, NotFound):
                outcome = "refused"
            except Unavailable:
                time.sleep(0.02)
                continue
            break
        self._told.write(f"{command.id} {type(command).__name__} {outcome}\n")
        self._told.flush()
        self._asked.write_bytes(b"")

    def _head(self) -> dict[str, Any]:
        return {"id": new_id(), "by": self._me.id, "at": _now()}


_HELD = text("SELECT id FROM firstline.steered_case WHERE level > 1 AND state = 'claimed' LIMIT :limit")


def _now() -> datetime:
    return datetime.now(UTC)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
