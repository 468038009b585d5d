"""The same statements as ours, in pgbench: what the server can do when the client costs almost nothing."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from psycopg.adapt import PyFormat, Transformer
from sqlalchemy import Connection, make_url

from app.db import bare_driver
from app.db.engine import Database
from app.services.cases import Cases
from tests.bench.queue_systems import worker_id
from tests.builders import claim, escalation, person

Statement = tuple[str, dict[str, Any]]
NEW_IDS = ("new_id", "id_0", "id_1", "id_2", "id_3", "id_4")

_BY = f"(left('{worker_id(0)}', 24) || lpad(:client_id::text, 12, '0'))::uuid"  # each client is a person, as with us
# What is another in each transaction; the rest is as it was recorded.
_ANEW = {
    "new_number": "left(gen_random_uuid()::text, 18)",
    **dict.fromkeys(NEW_IDS, "gen_random_uuid()"),
    **dict.fromkeys(("new_opened_by", "new_owner_id", "by_0", "by_1", "person_id_2"), _BY),
}


def run(binaries: Path, url: str, folder: Path, *, clients: int, seconds: float) -> float:
    """Pairs a second of `clients` that escalate and claim, with prepared statements as psycopg makes them."""
    script, variables = _script(url)
    path = folder / "pair.sql"
    path.write_text(script, encoding="utf-8")
    address = make_url(url)
    command = [str(binaries / "pgbench"), "-n", "-M", "prepared", "-f", str(path), "-c", str(clients), "-j", "2"]
    command += ["-T", str(round(seconds)), "-h", str(address.host), "-p", str(address.port)]
    command += ["-U", str(address.username), *(f"--define={name}={value}" for name, value in variables.items())]
    done = subprocess.run(
        [*command, str(address.database)],
        env={"PGPASSWORD": str(address.password)},
        capture_output=True,
        text=True,
    )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert done.returncode == 0 and found and "failed transactions: 0 " in done.stdout, done.stdout + done.stderr
    return float(found[1])


def _script(url: str) -> tuple[str, dict[str, str]]:
    """The pair as pgbench reads it, and its variables."""
    variables: dict[str, str] = {}
    lines = [_as_pgbench(statement, variables) + ";\n" for statement in statements_of_a_pair(url, worker_id(0))]
    return "".join(lines), variables


def statements_of_a_pair(url: str, by: UUID) -> list[Statement]:
    """What our services send for one escalation and one claim of this person: text and parameters."""
    database, agent = Database(url), replace(person(), id=by)
    cases = Cases(database)
    with _recorded() as statements:
        cases.escalate(escalation(agent))
        cases.claim_next(claim(agent))
    database.close()
    return statements


def _as_pgbench(statement: Statement, variables: dict[str, str]) -> str:
    text, parameters = statement

    def placed(match: re.Match[str]) -> str:
        name = match[1]
        value = parameters[name]
        if value is None or value == "":
            return "NULL" if value is None else "''"
        if name in _ANEW:
            return _ANEW[name]
        variable = f"v{len(variables)}"
        variables[variable] = _text_of(value)
        return f":{variable}"

    return " ".join(re.sub(r"%\((\w+)\)s", placed, text).split())


def _text_of(value: Any) -> str:
    """As psycopg sends it."""
    dumped = Transformer().get_dumper(value, PyFormat.TEXT).dump(value)
    return bytes(dumped or b"").decode()


@contextmanager
def _recorded() -> Iterator[list[Statement]]:
    """What the driver gets of this thread: the announcer, which wakes readers five times a second, has its own."""
    statements: list[Statement] = []
    first_row, recorded_id = bare_driver.first_row, threading.get_ident()

    def record(connection: Connection, statement: bare_driver.BareStatement, values: dict[str, Any]) -> Any:
        if threading.get_ident() == recorded_id:
            as_sent = {**values, **{name: convert(values[name]) for name, convert in statement.conversions}}
            statements.append((statement.text, as_sent))
        return first_row(connection, statement, values)

    with patch.object(bare_driver, "first_row", record):
        yield statements
