"""Many people between the levels: escalate, claim, ask, consult, advise, return, merge, split, and die in the middle.

    python -m tests.faults.levels --processes 50 --steps 10000

Each person is a process of its own, signed in to PostgreSQL as themselves. A trigger writes down each change of a
case; in the end a referee looks at them, at the timelines and at what each person was told. It ends with 1 if it finds
anything.
"""

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from app.db import schema
from app.db.engine import Database
from app.domain.people import Role
from app.services.staff import Staff
from tests.faults import level_person, witness
from tests.faults.centre import PASSWORD, libpq
from tests.postgres import start_own

LOOK_S = 0.05
_MOVES = {  # of the timeline, with the state that each leads to; None: it moves nothing
    "opened": None, "accepted": None, "asked": None, "replied": None, "consulted": None, "granted": None,
    "grant_ended": None, "escalated": "waiting", "claimed": "claimed", "released": "waiting", "requeued": "waiting",
    "lapsed": "waiting", "returned": "open", "solved": "solved", "merged": "level", "split": "level",
    "advised": "down",  # with one level it answers a question, and moves nothing
}  # fmt: skip
_PATH = f"SELECT case_id, state, level, owner_id FROM {witness.SCHEMA}.seen ORDER BY case_id, seq"
_LINES = "SELECT case_id, event, by, from_level, to_level FROM timeline ORDER BY case_id, at, id"
_ASKED_OF = {"EscalateCase": "escalated", "ClaimNext": "claimed", "ClaimCase": "claimed", "SolveCase": "solved",
             "ReturnCase": "returned", "ReleaseCase": "released", "AssignCase": "requeued", "AcceptCase": "accepted",
             "AskBack": "asked", "Consult": "consulted"}  # fmt: skip


def run(processes: int, steps: int, seed: int, folder: Path) -> tuple[dict[str, int], list[str]]:
    """What was done, and what was found."""
    settings = [f"max_connections={processes * 7 + 20}"]
    with start_own(folder, durable=False, settings=settings) as server:
        url = server.create_database("levels")
        seats = _found(url, processes, steps, seed, folder)
        deaths = _let_work(seats)
        with psycopg.connect(libpq(url)) as connection:
            figures: dict[str, int] = dict(
                connection.execute("SELECT event, count(*) FROM timeline GROUP BY event").fetchall()
            )
            findings = list(_judge(connection, folder))
    return {str(name): int(str(count)) for name, count in figures.items()} | {"deaths": deaths}, findings


def _found(url: str, processes: int, steps: int, seed: int, folder: Path) -> list[level_person.Seat]:
    """Two of each kind that is needed; of the others two thirds are at first level."""
    database = Database(url)
    schema.upgrade(database)
    kinds = [Role.SECOND_LEVEL, Role.THIRD_LEVEL, Role.SECOND_LEVEL, Role.FIRST_LEVEL, Role.SUPERVISOR]
    kinds = [Role.ADMINISTRATOR, *(kinds[place % len(kinds)] for place in range(processes - 1))]
    seats = []
    for number, role in enumerate(kinds):
        login = f"l{number:03}"
        Staff(database).add(login, login.upper(), "Network", [role], PASSWORD, makes_team=True)
        address = make_url(url).set(username=login, password=PASSWORD).render_as_string(hide_password=False)
        steers, own_seed = role in (Role.ADMINISTRATOR, Role.SUPERVISOR), seed * 1000 + number
        seats.append(
            level_person.Seat(login=login, steers=steers, url=address, folder=folder, steps=steps, seed=own_seed)
        )
    database.close()
    witness.install(libpq(url))
    return seats


def _let_work(seats: Sequence[level_person.Seat]) -> int:
    """Until all have done their steps; who died begins again with what is left. How many died.

    Who steers tells little, so what is left is nearly all each time: they end with the last of the others.
    """
    fork = multiprocessing.get_context("fork")
    running: dict[str, tuple[Any, level_person.Seat]] = {}

    def begin(seat: level_person.Seat) -> None:
        process = fork.Process(target=level_person.work, args=(seat,))
        process.start()
        running[seat.login] = process, seat

    deaths = 0
    for seat in seats:
        begin(seat)
    while not all(seat.steers for _, seat in running.values()):
        time.sleep(LOOK_S)
        for login, (process, seat) in list(running.items()):
            if process.exitcode is None:
                continue
            del running[login]
            if process.exitcode == 0:
                continue
            deaths += 1
            done = len((seat.folder / f"{login}.told").read_text(encoding="utf-8").splitlines())
            random.seed(seat.seed + deaths)
            begin(replace(seat, steps=max(1, seat.steps - done), seed=random.randrange(2**30)))
    for process, _ in running.values():
        process.kill()
        process.join()
    return deaths


def _judge(connection: psycopg.Connection[Any], folder: Path) -> Iterator[str]:
    paths: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for case_id, *seen in connection.execute(_PATH):
        paths[case_id].append(tuple(seen))
    lines: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for case_id, *line in connection.execute(_LINES):
        lines[case_id].append(tuple(line))
    now = {row[0]: row[1:] for row in connection.execute("SELECT id, state, level, owner_id FROM case_file")}
    if now.keys() != paths.keys() or now.keys() != lines.keys():
        yield f"{len(now)} cases, {len(paths)} were seen, {len(lines)} have a timeline"
    for case_id, path in paths.items():
        if now.get(case_id) != path[-1]:
            yield f"case {case_id} is {now.get(case_id)}, and was seen last as {path[-1]}"
        for state, level, owner in path:
            if (owner is None) != (state == "waiting") or (state == "open") != (level == 1):
                yield f"case {case_id} was {state} at level {level} with owner {owner}"
        odd = (both for both in pairwise(path) if _is_odd(*both))
        yield from (f"case {case_id}: {before} became {then}" for before, then in odd)
        yield from (f"case {case_id}: {one}" for one in _replayed(lines[case_id], path))
    yield from _judge_told(connection, folder)


def _is_odd(before: tuple[Any, ...], then: tuple[Any, ...]) -> bool:
    """Hands changed without a state between, but for what third level gives down."""
    is_down = (before[0], then[0], before[1], then[1]) == ("claimed", "claimed", 3, 2)
    return before[0] == then[0] == "claimed" and before[2] != then[2] and not is_down


def _replayed(lines: Sequence[tuple[Any, ...]], path: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    """The timeline, in its order, tells each change of the case once and nothing else."""
    changes = [path[0], *(then for before, then in pairwise(path) if before != then)]
    moves = [line for line in lines if _MOVES[line[0]] and not (line[0] == "advised" and line[2] == line[3])]
    if lines[0][0] != "opened" or sum(line[0] == "opened" for line in lines) != 1:
        yield f"opened {[line[0] for line in lines]}"
    if len(moves) != len(changes):
        yield f"{len(changes)} changes, {[line[0] for line in lines]}"
        return
    for (event, by, _, to_level), (state, level, owner) in zip(moves, changes, strict=True):
        wanted = _MOVES[event]
        fits = level == to_level and (wanted in ("level", "down") or state == wanted or event == "returned")
        if not fits or (event == "claimed" and owner != by):
            yield f"{event} by {by} to level {to_level}, but it was {state} at {level} with {owner}"


def _judge_told(connection: psycopg.Connection[Any], folder: Path) -> Iterator[str]:
    """Exactly what was told as done is done, and stands in the timelines as often."""
    applied = {str(row[0]) for row in connection.execute("SELECT id FROM applied_command")}
    asked: Counter[str] = Counter()
    for file in folder.glob("*.told"):
        told = {}
        for id_, kind, outcome in (line.split() for line in file.read_text(encoding="utf-8").splitlines()):
            told[id_] = kind, outcome
        for id_, (kind, outcome) in told.items():
            if (outcome != "refused") != (id_ in applied):
                yield f"{kind} {id_} of {file.stem} was {outcome}"
            if outcome == "done" and kind in _ASKED_OF:
                asked[_ASKED_OF[kind]] += 1
    found = Counter(dict(connection.execute("SELECT event, count(*) FROM timeline GROUP BY event").fetchall()))
    yield from (f"{asked[event]} {event}, {found[event]} in the timelines" for event in sorted(set(_ASKED_OF.values()))
                if asked[event] != found[event])  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.levels", description=__doc__)
    parser.add_argument("--processes", type=int, default=50)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    begun_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="firstline-levels-") as folder:
        figures, findings = run(chosen.processes, chosen.steps, chosen.seed, Path(folder))
    for name, count in sorted(figures.items()):
        print(f"{name:12} {count:9,}")
    for finding in findings[:50]:
        print("FOUND", finding)
    print(f"{len(findings)} findings, {time.monotonic() - begun_s:.0f} s")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
