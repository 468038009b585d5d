"""One shift: desks at work while everything breaks that was planned, until all is done, delivered and judged."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.faults import centre, trouble
from tests.faults.centre import Route
from tests.faults.disk import SmallDisk
from tests.faults.evidence import gather
from tests.faults.floor import Floor
from tests.faults.planted import Planted
from tests.faults.referee import ESCALATION, Finding, judge
from tests.faults.trouble import Fault, Trouble
from tests.faults.truth import Deed
from tests.faults.witness import Sampler

SAY_EVERY_S = 10.0
FINISH_LIMIT_S = 180.0
MOST_FINDINGS = 30  # printed
CONFIRMED_ESCALATIONS = f"{Deed.CONFIRMED} {ESCALATION}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of everything at the desks. `keys_s` is the mean pause between two key strokes.

    A machine that others use too stands still now and then, for all desks or one of them: `most_late_losses` of the
    kills may meet that, and take more of the typed text than a desk with a computer of its own would lose.
    """

    desks: int
    escalations: int
    kills: int
    full_disks: int = 0
    keys_s: float = 0.05
    seed: int = 1
    limit_s: float = 3600.0
    most_late_losses: int = 0
    planted: Mapping[int, Planted] = field(default_factory=dict)  # by desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the desks find the database: `routes` are taken in turn; `address` is libpq's, of a superuser."""

    routes: Sequence[Route]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    figures: Mapping[str, str]
    findings: Sequence[Finding]

    def table(self) -> str:
        width = max(len(name) for name in self.figures)
        lines = [f"{name:<{width}}  {figure}" for name, figure in self.figures.items()]
        findings = [f"{finding.check}: {finding.sentence}" for finding in self.findings[:MOST_FINDINGS]]
        more = len(self.findings) - len(findings)
        return "\n".join([*lines, *findings, *([f"... and {more} more"] if more else [])])


def work(
    plan: Plan,
    place: Place,
    folder: Path,
    *,
    strikes: Sequence[Fault] = (),
    beside: Sequence[Sequence[Fault]] = (),
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """The whole shift at an empty database, in `folder`.

    Args:
        strikes: faults made by the calling thread. Servers that it started end with it, so it restarts them.
        beside: faults made by threads of their own, each kind beside the others.
        say: is told every ten seconds how far it is.
    """
    people = centre.found(place.address, plan.desks)
    seats = centre.seats(people, place.routes, folder, keys_s=plan.keys_s, seed=plan.seed, planted=plan.planted)
    chance = random.Random(plan.seed)
    with ExitStack() as ending:
        floor = Floor(seats, folder / "truth", _small_disks(plan, folder))
        ending.callback(floor.stop)
        sampler = Sampler(place.address)
        ending.callback(sampler.stop)
        floor.open_all()
        began_s = time.monotonic()
        kills = [trouble.kills(floor, plan.kills, chance)]
        disks = [trouble.full_disks(floor, plan.full_disks, chance)]
        progress = _Progress(plan, floor, say)
        faults = progress.make_trouble(strikes, [kills, disks, *beside])
        took_s = time.monotonic() - began_s
        floor.finish(FINISH_LIMIT_S)
    evidence = replace(gather(place.address, floor, sampler), most_late_losses=plan.most_late_losses)
    findings = [*progress.complaints(faults), *judge(evidence)]
    return Outcome(figures=_figures(floor, sampler, faults, took_s), findings=findings)


class _Progress:
    """How far the work of the desks is, and the faults that are due by that."""

    def __init__(self, plan: Plan, floor: Floor, say: Callable[[str], None]) -> None:
        self._plan, self._floor, self._say = plan, floor, say
        self._began_s = self._said_s = time.monotonic()

    def share(self) -> float:
        return min(1.0, self._floor.ledger.counts[CONFIRMED_ESCALATIONS] / self._plan.escalations)

    @property
    def is_too_late(self) -> bool:
        return time.monotonic() - self._began_s > self._plan.limit_s

    def complaints(self, faults: Sequence[Fault]) -> list[Finding]:
        """What was planned and not done in time."""
        counts = [
            ("escalations", self._floor.ledger.counts[CONFIRMED_ESCALATIONS], self._plan.escalations),
            *((fault.name, fault.done, fault.total) for fault in faults),
        ]
        return [
            Finding(check="all was done", sentence=f"{name}: {done} of {total} within {self._plan.limit_s:.0f} s")
            for name, done, total in counts
            if done < total
        ]

    def make_trouble(self, strikes: Sequence[Fault], beside: Sequence[Sequence[Fault]]) -> list[Fault]:
        """Until the work is done and everything has happened as often as planned; all faults as they were done."""
        threads = [Trouble(faults, self.share) for faults in beside if faults]
        faults = [*strikes, *(fault for thread in threads for fault in thread.faults)]
        with ExitStack() as stack:
            for thread in threads:
                thread.start()
                stack.callback(thread.stop)
            while not self.is_too_late and (self.share() < 1 or not all(fault.is_over for fault in faults)):
                for fault in strikes:
                    if fault.is_due(self.share()):
                        fault.go()
                self._look(threads, faults)
        return faults

    def _look(self, threads: Sequence[Trouble], faults: Sequence[Fault]) -> None:
        time.sleep(trouble.LOOK_S)
        now_s = time.monotonic()
        for thread in threads:
            if thread.error:
                raise thread.error
        if now_s - self._said_s > SAY_EVERY_S:
            self._said_s = now_s
            done = ", ".join(f"{fault.name} {fault.done}/{fault.total}" for fault in faults if fault.total)
            count = self._floor.ledger.counts[CONFIRMED_ESCALATIONS]
            self._say(f"{now_s - self._began_s:6.0f} s: {count} escalations; {done}")


def _small_disks(plan: Plan, folder: Path) -> dict[int, SmallDisk]:
    """Every fourth part of the desks has one with such a disk."""
    numbers = range(0, plan.desks, max(1, plan.desks // 4)) if plan.full_disks else ()
    return {number: SmallDisk(centre.folder_of(folder, number)) for number in numbers}


def _figures(floor: Floor, sampler: Sampler, faults: Sequence[Fault], took_s: float) -> dict[str, str]:
    counts, losses = floor.ledger.counts, sorted(loss.age_s for loss in floor.ledger.losses)
    escalations = counts[CONFIRMED_ESCALATIONS]
    unanswered = counts[Deed.TAKES_BACK] - counts[Deed.WITHDRAWN] - counts[Deed.TOO_LATE]
    lost = f", median {losses[len(losses) // 2]:.2f} s, most {losses[-1]:.2f} s" if losses else ""
    return {
        "desks": str(len(floor.seats)),
        "seconds of work": f"{took_s:.0f}",
        "escalations confirmed": f"{escalations} ({escalations / took_s:.1f} a second)",
        "commands confirmed": str(counts[Deed.CONFIRMED]),
        "cases claimed; not, and said so": f"{counts[Deed.CLAIMED]}; {counts[Deed.NOT_CLAIMED]}",
        "taken back; too late for that; killed before the answer": "; ".join(
            str(count) for count in (counts[Deed.WITHDRAWN], counts[Deed.TOO_LATE], unanswered)
        ),
        "refused with a reason": str(counts["refused"]),
        "not kept, and said so": str(counts[Deed.NOT_KEPT]),
        "key strokes": str(counts[Deed.TYPED]),
        "text lost at a kill": f"{len(losses)} times{lost}",
        **{fault.name: str(fault.done) for fault in faults if fault.total},
        "looks at all cases": str(sampler.sample_count),
    }
