"""A desk of each role on PostgreSQL, signed in as its person: nothing that it asks by itself is refused."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import event

from app.bootstrap import Desk
from app.bootstrap.lines import line
from app.bootstrap.opening import open_desk
from app.domain.people import Person, Role
from app.settings import Settings
from tests import builders, people, seeding
from tests.patience import LIMIT_S
from tests.ui.console import Centre, make_centre
from ui.background import Background
from ui.keys import press, wait_until
from ui.shell import Shell
from ui.window import Window

READERS = 3  # threads of the lane that reads


@pytest.fixture
def centre(postgres_url: str) -> Iterator[Centre]:
    made = make_centre(postgres_url)
    yield made
    made.database.close()
    people.forget(postgres_url, *(_login(role) for role in Role))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.usefixtures("qapp")
def test_a_desk_opens_and_shows_all_its_screens_without_a_refused_statement(
    centre: Centre, tmp_path: Path, role: Role
) -> None:
    """A warning in the log fails the test, too: the database's refusals are written there."""
    person = _person(centre, role)
    url = people.sign_in(centre.url, person.login)
    desk = open_desk(url, person.login, tmp_path, lambda shared, me: line(shared, Settings(), me), undo_s=0.0)
    refused: list[str] = []
    event.listen(desk._database.engine, "handle_error", lambda context: refused.append(_said(context)))
    window = Window()
    window.show()
    shell = Shell(window, desk, Background(window))
    shell.start()
    assert wait_until(lambda: desk.is_in_contact, LIMIT_S)
    for _ in range(shell.screens.count() + 1):  # and the first one again
        _until_all_is_read(desk)
        press(window, "Ctrl+Tab")
    press(window, "Ctrl+Shift+M")
    _until_all_is_read(desk)
    shell.stop()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert refused == []


def _until_all_is_read(desk: Desk) -> None:
    """Twice: what a screen reads may make it read something else."""
    for _ in range(2):
        idle = threading.Barrier(READERS)  # all of them are here: nothing that was asked before is under way
        marks = [desk.lanes.queries.submit(idle.wait, LIMIT_S) for _ in range(READERS)]
        assert wait_until(lambda: all(mark.done() for mark in marks), LIMIT_S)  # noqa: B023 - asked at once
        QApplication.processEvents()


def _said(context: Any) -> str:
    return f"{type(context.original_exception).__name__}: {context.statement}"


def _person(centre: Centre, role: Role) -> Person:
    person = replace(builders.person(_login(role), team=centre.seeded.network, roles=frozenset({role})), name=str(role))
    with centre.database.write() as session:
        seeding.add_person(session, person)
    return person


def _login(role: Role) -> str:
    return f"opens_{role}"
