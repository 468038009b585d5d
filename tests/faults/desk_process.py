"""One desk as a process of its own: the desk of the program, with a person who works at it."""

import faulthandler
import logging
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from app import i18n
from app.bootstrap import Desk, open_desk
from app.db.address import Access
from app.domain.cases import Level
from app.domain.errors import Unavailable
from app.telephony.demo import DemoSource
from tests.faults.agent import Agent
from tests.faults.expert import Expert, ThirdLevelExpert
from tests.faults.person import LOOK_S, Leaving
from tests.faults.planted import Planted, plant
from tests.faults.truth import Deed, Pen

ENDINGS = (signal.SIGTERM, signal.SIGUSR1)  # blocked by who forks this process, until it can take them
_PEOPLE: dict[Level, type[Agent | Expert]] = {
    Level.FIRST: Agent,
    Level.SECOND: Expert,
    Level.THIRD: ThirdLevelExpert,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Who works where. `number` names the desk in the truth; `keys_s` is the pause between key strokes."""

    number: int
    url: str
    is_pooled: bool  # there is PgBouncer in transaction mode at this address
    login: str
    level: Level
    folder: Path
    log: Path
    truth: Path
    keys_s: float
    seed: int
    planted: Planted | None = None


def work(seat: Seat) -> None:
    """Until the window is closed (SIGTERM) or the day is over (SIGUSR1) and all is delivered."""
    leaving = Leaving()
    signal.signal(signal.SIGTERM, lambda *_: leaving.window_closes.set())
    signal.signal(signal.SIGUSR1, lambda *_: leaving.day_is_over.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    i18n.set_language("en")
    logging.basicConfig(
        filename=seat.log, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    crash_log = seat.log.open("a", encoding="utf-8")
    faulthandler.enable(crash_log)
    pen = Pen(seat.truth, seat.number)
    try:
        desk = _open(seat, leaving)
        if desk is None:
            return
        person = _PEOPLE[seat.level](desk, pen, leaving, seed=seat.seed + os.getpid(), keys_s=seat.keys_s)
        if seat.planted:
            plant(seat.planted, desk, person)
        _work_at(desk, person, pen, leaving)
    except BaseException:
        logging.getLogger("firstline").exception("the desk ended")
        raise


def _work_at(desk: Desk, person: Agent | Expert, pen: Pen, leaving: Leaving) -> None:
    desk.start(person)
    pen.write(Deed.OPENED, person.me)
    try:
        person.run()
    finally:
        desk.stop()
    if not leaving.window_closes.is_set():
        pen.write(Deed.CLOSED, person.me)


def _open(seat: Seat, leaving: Leaving) -> Desk | None:
    """The desk, as soon as the database and the journal's disk let it open; None when the window is closed before."""
    while not leaving.window_closes.is_set():
        try:
            access = Access(is_pooled=seat.is_pooled)
            return open_desk(seat.url, seat.login, seat.folder, lambda *_: DemoSource(()), undo_s=0.0, access=access)
        except Unavailable:
            time.sleep(LOOK_S * 5)
    return None
