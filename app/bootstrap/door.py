"""The door to the shared database: open while it is known to be the right one, for the person who sits here."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import msgspec

from app.db import schema
from app.db.address import account_of, account_without_port, is_postgresql
from app.db.engine import Database
from app.desk.journal import Journal
from app.domain.commands import AnyCommand, Claim
from app.domain.errors import FirstlineError, NotAllowed, Unavailable, WrongVersion
from app.domain.people import Person
from app.i18n import tr
from app.services.commands import Commands
from app.services.people import People

_PERSON = "person"


class Remembered(msgspec.Struct, frozen=True):
    """The person as the database knew them, and which database that was."""

    person: Person
    database: str


class Door:
    """Checks the database before the first command, and again each time that it was lost: it may be another by then."""

    def __init__(self, database: Database, person: Person, commands: Commands) -> None:
        self._database = database
        self._person = person
        self._commands = commands
        self._is_checked = False

    def check(self) -> None:
        """Raise WrongVersion or NotFound with a sentence unless tables and person are what they were."""
        schema.check(self._database)
        if People(self._database).by_login(self._person.login).id != self._person.id:
            raise WrongVersion(tr("This is another database than the one this desk works with. Check the address."))
        self._is_checked = True

    def apply(self, command: AnyCommand) -> UUID | None:
        """Do a command, once; Unavailable as long as the door is shut."""
        return self._pass(partial(self._commands.apply, command))

    def settle(self, claim: Claim) -> UUID | None:
        """The case of a claim that was carried out; one that was not never will be."""
        return self._pass(partial(self._commands.settle, claim))

    def shut(self) -> None:
        """The database is lost: what comes back is checked."""
        self._is_checked = False

    def _pass(self, work: Callable[[], UUID | None]) -> UUID | None:
        self._open()
        try:
            return work()
        except Unavailable:
            self.shut()
            raise

    def _open(self) -> None:
        if self._is_checked:
            return
        try:
            self.check()
        except Unavailable:
            raise
        except FirstlineError as error:  # the person is gone, not what they did: it waits
            raise Unavailable(str(error)) from error


def name_of(url: str, login: str) -> str:
    """Which database an address leads to, without a password."""
    return account_of(url, login) if is_postgresql(url) else url


def _names_of(url: str, login: str) -> tuple[str, ...]:
    """What this program says of an address, and what older ones said that left out the port."""
    return (name_of(url, login), account_without_port(url, login)) if is_postgresql(url) else (url,)


def remember(journal: Journal, person: Person, url: str) -> None:
    """Keep the person for a start without the database."""
    journal.keep_known(_PERSON, Remembered(person=person, database=name_of(url, person.login)))


def remembered(journal: Journal, login: str, url: str) -> tuple[Person, datetime] | None:
    """The person who worked here last, and when, if it is this one at this database."""
    known = journal.known(_PERSON, Remembered)
    if known is None or known[0].person.login != login or known[0].database not in _names_of(url, login):
        return None
    return known[0].person, known[1].astimezone(UTC)


def refuse_others(journal: Journal, person: Person) -> None:
    """Raise NotAllowed when the journal holds what somebody else typed: it is neither shown nor sent in another's name.

    What is done with is forgotten.
    """
    known = journal.known(_PERSON, Remembered)
    if known is None or known[0].person.id == person.id or journal.is_empty():
        return
    other = known[0].person
    raise NotAllowed(
        tr("This desk still keeps work of {name}. Sign in as “{login}” so that it is delivered, or choose another "
           "folder with --folder.", name=other.name, login=other.login)
    )  # fmt: skip
