"""Queues and lists of cases: pages without gaps, and the same number of statements however long they are."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from app.db.engine import Database
from app.domain.case_filters import CaseFilter
from app.domain.cases import CaseState, CaseSummary, Impact, Level, Priority, Urgency
from app.domain.errors import NotFound
from app.domain.ids import new_id
from app.services.case_lists import PAGE_SIZE, CaseLists
from app.services.cases import Cases
from tests import builders
from tests.builders import Seeded, at, case_draft, claim, escalation, solution
from tests.services.statements import statement_count

CASE_COUNT = 23
PAGE = 5


def _fill(database: Database, centre: Seeded, count: int) -> list[UUID]:
    """Cases of all priorities; many share priority and due time, so that only the id tells them apart."""
    impacts, urgencies = list(Impact), list(Urgency)
    commands = [
        escalation(
            centre.agent,
            case=case_draft(f"Case {n}", product_id=centre.router.id, customer_id=centre.berg.id),
            impact=impacts[n % 2],
            urgency=urgencies[n % 3],
            told_at=at(n // 9),
        )
        for n in range(count)
    ]
    for command in commands:
        Cases(database).escalate(command)
    return [command.case.id for command in commands]


def _pages(lists: CaseLists) -> list[tuple[CaseSummary, ...]]:
    pages = [lists.queue(Level.SECOND, limit=PAGE)]
    while len(pages[-1]) == PAGE:
        pages.append(lists.queue(Level.SECOND, after=pages[-1][-1], limit=PAGE))
    return pages


def test_pages_hold_each_case_once_in_order(database: Database, centre: Seeded) -> None:
    ids = _fill(database, centre, CASE_COUNT)
    lines = [line for page in _pages(CaseLists(database)) for line in page]
    assert sorted(line.id for line in lines) == sorted(ids)
    keys = [(line.priority, line.due_at, line.id) for line in lines]
    assert keys == sorted(keys)
    assert tuple(lines) == CaseLists(database).queue(Level.SECOND)


def test_a_case_claimed_between_two_pages_moves_no_other(database: Database, centre: Seeded) -> None:
    ids = _fill(database, centre, CASE_COUNT)
    lists = CaseLists(database)
    first = lists.queue(Level.SECOND, limit=PAGE)
    claimed = Cases(database).claim_next(claim(centre.expert))
    assert claimed == first[0].id
    rest = lists.queue(Level.SECOND, after=first[-1])
    assert {line.id for line in (*first, *rest)} == set(ids)


def test_a_line_says_all_that_a_queue_shows(database: Database, centre: Seeded) -> None:
    (case_id,) = _fill(database, centre, 1)
    (line,) = CaseLists(database).queue(Level.SECOND)
    assert (line.id, line.title, line.state, line.level) == (case_id, "Case 0", CaseState.WAITING, Level.SECOND)
    assert (line.customer_name, line.product_name) == (centre.berg.name, centre.router.name)
    assert (line.owner_name, line.team_name) == ("", centre.network.name)
    assert line.level_since == at(0)


def test_a_case_without_customer_and_product_is_a_line_too(database: Database, centre: Seeded) -> None:
    Cases(database).escalate(escalation(centre.agent))
    (line,) = CaseLists(database).queue(Level.SECOND)
    assert (line.customer_name, line.product_name, line.team_name) == ("", "", centre.office.name)


def test_own_cases_are_those_not_solved(database: Database, centre: Seeded) -> None:
    _fill(database, centre, 3)
    claimed = {Cases(database).claim_next(claim(centre.expert)) for _ in range(2)}
    Cases(database).solve_with_answer(solution(centre.agent))
    assert {line.id for line in CaseLists(database).owned_by(centre.expert.id)} == claimed
    assert CaseLists(database).owned_by(centre.agent.id) == ()


def test_the_giver_keeps_sight_of_a_case_to_its_end(database: Database, centre: Seeded) -> None:
    ids = _fill(database, centre, 3)
    Cases(database).claim_next(claim(centre.expert))
    watched = CaseLists(database).watched_by(centre.agent.id)
    assert {line.id for line in watched} == set(ids)
    assert sorted(line.owner_name for line in watched) == ["", "", centre.expert.name]
    assert len(CaseLists(database).watched_by(centre.agent.id, limit=2)) == 2
    assert CaseLists(database).watched_by(centre.expert.id) == ()


def test_a_case_that_is_not_there_is_said_to_be_gone(database: Database) -> None:
    with pytest.raises(NotFound, match="not there any more"):
        CaseLists(database).file(new_id())


def test_a_case_is_found_by_its_number_as_it_was_written_down(database: Database, centre: Seeded) -> None:
    command, lists = escalation(centre.agent), CaseLists(database)
    Cases(database).escalate(command)
    number = command.case.number
    for written in (number, number.lower(), number.replace("-", "")):
        assert lists.numbered(written) == command.case.id
    assert lists.numbered("7K2M") is lists.numbered("") is None


LISTS: dict[str, Callable[[CaseLists, Seeded], object]] = {
    "queue": lambda lists, _: lists.queue(Level.SECOND),
    "owned": lambda lists, centre: lists.owned_by(centre.expert.id),
    "watched": lambda lists, centre: lists.watched_by(centre.agent.id),
}


def test_a_list_is_one_statement_however_long(database: Database, centre: Seeded) -> None:
    lists = CaseLists(database)
    begin_count = 1 if database.is_sqlite else 0  # there the opening of a transaction is a statement
    for case_count in (0, 2, 10):
        _fill(database, centre, case_count)
        Cases(database).claim_next(claim(centre.expert))
        for read in LISTS.values():
            assert statement_count(database, partial(read, lists, centre)) == 1 + begin_count


def test_a_case_is_two_statements_however_long_its_timeline(database: Database, centre: Seeded) -> None:
    command, lists = escalation(centre.agent), CaseLists(database)
    Cases(database).escalate(command)
    short = statement_count(database, lambda: lists.file(command.case.id))
    Cases(database).claim_next(claim(centre.expert))
    Cases(database).escalate(escalation(centre.expert, case=command.case, to_level=Level.THIRD))
    assert statement_count(database, lambda: lists.file(command.case.id)) == short <= 3


MANY = 40_000


def _filters(rare: CaseSummary, centre: Seeded) -> dict[str, tuple[CaseFilter, list[UUID]]]:
    """With what each finds among many others: `rare` is the last of all."""
    product, team = centre.printer.id, centre.office.id
    return {
        "product": (CaseFilter(product_id=product), [rare.id]),
        "team": (CaseFilter(team_id=team), [rare.id]),
        "product of a team": (CaseFilter(product_id=product, team_id=team), [rare.id]),
        "overdue": (CaseFilter(is_overdue=True), [rare.id]),
        "product that is overdue": (CaseFilter(product_id=product, is_overdue=True), [rare.id]),
        "none of a product": (CaseFilter(product_id=new_id()), []),
        "none that is urgent and overdue": (CaseFilter(least_priority=Priority.P2, is_overdue=True), []),
        "none that is urgent, of a team": (CaseFilter(least_priority=Priority.P4, team_id=team), []),
    }


def test_a_filter_finds_the_last_of_many_and_reads_no_other(postgres_url: str) -> None:
    """As in a queue of a million: no case is looked at that does not fit, and none is sorted that no page takes."""
    database = Database(postgres_url)
    centre = builders.seed(database)
    _fill_with_many(database, centre)
    said: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *sent: said.append((sent[2], sent[3])))
    with database.read() as session:
        rare_id = session.scalar(text("SELECT id FROM case_file WHERE number = 'rare'"))
    rare = CaseLists(database).file(rare_id).summary
    for name, (wanted, found) in _filters(rare, centre).items():
        said.clear()
        assert [case.id for case in CaseLists(database).queue(Level.SECOND, wanted=wanted)] == found, name
        assert CaseLists(database).queue(Level.SECOND, wanted=wanted, after=rare) == (), name
        scans = list(_scans_of_cases(database, *next(one for one in said if "case_file" in one[0])))
        assert {scan["Node Type"] for scan in scans} == {"Index Scan"}, (name, scans)
        assert sum(scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) for scan in scans) <= 1, (name, scans)
    whole, read = CaseLists(database).queue(Level.SECOND), said[-1]
    assert len(whole) == PAGE_SIZE and rare not in whole
    (scan,) = _scans_of_cases(database, *read)
    assert (scan["Index Name"], scan["Actual Rows"]) == ("ix_case_file_waiting", PAGE_SIZE)
    database.close()


def test_pages_of_what_is_overdue_hold_each_case_once_in_order(database: Database, centre: Seeded) -> None:
    ids = _fill(database, centre, CASE_COUNT)
    wanted, lists = CaseFilter(is_overdue=True, product_id=centre.router.id), CaseLists(database)
    found: list[CaseSummary] = []
    while page := lists.queue(Level.SECOND, after=found[-1] if found else None, limit=PAGE, wanted=wanted):
        found += page
    assert sorted(line.id for line in found) == sorted(ids)
    keys = [(line.priority, line.due_at, line.id) for line in found]
    assert keys == sorted(keys)


def _scans_of_cases(database: Database, statement: str, values: Any) -> Iterator[dict[str, Any]]:
    with database.read() as session:
        raw = session.connection().connection.driver_connection
        assert raw
        ((plan,),) = raw.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).fetchall()
    yield from (node for node in _nodes(plan[0]["Plan"]) if node.get("Relation Name") == "case_file")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _fill_with_many(database: Database, centre: Seeded) -> None:
    """Waiting cases of all priorities that are due tomorrow, in no order, written past all rules; after all of them
    one of another product and team, which is overdue.
    """
    with database.write() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(
            text("""INSERT INTO case_file (id, number, title, state, level, priority, due_at, opened_at, level_since,
                        opened_by, team_id, product_id)
                    SELECT gen_random_uuid(), CASE n WHEN 0 THEN 'rare' ELSE n::text END, 'Case', 'waiting', 2,
                        CASE n WHEN 0 THEN 5 ELSE 1 + n * 7 % 5 END,
                        now() + CASE n WHEN 0 THEN interval '-1 s'
                            ELSE interval '1 day' + n * 7919 % 86400 * interval '1 s' END,
                        now(), now(), :person, CASE n WHEN 0 THEN :rare_team ELSE :team END,
                        CASE n WHEN 0 THEN :rare_product ELSE :product END
                    FROM generate_series(0, :n) n"""),
            {"person": centre.agent.id, "team": centre.network.id, "product": centre.router.id, "n": MANY,
             "rare_team": centre.office.id, "rare_product": centre.printer.id},
        )  # fmt: skip
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE case_file"))
