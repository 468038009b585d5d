"""The referee finds what it is there for: faults are planted into desks, and into what is known in the end."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest

from app.domain.ids import new_id
from tests.faults import centre, witness
from tests.faults.campaign import run
from tests.faults.ledger import JournalTexts, Ledger
from tests.faults.planted import Planted
from tests.faults.referee import Event, Evidence, Seen, judge
from tests.faults.shift import Outcome, Plan
from tests.faults.truth import Deed, Line
from tests.patience import wait_for
from tests.programs import ProgramMissing

AGENT, EXPERT = new_id(), new_id()
PEOPLE = {0: AGENT, 1: EXPERT}
PLANTED = {0: Planted.TWICE, 1: Planted.LOST, 2: Planted.FORGETFUL, 6: Planted.GRABBED, 7: Planted.MUTE}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A campaign of ten desks, five of which do wrong."""
    plan = Plan(desks=10, kills=40, escalations=150, planted=PLANTED, limit_s=480)
    try:
        return run(plan, tmp_path_factory.mktemp("planted"))
    except ProgramMissing as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize(
    ("planted", "check", "words"),
    [
        (Planted.TWICE, "nothing unasked", "nobody asked for it"),
        (Planted.TWICE, "exactly once", "times more than asked"),
        (Planted.LOST, "nothing is lost", "EscalateCase .* of desk 1 was confirmed and is not done"),
        (Planted.FORGETFUL, "typed text", "desk 2 lost text"),
        (Planted.GRABBED, "claims hold", "ClaimNext .* of desk 6 gave .* the database says otherwise"),
        (Planted.GRABBED, "refusals are explained", "of desk 6 was refused: You do not have this case"),
        (Planted.MUTE, "nothing is lost", "SolveCase .* of desk 7 was confirmed and is not done"),
    ],
)
def test_a_desk_that_does_wrong_is_found(outcome: Outcome, planted: Planted, check: str, words: str) -> None:
    found = [one.sentence for one in outcome.findings if one.check == check and re.search(words, one.sentence)]
    assert found, f"nobody noticed that {planted}; found: {outcome.table()}"


def test_the_sampler_finds_a_case_with_no_owning_level(postgres_url: str) -> None:
    people = centre.found(centre.libpq(postgres_url), 3)
    sampler = witness.Sampler(centre.libpq(postgres_url), interval_s=0.02)
    with psycopg.connect(centre.libpq(postgres_url), autocommit=True) as connection:
        broken = new_id()
        connection.execute(
            "INSERT INTO case_file (id, number, title, state, level, priority, opened_at, level_since, opened_by,"
            " owner_id, team_id) SELECT %s, 'X', 'x', 'waiting', 2, 1, now(), now(), id, id, team_id FROM person"
            " WHERE login = %s",
            (broken, people[0][0]),
        )
    seen_before = sampler.sample_count
    wait_for(lambda: sampler.sample_count >= seen_before + 2)
    sampler.stop()
    assert [str(broken) in sentence for sentence in sampler.broken] == [True]


# --- rules, one by one, on evidence that is right but for one thing ---


class _Case:
    """A case that was escalated by desk 0, then claimed and solved by desk 1; all is well."""

    def __init__(self) -> None:
        self.id, self.escalation, self.claim, self.solution = new_id(), new_id(), new_id(), new_id()
        self.ledger = Ledger()
        self._say(0, Deed.OPENED, AGENT)
        self._say(1, Deed.OPENED, EXPERT)
        self._say(0, Deed.ASKED, self.escalation, case_id=self.id, kind="EscalateCase", text="note")
        self._say(0, Deed.CONFIRMED, self.escalation)
        self._say(0, Deed.DELIVERED, self.escalation)
        self._say(1, Deed.ASKED, self.claim, kind="ClaimNext")
        self._say(1, Deed.DELIVERED, self.claim, case_id=self.id)
        self._say(1, Deed.CLAIMED, self.id)
        self._say(1, Deed.RELEASED, self.id)
        self._say(1, Deed.ASKED, self.solution, case_id=self.id, kind="SolveCase", text="done")
        self._say(1, Deed.CONFIRMED, self.solution)
        self._say(1, Deed.DELIVERED, self.solution)
        self._say(0, Deed.CLOSED, AGENT)
        self._say(1, Deed.CLOSED, EXPERT)
        path = (("open", 1, AGENT), ("waiting", 2, None), ("claimed", 2, EXPERT), ("solved", 2, EXPERT))
        self.seen = [Seen(self.id, *one) for one in path]
        events = (
            (AGENT, "opened", "t"),
            (AGENT, "escalated", "note"),
            (EXPERT, "claimed", ""),
            (EXPERT, "solved", "done"),
        )
        self.evidence = Evidence(
            ledger=self.ledger,
            people=PEOPLE,
            applied={self.escalation: self.id, self.claim: self.id, self.solution: self.id},
            events=[Event(self.id, *one) for one in events],
            seen=self.seen,
            cases={self.id: self.seen[-1]},
            watchers=frozenset({(self.id, AGENT)}),
        )

    def _say(
        self,
        desk: int,
        deed: Deed,
        id_: UUID,
        *,
        case_id: UUID | None = None,
        kind: str = "",
        text: str = "",
        at_s: float = 0,
    ) -> None:
        self.ledger.take(Line(desk=desk, deed=deed, at_s=at_s, id=id_, case_id=case_id, kind=kind, text=text))

    def ask(self, desk: int, id_: UUID, case_id: UUID) -> None:
        self._say(desk, Deed.ASKED, id_, case_id=case_id, kind="EscalateCase")

    def say(self, desk: int, deed: Deed, id_: UUID, *, text: str = "", at_s: float = 0) -> None:
        self._say(desk, deed, id_, text=text, at_s=at_s)


def _without(case: _Case, command_id: UUID) -> dict[UUID, UUID | None]:
    return {id_: subject for id_, subject in case.evidence.applied.items() if id_ != command_id}


def _typed_and_killed(case: _Case, typed_s: float, kept: str, most_late_losses: int = 0) -> Evidence:
    call, marker = new_id(), new_id()
    case.say(0, Deed.TYPED, call, text="ab", at_s=typed_s)
    case.ledger.journals[marker] = JournalTexts(died_at_s=10.0, texts={call: kept})
    case.say(0, Deed.KILLED, marker)
    case.say(0, Deed.SENT, call)
    return replace(case.evidence, most_late_losses=most_late_losses)


def _held_by_both(case: _Case) -> Evidence:
    case.say(1, Deed.CLAIMED, case.id, at_s=1.0)
    case.say(0, Deed.CLAIMED, case.id, at_s=2.0)
    case.say(1, Deed.RELEASED, case.id, at_s=3.0)
    case.say(0, Deed.RELEASED, case.id, at_s=4.0)
    return case.evidence


def _told(case: _Case, deed: Deed, text: str = "") -> Evidence:
    case.say(0, deed, case.escalation, text=text)
    return case.evidence


def _found_again(case: _Case) -> Evidence:
    call = new_id()
    case.say(0, Deed.TYPED, call, text="ab")
    case.say(0, Deed.FOUND, call, text="ba")
    case.say(0, Deed.SENT, call)
    return case.evidence


def _seen(case: _Case, *path: tuple[str, int, UUID | None]) -> Evidence:
    seen = [Seen(case.id, *one) for one in path]
    return replace(case.evidence, seen=seen, cases={case.id: seen[-1]})


def _not_claimed(case: _Case) -> Evidence:
    case.ledger.commands[case.claim].claimed_id = None
    case.say(1, Deed.NOT_CLAIMED, case.claim)
    return case.evidence


def _killed_while_taking_back(case: _Case, *, is_decided_anew: bool) -> Evidence:
    """Another case, whose escalation is not done."""
    first, other_id = new_id(), new_id()
    case.ask(0, first, other_id)
    case.say(0, Deed.CONFIRMED, first)
    case.say(0, Deed.TAKES_BACK, first)
    if is_decided_anew:
        second = new_id()
        case.ask(0, second, other_id)
        case.say(0, Deed.NOT_KEPT, second)
    return case.evidence


WAITS = (("open", 1, AGENT), ("waiting", 2, None))
RULES: dict[str, tuple[Callable[[_Case], Evidence], set[str]]] = {
    "all is well": (lambda case: case.evidence, set()),
    "confirmed and lost": (
        lambda case: replace(case.evidence, applied=_without(case, case.escalation)),
        {"nothing is lost", "exactly once"},
    ),
    "done twice": (
        lambda case: replace(case.evidence, events=[*case.evidence.events, case.evidence.events[1]]),
        {"exactly once"},
    ),
    "text changed": (
        lambda case: replace(
            case.evidence, events=[replace(e, text="not") if e.text == "note" else e for e in case.evidence.events]
        ),
        {"exactly once"},
    ),
    "unasked": (
        lambda case: replace(case.evidence, applied={**case.evidence.applied, new_id(): case.id}),
        {"nothing unasked"},
    ),
    "taken back and done": (lambda case: _told(case, Deed.WITHDRAWN), {"nothing unasked"}),
    "killed while taking back what is done": (lambda case: _told(case, Deed.TAKES_BACK), set()),
    "killed while taking back, and forgotten": (
        lambda case: _killed_while_taking_back(case, is_decided_anew=False),
        {"nothing is lost"},
    ),
    "killed while taking back, and decided anew": (
        lambda case: _killed_while_taking_back(case, is_decided_anew=True),
        set(),
    ),
    "not kept and done": (lambda case: _told(case, Deed.NOT_KEPT), {"nothing unasked"}),
    "refused and done": (
        lambda case: _told(case, Deed.REFUSED, "no"),
        {"nothing unasked", "refusals are explained"},
    ),
    "claim of another case": (
        lambda case: replace(case.evidence, applied={**case.evidence.applied, case.claim: new_id()}),
        {"claims hold", "exactly once"},
    ),
    "nobody watches": (lambda case: replace(case.evidence, watchers=frozenset()), {"givers watch"}),
    "two at once": (_held_by_both, {"one owner"}),
    "taken from its owner": (
        lambda case: _seen(case, *WAITS, ("claimed", 2, EXPERT), ("claimed", 2, AGENT), ("solved", 2, AGENT)),
        {"one owner"},
    ),
    "left with its owner": (lambda case: _seen(case, *WAITS, ("claimed", 2, EXPERT)), {"claims hold"}),
    "claimed, and told that it was not": (_not_claimed, {"claims hold"}),
    "waits and has an owner": (lambda case: _seen(case, ("open", 1, AGENT), ("waiting", 2, AGENT)), {"one owner"}),
    "nobody owns it": (lambda case: _seen(case, ("open", 1, None)), {"one owner"}),
    "two levels": (lambda case: _seen(case, ("open", 2, AGENT)), {"one owner"}),
    "changed after it was solved": (
        lambda case: _seen(case, ("open", 1, AGENT), ("solved", 1, AGENT), ("open", 1, AGENT)),
        {"one owner"},
    ),
    "solved by a stranger": (
        lambda case: _seen(case, *WAITS, ("claimed", 2, EXPERT), ("solved", 2, AGENT)),
        {"one owner"},
    ),
    "changed unseen": (
        lambda case: replace(case.evidence, cases={case.id: Seen(case.id, "solved", 1, AGENT)}),
        {"one owner"},
    ),
    "text lost, a second old": (lambda case: _typed_and_killed(case, 8.9, "a"), {"typed text"}),
    "text lost, a second old, as the machine stood still": (lambda case: _typed_and_killed(case, 8.9, "", 1), set()),
    "text lost, half a second old": (lambda case: _typed_and_killed(case, 9.5, ""), set()),
    "text never typed so": (lambda case: _typed_and_killed(case, 9.5, "b"), {"typed text"}),
    "another text came back": (_found_again, {"typed text"}),
    "left in the journal": (lambda case: replace(case.evidence, left={0: ["something"]}), {"all is delivered"}),
    "never ended": (lambda case: replace(case.evidence, people={**PEOPLE, 2: new_id()}), {"all is delivered"}),
    "a bug was logged": (lambda case: replace(case.evidence, complaints=["desk 0 logged"]), {"nothing breaks"}),
}


@pytest.mark.parametrize("name", RULES)
def test_each_rule_finds_its_breach_and_nothing_else(name: str) -> None:
    change, checks = RULES[name]
    assert {finding.check for finding in judge(change(_Case()))} == checks
