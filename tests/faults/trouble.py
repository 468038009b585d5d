"""What goes wrong and when: each kind of fault so many times, spread evenly over the work of the desks."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.faults.floor import Floor
from tests.faults.proxy import Proxy
from tests.pgbouncer import PgBouncer
from tests.postgres import OwnServer

LOOK_S = 0.02


@dataclass(slots=True, kw_only=True)
class Fault:
    """`strike` is called `total` times; the first when half a share of the work is done. False: it did not hit."""

    name: str
    total: int
    strike: Callable[[], bool]
    done: int = 0
    missed: int = 0

    @property
    def is_over(self) -> bool:
        return self.done >= self.total

    def is_due(self, progress: float) -> bool:
        return self.done < self.total and progress >= (self.done + 0.5) / self.total

    def go(self) -> None:
        if self.strike():
            self.done += 1
        else:
            self.missed += 1


class Trouble:
    """Makes faults of one sort in a thread of its own: one after the other, beside those of other sorts."""

    def __init__(self, faults: Sequence[Fault], progress: Callable[[], float]) -> None:
        self.faults = tuple(faults)
        self.error: BaseException | None = None
        self._progress = progress
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"trouble: {self.faults[0].name}")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.wait(LOOK_S):
                for fault in self.faults:
                    if fault.is_due(self._progress()):
                        fault.go()
        except BaseException as error:  # noqa: BLE001 - told to the campaign, which ends with it
            self.error = error


def kills(floor: Floor, total: int, chance: random.Random) -> Fault:
    """`kill -9` of one desk after the other, in changing order; each is back at once or within a second."""
    order: list[int] = []

    def strike() -> bool:
        if not order:
            order.extend(chance.sample(sorted(floor.seats), len(floor.seats)))
        floor.kill(order.pop(), pause_s=chance.choice((0.0, 0.0, chance.uniform(0, 1))))
        return True

    return Fault(name="desks killed", total=total, strike=strike)


def server_stops(server: OwnServer, total: int, chance: random.Random) -> Fault:
    """The server ends without a checkpoint, is away for up to three seconds, and recovers from its log."""

    def strike() -> bool:
        server.crash()
        time.sleep(chance.uniform(0, 3))
        server.restart()
        return True

    return Fault(name="server stopped", total=total, strike=strike)


def pooler_kills(pooler: PgBouncer, total: int, chance: random.Random) -> Fault:
    """The pooler is gone for up to two seconds."""

    def strike() -> bool:
        pooler.crash()
        time.sleep(chance.uniform(0, 2))
        pooler.start()
        return True

    return Fault(name="pooler killed", total=total, strike=strike)


def full_disks(floor: Floor, total: int, chance: random.Random) -> Fault:
    def strike() -> bool:
        return floor.fill_disk(chance.choice(tuple(floor.disks)))

    return Fault(name="disk full", total=total, strike=strike)


def network_faults(proxy: Proxy, total: int, chance: random.Random) -> list[Fault]:
    """All that the proxy can do, `total` times in all; answers to COMMIT are lost most often."""

    def lose() -> bool:
        before = proxy.counts["lost answers"]
        proxy.lose_answers(chance.randint(1, 5))
        time.sleep(1.0)
        proxy.lose_answers(0)
        return proxy.counts["lost answers"] > before

    def cut() -> bool:
        proxy.cut()
        return True

    def while_it_lasts(begin: Callable[[], None], end: Callable[[], None], most_s: float) -> Callable[[], bool]:
        def strike() -> bool:
            begin()
            time.sleep(chance.uniform(0.2, most_s))
            end()
            return True

        return strike

    late = while_it_lasts(lambda: proxy.delay(0.1), lambda: proxy.delay(0.0), 2.0)
    stalled = while_it_lasts(lambda: proxy.stall(True), lambda: proxy.stall(False), 3.0)
    refused = while_it_lasts(lambda: proxy.refuse(True), lambda: proxy.refuse(False), 2.0)
    return [
        Fault(name="answers to COMMIT lost", total=total - total // 4 * 2 - total // 8 * 2, strike=lose),
        Fault(name="network cut", total=total // 4, strike=cut),
        Fault(name="network slow", total=total // 8, strike=late),
        Fault(name="network silent", total=total // 8, strike=stalled),
        Fault(name="network refuses", total=total // 4, strike=refused),
    ]
