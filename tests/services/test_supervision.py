"""Alerts once for all boards, notices for whom they are, raised hands in private, and states put right."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from app.db.engine import Database
from app.domain.alerts import Alert, AlertKey, AlertRule, ServiceHours
from app.domain.board import Board, CaseNow
from app.domain.board_figures import Measure
from app.domain.cases import CaseState, Level, Priority
from app.domain.commands import (
    AnyCommand,
    BroadcastNotice,
    LowerHand,
    RaiseHand,
    SeeAlert,
    SeeNotice,
    SetAgentState,
    SignOutAgent,
    WithdrawNotice,
    WriteToHand,
)
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, Person
from app.services.alerts import Alerts
from app.services.boards import Boards
from app.services.commands import Commands
from app.services.hands import Hands
from app.services.notices import Notices
from tests.builders import NOW, Seeded, name_agents

ZONE = ZoneInfo("Europe/Berlin")
OVERDUE = AlertKey(measure=Measure.CASES_OVERDUE, level=Level.SECOND)
RULE = AlertRule(
    key=OVERDUE,
    raise_at=Fraction(3),
    clear_at=Fraction(1),
    hold=timedelta(seconds=5),
    quiet=timedelta(minutes=1),
    hours=ServiceHours(zone=ZONE),
)


def _board(overdue: int, at: datetime) -> Board:
    case = CaseNow(
        id=new_id(),
        number="1",
        title="",
        state=CaseState.WAITING,
        level=Level.SECOND,
        priority=Priority.P1,
        due_at=at - timedelta(minutes=1),
        opened_at=at - timedelta(hours=1),
        level_since=at - timedelta(hours=1),
    )
    return Board(read_at=at, day_start=at, cases=(case,) * overdue)


def _watching(database: Database, centre: Seeded, *rules: AlertRule) -> Alerts:
    made = Alerts(database, centre.lead.id, ZONE)
    for rule in rules or (RULE,):
        made.rules.put(rule)
    return made


def _do(database: Database, kind: Callable[..., AnyCommand], by: Person, **values: object) -> AnyCommand:
    command = kind(**{"id": new_id(), "by": by.id, "at": NOW} | values)
    Commands(database).apply(command)
    return command


# --- alerts ---------------------------------------------------------------------------------------------------


def test_an_alert_is_raised_after_its_hold_and_ends_after_it(database: Database, centre: Seeded) -> None:
    watch = _watching(database, centre)
    assert watch.follow(_board(3, NOW)) == ()
    (raised,) = watch.follow(_board(4, NOW + timedelta(seconds=5)))
    assert (raised.key, raised.value, raised.raised_at) == (OVERDUE, Fraction(4), NOW + timedelta(seconds=5))
    assert watch.follow(_board(2, NOW + timedelta(seconds=10))) == (raised,)
    assert watch.follow(_board(1, NOW + timedelta(seconds=15)))[0].ended_at is None
    (ended,) = watch.follow(_board(0, NOW + timedelta(seconds=20)))
    assert ended.ended_at == NOW + timedelta(seconds=20)  # and shown, because nobody saw it


def test_many_boards_raise_one_alert(database: Database, centre: Seeded) -> None:
    boards = [_watching(database, centre) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for seconds in (0, 5, 6):
            board = _board(5, NOW + timedelta(seconds=seconds))
            shown = list(pool.map(lambda watch, board=board: watch.follow(board), boards))
    assert all(len(alerts) == 1 for alerts in shown) and len({alerts[0].id for alerts in shown}) == 1


def test_who_sees_an_alert_first_has_seen_it_for_all(database: Database, centre: Seeded) -> None:
    watch = _watching(database, centre)
    watch.follow(_board(3, NOW))
    (alert,) = watch.follow(_board(3, NOW + timedelta(seconds=5)))
    command = _do(database, SeeAlert, centre.lead, alert_id=alert.id)
    Commands(database).apply(command)  # told twice
    _do(database, SeeAlert, centre.expert, alert_id=alert.id, at=NOW + timedelta(minutes=1))
    (seen,) = watch.shown(NOW + timedelta(seconds=9))
    assert (seen.seen_by, seen.seen_at) == (centre.lead.name, NOW)
    for seconds in (10, 15):
        shown = watch.follow(_board(0, NOW + timedelta(seconds=seconds)))
    assert shown == ()  # seen and over


def test_after_its_end_an_alert_is_quiet_on_every_board(database: Database, centre: Seeded) -> None:
    watch = _watching(database, centre)
    for seconds, count in ((0, 3), (5, 3), (6, 0), (11, 0), (12, 3), (40, 3), (70, 3)):
        watch.follow(_board(count, NOW + timedelta(seconds=seconds)))
    assert _open(watch) == []
    other = _watching(database, centre)  # another board opens; the database remembers for it
    for seconds in (69, 70):
        other.follow(_board(3, NOW + timedelta(seconds=seconds)))
    assert _open(other) == []
    watch.follow(_board(3, NOW + timedelta(seconds=72)))
    assert len(_open(watch)) == 1


def _open(watch: Alerts) -> list[Alert]:
    return [alert for alert in watch.shown(NOW + timedelta(minutes=2)) if alert.ended_at is None]


def test_a_rule_that_is_set_takes_the_place_of_the_programs(database: Database, centre: Seeded) -> None:
    watch = _watching(database, centre)
    assert watch.rules.all()[OVERDUE] == RULE
    assert len(watch.rules.all()) > 3
    watch.rules.put(replace(RULE, is_on=False))
    assert not watch.rules.all()[OVERDUE].is_on
    watch.rules.forget(OVERDUE)
    assert watch.rules.all()[OVERDUE] != RULE
    with pytest.raises(NotFound):
        watch.rules.forget(OVERDUE)
    with pytest.raises(NotAllowed):
        watch.rules.put(replace(RULE, clear_at=RULE.raise_at))


# --- notices --------------------------------------------------------------------------------------------------


def test_a_notice_is_for_its_team_until_it_is_read_or_over(database: Database, centre: Seeded) -> None:
    notices, later = Notices(database), NOW + timedelta(minutes=5)
    until = NOW + timedelta(hours=1)
    _do(database, BroadcastNotice, centre.lead, text=" Fire drill at noon ", until=until)
    _do(database, BroadcastNotice, centre.lead, text="Printers only", until=until, team_id=centre.office.id)
    assert {one.text for one in notices.unread(centre.agent, later)} == {"Fire drill at noon", "Printers only"}
    (told,) = notices.unread(centre.expert, later)
    assert (told.text, told.by_name) == ("Fire drill at noon", centre.lead.name)
    for _ in range(2):
        _do(database, SeeNotice, centre.expert, notice_id=told.id)
    assert notices.unread(centre.expert, later) == ()
    assert {(one.text, one.seen_count) for one in notices.standing(later)} == {
        ("Fire drill at noon", 1),
        ("Printers only", 0),
    }
    assert notices.unread(centre.agent, until) == () == notices.standing(until)


def test_a_notice_is_withdrawn_once(database: Database, centre: Seeded) -> None:
    told = _do(database, BroadcastNotice, centre.lead, text="Wrong", until=NOW + timedelta(hours=1))
    for minutes in (1, 2):
        at = NOW + timedelta(minutes=minutes)
        _do(database, WithdrawNotice, centre.lead, notice_id=told.id, at=at)
    assert Notices(database).unread(centre.agent, NOW + timedelta(minutes=1)) == ()


@pytest.mark.parametrize(
    "changed", [{"text": "  "}, {"text": "x" * 301}, {"until": NOW}, {"until": NOW.replace(year=2027)}]
)
def test_a_notice_that_cannot_be_is_refused(database: Database, centre: Seeded, changed: dict[str, object]) -> None:
    values = {"text": "x", "until": NOW + timedelta(hours=1)} | changed
    with pytest.raises(NotAllowed):
        _do(database, BroadcastNotice, centre.lead, **values)


# --- raised hands ---------------------------------------------------------------------------------------------


def test_a_hand_goes_up_is_written_to_and_goes_down(database: Database, centre: Seeded) -> None:
    hands = Hands(database)
    raised = _do(database, RaiseHand, centre.agent, about="Ida Berg · Link 7")
    _do(database, RaiseHand, centre.agent, about="again", at=NOW + timedelta(seconds=3))
    (hand,) = hands.raised()
    assert (hand.id, hand.about, hand.raised_at) == (raised.id, "Ida Berg · Link 7", NOW)
    assert not hand.is_answered
    for by, text in ((centre.agent, "Which cable?"), (centre.lead, "The grey one")):
        _do(database, WriteToHand, by, hand_id=raised.id, text=text)
    (hand,) = hands.raised(centre.agent.id)
    assert {(line.by_name, line.text) for line in hand.lines} == {("Ada", "Which cable?"), ("Cleo", "The grey one")}
    assert hand.is_answered
    _do(database, LowerHand, centre.lead, hand_id=raised.id)
    assert hands.raised() != ()  # it is the agent's
    _do(database, LowerHand, centre.agent, hand_id=raised.id)
    assert hands.raised() == ()
    with pytest.raises(NotAllowed):
        _do(database, WriteToHand, centre.lead, hand_id=raised.id, text="too late")
    _do(database, RaiseHand, centre.agent, about="")
    assert [hand.lines for hand in hands.raised()] == [()]


# --- states put right -----------------------------------------------------------------------------------------


def test_the_state_of_a_dead_desk_is_put_right_and_that_of_a_living_one_is_not(
    database: Database, centre: Seeded
) -> None:
    agent = Agent(person_id=centre.agent.id, state=AgentState.ON_CALL, since=NOW)
    _do(database, SetAgentState, centre.agent, agent=agent)
    name_agents(database, centre.lead)
    boards = Boards(database)
    assert boards.now(NOW).agents[0].state is AgentState.ON_CALL
    later = NOW + timedelta(hours=2)
    _do(database, SignOutAgent, centre.lead, person_id=centre.agent.id, since=NOW, at=later)
    (shown,) = boards.now(NOW).agents
    assert (shown.state, shown.since) == (AgentState.SIGNED_OUT, later)
    back = replace(agent, state=AgentState.AVAILABLE, since=later + timedelta(minutes=1))
    _do(database, SetAgentState, centre.agent, agent=back, at=back.since)
    with pytest.raises(NotAllowed):
        _do(database, SignOutAgent, centre.lead, person_id=centre.agent.id, since=NOW, at=datetime.now(UTC))
    assert boards.now(NOW).agents[0].state is AgentState.AVAILABLE
