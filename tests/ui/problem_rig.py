"""The screen of known problems at a desk on a real database, for the tests of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from app.desk.journal import Refused
from app.domain.commands import EditProblem, MakeProblem
from app.domain.ids import new_id
from app.domain.people import Person
from app.domain.problems import Problem, ProblemWords
from app.services.problem_lists import ProblemLists
from tests.fakes import Station
from tests.ui.bench_rig import Centre
from ui.problems import ProblemScreen

WORDS = ProblemWords(
    title="Red lamp, E-47 after the update",
    symptoms="internet gone, lamp red\nE-47 in the menu",
    workaround="Back to 7.1\nRestart",
    products=("link-7",),
)
Screens = Callable[[Person], tuple[ProblemScreen, Station]]


@pytest.fixture
def screens(centre: Centre, qtbot: QtBot) -> Screens:
    def open_for(person: Person) -> tuple[ProblemScreen, Station]:
        opened = centre.open(person)
        screen = ProblemScreen(opened.context)
        qtbot.addWidget(screen)
        screen.resize(1280, 800)
        screen.show()
        screen.activateWindow()
        qtbot.waitUntil(screen.isActiveWindow)
        return screen, opened

    return open_for


def made(centre: Centre, words: ProblemWords = WORDS, *, is_confirmed: bool = True) -> Problem:
    command = MakeProblem(id=new_id(), by=centre.seeded.expert.id, at=datetime.now(UTC), problem_id=new_id(),
                          words=words, is_confirmed=is_confirmed)  # fmt: skip
    centre.do(command)
    return read(centre, command.problem_id)


def choose(screen: ProblemScreen, problem: Problem, qtbot: QtBot) -> None:
    """In the list; returns when it is open."""
    screen.table.choose(problem.id)
    qtbot.waitUntil(lambda: screen.page.id == problem.id)


def refused_at(opened: Station) -> tuple[Refused, ...]:
    return opened.desk.lanes.journal.submit(opened.desk.journal.refused).result()


def read(centre: Centre, problem_id: object) -> Problem:
    return next(line.problem for line in ProblemLists(centre.database).all() if line.id == problem_id)


def edited(centre: Centre, problem: Problem, **words: str) -> None:
    """The lead writes other words, having read these."""
    command = EditProblem(id=new_id(), by=centre.seeded.lead.id, at=datetime.now(UTC), problem_id=problem.id,
                          words=replace(problem.words, **words), revision=problem.revision)  # type: ignore[arg-type] # fmt: skip
    centre.do(command)
