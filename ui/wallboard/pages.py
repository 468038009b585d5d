"""The pages of the wallboard: a few rows of large numbers each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.people import AgentState
from app.domain.wall import WallLevel, WallNow, WallQueue, WallTeam
from app.i18n import tr
from ui.labels import age_text, label
from ui.theme import Tone

ROWS_AT_MOST = 4  # more of them are another page: each must be read at ten metres
LONG_WAIT_S = 60  # of a caller

_FREE = (AgentState.AVAILABLE,)
_BUSY = (AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text; what needs somebody has a mark beside it, not a colour alone."""

    text: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class WallRow:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    words: tuple[str, ...]
    rows: tuple[WallRow, ...]


def pages_of(wall: WallNow, now: datetime) -> tuple[Page, ...]:
    """At least one; times as they are at `now`."""
    calls = tuple(_queue(queue, now) for queue in wall.queues) or (_nothing(tr("No call now"), 3),)
    cases = tuple(_level(level) for level in wall.levels)
    agents = tuple(_team(team) for team in wall.teams) or (_nothing(tr("Nobody is signed in"), 3),)
    return (
        *_split(tr("Calls now"), (tr("waiting"), tr("longest"), tr("in conversation")), calls),
        *_split(tr("Cases"), (tr("waiting"), tr("overdue"), tr("in progress")), cases),
        *_split(tr("Agents now"), (tr("available"), tr("on calls"), tr("paused")), agents),
    )


def _split(title: str, words: tuple[str, ...], rows: Sequence[WallRow]) -> Iterator[Page]:
    for start in range(0, len(rows), ROWS_AT_MOST):
        yield Page(title, words, tuple(rows[start : start + ROWS_AT_MOST]))


def _queue(queue: WallQueue, now: datetime) -> WallRow:
    waited_s = (now - queue.waiting_since).total_seconds() if queue.waiting_since else 0.0
    tone = Tone.DANGER if waited_s > LONG_WAIT_S else Tone.NEUTRAL
    wait = Cell(age_text(waited_s) if queue.waiting_since else "–", tone)
    return WallRow(
        queue.queue or tr("Without a queue"),
        (Cell(str(queue.waiting_count), tone), wait, Cell(str(queue.talking_count))),
    )


def _level(level: WallLevel) -> WallRow:
    overdue = Cell(str(level.overdue_count), Tone.DANGER if level.overdue_count else Tone.NEUTRAL)
    return WallRow(label(level.level), (Cell(str(level.waiting_count)), overdue, Cell(str(level.claimed_count))))


def _team(team: WallTeam) -> WallRow:
    free, busy, paused = (
        sum(team.counts.get(state, 0) for state in states) for states in (_FREE, _BUSY, (AgentState.PAUSED,))
    )
    return WallRow(team.team or tr("Small teams together"), (Cell(str(free)), Cell(str(busy)), Cell(str(paused))))


def _nothing(name: str, count: int) -> WallRow:
    return WallRow(name, (Cell("–"),) * count)
