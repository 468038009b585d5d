"""Judges a campaign from the outside: what the desks told their people against what the database has.

It uses none of the program's code but the table of a case's transitions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from app.domain.cases import TRANSITIONS
from tests.faults.expert import NOT_MINE
from tests.faults.ledger import Asked, Held, Ledger
from tests.faults.truth import Deed

LONGEST_LOSS_S = 1.0
ESCALATION, CLAIM = "EscalateCase", "ClaimNext"
_EVENT_OF = {ESCALATION: "escalated", "SolveCase": "solved", "SolveWithAnswer": "solved", "ReturnCase": "returned"}
_MOVES = {(str(before), str(then)) for (before, _), then in TRANSITIONS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that must not be; `check` names the rule."""

    check: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a case's timeline."""

    case_id: UUID
    by: UUID
    event: str
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the trigger saw of a case, in the order in which it came to be."""

    case_id: UUID
    state: str
    level: int
    owner_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is known in the end: from the desks, and from the database."""

    ledger: Ledger
    people: Mapping[int, UUID]  # by desk
    applied: Mapping[UUID, UUID | None]  # commands that the database says are done, with their subject
    events: Sequence[Event]
    seen: Sequence[Seen]
    cases: Mapping[UUID, Seen]
    watchers: frozenset[tuple[UUID, UUID]]  # case, person
    left: Mapping[int, Sequence[str]] = field(default_factory=dict)  # in the journals, by desk
    complaints: Sequence[str] = ()  # of the sampler, of logs, of desks that ended
    most_late_losses: int = 0  # kills that may take more than a second of typing


def judge(evidence: Evidence) -> list[Finding]:
    """All findings; none: nothing was lost, nothing was done twice, nobody had what somebody else had."""
    return [
        *_judge_commands(evidence),
        *_judge_timeline(evidence),
        *_judge_cases(evidence),
        *_judge_holding(evidence.ledger.held),
        *_judge_texts(evidence.ledger, evidence.most_late_losses),
        *_judge_ends(evidence),
    ]


def _judge_commands(evidence: Evidence) -> Iterator[Finding]:
    """What each person was told of each command, against the list of those that are done."""
    asked_of = evidence.ledger.commands
    for id_, asked in asked_of.items():
        is_done = id_ in evidence.applied
        what = f"{asked.kind} {id_} of desk {asked.desk}"
        if asked.told is Deed.CONFIRMED and not is_done and asked.refusal is None:
            story = ", ".join(asked.story)
            yield Finding(check="nothing is lost", sentence=f"{what} was confirmed and is not done ({story})")
        if asked.is_delivered and not is_done:
            yield Finding(check="nothing is lost", sentence=f"{what} was said to be delivered and is not done")
        if is_done and (asked.told in (Deed.WITHDRAWN, Deed.NOT_KEPT) or asked.refusal is not None):
            told = asked.refusal or asked.told
            yield Finding(check="nothing unasked", sentence=f"{what} is done, and the person was told: {told}")
        if asked.refusal is not None and not asked.text.startswith(NOT_MINE) and not _solved_before(asked, evidence):
            story = "; ".join(_told(other) for other in asked_of.values() if other.case_id == asked.case_id)
            yield Finding(
                check="refusals are explained", sentence=f"{what} was refused: {asked.refusal} Its case: {story}"
            )
        if is_done and asked.text.startswith(NOT_MINE):
            yield Finding(check="rules hold", sentence=f"{what} solved a case that it did not have")
        if asked.claimed_id is not None and evidence.applied.get(id_) != asked.claimed_id:
            yield Finding(check="claims hold", sentence=f"{what} gave {asked.claimed_id}; the database says otherwise")
        if asked.told is Deed.NOT_CLAIMED and asked.claimed_id is None and evidence.applied.get(id_) is not None:
            yield Finding(check="claims hold", sentence=f"{what} took a case, and the person was told that it did not")
    yield from _judge_withdrawn(evidence)
    for id_ in evidence.applied.keys() - asked_of.keys():
        yield Finding(check="nothing unasked", sentence=f"command {id_} is done, and nobody asked for it")


def _solved_before(asked: Asked, evidence: Evidence) -> bool:
    """Whether the same desk's earlier solution is done: after a crash one may solve again what is on its way."""
    return asked.kind == "SolveCase" and any(
        other.kind == asked.kind and other.desk == asked.desk and other.case_id == asked.case_id
        for id_, other in evidence.ledger.commands.items()
        if id_ in evidence.applied and other is not asked
    )


def _judge_withdrawn(evidence: Evidence) -> Iterator[Finding]:
    """Who took back what was to become of a case, decided anew; commands are in the order in which they were asked.

    A desk that was killed while it took back did so, or did not.
    """
    undecided: dict[UUID | None, Asked] = {}
    for id_, asked in evidence.ledger.commands.items():
        undecided.pop(asked.case_id, None)
        if asked.told is Deed.WITHDRAWN or (asked.told is Deed.TAKES_BACK and id_ not in evidence.applied):
            undecided[asked.case_id] = asked
    for case_id, asked in undecided.items():
        yield Finding(check="nothing is lost", sentence=f"desk {asked.desk} forgot {case_id}, which it took back")


def _told(asked: Asked) -> str:
    delivered = ", delivered" if asked.is_delivered else ""
    return f"{asked.kind} of desk {asked.desk} {asked.told}{delivered} {asked.refusal or ''} {asked.text[-30:]!r}"


def _judge_timeline(evidence: Evidence) -> Iterator[Finding]:
    """Each command that is done stands in the timeline of its case exactly once, with its text; nothing else does."""
    expected: Counter[tuple[UUID | None, UUID, str, str]] = Counter()
    for id_ in evidence.applied.keys() & evidence.ledger.commands.keys():
        asked = evidence.ledger.commands[id_]
        person = evidence.people[asked.desk]
        if asked.kind in _EVENT_OF:
            expected[asked.case_id, person, _EVENT_OF[asked.kind], asked.text] += 1
        elif asked.kind == CLAIM and evidence.applied[id_] is not None:
            expected[evidence.applied[id_], person, "claimed", ""] += 1
    found: Counter[tuple[UUID | None, UUID, str, str]]
    found = Counter((e.case_id, e.by, e.event, e.text) for e in evidence.events if e.event != "opened")
    for (case_id, by, event, text), count in (found - expected).items():
        sentence = f"case {case_id} was {event} by {by} {count} times more than asked: {text!r}"
        yield Finding(check="exactly once", sentence=sentence)
    for (case_id, by, event, text), count in (expected - found).items():
        sentence = f"case {case_id} was {event} by {by} {count} times less than done: {text!r}"
        yield Finding(check="exactly once", sentence=sentence)
    opened = Counter(e.case_id for e in evidence.events if e.event == "opened")
    for case_id in evidence.cases:
        if opened[case_id] != 1:
            yield Finding(check="exactly once", sentence=f"case {case_id} was opened {opened[case_id]} times")
    for event_ in evidence.events:
        if event_.event == "escalated" and (event_.case_id, event_.by) not in evidence.watchers:
            yield Finding(
                check="givers watch", sentence=f"{event_.by} gave {event_.case_id} away and does not watch it"
            )


def _judge_cases(evidence: Evidence) -> Iterator[Finding]:
    """At every instant one level owns a case, and at most one person has it; it moves as the rules say."""
    paths: dict[UUID, list[Seen]] = defaultdict(list)
    for seen in evidence.seen:
        paths[seen.case_id].append(seen)
    for case_id, path in paths.items():
        for one in path:
            if (one.owner_id is None) != (one.state == "waiting") or (one.level == 1) != _is_first_level(one):
                yield Finding(check="one owner", sentence=f"case {case_id} was {one}")
        for before, then in pairwise(path):
            if complaint := _wrong_move(before, then):
                yield Finding(check="one owner", sentence=f"case {case_id} {complaint}: {before} -> {then}")
        if evidence.cases.get(case_id) != path[-1]:
            sentence = f"case {case_id} is {evidence.cases.get(case_id)}; the last change made it {path[-1]}"
            yield Finding(check="one owner", sentence=sentence)
        if path[-1].state == "claimed":
            yield Finding(check="claims hold", sentence=f"case {case_id} is left with {path[-1].owner_id}")
    for case_id in evidence.cases.keys() - paths.keys():
        yield Finding(check="one owner", sentence=f"case {case_id} came from nowhere")


def _is_first_level(seen: Seen) -> bool:
    """A solved case stays at the level that solved it."""
    return seen.state == "open" or (seen.state == "solved" and seen.level == 1)


def _wrong_move(before: Seen, then: Seen) -> str:
    if before.state == then.state:
        return "" if before == then else "changed hands without being given away"
    if (before.state, then.state) not in _MOVES:
        return "made a forbidden move"
    if then.state == "solved" and before.owner_id != then.owner_id:
        return "was solved by somebody who did not have it"
    if then.state == "claimed" and before.level != then.level:
        return "changed its level when it was claimed"
    return ""


def _judge_holding(held: Iterable[Held]) -> Iterator[Finding]:
    """No two people were told that they have the same case at the same time."""
    by_case: dict[UUID, list[Held]] = defaultdict(list)
    for one in held:
        by_case[one.case_id].append(one)
    for case_id, spans in by_case.items():
        for first, second in pairwise(sorted(spans, key=lambda span: span.from_s)):
            until_s = first.until_s if first.until_s is not None else first.from_s
            if first.desk != second.desk and second.from_s < until_s:
                sentence = f"case {case_id} was with desk {first.desk} and desk {second.desk} at once"
                yield Finding(check="one owner", sentence=sentence)


def _judge_texts(ledger: Ledger, most_late_losses: int) -> Iterator[Finding]:
    late = [loss for loss in ledger.losses if loss.age_s > LONGEST_LOSS_S]
    for loss in late if len(late) > most_late_losses else ():
        sentence = f"desk {loss.desk} lost text of the last {loss.age_s:.2f} s: {loss.typed!r}, kept {loss.kept!r}"
        yield Finding(check="typed text", sentence=sentence)
    yield from (Finding(check="typed text", sentence=sentence) for sentence in ledger.garbled)


def _judge_ends(evidence: Evidence) -> Iterator[Finding]:
    for desk in evidence.people:
        if desk not in evidence.ledger.closed:
            yield Finding(check="all is delivered", sentence=f"desk {desk} did not come to its end")
        for text in evidence.ledger.still_typed(desk):
            yield Finding(check="typed text", sentence=f"desk {desk} never got {text!r} back")
        for rest in evidence.left.get(desk, ()):
            yield Finding(check="all is delivered", sentence=f"desk {desk} has in its journal: {rest}")
    yield from (Finding(check="nothing breaks", sentence=complaint) for complaint in evidence.complaints)
