"""What calls tell about the answers: kept without the person, summed up, grouped, and forgotten in time."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from app.db.answer_rows import AnswerUseRow, SearchGapRow
from app.db.engine import Database
from app.db.rows import AppliedCommandRow
from app.domain import answer_use, search_report
from app.domain.answer_use import AnswerUse, UseKind, weight_of
from app.domain.commands import ReportSearch
from app.domain.ids import new_id
from app.domain.search_report import GapKind, SearchGap
from app.services.commands import Commands
from app.services.search_reports import CountedGap, SearchReports
from tests.builders import NOW, TODAY, Seeded

ONE, TWO = new_id(), new_id()
TURBINE = SearchGap(kind=GapKind.NOT_FOUND, text="turbine", language="en", product="link-7")


def report(by: Seeded, *, at: datetime = NOW, **told: Any) -> ReportSearch:
    return ReportSearch(id=new_id(), by=by.agent.id, at=at, uses=told.get("uses", ()), gaps=told.get("gaps", ()))


def used(answer_id: Any, kind: UseKind = UseKind.SOLVED) -> AnswerUse:
    return AnswerUse(answer_id=answer_id, kind=kind)


def test_a_report_is_recorded_once(database: Database, centre: Seeded) -> None:
    command = report(centre, uses=(used(ONE), used(TWO, UseKind.ESCALATED)), gaps=(TURBINE,))
    for _ in range(2):
        assert Commands(database).apply(command) is None
    reports = SearchReports(database)
    counts = reports.use_counts(TODAY)
    assert counts == {ONE: {UseKind.SOLVED: pytest.approx(1)}, TWO: {UseKind.ESCALATED: pytest.approx(1)}}
    (gap,) = reports.gaps(TODAY, timedelta(days=1))
    assert gap == CountedGap(
        text="turbine", kind=GapKind.NOT_FOUND, language="en", product="link-7", count=1, last_on=TODAY
    )


def test_nothing_of_it_says_whose_call_it_was(database: Database, centre: Seeded) -> None:
    command = report(centre, uses=(used(ONE),), gaps=(TURBINE,))
    Commands(database).apply(command)
    with database.read() as session:
        columns = {column.name for row in (AnswerUseRow, SearchGapRow) for column in row.__table__.columns}
        assert columns == {
            "id", "answer_id", "kind", "day", "count", "weight", "language", "product", "text",
        }  # fmt: skip
        assert session.scalars(select(AppliedCommandRow.subject_id)).all() == [None]
        assert session.scalar(text("SELECT count(*) FROM change")) == 0  # no desk reads anything again


def test_uses_fade_and_reading_is_not_counted(database: Database, centre: Seeded) -> None:
    reports = SearchReports(database)
    for days in (0, 14, 28):
        at = NOW - timedelta(days=days)
        reports.record(report(centre, at=at, uses=(used(ONE), used(TWO, UseKind.READ))))
    assert reports.use_counts(TODAY) == {ONE: {UseKind.SOLVED: pytest.approx(1.75)}}
    assert reports.use_counts(TODAY + answer_use.HALF_LIFE) == {ONE: {UseKind.SOLVED: pytest.approx(0.875)}}


def test_gaps_are_counted_by_text_and_the_days_asked_for(database: Database, centre: Seeded) -> None:
    reports = SearchReports(database)
    for days in (0, 1, 1, 5, 200):
        reports.record(report(centre, at=NOW - timedelta(days=days), gaps=(TURBINE,)))
    reports.record(report(centre, gaps=(replace(TURBINE, text="vpn", kind=GapKind.NOT_USED),)))

    def found(days: int) -> dict[str, int]:
        return {gap.text: gap.count for gap in reports.gaps(TODAY, timedelta(days=days))}

    assert found(1) == {"turbine": 1, "vpn": 1}
    assert found(2) == {"turbine": 3, "vpn": 1}
    assert list(found(1_000)) == ["turbine", "vpn"] and found(1_000)["turbine"] == 4  # not kept so long


def test_tidying_keeps_every_sum(database: Database, centre: Seeded) -> None:
    reports = SearchReports(database)
    for days in (0, 0, 3, 3, 3, 9):
        reports.record(report(centre, at=NOW - timedelta(days=days), uses=(used(ONE), used(TWO)), gaps=(TURBINE,)))
    old_use = {"answer_id": ONE, "kind": UseKind.SOLVED, "count": 1}
    too_old = TODAY - answer_use.KEPT - timedelta(days=1)
    with database.write() as session:
        session.execute(insert(AnswerUseRow).values(**old_use, day=too_old, weight=weight_of(too_old)))
    reports.record(report(centre, at=NOW - search_report.KEPT, gaps=(TURBINE,)))
    before = reports.use_counts(TODAY)
    assert reports.tidy(TODAY) == 1 + 1 + 2 * 2  # an old use, an old gap, two rows too many of each answer
    assert reports.use_counts(TODAY) == {id_: pytest.approx(kinds) for id_, kinds in before.items()}
    assert reports.tidy(TODAY) == 0
    with database.read() as session:
        rows = session.execute(select(AnswerUseRow.day, AnswerUseRow.count).where(AnswerUseRow.answer_id == ONE)).all()
    assert sorted(tuple(row) for row in rows) == [
        (TODAY - timedelta(days=9), 1), (TODAY - timedelta(days=3), 3), (TODAY, 1), (TODAY, 1),
    ]  # fmt: skip
    assert len(reports.gaps(TODAY, timedelta(days=30))) == 1
