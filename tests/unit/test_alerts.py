"""Alerts: hysteresis, service hours, and over any history neither a storm nor silence."""

from datetime import datetime, time, timedelta
from fractions import Fraction
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.alerts import (
    Alert,
    AlertKey,
    AlertRule,
    ServiceHours,
    Watch,
    Wish,
    check,
    default_rules,
    may_raise,
    number_of,
)
from app.domain.board_figures import Measure
from app.domain.errors import NotAllowed
from app.domain.metrics.figures import Share
from tests.builders import NOW

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = ServiceHours(zone=BERLIN)
WAIT = AlertRule(
    key=AlertKey(measure=Measure.LONGEST_WAIT),
    raise_at=Fraction(60),
    clear_at=Fraction(20),
    hold=timedelta(seconds=10),
    quiet=timedelta(minutes=2),
    hours=ALWAYS,
)
LEVEL = AlertRule(
    key=AlertKey(measure=Measure.SERVICE_LEVEL), raise_at=Fraction(1, 2), clear_at=Fraction(3, 4), hours=ALWAYS
)
LOOK = timedelta(seconds=2)


class Book:
    """The alerts of one rule, as the database keeps them; several boards look at the figure by turns."""

    def __init__(self, rule: AlertRule, board_count: int) -> None:
        self.rule = rule
        self.watches = [Watch() for _ in range(board_count)]
        self.alerts: list[Alert] = []

    @property
    def open(self) -> list[Alert]:
        return [alert for alert in self.alerts if alert.ended_at is None]

    def look(self, number: Fraction | None, now: datetime) -> None:
        for place, watch in enumerate(self.watches):
            self.watches[place] = watch.follow(self.rule, number, now)
            wish = self.watches[place].wish(self.rule, now)
            last = max((alert.ended_at for alert in self.alerts if alert.ended_at), default=None)
            if wish is Wish.RAISE and may_raise(bool(self.open), last, self.rule, now):
                self.alerts.append(Alert(id=uuid4(), key=self.rule.key, raised_at=now, value=number or Fraction(0)))
            if wish is Wish.END and self.open:
                one = self.open[0]
                ended = Alert(id=one.id, key=one.key, raised_at=one.raised_at, value=one.value, ended_at=now)
                self.alerts[self.alerts.index(one)] = ended


STRETCHES = st.lists(st.tuples(st.none() | st.integers(0, 100).map(Fraction), st.integers(1, 200)), max_size=12)


@given(STRETCHES, st.integers(1, 3))
def test_over_any_history_there_is_neither_a_storm_nor_silence(
    stretches: list[tuple[Fraction | None, int]], board_count: int
) -> None:
    book, now = Book(WAIT, board_count), NOW
    beyond_since: datetime | None = None
    for number, looks in stretches:
        for _ in range(looks):
            book.look(number, now)
            beyond_since = (beyond_since or now) if WAIT.is_beyond(number) else None
            assert len(book.open) <= 1
            if beyond_since is not None and now - beyond_since >= WAIT.hold + WAIT.quiet:
                assert book.open  # never silent while it is beyond for long
            now += LOOK
    assert len(book.alerts) <= 1 + (now - NOW) / WAIT.quiet
    if all(number is None or number < WAIT.raise_at for number, _ in stretches):
        assert book.alerts == []
    for one, then in zip(book.alerts, book.alerts[1:], strict=False):
        assert one.ended_at is not None and then.raised_at - one.ended_at >= WAIT.quiet


def test_between_the_thresholds_nothing_changes() -> None:
    book, now = Book(WAIT, 1), NOW
    for number in (70, 70, 70, 70, 70, 70, 59, 21, 59, 21, 65, 21, 59):
        book.look(Fraction(number), now)
        now += LOOK
    assert len(book.alerts) == 1 == len(book.open)
    for _ in range(6):
        book.look(Fraction(20), now)
        now += LOOK
    assert book.open == []


def test_a_peak_is_no_alert() -> None:
    book = Book(WAIT, 1)
    for place in range(100):
        book.look(Fraction(500 if place % 5 else 0), NOW + place * LOOK)  # 8 s beyond, and back
    assert book.alerts == []


def test_a_service_level_is_worse_when_it_is_less() -> None:
    assert LEVEL.less_is_worse and LEVEL.is_beyond(Fraction(1, 2)) and not LEVEL.is_beyond(Fraction(51, 100))
    assert LEVEL.is_calm(Fraction(3, 4)) and not LEVEL.is_calm(Fraction(74, 100))
    assert not LEVEL.is_beyond(None) and LEVEL.is_calm(None)


@pytest.mark.parametrize(
    ("local", "holds"),
    [
        ("2026-03-02 06:59", False),
        ("2026-03-02 07:00", True),
        ("2026-03-02 18:59", True),
        ("2026-03-02 19:00", False),
        ("2026-03-01 12:00", False),  # a Sunday
        ("2026-03-30 07:30", True),  # the first Monday of summer time
    ],
)
def test_service_hours_are_those_of_the_clock_on_the_wall(local: str, holds: bool) -> None:
    hours = ServiceHours(days="12345", opens=time(7), closes=time(19), zone=BERLIN)
    assert hours.holds(datetime.fromisoformat(local).replace(tzinfo=BERLIN)) is holds


@pytest.mark.parametrize(
    ("local", "holds"),
    [("2026-03-06 22:00", True), ("2026-03-07 05:59", True), ("2026-03-07 22:00", False), ("2026-03-02 03:00", False)],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(local: str, holds: bool) -> None:
    hours = ServiceHours(days="12345", opens=time(22), closes=time(6), zone=BERLIN)
    assert hours.holds(datetime.fromisoformat(local).replace(tzinfo=BERLIN)) is holds


def test_an_alert_ends_with_the_service_hours() -> None:
    hours = ServiceHours(days="1", opens=time(9), closes=time(10, 1), zone=BERLIN)  # NOW is a Monday, 10:00 there
    rule = AlertRule(key=WAIT.key, raise_at=Fraction(60), clear_at=Fraction(20), hold=timedelta(0), hours=hours)
    book = Book(rule, 1)
    book.look(Fraction(90), NOW)
    assert book.open
    book.look(Fraction(90), NOW + timedelta(minutes=1))
    assert not book.open


def test_each_default_can_be() -> None:
    for rule in default_rules(BERLIN).values():
        check(rule)


@pytest.mark.parametrize(
    "changed",
    [
        {"clear_at": Fraction(60)},
        {"raise_at": Fraction(-1)},
        {"hold": timedelta(hours=2)},
        {"quiet": timedelta(0)},
        {"hours": ServiceHours(days="8", zone=BERLIN)},
        {"hours": ServiceHours(days="", zone=BERLIN)},
        {"key": LEVEL.key},
    ],
)
def test_what_cannot_be_watched_is_refused(changed: dict[str, object]) -> None:
    values = {"key": WAIT.key, "raise_at": Fraction(60), "clear_at": Fraction(20), "hours": ALWAYS} | changed
    with pytest.raises(NotAllowed):
        check(AlertRule(**values))  # type: ignore[arg-type]


def test_a_value_is_compared_in_its_own_unit() -> None:
    values = (3, timedelta(seconds=1.5), Share(1, 3), Share(0, 0), None)
    assert [number_of(value) for value in values] == [3, Fraction(3, 2), Fraction(1, 3), None, None]
