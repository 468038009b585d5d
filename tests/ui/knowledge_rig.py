"""A knowledge editor's window on a database of its own, for tests and for pictures."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QLineEdit

from app.domain.answer_use import AnswerUse, UseKind
from app.domain.answers import Answer
from app.domain.commands import AnyCommand, FlagAnswer, MoveDraft, ReportSearch, WriteDraft
from app.domain.ids import new_id
from app.domain.knowledge import AnswerEvent, FlagKind
from app.domain.people import Person, Role
from app.domain.search_report import GapKind, SearchGap
from app.services.answers import Answers
from app.services.commands import Commands
from app.services.knowledge_lists import KnowledgeLists
from tests import builders, seeding
from tests.ui.console import Centre, Console, console
from ui.knowledge import KnowledgeScreen

LAMP = builders.answer(
    "lamp-red",
    title="The lamp of the printer is red",
    variants=("red lamp", "e-47"),
    keywords=("lamp", "E-47"),
    products=("print-2",),
    body="The **lamp** tells that the sensor is dirty, {customer.name}.",
    steps=("Open the tray", "Wipe the sensor"),
    closing="Is it green now?",
    script="## start\nIs the lamp red?\n- Yes -> clean\n- No -> escalate\n\n## clean\nPlease wipe the sensor.\n"
    "- It works again -> solved\n- Still red -> escalate",
)
PAPER = builders.answer("paper-jam", title="Paper jam in the tray", products=("print-2",), variants=("paper jam",))


@dataclass
class Office:
    """Two editors of one centre, and what the test does in the name of the second."""

    centre: Centre
    eva: Person
    max: Person
    commands: Commands
    lists: KnowledgeLists

    def apply(self, command: AnyCommand) -> None:
        self.commands.apply(command)

    def draft(self, by: Person, answer: Answer, *, submits: bool = False, base_version: int = 0) -> UUID:
        draft_id = new_id()
        head = {"id": new_id(), "by": by.id, "at": now()}
        self.apply(WriteDraft(**head, draft_id=draft_id, answer=answer, submits=submits, base_version=base_version))  # type: ignore[arg-type]
        return draft_id

    def rewrite(self, by: Person, draft_id: UUID, answer: Answer) -> None:
        was = self.lists.draft(draft_id).revision
        head = {"id": new_id(), "by": by.id, "at": now()}
        self.apply(WriteDraft(**head, draft_id=draft_id, answer=answer, was_revision=was))  # type: ignore[arg-type]

    def publish(self, by: Person, draft_id: UUID, note: str = "") -> None:
        was = self.lists.draft(draft_id).revision
        head = {"id": new_id(), "by": by.id, "at": now()}
        event = AnswerEvent.PUBLISHED
        self.apply(MoveDraft(**head, draft_id=draft_id, event=event, was_revision=was, text=note))  # type: ignore[arg-type]

    def flag(self, by: Person, answer: Answer, text: str) -> None:
        head = {"id": new_id(), "by": by.id, "at": now()}
        about = {"flag_id": new_id(), "answer_id": answer.id, "version": 1, "kind": FlagKind.OUTDATED, "text": text}
        self.apply(FlagAnswer(**head, **about))  # type: ignore[arg-type]

    def report(self, by: Person, *gaps: str, uses: tuple[tuple[Answer, UseKind], ...] = ()) -> None:
        found = tuple(SearchGap(kind=GapKind.NOT_FOUND, text=text, language="en", product="print-2") for text in gaps)
        used = tuple(AnswerUse(answer_id=one.id, kind=kind) for one, kind in uses)
        self.apply(ReportSearch(id=new_id(), by=by.id, at=now(), gaps=found, uses=used))


def make_office(centre: Centre) -> Office:
    """With two published answers, one of them in both languages, a draft in review, a flag and some gaps."""
    eva, max_ = add_editor(centre, "eva"), add_editor(centre, "max")
    lists = KnowledgeLists(centre.database)
    office = Office(centre, eva, max_, Commands(centre.database), lists)
    long_ago = datetime.now(UTC).date() - timedelta(days=3)
    Answers(centre.database).publish([LAMP, replace(PAPER, review_on=long_ago)])
    office.flag(centre.seeded.agent, PAPER, "The tray is called cassette now.")
    agent = centre.seeded.agent
    for _ in range(3):
        office.report(agent, "toner smells", uses=((LAMP, UseKind.SOLVED), (PAPER, UseKind.ESCALATED)))
    office.report(agent, "toner smell burnt", "fax line dead", uses=((LAMP, UseKind.READ),))
    return office


def add_editor(centre: Centre, login: str) -> Person:
    made = builders.person(login, team=centre.seeded.office, roles=frozenset({Role.EDITOR}))
    with centre.database.write() as session:
        seeding.add_person(session, made)
    return made


def now() -> datetime:
    return datetime.now(UTC)


def screen_of(opened: Console) -> KnowledgeScreen:
    """The knowledge screen of a window."""
    found = opened.window.findChildren(KnowledgeScreen)
    assert len(found) == 1
    return found[0]


def titles(opened: Console) -> list[str]:
    return [line.title for line in screen_of(opened).lists.lines.records.records]


def ready(opened: Console, count: int = 5) -> None:
    opened.wait(lambda: len(titles(opened)) == count)


def open_line(opened: Console, answer_id: object) -> None:
    screen = screen_of(opened)
    screen.lists.lines.choose(answer_id)
    opened.wait(lambda: screen.editor.work.working is not None and screen.editor.work.working.answer.id == answer_id)


def field(opened: Console, name: str) -> QLineEdit:  # of this screen: known problems have titles too
    (found,) = (line for line in screen_of(opened).findChildren(QLineEdit) if line.accessibleName() == name)
    return found


def type_into(opened: Console, name: str, text: str) -> None:
    opened.window.activateWindow()
    opened.wait(opened.window.isActiveWindow)
    line = field(opened, name)
    line.setFocus()
    line.end(False)
    opened.write(text)


@pytest.fixture
def office(call_centre: Centre) -> Office:
    return make_office(call_centre)


@pytest.fixture
def editor(office: Office, tmp_path: Path) -> Iterator[Callable[..., Console]]:
    """Opens an editor's window: `editor()`, or `editor(office.max)`."""
    with ExitStack() as stack:

        def open_for(person: Person | None = None) -> Console:
            who = person or office.eva
            return stack.enter_context(console(office.centre, tmp_path / who.login, person=who, answer_count=5))

        yield open_for
