"""After any history each figure of the board is what the raw rows give, and the rows behind it add up to it.

The centre is one database for all examples: each adds to it, and the board that follows must keep up.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.db.engine import Database
from app.db.rows import AgentRow, CallRow, CaseRow, TimelineRow
from app.domain.board import Board
from app.domain.board_figures import Figure, Measure, behind, value
from app.domain.cases import CaseEvent, EscalationReason, Level, Priority
from app.domain.metrics.call_figures import QueueRules, abandonment_rate, service_level, tally
from app.domain.metrics.calls import CallFacts
from app.domain.metrics.figures import Share
from app.domain.metrics.periods import day_start
from app.domain.metrics.promises import Standing, standing
from app.domain.people import AgentState
from app.services.boards import Boards
from app.services.queue_rules import Queues
from tests.builders import Seeded
from tests.services.centre_history import DEEDS, QUEUES, History

BERLIN = ZoneInfo("Europe/Berlin")
SHOWN = tuple(
    chain(
        (Figure(measure=measure) for measure in Measure),
        (
            Figure(measure=measure, queue=queue)
            for queue in QUEUES
            for measure in (Measure.SERVICE_LEVEL, Measure.ABANDONMENT, Measure.CALLS_WAITING, Measure.CALLS_CONNECTED)
        ),
        (Figure(measure=Measure.AGENTS, state=state) for state in AgentState if state is not AgentState.SIGNED_OUT),
        (
            Figure(measure=measure, level=level, priority=priority)
            for measure in (Measure.CASES_WAITING, Measure.CASES_DUE_SOON, Measure.CASES_OVERDUE, Measure.CASES_CLAIMED)
            for level in (Level.SECOND, Level.THIRD)
            for priority in (None, *Priority)
        ),
        (Figure(measure=Measure.ESCALATED_DAY, reason=reason) for reason in EscalationReason),
    )
)


class Raw:
    """What the tables hold, counted one by one without any code of the board."""

    def __init__(self, database: Database, start: datetime, now: datetime) -> None:
        with database.read() as session:
            self.calls = session.scalars(select(CallRow)).all()
            self.cases = session.scalars(select(CaseRow)).all()
            self.lines = session.scalars(select(TimelineRow).where(TimelineRow.at >= start)).all()
            self.agents = session.scalars(select(AgentRow)).all()
        self.start, self.now = start, now
        self.rules = Queues(database).rules()

    def value(self, figure: Figure) -> object:
        match figure.measure:
            case Measure.SERVICE_LEVEL | Measure.ABANDONMENT:
                return self._share(figure)
            case Measure.CALLS_WAITING:
                return len(self._waiting(figure))
            case Measure.LONGEST_WAIT:
                return max((max(self.now - row.queued_at, timedelta(0)) for row in self._waiting(figure)), default=None)
            case Measure.CALLS_CONNECTED:
                states = ("connected", "held", "consulting")
                return sum(row.state in states and figure.queue in (None, row.queue) for row in self.calls)
            case Measure.AGENTS:
                at_work = [row.state for row in self.agents if row.state != "signed_out"]
                are_told_apart = not at_work or len(at_work) >= 5  # the works-council mode is on
                of_state = at_work.count(figure.state) if are_told_apart and figure.state else None
                return of_state if figure.state else len(at_work)
            case Measure.ESCALATED_HOUR | Measure.ESCALATED_DAY | Measure.SOLVED_DAY:
                return self._lines(figure)
            case Measure.CALL_BACKS_DUE | Measure.ANSWERS | Measure.GAPS:
                return 0 if figure.measure is not Measure.CALL_BACKS_DUE else None
        return sum(self._counts(row, figure) for row in self.cases)

    def _waiting(self, figure: Figure) -> list[CallRow]:
        states = ("queued", "offered")
        return [row for row in self.calls if row.state in states and figure.queue in (None, row.queue)]

    def _share(self, figure: Figure) -> Share:
        total = Share(0, 0)
        for queue in QUEUES if figure.queue is None else (figure.queue,):
            rules = self.rules.get(queue, QueueRules())
            of_day = (row for row in self.calls if row.queue == queue and row.queued_at >= self.start)
            counted = tally(map(_facts, of_day), rules)
            if figure.measure is Measure.SERVICE_LEVEL:
                total += service_level(counted, rules.service_level)
            else:
                total += abandonment_rate(counted, rules.abandonment)
        return total

    def _lines(self, figure: Figure) -> int:
        event = CaseEvent.SOLVED if figure.measure is Measure.SOLVED_DAY else CaseEvent.ESCALATED
        since = self.now - timedelta(hours=1) if figure.measure is Measure.ESCALATED_HOUR else self.start
        lines = [line for line in self.lines if line.event == event and line.at >= since]
        return sum(figure.reason is None or (line.hand_over or {})["reason"] == figure.reason for line in lines)

    def _counts(self, row: CaseRow, figure: Figure) -> bool:
        if figure.level not in (None, row.level) or figure.priority not in (None, row.priority):
            return False
        if figure.measure is Measure.CASES_CLAIMED:
            return row.state in ("claimed", "open")
        if row.state != "waiting" or figure.measure is Measure.CASES_WAITING:
            return row.state == "waiting"
        assert row.due_at
        stands = standing(self.now - row.level_since, row.due_at - row.level_since)
        return stands is (Standing.BROKEN if figure.measure is Measure.CASES_OVERDUE else Standing.WARNING)


def _facts(row: CallRow) -> CallFacts:
    is_answered = row.answered_at is not None
    is_given_up = not is_answered and row.end_reason in ("abandoned", "short_abandoned")
    return CallFacts(
        queued_at=row.queued_at,
        offered_at=row.offered_at,
        answered_at=row.answered_at,
        abandoned_at=row.ended_at if is_given_up else None,
        flowed_out_at=None if is_answered or is_given_up else row.ended_at,
        held=timedelta(milliseconds=row.held_ms) if is_answered else timedelta(0),
        ended_at=row.ended_at,
        wrapped_up_at=row.wrapped_up_at if is_answered else None,
        is_wrapping_up=row.state == "wrap_up",
    )


def _parts(board: Board) -> Iterator[object]:
    """All of a board but the time of its reading, and whose order is not said."""
    yield board.calls
    yield board.tallies
    yield board.rules
    yield board.agent_groups
    yield board.cases
    yield board.steps
    yield Counter(board.call_backs)
    yield board.answers, board.gaps


def test_after_any_history_each_figure_is_that_of_the_raw_rows(database: Database, centre: Seeded) -> None:
    """Three boards follow it, each with another day: through both nights in which the clocks change."""
    history = History(database, centre)
    starts = [day_start(datetime(2026, *day, 12, tzinfo=UTC), BERLIN) for day in ((3, 29), (10, 25), (10, 26))]
    following = {start: Boards(database) for start in starts}

    @settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(DEEDS, min_size=1, max_size=6))
    def check(deeds: list[tuple[object, ...]]) -> None:
        for deed in deeds:
            history.do(deed)
        for start, boards in following.items():
            board = boards.now(start)
            assert list(_parts(board)) == list(_parts(Boards(database).now(start)))
            for now in (board.read_at, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)):
                raw = Raw(database, start, now)
                for figure in SHOWN:
                    known = raw.value(figure)
                    shown = value(board, figure, now)
                    if known is not None or figure.measure in (Measure.LONGEST_WAIT, Measure.AGENTS):
                        assert shown == known, figure
                    _check_rows(board, figure, now, shown)

    check()
    assert history.told > 5


def _check_rows(board: Board, figure: Figure, now: datetime, shown: object) -> None:
    rows = behind(board, figure, now)
    assert rows.value == shown
    match shown:
        case Share():
            assert (rows.part, rows.whole) == (shown.part, shown.whole)
        case int():
            assert rows.part == shown
        case timedelta():
            assert shown in {max(now - row.record.queued_at, timedelta(0)) for row in rows.rows}  # type: ignore[union-attr]
        case None:
            assert rows.rows == ()
