"""The version of a database's tables: brought up to date, or refused with a sentence when it is not ours to use."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from app.db import rights
from app.db.engine import Database
from app.db.errors import errors_translated
from app.db.locks import Lock
from app.domain.errors import Unavailable, WrongVersion
from app.i18n import tr


def upgrade(database: Database, *, renews_rights: bool = False) -> None:
    """Make or bring up to date all tables; a database of a newer program is left alone (WrongVersion).

    With `renews_rights` also the rights of tables that are up to date are given anew, whoever changed them.
    """
    if database.file:
        with suppress(OSError):  # SQLite says it better
            database.file.touch()
    _refuse_newer(database)
    _run(database, partial(_upgrade, renews_rights=renews_rights))


def downgrade(database: Database, revision: str) -> None:
    """Take the tables back to `revision` ("base": none); the program it belongs to gives its rights by upgrading."""
    _run(database, partial(_downgrade, revision=revision))


def check(database: Database) -> None:
    """Raise Unavailable or WrongVersion with what to do unless the tables are exactly those of this program."""
    if database.file and not database.file.exists():
        raise Unavailable(
            tr("There is no database file {path}. Check the address, or make one with: firstline-admin database create",
               path=database.file)
        )  # fmt: skip
    _refuse_newer(database)
    current = _current(database)
    if current is None:
        raise WrongVersion(tr("This database has no tables yet. Make them with: firstline-admin database create"))
    if current != _scripts().get_current_head():
        raise WrongVersion(
            tr("This database is of an older version. Bring it up to date with: firstline-admin database upgrade")
        )


def has_tables(database: Database) -> bool:
    """Whether any version of this program has made its tables there; a SQLite file is not made by asking."""
    if database.file and not database.file.exists():
        return False
    return _current(database) is not None


def _upgrade(config: Config, connection: Connection, *, renews_rights: bool) -> None:
    """The tables, and then who may do what with them: one transaction, so none is open to anybody for a moment."""
    if connection.dialect.name == "sqlite":
        command.upgrade(config, "head")
        return
    is_current = MigrationContext.configure(connection).get_current_revision() == _scripts().get_current_head()
    if is_current and rights.are_given(connection) and not renews_rights:
        return
    rights.take_all(connection)
    command.upgrade(config, "head")
    rights.apply(connection)


def _downgrade(config: Config, connection: Connection, *, revision: str) -> None:
    if connection.dialect.name != "sqlite":
        rights.take_all(connection)
    command.downgrade(config, revision)


def _refuse_newer(database: Database) -> None:
    current = _current(database)
    if current is None:
        return
    try:
        _scripts().get_revision(current)
    except CommandError:
        raise WrongVersion(
            tr("This database is of a newer version of Firstline. Install the newer program on this desk.")
        ) from None


def _current(database: Database) -> str | None:
    with errors_translated(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "app.db:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _run(database: Database, work: Callable[[Config, Connection], None]) -> None:
    config = _config()
    with errors_translated(), database.engine.connect() as connection:
        if database.is_sqlite:
            connection = connection.execution_options(begin="BEGIN IMMEDIATE")
        with connection.begin():
            if not database.is_sqlite:  # two administrators at once: the second waits, then finds all done
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": Lock.MIGRATIONS})
            config.attributes["connection"] = connection
            work(config, connection)
