"""The radar on a real database: a cluster raises one candidate, whoever looks; everyday questions raise none."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.engine import Database
from app.db.problem_rows import RadarRow
from app.domain.commands import MoveProblem, ReportSearch
from app.domain.ids import new_id
from app.domain.problems import Link, Origin, ProblemState
from app.domain.radar import Fact, RadarSettings, is_surprise
from app.domain.search_report import GapKind, SearchGap
from app.search.clusters import Usual, find_cluster
from app.search.likeness import Commonness
from app.services import radar as radar_service
from app.services.cases import Cases
from app.services.problem_lists import ProblemLists
from app.services.problems import Problems
from app.services.radar import Radar
from app.services.search_reports import SearchReports
from tests.builders import Seeded, case_draft, escalation, hand_over

NOW = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
OUTAGE = ("Internet down, red lamp, E-47", "E-47 and lamp is red", "no internet, shows E-47 since this morning")


class Floor:
    def __init__(self, database: Database, centre: Seeded) -> None:
        self.database, self.centre = database, centre
        self.cases, self.lists, self.problems = Cases(database), ProblemLists(database), Problems(database)
        self.radar = Radar(database, centre.expert.id)

    def escalate(self, title: str, minutes: float, who: str = "", searches: tuple[str, ...] = ()) -> UUID:
        at = NOW + timedelta(minutes=minutes)
        draft = replace(case_draft(title, product_id=self.centre.router.id), opened_at=at)
        given_over = replace(hand_over(), caller_name=who or f"Caller {draft.number}", customer_number="",
                             searches=searches)  # fmt: skip
        self.cases.escalate(replace(escalation(self.centre.agent, case=draft, told_at=at), hand_over=given_over))
        return draft.id

    def look(self, minutes: float, radar: Radar | None = None) -> UUID | None:
        return (radar or self.radar).look(NOW + timedelta(minutes=minutes))


@pytest.fixture
def floor(database: Database, centre: Seeded) -> Floor:
    return Floor(database, centre)


def test_the_third_case_raises_a_candidate_once(floor: Floor) -> None:
    ids = []
    for minute, title in enumerate(OUTAGE):
        assert floor.look(minute) is None
        ids.append(floor.escalate(title, minute, who=f"Berg{minute}"))
    raised = floor.look(3)
    assert raised is not None
    line = floor.lists.one(raised)
    assert (line.problem.state, line.problem.origin) == (ProblemState.CANDIDATE, Origin.RADAR)
    assert (line.suggested_count, line.problem.words.products) == (3, ("link-7",))
    assert "E-47" in line.problem.words.title and "Berg" not in line.problem.words.symptoms
    floor.escalate("E-47, lamp red", 4)
    assert floor.look(5) is None and floor.look(6, Radar(floor.database, floor.centre.lead.id)) is None
    assert floor.lists.one(raised).suggested_count == 4  # it is one of the candidate's
    floor.problems.move(MoveProblem(id=new_id(), by=floor.centre.expert.id, at=NOW, problem_id=raised,
                                    to=ProblemState.CONFIRMED))  # fmt: skip
    assert floor.lists.one(raised).case_count == 4
    found = floor.lists.of_case(ids[0])
    assert found and found.link is Link.ATTACHED


def test_many_look_at_once_and_raise_it_once(floor: Floor) -> None:
    for minute, title in enumerate(OUTAGE):
        floor.escalate(title, minute)
    radars = [Radar(floor.database, floor.centre.expert.id) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        raised = list(pool.map(lambda radar: floor.look(5, radar), radars))
    assert sum(one is not None for one in raised) == 1 and len(floor.lists.all()) == 1


def test_only_one_desk_at_a_time_takes_its_turn(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radar_service, "APART", timedelta(hours=1))  # however late one of them comes
    radars = [Radar(floor.database, floor.centre.expert.id) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(lambda radar: radar.take_turn(), radars)) == 1


def test_what_was_dismissed_rests(floor: Floor) -> None:
    for minute, title in enumerate(OUTAGE):
        floor.escalate(title, minute)
    raised = floor.look(5)
    assert raised
    floor.problems.move(MoveProblem(id=new_id(), by=floor.centre.expert.id, at=NOW, problem_id=raised,
                                    to=ProblemState.REJECTED, said="A power cut"))  # fmt: skip
    for minute, title in enumerate(OUTAGE):
        floor.escalate(title, 20 + minute)
    assert floor.look(25) is None
    for minute, title in enumerate(OUTAGE):
        floor.escalate(title, 800 + minute)  # more than twelve hours later
    assert floor.look(805) is not None


def test_one_customer_who_calls_three_times_is_no_cluster(floor: Floor) -> None:
    for minute, title in enumerate(OUTAGE):
        floor.escalate(title, minute, who="Ida Berg")
    assert floor.look(5) is None


def test_searches_in_vain_count_without_a_case(floor: Floor) -> None:
    """And an escalated call's searches do not count beside its case."""
    reports = SearchReports(floor.database)
    for minute, text in enumerate(("e-47 red lamp", "lamp red e-47")):
        gap = SearchGap(kind=GapKind.NOT_FOUND, text=text, product="link-7")
        at = NOW + timedelta(minutes=minute)
        report = ReportSearch(id=new_id(), by=floor.centre.agent.id, at=at, uses=(), gaps=(gap,))
        reports.record(report)
        reports.record(replace(report, id=new_id(), is_escalated=True))
    assert floor.look(2) is None
    floor.escalate("E-47, red lamp", 3)
    raised = floor.look(4)
    assert raised and floor.lists.one(raised).suggested_count == 1


def test_count_and_window_are_set_in_the_database(floor: Floor) -> None:
    with floor.database.write() as session:
        row = session.get_one(RadarRow, "main")
        row.case_count, row.window_min = 4, 10
    for minute in (0, 4, 8, 30, 33, 36):
        floor.escalate("E-47, red lamp", minute)
        assert floor.look(minute + 1) is None  # three within ten minutes, twice
    floor.escalate("E-47, red lamp", 37)
    assert floor.look(38) is not None
    with floor.database.write() as session:
        session.get_one(RadarRow, "main").case_count = 0
    assert not floor.radar.take_turn()


EVERYDAY = (
    "WLAN slow in the evening", "change the tariff", "printer is offline", "password forgotten", "invoice wrong",
    "telephone has no dial tone", "move house", "port forwarding for a camera", "set up VPN", "guest network",
    "router restarts by itself", "paper jam rear tray", "toner low", "scan to folder", "parental controls",
    "mesh repeater does not connect", "email cannot be sent", "TV picture stutters", "menu does not open", "return box",
)  # fmt: skip
HEDGES = ("please", "again", "since yesterday", "customer angry", "urgent", "new device", "after the move", "")


def test_a_day_of_everyday_traffic_raises_nothing_and_an_outage_at_its_third_case() -> None:
    """Ten days of the same everyday questions, then one with an outage at 14:00; looked at after each fact.

    Everyday questions come 250 a day, each of them about a dozen times, and not evenly.
    """
    rng = random.Random(7)
    begin = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    past = [fact for day in range(10) for fact in _day(rng, begin + timedelta(days=day))]
    usual = Usual.of(past)
    common = Commonness.of(usual.texts)
    today = _day(rng, begin + timedelta(days=10))
    start = begin + timedelta(days=10, hours=6)
    outage = [_fact(rng.choice(OUTAGE), start + timedelta(minutes=4 * n), f"o{n}") for n in range(6)]
    chosen = RadarSettings()
    false_alarms, delay_cases = 0, 0
    seen: list[Fact] = []
    for fact in sorted([*today, *outage], key=lambda fact: fact.at):
        seen.append(fact)
        window = [one for one in seen if one.at > fact.at - chosen.window]
        cluster = find_cluster(window, usual, chosen, common)
        if cluster and not any("E-47" in one.text for one in cluster.facts):
            false_alarms += 1
        elif cluster and not delay_cases:
            delay_cases = sum(one in seen for one in outage)
    assert (false_alarms, delay_cases) == (0, 3)


def _day(rng: random.Random, begin: datetime) -> list[Fact]:
    return [
        _fact(f"{rng.choice(EVERYDAY)} {rng.choice(HEDGES)}", begin + timedelta(minutes=rng.uniform(0, 600)), str(n))
        for n in range(250)
    ]


def _fact(said: str, at: datetime, key: str) -> Fact:
    return Fact(key=f"{at.isoformat()}{key}", at=at, texts=(said,), product="link-7")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(EVERYDAY), max_size=12, unique=True), st.integers(0, 2))
def test_different_questions_are_no_cluster_however_many(questions: list[str], repeats: int) -> None:
    """Nor is one that comes less often than is set."""
    said = [*questions, *(questions[:1] * min(repeats, 1))]
    facts = [_fact(text, NOW, str(place)) for place, text in enumerate(said)]
    assert find_cluster(facts, Usual(), RadarSettings(), Commonness()) is None


@settings(max_examples=60, deadline=None)
@given(st.permutations([*OUTAGE, *EVERYDAY[:8]]), st.integers(3, 6))
def test_the_same_facts_give_the_same_cluster_in_any_order(said: list[str], count: int) -> None:
    facts = [_fact(text, NOW, text) for text in said]
    cluster = find_cluster(facts, Usual(), RadarSettings(case_count=count), Commonness())
    assert (cluster is not None) is (count <= len(OUTAGE))
    if cluster:
        assert {fact.texts[0] for fact in cluster.facts} == set(OUTAGE)


@given(st.integers(1, 40), st.floats(0, 50))
def test_more_of_the_same_is_never_less_surprising(count: int, expected: float) -> None:
    assert not is_surprise(count, expected) or is_surprise(count + 1, expected)
    assert not is_surprise(count, expected + 1) or is_surprise(count, expected)
