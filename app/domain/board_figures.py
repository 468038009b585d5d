"""The board's figures, and the rows that each is counted from: both come from one board, so they agree to the unit."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from operator import add

from app.domain.board import (
    HELD,
    TALKING,
    WAITING,
    AgentNow,
    AnswerNow,
    Board,
    CallBackNow,
    CallNow,
    CaseNow,
    GapNow,
    StepNow,
    waits,
)
from app.domain.board_agents import AgentGroup
from app.domain.cases import CaseEvent, CaseState, EscalationReason, Level, Priority
from app.domain.metrics.call_figures import CallTally, QueueRules, abandonment_rate, service_level, tally_of
from app.domain.metrics.figures import Share
from app.domain.metrics.promises import Standing
from app.domain.people import AgentState

HOUR = timedelta(hours=1)


class Measure(StrEnum):
    CALLS_WAITING = "calls_waiting"
    LONGEST_WAIT = "longest_wait"
    CALLS_CONNECTED = "calls_connected"
    SERVICE_LEVEL = "service_level"
    ABANDONMENT = "abandonment"
    AGENTS = "agents"
    CASES_WAITING = "cases_waiting"
    CASES_DUE_SOON = "cases_due_soon"
    CASES_OVERDUE = "cases_overdue"
    CASES_CLAIMED = "cases_claimed"
    ESCALATED_HOUR = "escalated_hour"
    ESCALATED_DAY = "escalated_day"
    SOLVED_DAY = "solved_day"
    CALL_BACKS_DUE = "call_backs_due"
    ANSWERS = "answers"
    GAPS = "gaps"


SHARES = frozenset({Measure.SERVICE_LEVEL, Measure.ABANDONMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is counted, and of what; None: of all."""

    measure: Measure
    queue: str | None = None
    level: Level | None = None
    priority: Priority | None = None
    state: AgentState | None = None
    reason: EscalationReason | None = None


Record = CallNow | AgentNow | AgentGroup | CaseNow | StepNow | CallBackNow | AnswerNow | GapNow
Value = Share | int | timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A row behind a figure: how much of it is in the part, and how much in the whole."""

    record: Record
    part: int = 1
    whole: int = 1

    @property
    def id(self) -> object:
        """That of what it is about."""
        return self.record.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A figure, its value and all rows of it, as of `at`."""

    figure: Figure
    at: datetime
    value: Value
    rows: tuple[Counted, ...]

    @property
    def part(self) -> int:
        return sum(row.part for row in self.rows)

    @property
    def whole(self) -> int:
        return sum(row.whole for row in self.rows)


def value(board: Board, figure: Figure, now: datetime) -> Value:
    """What the tile shows; None for the longest wait where nobody waits, and for what is not told apart."""
    match figure.measure:
        case Measure.AGENTS if figure.state is not None and any(one.state is None for one in board.agent_groups):
            return None
        case Measure.SERVICE_LEVEL | Measure.ABANDONMENT:
            shares = (_share(figure, tally, board.rules_of(queue)) for queue, tally in _tallies(board, figure))
            return reduce(add, shares, Share(0, 0))
        case Measure.LONGEST_WAIT:
            return max((waits(call, now) for call in board.calls if _is_waiting(call, figure)), default=None)
    return sum(row.part for row in _ROWS[figure.measure](board, figure, now))


def behind(board: Board, figure: Figure, now: datetime) -> Behind:
    """The figure with the rows that it is counted from."""
    rows = tuple(_ROWS[figure.measure](board, figure, now))
    return Behind(figure=figure, at=now, value=value(board, figure, now), rows=rows)


def goal(board: Board, figure: Figure) -> Fraction | None:
    """The service level to reach; None where queues have different ones."""
    goals = {board.rules_of(queue).goal for queue, _ in _tallies(board, figure)} or {QueueRules().goal}
    return goals.pop() if len(goals) == 1 else None


def rules_behind(board: Board, figure: Figure) -> tuple[QueueRules, ...]:
    """By which the calls of the figure are measured, each once."""
    return tuple(dict.fromkeys(board.rules_of(queue) for queue, _ in _tallies(board, figure))) or (QueueRules(),)


def _tallies(board: Board, figure: Figure) -> Iterator[tuple[str, CallTally]]:
    for queue, one in sorted(board.tallies.items()):
        if figure.queue in (None, queue):
            yield queue, one


def _share(figure: Figure, tally: CallTally, rules: QueueRules) -> Share:
    if figure.measure is Measure.SERVICE_LEVEL:
        return service_level(tally, rules.service_level)
    return abandonment_rate(tally, rules.abandonment)


def _of_share(board: Board, figure: Figure, _: datetime) -> Iterator[Counted]:
    """The tally of one call holds 0 and 1: so the same formula says whether the call is in part and whole."""
    for call in board.calls:
        if call.facts is not None and board.is_of_day(call) and figure.queue in (None, call.queue):
            rules = board.rules_of(call.queue)
            share = _share(figure, tally_of(call.facts, rules), rules)
            if share.whole:
                yield Counted(record=call, part=share.part, whole=share.whole)


def _is_waiting(call: CallNow, figure: Figure) -> bool:
    return call.is_now and call.state in WAITING and figure.queue in (None, call.queue)


def _waiting(board: Board, figure: Figure, _: datetime) -> Iterator[Counted]:
    return (Counted(record=call) for call in board.calls if _is_waiting(call, figure))


def _connected(board: Board, figure: Figure, _: datetime) -> Iterator[Counted]:
    for call in board.calls:
        if call.is_now and call.state in TALKING and figure.queue in (None, call.queue):
            yield Counted(record=call)


def _agents(board: Board, figure: Figure, _: datetime) -> Iterator[Counted]:
    for agent in board.agents:
        if agent.state is figure.state or (figure.state is None and agent.state is not AgentState.SIGNED_OUT):
            yield Counted(record=agent)
    for group in board.agent_groups:
        if group.count and figure.state in (None, group.state):
            yield Counted(record=group, part=group.count, whole=group.count)


def _cases(board: Board, figure: Figure, now: datetime) -> Iterator[Counted]:
    for case in board.cases:
        is_here = figure.level in (None, case.level) and figure.priority in (None, case.priority)
        if is_here and _is_counted(case, figure.measure, now):
            yield Counted(record=case)


def _is_counted(case: CaseNow, measure: Measure, now: datetime) -> bool:
    match measure:
        case Measure.CASES_CLAIMED:
            return case.state in HELD
        case Measure.CASES_OVERDUE:
            return case.standing(now) is Standing.BROKEN
        case Measure.CASES_DUE_SOON:
            return case.standing(now) is Standing.WARNING
    return case.state is CaseState.WAITING


def _steps(board: Board, figure: Figure, now: datetime) -> Iterator[Counted]:
    event = CaseEvent.SOLVED if figure.measure is Measure.SOLVED_DAY else CaseEvent.ESCALATED
    since = now - HOUR if figure.measure is Measure.ESCALATED_HOUR else board.day_start
    for step in board.steps:
        is_wanted = figure.level in (None, step.to_level) and figure.reason in (None, step.reason)
        if step.event is event and step.at >= since and is_wanted:
            yield Counted(record=step)


def _call_backs(board: Board, _: Figure, now: datetime) -> Iterator[Counted]:
    return (Counted(record=one) for one in board.call_backs if one.due_at <= now)


def _answers(board: Board, _: Figure, __: datetime) -> Iterator[Counted]:
    for answer in board.answers:
        yield Counted(record=answer, part=answer.solved_count, whole=_uses(answer))


def _uses(answer: AnswerNow) -> int:
    return answer.solved_count + answer.escalated_count + answer.read_count


def _gaps(board: Board, _: Figure, __: datetime) -> Iterator[Counted]:
    return (Counted(record=gap, part=gap.count, whole=gap.count) for gap in board.gaps)


_ROWS: Mapping[Measure, Callable[[Board, Figure, datetime], Iterator[Counted]]] = {
    Measure.CALLS_WAITING: _waiting,
    Measure.LONGEST_WAIT: _waiting,
    Measure.CALLS_CONNECTED: _connected,
    Measure.SERVICE_LEVEL: _of_share,
    Measure.ABANDONMENT: _of_share,
    Measure.AGENTS: _agents,
    Measure.CASES_WAITING: _cases,
    Measure.CASES_DUE_SOON: _cases,
    Measure.CASES_OVERDUE: _cases,
    Measure.CASES_CLAIMED: _cases,
    Measure.ESCALATED_HOUR: _steps,
    Measure.ESCALATED_DAY: _steps,
    Measure.SOLVED_DAY: _steps,
    Measure.CALL_BACKS_DUE: _call_backs,
    Measure.ANSWERS: _answers,
    Measure.GAPS: _gaps,
}
