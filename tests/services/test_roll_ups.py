"""Sums of the past: always those of the facts, whatever came late, and however often they are made."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.history_rows import CALL_TALLY, CASE_TALLY, PRESENCE_TALLY
from app.db.knowledge_rows import AnswerDraftRow, FirstCouldHaveRow
from app.db.rows import CallRow, ChangeRow
from app.domain.calls import Disposition
from app.domain.errors import NotAllowed
from app.domain.history.requests import Answer, Days, Group, Request, first_instant
from app.domain.history.tallies import Presence, Tally, total
from app.domain.ids import new_id
from app.domain.knowledge import AnswerState
from app.domain.metrics.call_figures import Abandonment, QueueRules, ServiceLevel, tally
from app.domain.metrics.calls import facts_of
from app.domain.metrics.cases import link_rate, reuse_rate, share_of_new
from app.domain.metrics.contacts import first_contact_resolution
from app.domain.metrics.figures import Share
from app.domain.metrics.handle_times import HandleTimes, handle_times_of
from app.domain.topics import Topic
from app.services import roll_up_calls
from app.services.histories import Histories
from app.services.once import tell
from app.services.queue_rules import Queues
from app.services.roll_ups import RollUps
from app.services.works_council import WorksCouncil
from tests.services.past import BERLIN, QUEUES, Past, happen, make_past

ZONE = ZoneInfo(BERLIN)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # days of 23 and of 25 hours
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TABLES = (CALL_TALLY, CASE_TALLY, PRESENCE_TALLY)


@pytest.fixture
def past(database: Database) -> Past:
    return make_past(database)


def kept(database: Database) -> list[list[tuple[object, ...]]]:
    with database.read() as session:
        return [sorted(tuple(map(str, row)) for row in session.execute(select(table))) for table in TABLES]


def ask(past: Past, by: Group, first: date, last: date, zone: str = BERLIN) -> Answer:
    return Histories(past.database).ask(Request(days=Days(first=first, last=last, zone=ZoneInfo(zone)), by=by), NOW)


def of_facts(session: Session, days: Days) -> Tally:
    """The same from the calls themselves, without any sum."""
    rows = session.execute(roll_up_calls._calls_in(days.period)).all()
    facts = [facts for facts in map(facts_of, map(roll_up_calls._call, rows)) if facts]
    contacts = [roll_up_calls._contact(row) for row in session.execute(roll_up_calls._contacts_around(days.period))]
    return Tally(
        calls=tally(facts, QueueRules()),
        handle_times=sum(map(handle_times_of, facts), HandleTimes()),
        contacts=first_contact_resolution(contacts, days.period, datetime(2027, 1, 1, tzinfo=UTC)),
    )


def turn_off(past: Past) -> None:
    WorksCouncil(past.database).change(past.agents[0], is_on=False, reason="a test of the sums")


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_each_day_is_the_sum_of_its_facts_through_a_change_of_clocks(past: Past, day: date) -> None:
    turn_off(past)
    start = first_instant(day - timedelta(days=1), ZONE)
    happen(past, random.Random(day.toordinal()), start, 3, calls=40, cases=8)
    RollUps(past.database).run(NOW, zone=BERLIN)
    answer = ask(past, Group.DAY, day - timedelta(days=1), day + timedelta(days=2))
    with past.database.read() as session:
        for line in answer.lines:
            that = date.fromisoformat(line.key)
            expected = of_facts(session, Days(first=that, last=that, zone=ZONE))
            found = line.tally.calls, line.tally.handle_times, line.tally.contacts.share
            assert found == (expected.calls, expected.handle_times, expected.contacts.share)
    assert total(line.tally for line in answer.lines) == answer.total
    assert answer.total.calls.offered > 40


@pytest.mark.parametrize("seed", range(2))
def test_what_comes_late_is_in_the_sums_and_a_rebuild_changes_nothing(past: Past, seed: int) -> None:
    dice = random.Random(seed)
    start = first_instant(AUTUMN - timedelta(days=2), ZONE)
    roll_ups = RollUps(past.database)
    for _ in range(3):
        happen(past, dice, start, 6, calls=15, cases=6)
        roll_ups.run(NOW, zone=BERLIN)
    _change_some(past, dice)
    roll_ups.run(NOW)
    assert roll_ups.differences() == []
    before = kept(past.database)
    assert roll_ups.run(NOW, rebuilds=True).days > 6
    assert kept(past.database) == before


def _change_some(past: Past, dice: random.Random) -> None:
    """As desks that deliver late: other results, and calls that get their customer."""
    with past.database.write() as session:
        for call_id in dice.sample(list(session.scalars(select(CallRow.id))), 10):
            values = {"disposition": Disposition.SOLVED, "customer_id": dice.choice(past.customers)}
            session.execute(update(CallRow).where(CallRow.id == call_id).values(**values))
            tell(session, Topic.CALLS, call_id)


def test_a_wrong_sum_is_found(past: Past) -> None:
    happen(past, random.Random(1), first_instant(AUTUMN, ZONE), 1, calls=20)
    RollUps(past.database).run(NOW, zone=BERLIN)
    with past.database.write() as session:
        session.execute(update(CALL_TALLY).where(CALL_TALLY.c.answered > 0).values(answered=CALL_TALLY.c.answered + 1))
    assert any("2026-10-25" in sentence for sentence in RollUps(past.database).differences())


def test_changes_that_were_removed_unread_make_all_be_summed_up(past: Past) -> None:
    roll_ups = RollUps(past.database)
    happen(past, random.Random(2), first_instant(AUTUMN, ZONE), 1, calls=5)
    roll_ups.run(NOW, zone=BERLIN)
    with past.database.write() as session:
        past.add_call(session, first_instant(SPRING, ZONE), past.agents[0])
        _remove_changes(session)
    roll_ups.run(NOW)
    assert roll_ups.differences() == []
    with past.database.read() as session:
        assert session.execute(select(CALL_TALLY.c.answered).where(CALL_TALLY.c.day == SPRING)).first()


def _remove_changes(session: Session) -> None:
    """As `remove_old_changes` does: the newest stay, and on PostgreSQL a line says that others went."""
    tell(session, Topic.ANSWERS, UUID(int=1))
    newest = select(func.max(ChangeRow.id)).scalar_subquery()
    session.execute(delete(ChangeRow).where(ChangeRow.id < newest))
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(
            "INSERT INTO change (topic, subject_id, at, tx)"
            " VALUES ('removed', gen_random_uuid(), now(), pg_current_xact_id())"
        )


def test_a_day_is_that_of_the_persons_zone_where_nothing_is_withheld(past: Past) -> None:
    turn_off(past)
    with past.database.write() as session:
        past.add_call(session, datetime(2026, 10, 26, 22, 30, tzinfo=UTC), past.agents[0])  # 23:30 there, 22:30 here
        past.add_call(session, datetime(2026, 10, 26, 23, 30, tzinfo=UTC), past.agents[0])  # 00:30 there, 23:30 here
    RollUps(past.database).run(NOW, zone=BERLIN)
    for zone, counts in ((BERLIN, [1, 1]), ("Europe/London", [2, 0])):
        answer = ask(past, Group.DAY, date(2026, 10, 26), date(2026, 10, 27), zone)
        assert [line.tally.calls.answered for line in answer.lines] == counts
        assert answer.zone.key == zone


def test_the_days_of_a_year_are_those_of_the_centre(past: Past) -> None:
    """The person reads which zone it is."""
    turn_off(past)
    with past.database.write() as session:
        past.add_call(session, datetime(2026, 10, 26, 23, 30, tzinfo=UTC), past.agents[0])  # 00:30 there, 23:30 here
    RollUps(past.database).run(NOW, zone=BERLIN)
    answer = ask(past, Group.DAY, date(2025, 11, 1), date(2026, 10, 31), "Europe/London")
    assert answer.zone.key == answer.request.days.zone.key == BERLIN
    assert [line.key for line in answer.lines if line.tally.calls.answered] == ["2026-10-27"]


def test_presence_is_cut_at_midnight_and_at_twelve_hours(past: Past) -> None:
    turn_off(past)
    midnight = first_instant(date(2026, 10, 27), ZONE)
    with past.database.write() as session:
        past.add_shift(session, past.agents[0], midnight - timedelta(hours=4))
    RollUps(past.database).run(NOW, zone=BERLIN)
    days = ask(past, Group.DAY, date(2026, 10, 26), date(2026, 10, 27)).lines
    hour, busy = timedelta(hours=1), timedelta(minutes=15)
    assert days[0].tally.presence == Presence(available=4 * hour)
    assert days[1].tally.presence == Presence(busy=busy, available=4 * hour - busy)


def test_a_period_is_compared_with_the_one_before(past: Past) -> None:
    turn_off(past)
    with past.database.write() as session:
        for hours in (30, 31, 60):
            past.add_call(session, first_instant(AUTUMN, ZONE) + timedelta(hours=hours), past.agents[0])
    RollUps(past.database).run(NOW, zone=BERLIN)
    answer = ask(past, Group.QUEUE, date(2026, 10, 27), date(2026, 10, 27))
    assert (answer.total.calls.answered, answer.before.calls.answered) == (1, 2)


def test_provisional_is_what_may_still_come_back(past: Past) -> None:
    turn_off(past)
    with past.database.write() as session:
        for days in (1, 30):
            past.add_call(session, NOW - timedelta(days=days), past.agents[0])
    RollUps(past.database).run(NOW, zone=BERLIN)
    contacts = ask(past, Group.QUEUE, date(2026, 10, 1), date(2026, 11, 20)).total.contacts
    assert (contacts.share.part, contacts.share.whole, contacts.provisional) == (2, 2, 1)


def test_an_unknown_zone_is_refused(past: Past) -> None:
    with pytest.raises(NotAllowed, match="Europe/Berlin"):
        RollUps(past.database).run(NOW, zone="Middle/Earth")


def test_each_queue_counts_by_its_own_formula_as_on_the_board(past: Past) -> None:
    """And another formula makes all days anew."""
    turn_off(past)
    at = first_instant(date(2026, 10, 27), ZONE) + timedelta(hours=9)
    with past.database.write() as session:
        for queue in QUEUES:
            past.add_call(session, at, past.agents[0], queue=queue)
            past.add_call(session, at, None, queue=queue, ended_at=at + timedelta(seconds=4))  # a short abandon
    roll_ups, queues = RollUps(past.database), Queues(past.database)
    queues.set_rules(QUEUES[1], QueueRules(service_level=ServiceLevel.OF_OFFERED, abandonment=Abandonment.ALL))
    roll_ups.run(NOW, zone=BERLIN)
    answer = ask(past, Group.QUEUE, date(2026, 10, 27), date(2026, 10, 27))
    found = {line.key: (line.tally.service_level, line.tally.abandonment) for line in answer.lines}
    assert found == {QUEUES[0]: (Share(1, 1), Share(0, 1)), QUEUES[1]: (Share(1, 2), Share(1, 2))}
    assert (answer.total.service_level, answer.total.abandonment) == (Share(2, 3), Share(1, 3))
    queues.set_rules(QUEUES[1], QueueRules(service_level=ServiceLevel.SL2))
    roll_ups.run(NOW)
    assert ask(past, Group.QUEUE, date(2026, 10, 27), date(2026, 10, 27)).total.service_level == Share(3, 3)
    assert roll_ups.differences() == []


def test_a_case_is_linked_with_an_answer_that_was_there_or_was_written_from_it(past: Past) -> None:
    """What is published later is in the sums of the day on which its case was opened."""
    turn_off(past)
    day = date(2026, 10, 27)
    at, answer_id = first_instant(day, ZONE) + timedelta(hours=9), new_id()
    with past.database.write() as session:
        past.add_case(session, at, past.agents[0], None, answer_id=answer_id)
        could, improved, written, drafted = (
            past.add_case(session, at, past.agents[0], past.experts[0]) for _ in range(4)
        )
        row = {"case_id": could, "answer_id": answer_id, "by": past.experts[0], "at": at}
        session.execute(insert(FirstCouldHaveRow).values(**row))
        drafts = {case: _draft(session, past, case, base) for case, base in ((improved, 3), (written, 0), (drafted, 0))}
    roll_ups = RollUps(past.database)
    roll_ups.run(NOW, zone=BERLIN)
    assert _links(past, day) == (Share(2, 5), Share(2, 5), Share(0, 2))
    with past.database.write() as session:
        for case in (improved, written):
            state = update(AnswerDraftRow).where(AnswerDraftRow.id == drafts[case])
            session.execute(state.values(state=AnswerState.PUBLISHED))
            tell(session, Topic.DRAFTS, drafts[case])
    roll_ups.run(NOW)
    assert _links(past, day) == (Share(4, 5), Share(3, 5), Share(1, 4))
    assert roll_ups.differences() == []


def _draft(session: Session, past: Past, case_id: UUID, base_version: int) -> UUID:
    id_ = new_id()
    row = {
        "id": id_, "key": f"key-{id_}", "language": "de", "state": AnswerState.REVIEW, "revision": 1, "document": {},
        "base_version": base_version, "case_id": case_id, "made_by": past.experts[0], "written_by": past.experts[0],
        "written_at": NOW,
    }  # fmt: skip
    session.execute(insert(AnswerDraftRow).values(**row))
    return id_


def _links(past: Past, day: date) -> tuple[Share, Share, Share]:
    cases = ask(past, Group.DAY, day, day).total.cases
    return link_rate(cases), reuse_rate(cases), share_of_new(cases)
