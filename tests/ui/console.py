"""A whole console for tests: window, shell and desk on a real database, and a line that rings when the test says so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from app.bootstrap import Desk
from app.db.engine import Database
from app.domain.answers import Answer
from app.domain.calls import CallState
from app.domain.customers import Customer
from app.domain.people import AgentRules, AgentState, Person, Role
from app.domain.work import CallWork
from app.services.answers import Answers
from app.services.case_lists import CaseLists
from tests import builders, seeding
from tests.patience import LIMIT_S
from tests.ui.scripted_line import ScriptedLine
from ui.agent.screen import AgentScreen
from ui.background import Background
from ui.call_desk import CallDesk
from ui.keys import press, type_text, wait_until
from ui.shell import Shell
from ui.window import Window

W = TypeVar("W", bound=QWidget)
CERTAIN = "+493023125201"  # Nora Voss, and nobody else
NEAR_CERTAIN = "+493023125299"  # another extension of her company
UNKNOWN = "+4915150000001"
RESTART = builders.answer(
    "restart",
    title="Router restarts by itself",
    variants=("the router reboots all day",),
    keywords=("restart", "reboot"),
    products=("link-7",),
    body="We will look at it together, {customer.name}. Your contract is {contract.number}.",
    steps=("Take the plug out", "Wait ten seconds", "Plug it in"),
    closing="Thank you for calling, says {agent.name}.",
)
LAMP = builders.answer("lamp", title="Router lamp is red", body="The **lamp** tells the state.", steps=())
HOSTILE = builders.answer(
    "hostile",
    title="<b>Hostile</b> <img src='http://127.0.0.1:1/title.png'>",
    body='<script>alert(1)</script> ![x](http://127.0.0.1:1/a.png) <img src="file:///etc/passwd"> & <b>bold</b>',
    steps=("<img src='http://127.0.0.1:1/step.png'> <i>step</i>",),
    closing="[link](http://127.0.0.1:1/) <a href='x'>y</a>",
)
ANSWERS = (RESTART, LAMP, HOSTILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A shared database with people, customers and answers."""

    url: str
    database: Database
    seeded: builders.Seeded
    voss: Customer  # CERTAIN; a contract in force and one that has ended
    all_roles: Person

    @property
    def path(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    @property
    def cases(self) -> CaseLists:
        return CaseLists(self.database)


def make_centre(url: str) -> Centre:
    """Fill an empty migrated database."""
    database = Database(url)
    seeded = builders.seed(database)
    contracts = (
        builders.contract(seeded.router, number="V-2001"),
        builders.contract(seeded.printer, number="V-2002", ends_on=date(2025, 1, 31)),
    )
    voss = replace(
        builders.customer("Nora Voss", number="K-400", phones=(CERTAIN,), contracts=contracts), company="Voss Ltd"
    )
    all_roles = builders.person("dora", team=seeded.network, roles=frozenset(Role))
    with database.write() as session:
        seeding.add_customer(session, voss)
        seeding.add_person(session, all_roles)
    Answers(database).publish(ANSWERS)
    return Centre(url=url, database=database, seeded=seeded, voss=voss, all_roles=all_roles)


class Console:
    """A person's console that is open, and the hands of the person."""

    def __init__(
        self,
        centre: Centre,
        person: Person,
        folder: Path,
        line: ScriptedLine | None = None,
        *,
        undo_s: float = 0.0,
        rules: AgentRules | None = None,
        answer_count: int = len(ANSWERS),
    ) -> None:
        self._answer_count = answer_count
        folder.mkdir(parents=True, exist_ok=True)
        self.centre = centre
        self.line = line or ScriptedLine()
        self.desk = Desk(Database(centre.url), person, folder, self.line, undo_s=undo_s, rules=rules)
        self.window = Window()
        self.window.resize(1280, 800)
        self.window.show()
        self.shell = Shell(self.window, self.desk, Background(self.window))
        self._has_opened = False
        self.shell.opened.connect(self._on_opened)

    def open(self) -> None:
        """Begin to work; returns when the agent could take a call."""
        self.shell.start()
        self.window.activateWindow()
        self.wait(lambda: self._has_opened and self.desk.index.count() == self._answer_count)
        self.wait(self.window.isActiveWindow)

    def close(self) -> None:
        self.shell.stop()
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _on_opened(self) -> None:
        self._has_opened = True

    @property
    def calls(self) -> CallDesk:
        return self.shell.calls

    @property
    def screen(self) -> AgentScreen:
        assert self.shell.agent_screen is not None
        return self.shell.agent_screen

    @property
    def work(self) -> CallWork:
        assert self.calls.work is not None
        return self.calls.work

    def press(self, *keys: str) -> None:
        for key in keys:
            press(self.window, key)

    def write(self, text: str) -> None:
        type_text(self.window, text)

    def wait(self, claim: Callable[[], bool]) -> None:
        assert wait_until(claim)

    def child(self, kind: type[W], accessible_name: str) -> W:
        """The widget of this kind with this name; there must be one."""
        found = [w for w in self.window.findChildren(kind) if w.accessibleName() == accessible_name]
        assert len(found) == 1, [w.accessibleName() for w in self.window.findChildren(kind)]
        return found[0]

    def ring(self, raw: str = CERTAIN, name: str = "", *, says: str = "") -> UUID:
        """A call rings, and who may be calling is looked up."""
        call_id = self.line.ring(raw, name, says=says)
        self.wait(lambda: self.calls.ringing is not None and self.calls.ringing.call.id == call_id)
        self.wait(lambda: call_id in self.calls._who)
        return call_id

    def take_call(self, raw: str = CERTAIN, name: str = "") -> UUID:
        """A call rings and is answered with F2."""
        call_id = self.ring(raw, name)
        self.press("F2")
        self.wait(lambda: self.has_call(CallState.CONNECTED))
        return call_id

    def hang_up(self) -> None:
        self.press("F4")
        self.wait(lambda: self.has_call(CallState.WRAP_UP))

    def has_call(self, state: CallState) -> bool:
        return self.calls.work is not None and self.calls.work.call.state is state

    def is_agent(self, state: AgentState) -> bool:
        return self.calls.presence.agent.state is state

    def search(self, text: str) -> None:
        """Ctrl+K and a text, until its hits are there."""
        self.press("Ctrl+K")
        self.write(text)
        self.wait(lambda: self.screen.answers.shown_text == text)

    def read(self, answer: Answer, text: str) -> None:
        """Search and Return, which must open this answer."""
        self.search(text)
        self.press("Return")
        assert self.screen.reading.answer is not None and self.screen.reading.answer.id == answer.id

    def note(self, text: str) -> None:
        self.press("F7")
        self.write(text)

    def is_delivered(self) -> bool:
        """Nothing waits in the outbox, nor for it."""
        self.desk.lanes.journal.submit(bool).result(LIMIT_S)
        return self.desk.journal.waiting_count() == 0


@contextmanager
def console(
    centre: Centre,
    folder: Path,
    *,
    person: Person | None = None,
    line: ScriptedLine | None = None,
    undo_s: float = 0.0,
    rules: AgentRules | None = None,
    answer_count: int = len(ANSWERS),
) -> Iterator[Console]:
    """The console of an agent of first level, open."""
    opened = Console(
        centre, person or centre.seeded.agent, folder, line, undo_s=undo_s, rules=rules, answer_count=answer_count
    )
    try:
        opened.open()
        yield opened
    finally:
        opened.close()


def days_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
