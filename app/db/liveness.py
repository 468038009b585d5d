"""Asks a pooled connection whether it lives, but only one that rested: in a busy desk the question is a trip wasted."""

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

RESTED_S = 5.0

_USED_AT = "used_at_s"


def asked_when_rested(engine: Engine) -> Engine:
    """The engine, whose connections are asked before use when nobody used them for `RESTED_S`.

    One that died is replaced, with all others of the pool. One that dies within this time fails its first statement;
    then the command is sent again, as after any loss of the database.
    """

    @event.listens_for(engine, "checkin")
    def _note(_connection: object, record: Any) -> None:
        record.info[_USED_AT] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get(_USED_AT, time.monotonic()) < RESTED_S:
            return
        if not _lives(engine, connection):
            raise InvalidatePoolError

    return engine


def _lives(engine: Engine, connection: Any) -> bool:
    driver: Any = engine.dialect.dbapi
    try:
        return bool(engine.dialect.do_ping(connection))
    except driver.Error:
        return False
