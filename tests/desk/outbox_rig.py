"""An outbox at work, and the place where its commands arrive."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from uuid import UUID

from app.desk.journal import Journal
from app.desk.outbox import Outbox, OutboxStatus
from app.domain.commands import AnyCommand
from tests.builders import escalation, person
from tests.patience import LIMIT_S

NOBODY = person()


class World:
    """Where commands arrive: notes each, and answers the next ones with the errors it was given."""

    def __init__(self) -> None:
        self.arrived: Queue[AnyCommand] = Queue()
        self.delivered: Queue[AnyCommand] = Queue()
        self.statuses: Queue[OutboxStatus] = Queue()
        self.errors: dict[UUID, list[Exception]] = {}

    def apply(self, command: AnyCommand) -> None:
        self.arrived.put(command)
        if errors := self.errors.get(command.id):
            raise errors.pop(0)

    def status(self, is_wanted: Callable[[OutboxStatus], bool]) -> OutboxStatus:
        while not is_wanted(status := self.statuses.get(timeout=LIMIT_S)):
            pass
        return status


@contextmanager
def running(journal: Journal, world: World, apply: Callable[[AnyCommand], object] | None = None) -> Iterator[Outbox]:
    outbox = Outbox(journal, apply or world.apply, world.statuses.put, world.delivered.put)
    outbox.start()
    try:
        yield outbox
    finally:
        outbox.stop()


def some_commands(count: int) -> list[AnyCommand]:
    return [escalation(NOBODY) for _ in range(count)]


def received(queue: Queue[AnyCommand], count: int) -> list[AnyCommand]:
    return [queue.get(timeout=LIMIT_S) for _ in range(count)]
