"""What an administrator writes is understood, or refused with a sentence that names the place."""

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files

import pytest

from app.domain.calendars import Hours
from app.domain.cases import CLAIM_WITHIN, Level, Priority
from app.domain.customers import ContractKind
from app.domain.entitlement import Plan, Unit
from app.domain.errors import NotAllowed
from app.domain.rules import calendars, prices, promises
from app.domain.rules.promises import Audience, Step
from app.domain.rules.rulebook import ROUND_THE_CLOCK, Rulebook, RuleKind, rulebook

HOUR = timedelta(hours=1)
CALENDAR = """
[[calendar]]
name = "Berlin"
zone = "Europe/Berlin"
teams = ["Link"]
hours = { mon = "08:00-12:00, 13:00-24:00", sat = "" }
"""


def demo_texts() -> dict[RuleKind, str]:
    folder = files("resources.demo").joinpath("rules")
    names = {RuleKind.CALENDARS: "calendars.toml", RuleKind.PROMISES: "promises.toml", RuleKind.PRICES: "prices.csv"}
    return {kind: folder.joinpath(name).read_text(encoding="utf-8") for kind, name in names.items()}


def test_a_calendar_has_hours_holidays_and_other_days() -> None:
    text = (
        CALENDAR + '[calendar.holidays]\n2026-12-25 = "Christmas"\n[calendar.other_days]\n2026-12-24 = "9:00-12:00"\n'
    )
    (found,) = calendars.read(text)
    monday = (Hours(opens=time(8), closes=time(12)), Hours(opens=time(13), closes=time.min))
    assert (found.name, found.teams, found.years) == ("Berlin", ("Link",), (2026,))
    assert [found.calendar.hours_of(date(2026, 3, day)) for day in (2, 3)] == [monday, ()]
    assert found.calendar.hours_of(date(2026, 12, 25)) == ()
    assert found.calendar.hours_of(date(2026, 12, 24)) == (Hours(opens=time(9), closes=time(12)),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[calendar]", "This is not TOML"),
        ("[[calender]]", "“calender” is not known here. Known are: calendar"),
        ('[[calendar]]\nzone = "Europe/Berlin"', "calendar 1, name: here stands a text"),
        (CALENDAR.replace("Europe/Berlin", "Europe/Bärlin"), "the time zone “Europe/Bärlin” is not known"),
        (CALENDAR.replace("08:00-12:00", "8-12"), "“8-12, 13:00-24:00” is not a time of service"),
        (CALENDAR.replace("08:00-12:00", "08:00-25:00"), "is not a time of service"),
        (CALENDAR.replace("08:00-12:00", "12:00-08:00"), "close after they open"),
        (CALENDAR.replace("08:00-12:00", "08:00-14:00"), "not overlap"),
        (CALENDAR.replace('mon = "08:00-12:00, 13:00-24:00"', 'mon = ""'), "at least one day"),
        (CALENDAR + CALENDAR, "“Berlin” stands twice"),
        (CALENDAR + '[calendar.holidays]\n2026-02-30 = "x"', "“2026-02-30” is not a day"),
        (
            CALENDAR + '[calendar.holidays]\n2026-12-25 = "x"\n2028-12-25 = "x"',
            "holidays of 2026 and 2028 and none of 2027. Enter them, or write no_holidays_in = \\[2027\\]",
        ),
    ],
)
def test_a_calendar_that_is_wrong_says_where(text: str, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        calendars.read(text)


def test_a_year_that_nobody_entered_counts_without_holidays_and_says_so() -> None:
    text = CALENDAR + 'no_holidays_in = [2027]\n[calendar.holidays]\n2026-12-25 = "x"\n2028-12-25 = "x"'
    book = Rulebook(calendars=calendars.read(text))
    assert book.calendars[0].years == (2026, 2027, 2028)
    assert book.gaps(date(2028, 6, 1)) == ()
    (sentence,) = book.gaps(date(2028, 12, 1))
    assert sentence.startswith("Calendar Berlin: nobody has entered the holidays of 2029")
    assert Rulebook(calendars=calendars.read(CALENDAR)).gaps(date(2028, 12, 1)) == ()  # it has no holidays at all


def test_promises_are_read_by_level_priority_and_contract() -> None:
    found = promises.read(
        '[own]\nsecond = { P1 = "15 min", P2 = "1 h", P3 = "4 h", P4 = "8 h", P5 = "2 d" }\n'
        '[resolve]\npremium = { P1 = "4 h" }\nnone = { P1 = "48 h" }\n'
        "[plan.basic]\nincidents = 5\ngoodwill_days = 14\n"
        '[[tell]]\nat = "+1 h"\nwho = "all"\n[[tell]]\nat = "75 %"\n'
    )
    assert found.own[Level.SECOND][Priority.P5] == 48 * HOUR
    assert found.own[Level.THIRD] == CLAIM_WITHIN
    assert found.resolve == {ContractKind.PREMIUM: {Priority.P1: 4 * HOUR}, None: {Priority.P1: 48 * HOUR}}
    assert found.plans == {ContractKind.BASIC: Plan(incidents=5, goodwill_days=14)}
    assert found.steps == (Step(percent=75), Step(), Step(after=HOUR, who=Audience.ALL))  # the end in any case
    assert [step.name for step in found.steps] == ["75 %", "100 %", "+60 min"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[own]\nsecond = { P1 = "15 min" }', "own.second: P2 is missing"),
        ('[own]\nfourth = { P1 = "15 min" }', "“fourth” is not known here. Known are: second third"),
        ('[resolve]\ngold = { P1 = "1 h" }', "“gold” is not known. Known are: warranty, basic, business, premium"),
        ('[resolve]\nbasic = { P9 = "1 h" }', "“P9” is not known"),
        ('[resolve]\nbasic = { P1 = "soon" }', "“soon” is not a time span"),
        ('[resolve]\nbasic = { P1 = "0 min" }', "always broken"),
        ("[plan.basic]\nincidents = -1", "plan.basic, incidents: here stands a whole number"),
        ('[[tell]]\nat = "200 %"', "neither a part"),
        ('[[tell]]\nat = "75 %"\n[[tell]]\nat = "75%"', "each at another time"),
        ('[[tell]]\nat = "75 %"\nwho = "boss"', "“boss” is not known. Known are: team, all"),
    ],
)
def test_promises_that_are_wrong_say_where(text: str, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        promises.read(text)


def test_a_price_list_is_read_row_by_row() -> None:
    found = prices.read(
        "# ours\nproduct;contract;unit;net;currency;tax_percent;step_min;minimum_min;since\n"
        ";;;49.00;EUR;19;;;\nLINK-600;basic;minute;1.90;EUR;19;5;15;2026-01-01\n"
    )
    assert [(str(p.net.amount), p.unit, p.product, p.contract, p.step_min, p.minimum_min, p.since) for p in found] == [
        ("49.00", Unit.INCIDENT, "", None, 1, 0, date.min),
        ("1.90", Unit.MINUTE, "LINK-600", ContractKind.BASIC, 5, 15, date(2026, 1, 1)),
    ]
    assert prices.read("") == ()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("x,,,49.00,EUR,19", ""),
        (",,,49 EUR,EUR,19", "line 3: “49 EUR” is not an amount"),
        (",,,nan,EUR,19", "line 3: “nan” is not an amount"),
        (",,,-1,EUR,19", "not below zero"),
        (",,,49.00,euro,19", "three capital letters"),
        (",gold,,49.00,EUR,19", "line 3: “gold” is not known"),
        (",,hour,49.00,EUR,19", "line 3: “hour” is not known. Known are: incident, minute"),
        (",,,1.00,EUR,19", "line 3: there is a price for this"),
    ],
)
def test_a_price_that_is_wrong_says_in_which_line(row: str, sentence: str) -> None:
    text = f"product,contract,unit,net,currency,tax_percent\n,,,49.00,EUR,19\n{row}\n"
    if not sentence:
        assert len(prices.read(text)) == 2
        return
    with pytest.raises(NotAllowed, match=sentence):
        prices.read(text)


def test_a_misspelt_column_is_refused() -> None:
    with pytest.raises(NotAllowed, match="the column “nett” is not known"):
        prices.read("nett,currency,tax_percent\n")
    with pytest.raises(NotAllowed, match="the column “currency” is missing"):
        prices.read("net,tax_percent\n")


def test_a_plan_whose_calendar_is_not_there_is_refused() -> None:
    texts = {RuleKind.PROMISES: '[plan.premium]\ncalendar = "Round the clock"'}
    with pytest.raises(NotAllowed, match="there is no calendar “Round the clock”"):
        rulebook(texts)


def test_the_demo_centre_has_the_real_holidays_of_two_cities() -> None:
    book = rulebook(demo_texts(), 1)
    berlin, london = book.calendars[:2]
    assert {"Karfreitag", "Internationaler Frauentag"} <= set(berlin.holidays.values())
    assert berlin.holidays[date(2027, 3, 26)] == "Karfreitag"
    assert london.calendar.hours_of(date(2026, 12, 28)) == ()  # Boxing Day on a Saturday: the Monday instead
    assert berlin.calendar.hours_of(date(2026, 12, 28)) != ()
    assert book.team_calendar("Ledger") is london.calendar
    assert book.team_calendar("Somebody") is ROUND_THE_CLOCK
    assert book.customer_calendar(ContractKind.PREMIUM, "Ledger") is book.calendars[2].calendar
    assert book.customer_calendar(ContractKind.BASIC, "Ledger") is london.calendar
    assert book.gaps(date(2027, 6, 1)) == ()
    assert len(book.gaps(datetime(2027, 12, 1, tzinfo=UTC).date())) == 2
