"""A command is done once, whoever sends it again and whenever; and in few trips to the server."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.db.engine import Database
from app.db.one_statement import NewRow, write_together
from app.db.rows import AppliedCommandRow, CaseRow, ChangeRow, TimelineRow
from app.domain.calls import CallState
from app.domain.cases import Level
from app.domain.commands import AnyCommand, ReturnCase, SolveCase
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.services import case_statements
from app.services.cases import Cases
from app.services.commands import Commands
from tests.builders import NOW, Seeded, at, call, claim, escalation, record_call, solution
from tests.patience import LIMIT_S
from tests.services.statements import statement_count

SENDER_COUNT = 8


def _count(database: Database, row: type[CaseRow] | type[TimelineRow] | type[ChangeRow]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def _moves(centre: Seeded) -> list[tuple[AnyCommand, AnyCommand]]:
    """A command of each kind that is refused when it is done anew, and the one that must come before it."""
    escalated = escalation(centre.agent)
    case_id = escalated.case.id
    return [
        (escalated, claim(centre.expert)),
        (ReturnCase(id=new_id(), by=centre.expert.id, at=at(60), case_id=case_id, reason="Which lamp?"), escalated),
        (escalation(centre.agent, case=escalated.case, told_at=at(90)), claim(centre.lead)),
        (SolveCase(id=new_id(), by=centre.lead.id, at=at(120), case_id=case_id, solution="Cable"), escalated),
    ]


def test_a_repeated_command_gives_its_first_answer_though_it_would_be_refused_now(
    database: Database, centre: Seeded
) -> None:
    apply = Commands(database).apply
    sent = [command for pair in _moves(centre) for command in pair][:7]
    answers = {command.id: apply(command) for command in sent}
    line_count, change_count = _count(database, TimelineRow), _count(database, ChangeRow)
    for command in reversed(sent):
        assert apply(command) == answers[command.id] is not None
    assert (_count(database, TimelineRow), _count(database, ChangeRow)) == (line_count, change_count)


def test_what_was_never_done_is_refused_each_time(database: Database, centre: Seeded) -> None:
    case_id = Cases(database).escalate(escalation(centre.agent))
    assert case_id
    stranger = SolveCase(id=new_id(), by=centre.agent.id, at=at(60), case_id=case_id, solution="Cable")
    for _ in range(2):
        with pytest.raises(NotAllowed, match="Claim it first"):
            Cases(database).solve(stranger)


@pytest.mark.parametrize("make", [escalation, solution], ids=["escalation", "solution"])
def test_sent_many_times_at_once_it_is_done_once(
    database: Database, database_url: str, centre: Seeded, make: Callable[..., AnyCommand]
) -> None:
    command, begin = make(centre.agent), threading.Barrier(SENDER_COUNT, timeout=LIMIT_S)

    def send() -> object:
        own = Database(database_url)
        try:
            begin.wait()
            return Commands(own).apply(command)
        finally:
            own.close()

    with ThreadPoolExecutor(SENDER_COUNT) as senders:
        answers = {done.result(LIMIT_S) for done in [senders.submit(send) for _ in range(SENDER_COUNT)]}
    assert answers == {command.case.id}  # type: ignore[union-attr] # both kinds have one
    assert (_count(database, CaseRow), _count(database, TimelineRow), _count(database, ChangeRow)) == (1, 2, 1)


def test_one_claim_sent_many_times_at_once_takes_one_case(
    database: Database, database_url: str, centre: Seeded
) -> None:
    for _ in range(SENDER_COUNT):
        Cases(database).escalate(escalation(centre.agent))
    command, begin = claim(centre.expert), threading.Barrier(SENDER_COUNT, timeout=LIMIT_S)

    def send() -> object:
        own = Database(database_url)
        try:
            begin.wait()
            return Commands(own).apply(command)
        finally:
            own.close()

    with ThreadPoolExecutor(SENDER_COUNT) as senders:
        answers = {done.result(LIMIT_S) for done in [senders.submit(send) for _ in range(SENDER_COUNT)]}
    with database.read() as session:
        owned = session.scalars(select(CaseRow.id).where(CaseRow.owner_id == centre.expert.id)).all()
    assert set(owned) == answers
    assert len(owned) == 1


def test_a_case_that_moved_meanwhile_is_not_moved_again(database: Database, centre: Seeded) -> None:
    """What was read before somebody else claimed it."""
    case_id = Cases(database).escalate(escalation(centre.agent))
    assert case_id
    with database.direct() as connection:
        before = case_statements.standing(connection, case_id)
    assert before
    Cases(database).claim_next(claim(centre.expert))
    with database.direct() as connection:
        decision = case_statements.changing(case_id, before, {"level": Level.THIRD})
        applied = NewRow(row=AppliedCommandRow, values={"id": new_id(), "applied_at": NOW}, decided="subject_id")
        assert write_together(connection, decision, (applied,)) is None


def test_a_hot_command_is_one_statement(database: Database, centre: Seeded, monkeypatch: pytest.MonkeyPatch) -> None:
    """But a conversation, which may settle a call-back first. SQLite, without a server, does one after another."""
    monkeypatch.setattr(Database, "announce", lambda _: None)  # a thread of its own asks for the wake-up
    apply = Commands(database).apply
    apply(escalation(centre.agent))
    hot: list[AnyCommand] = [
        escalation(centre.agent),
        claim(centre.expert),
        record_call(call(CallState.CONNECTED), centre.agent),
        solution(centre.agent),
    ]
    counts = [statement_count(database, lambda: apply(command)) for command in hot]  # noqa: B023
    assert counts == ([7, 5, 5, 6] if database.is_sqlite else [1, 1, 2, 1])


def test_the_claim_reads_the_queues_index_whatever_the_plan(postgres_url: str) -> None:
    """A generic plan, which the server makes for a prepared statement, must not read the whole table."""
    database = Database(postgres_url)
    decision = case_statements.claiming(Level.SECOND, new_id())
    statement = str(decision.statement.compile(dialect=database.engine.dialect))
    for mode in ("force_custom_plan", "force_generic_plan"):
        with database.read() as session:
            session.execute(text("SET LOCAL enable_seqscan = off"))  # an empty table is read whole otherwise
            session.execute(text(f"SET LOCAL plan_cache_mode = {mode}"))
            raw = session.connection().connection.driver_connection
            assert raw
            values = {**decision.values, "of_level": int(Level.SECOND)}
            plan = raw.execute(f"EXPLAIN {statement}", values, prepare=True).fetchall()
        assert any("ix_case_file_waiting" in line for (line,) in plan), plan
    database.close()


@pytest.mark.parametrize("always", [False, True])
def test_rows_of_a_decision_that_found_nothing(database: Database, centre: Seeded, always: bool) -> None:
    applied = NewRow(row=AppliedCommandRow, values={"id": new_id(), "applied_at": NOW, "subject_id": centre.agent.id})
    with database.direct() as connection:
        nothing_waits = case_statements.claiming(Level.SECOND, centre.expert.id)
        assert write_together(connection, nothing_waits, (applied,), always=always) is None
    with database.read() as session:
        assert session.scalars(select(AppliedCommandRow.subject_id)).all() == [centre.agent.id] * always


def test_what_cannot_be_added_undoes_the_decision(database: Database, centre: Seeded) -> None:
    case_id = Cases(database).escalate(escalation(centre.agent))
    twice = NewRow(row=AppliedCommandRow, values={"id": new_id(), "applied_at": NOW}, decided="subject_id")
    with pytest.raises(IntegrityError), database.direct() as connection:
        write_together(connection, case_statements.claiming(Level.SECOND, centre.expert.id), (twice, twice))
    with database.read() as session:
        assert session.scalars(select(CaseRow.owner_id).where(CaseRow.id == case_id)).all() == [None]
