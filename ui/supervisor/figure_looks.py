"""Tone and icon of each figure: calm where all is well, with a sign that needs no colour where it is not."""

from collections.abc import Mapping
from datetime import timedelta

from app.domain.board import Board
from app.domain.board_figures import Figure, Measure, Value, goal
from app.domain.metrics.figures import Share
from app.domain.people import AgentState
from ui.theme import Tone

_Look = tuple[Tone, str]

_CALM: Mapping[Measure, str] = {
    Measure.CALLS_WAITING: "phone-incoming",
    Measure.LONGEST_WAIT: "clock",
    Measure.CALLS_CONNECTED: "phone",
    Measure.SERVICE_LEVEL: "check",
    Measure.ABANDONMENT: "phone-off",
    Measure.CASES_WAITING: "queue",
    Measure.CASES_DUE_SOON: "clock",
    Measure.CASES_OVERDUE: "clock",
    Measure.CASES_CLAIMED: "user",
    Measure.ESCALATED_HOUR: "escalate",
    Measure.ESCALATED_DAY: "escalate",
    Measure.SOLVED_DAY: "check",
    Measure.CALL_BACKS_DUE: "clock",
    Measure.ANSWERS: "note",
    Measure.GAPS: "search",
}
_AGENTS = {AgentState.ON_CALL: "headset", AgentState.WRAP_UP: "note", AgentState.PAUSED: "pause"}


def look(board: Board, figure: Figure, value: Value) -> _Look:
    """How a value is to be seen."""
    match figure.measure:
        case Measure.AGENTS:
            return _agents(figure, value)
        case Measure.SERVICE_LEVEL:
            return _service_level(board, figure, value)
        case Measure.LONGEST_WAIT:
            return _longest_wait(board, value)
        case Measure.CASES_OVERDUE if value:
            return Tone.DANGER, "warning"
        case Measure.CASES_DUE_SOON | Measure.CALL_BACKS_DUE | Measure.CALLS_WAITING if value:
            return Tone.WARNING, _CALM[figure.measure]
        case Measure.CALLS_CONNECTED if value:
            return Tone.ACCENT, "phone"
    return Tone.NEUTRAL, _CALM[figure.measure]


def _agents(figure: Figure, value: Value) -> _Look:
    if figure.state is AgentState.AVAILABLE and value is not None:
        return (Tone.GOOD, "check") if value else (Tone.DANGER, "warning")
    tone = Tone.ACCENT if figure.state is AgentState.ON_CALL and value else Tone.NEUTRAL
    return tone, _AGENTS.get(figure.state, "user") if figure.state else "users"


def _service_level(board: Board, figure: Figure, value: Value) -> _Look:
    wanted = goal(board, figure)
    reached = value.value if isinstance(value, Share) else None
    if wanted is None or reached is None:
        return Tone.NEUTRAL, "check"
    return (Tone.GOOD, "check") if reached >= wanted else (Tone.WARNING, "warning")


def _longest_wait(board: Board, value: Value) -> _Look:
    """Beyond the time within which calls are to be answered it is late for this caller, whatever comes."""
    limits = [board.rules_of(call.queue).answer_within for call in board.calls_now] or [timedelta(0)]
    if isinstance(value, timedelta) and value > max(limits):
        return Tone.WARNING, "warning"
    return Tone.NEUTRAL, "clock"
