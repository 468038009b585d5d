"""Values come back from both databases as they went in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from app.db.answer_rows import AnswerRow
from app.db.engine import Database
from app.db.rows import AgentRow, AppliedCommandRow
from app.domain.answers import Audience
from app.domain.ids import new_id
from app.domain.people import AgentState, PauseCode
from tests.builders import NOW, seed

SOUTH = timezone(timedelta(hours=-3, minutes=-30))
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


def _round_trip(database: Database, at: datetime) -> datetime:
    id_ = new_id()
    with database.write() as session:
        session.execute(insert(AppliedCommandRow).values(id=id_, applied_at=at, subject_id=None))
    with database.read() as session:
        found: datetime = session.scalars(select(AppliedCommandRow.applied_at).where(AppliedCommandRow.id == id_)).one()
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(at=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC) | st.just(SOUTH)))
def test_a_time_comes_back_in_utc_to_the_microsecond(database: Database, at: datetime) -> None:
    found = _round_trip(database, at)
    assert found == at
    assert found.tzinfo is UTC or found.utcoffset() == timedelta(0)


def test_a_time_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="a time without zone"):
        _round_trip(database, datetime(2026, 3, 2, 9, 0))


def test_times_of_two_zones_are_compared_as_instants(database: Database) -> None:
    _round_trip(database, NOW)
    with database.read() as session:
        earlier = (NOW - timedelta(microseconds=1)).astimezone(SOUTH)
        query = select(AppliedCommandRow.id).where(AppliedCommandRow.applied_at > earlier)
        assert len(session.scalars(query).all()) == 1


def test_words_come_back_as_members(database: Database) -> None:
    centre, codes = seed(database), [PauseCode.LUNCH, PauseCode.TECHNICAL, None]
    with database.write() as session:
        for person, code in zip((centre.agent, centre.expert, centre.lead), codes, strict=True):
            row = AgentRow(person_id=person.id, state=AgentState.PAUSED, pause_code=code, since=NOW, told_at=NOW)
            session.add(row)
    with database.read() as session:
        for found in session.execute(select(AgentRow.state, AgentRow.pause_code)):
            assert found.state is AgentState.PAUSED
            assert found.pause_code in codes
            assert not isinstance(found.pause_code, str) or isinstance(found.pause_code, PauseCode)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=st.lists(TEXTS, max_size=4), body=TEXTS)
def test_lists_and_texts_come_back(database: Database, texts: list[str], body: str) -> None:
    id_ = new_id()
    with database.write() as session:
        session.add(
            AnswerRow(
                id=id_, key=str(id_), language="en", title="Restart", variants=texts, keywords=[], products=[],
                audience=Audience.FIRST, body=body, steps=texts, closing="", version=1, published_at=NOW,
                known_problem="", stamp=1,
            )
        )  # fmt: skip
    with database.read() as session:
        row = session.scalars(select(AnswerRow).where(AnswerRow.id == id_)).one()
        assert (row.variants, row.steps, row.body) == (texts, texts, body)
