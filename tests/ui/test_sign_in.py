"""Signing in and out, by keys, on a real PostgreSQL that asks for a password."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from app import i18n, settings
from app.adapters import secrets as keyring_module
from app.adapters.secrets import SecretStore
from app.bootstrap import Desk, SignIn, sign_in
from app.bootstrap.sign_in import access, forget, keyring_hindrance, remember
from app.db.engine import Database
from app.domain.errors import Unavailable
from app.settings import Settings
from tests.builders import seed
from tests.conftest import ExpectedLog
from tests.memory_store import MemoryStore
from tests.people import run_statement
from ui import main as program
from ui.keys import press, type_text, wait_until
from ui.sign_in import SignInPage
from ui.widgets.banner import Banner

PASSWORD = "Größe-4711 kX9"
OpenProgram = Callable[..., program.Console]


@pytest.fixture
def ada(postgres_url: str) -> Iterator[str]:
    """The address of a database where ada signs in as herself, with PASSWORD; without a name in it."""
    with closing(Database(postgres_url)) as database:
        seed(database)
    run_statement(postgres_url, "DROP ROLE IF EXISTS ada")
    run_statement(
        postgres_url, f"CREATE ROLE ada SUPERUSER LOGIN PASSWORD '{PASSWORD}'"
    )  # rights are not what is tested
    plain = make_url(postgres_url)
    yield f"postgresql://{plain.host}:{plain.port}/{plain.database}"
    run_statement(postgres_url, "DROP ROLE IF EXISTS ada")


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """In the place of the session's keyring."""
    memory = MemoryStore()
    monkeypatch.setattr(sign_in, "KeyringStore", lambda: memory)
    return memory


@pytest.fixture(autouse=True)
def no_password_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, expected_log: ExpectedLog) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    expected_log.may_come("database: OperationalError|change feed: ")


def page_of(made: program.Console, sentence: str = "") -> SignInPage:
    """The page, as soon as it is there and says this."""

    def is_there() -> bool:
        page = made.window.content
        return isinstance(page, SignInPage) and sentence in page.sentence.text() and page.button.isEnabled()

    assert wait_until(is_there)
    page = made.window.content
    assert isinstance(page, SignInPage)
    made.window.activateWindow()
    assert wait_until(made.window.isActiveWindow)
    page.focus()
    return page


def banners(made: program.Console) -> list[str]:
    return [banner.text for banner in made.window.findChildren(Banner) if banner.isVisible()]


def is_open(made: program.Console) -> bool:
    return made.shell is not None


def desk_of(made: program.Console) -> Desk:
    assert wait_until(lambda: is_open(made))
    assert made.shell is not None
    return made.shell.desk


def test_who_signs_in_is_asked_once_and_remembered(ada: str, open_program: OpenProgram, store: MemoryStore) -> None:
    made = open_program(ada, login="")
    page = page_of(made, "Who works here? Please sign in.")
    assert page.name.hasFocus() and not page.password.text()
    assert wait_until(page.remember.isEnabled)
    type_text(made.window, "ada")
    press(made.window, "Tab")
    type_text(made.window, "wrong")
    press(made.window, "Return")
    page = page_of(made, "does not accept this name and password")
    assert page.password.hasFocus() and (page.name.text(), page.password.text()) == ("ada", "")
    type_text(made.window, PASSWORD)
    press(made.window, "Tab")
    press(made.window, "Space")
    assert page.remember.isChecked()
    page.button.click()
    assert desk_of(made).person.login == "ada"
    assert store._secrets == {f"postgresql://ada@{ada.removeprefix('postgresql://')}": PASSWORD}
    assert settings.load().login == "ada"
    assert PASSWORD not in settings.file().read_text(encoding="utf-8")
    made.close()
    again = open_program(ada, login="")
    assert wait_until(lambda: is_open(again))  # nothing is asked


def test_signing_out_and_forgetting(ada: str, open_program: OpenProgram, store: MemoryStore) -> None:
    remember(ada, SignIn(login="ada", password=PASSWORD, remember=True), store)
    made = open_program(ada, login="ada")
    assert wait_until(lambda: is_open(made))
    assert made.shell is not None
    made.shell.line.open_person_menu()
    menu = next(menu for menu in made.shell.line.findChildren(QMenu) if menu.isVisible())
    assert [action.text() for action in menu.actions()[:2]] == ["Sign out", "Sign out and forget the password"]
    menu.actions()[1].trigger()
    menu.close()
    page = page_of(made)
    assert (page.name.text(), page.sentence.isVisible(), store._secrets) == ("ada", False, {})
    assert not is_open(made)
    press(made.window, "Return")
    page_of(made, "asks for a password")
    type_text(made.window, PASSWORD)
    press(made.window, "Return")
    assert wait_until(lambda: is_open(made))
    assert store._secrets == {}  # it was not to be remembered


def test_signing_out_with_settings_that_are_damaged_since_says_so(
    ada: str, open_program: OpenProgram, store: MemoryStore
) -> None:
    remember(ada, SignIn(login="ada", password=PASSWORD, remember=True), store)
    made = open_program(ada, login="ada")
    assert wait_until(lambda: is_open(made))
    assert made.shell is not None
    settings.file().write_text("login = ", encoding="utf-8")
    made.shell.line.open_person_menu()
    menu = next(menu for menu in made.shell.line.findChildren(QMenu) if menu.isVisible())
    menu.actions()[0].trigger()
    menu.close()
    assert wait_until(lambda: any(str(settings.file()) in text for text in banners(made)))
    settings.file().unlink()
    again = next(one for one in made.window.findChildren(QPushButton) if one.text() == "Try again")
    again.click()
    assert wait_until(lambda: is_open(made))


def test_a_server_that_is_away_lets_work_who_has_worked_here(
    ada: str, open_program: OpenProgram, store: MemoryStore, postgres_url: str
) -> None:
    remember(ada, SignIn(login="ada", password=PASSWORD, remember=True), store)
    made = open_program(ada, login="ada")
    assert wait_until(lambda: is_open(made))
    made.close()
    other = postgres_url.rpartition("/")[0] + "/postgres"
    run_statement(other, f'ALTER DATABASE "{make_url(ada).database}" ALLOW_CONNECTIONS false')
    try:
        made = open_program(ada, login="ada")
        assert desk_of(made).data_at is not None
        assert wait_until(lambda: any("You work on what this desk had" in text for text in banners(made)))
    finally:
        run_statement(other, f'ALTER DATABASE "{make_url(ada).database}" ALLOW_CONNECTIONS true')
    assert wait_until(lambda: not banners(made))  # it is back by itself


def test_without_a_name_nothing_is_asked_of_anybody(ada: str, open_program: OpenProgram, store: MemoryStore) -> None:
    made = open_program(ada, login="")
    page_of(made)
    press(made.window, "Return")
    assert page_of(made, "Type the name that you sign in with.").name.hasFocus()
    assert store._secrets == {}


def test_in_german_and_without_a_keyring(
    ada: str, open_program: OpenProgram, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    del qtbot
    i18n.set_language("de")
    monkeypatch.setattr(keyring_module, "_backend", _no_backend)
    made = open_program(ada, login="ada")
    page = page_of(made, "Die Datenbank fragt nach einem Passwort.")
    assert wait_until(lambda: "Schlüsselbund gibt es nicht" in page.keyring.text())
    assert page.keyring.isVisible() and not page.remember.isEnabled()
    type_text(made.window, PASSWORD)
    press(made.window, "Return")
    assert wait_until(lambda: is_open(made))  # it only is not remembered


def _no_backend() -> object:
    raise Unavailable("Einen Schlüsselbund gibt es nicht.")


# --- where the password comes from ----------------------------------------------------------------------------

CENTRE = "postgresql://db1,db2/centre"


class Locked:
    """A keyring that cannot be used."""

    def get(self, name: str) -> str | None:
        raise Unavailable(f"The keyring is locked: {name}")

    def set(self, name: str, secret: str) -> None:
        raise Unavailable("The keyring is locked.")

    def forget(self, name: str) -> None:
        raise Unavailable("The keyring is locked.")


def _password(typed: SignIn, store: SecretStore, url: str = "postgresql://localhost/centre") -> str | None:
    return access(url, Settings(), typed, store).password()


def test_typed_goes_before_kept_and_kept_before_what_libpq_finds() -> None:
    store = MemoryStore()
    store.set("postgresql://ada@localhost/centre", "kept")
    assert _password(SignIn(login="ada", password="typed"), store) == "typed"
    assert _password(SignIn(login="ada"), store) == "kept"
    assert _password(SignIn(login="ben"), store) is None
    assert _password(SignIn(login="ada"), Locked()) is None
    assert _password(SignIn(login="ada"), store, "sqlite:////tmp/x.db") is None


def test_a_password_that_was_kept_without_the_port_is_still_found_and_forgotten() -> None:
    store, url = MemoryStore(), "postgresql://localhost:5433/centre"
    store.set("postgresql://ada@localhost/centre", "kept by an older program")
    assert _password(SignIn(login="ada"), store, url) == "kept by an older program"
    remember(url, SignIn(login="ada", password="second server", remember=True), store)
    assert _password(SignIn(login="ada"), store, url) == "second server"
    assert _password(SignIn(login="ada"), store) == "kept by an older program"
    forget(url, "ada", store)
    assert _password(SignIn(login="ada"), store, url) is None


def test_what_is_typed_is_not_in_any_repr() -> None:
    typed = SignIn(login="ada", password=PASSWORD, remember=True)
    assert PASSWORD not in repr(typed) + repr(access(CENTRE.replace("db1,db2", "localhost"), Settings(), typed))


def test_what_cannot_be_remembered_is_said() -> None:
    typed = SignIn(login="ada", password=PASSWORD, remember=True)
    assert remember(CENTRE, typed, Locked()) == "The keyring is locked."
    assert keyring_hindrance(Locked()).startswith("The keyring is locked")
    assert (keyring_hindrance(MemoryStore()), remember(CENTRE, typed, MemoryStore())) == ("", "")
