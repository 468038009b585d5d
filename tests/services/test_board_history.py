"""After any history each figure of the board is what the raw rows give, and the rows behind it add up to it.

The centre is one database for all examples: each adds to it, and the board that follows must keep up.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.db.engine import Database
from app.db.rows import AgentRow, CallRow, CaseRow, TimelineRow
from app.domain.board import Board
from app.domain.board_figures import Figure, Measure, behind, value
from app.domain.call_states import advance
from app.domain.calls import Call, CallEvent, CallState, EndReason, EventKind
from app.domain.cases import CaseEvent, CaseState, EscalationReason, Level, Priority
from app.domain.commands import ReturnCase, SetAgentState, SolveCase
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.metrics.call_figures import (
    Abandonment,
    QueueRules,
    ServiceLevel,
    abandonment_rate,
    service_level,
    tally,
)
from app.domain.metrics.calls import CallFacts
from app.domain.metrics.figures import Share
from app.domain.metrics.periods import day_start
from app.domain.metrics.promises import Standing, standing
from app.domain.people import Agent, AgentState
from app.services.boards import Boards
from app.services.calls import Calls
from app.services.cases import Cases
from app.services.people import People
from app.services.queue_rules import Queues
from tests.builders import Seeded, call, case_draft, claim, escalation, record_call, solution
from tests.unit.metric_facts import INSTANTS

BERLIN = ZoneInfo("Europe/Berlin")
QUEUES = ("Router", "Office")
RULES = st.builds(
    QueueRules,
    answer_within=st.sampled_from([timedelta(seconds=s) for s in (0, 10, 20)]),
    short_abandon=st.sampled_from([timedelta(0), timedelta(seconds=10)]),
    service_level=st.sampled_from(ServiceLevel),
    abandonment=st.sampled_from(Abandonment),
)
DEEDS = st.one_of(
    st.tuples(st.just("call"), INSTANTS, st.sampled_from(QUEUES), st.sampled_from(CallState)),
    st.tuples(st.just("give up"), INSTANTS, st.sampled_from(QUEUES), st.integers(0, 30)),
    st.tuples(st.just("go on"), st.integers(0, 3), st.sampled_from([EventKind.ENDED, EventKind.WRAPPED_UP])),
    st.tuples(st.just("escalate"), INSTANTS, st.sampled_from([Level.SECOND, Level.THIRD])),
    st.tuples(st.just("solve at first"), INSTANTS),
    st.tuples(st.just("claim"), INSTANTS),
    st.tuples(st.just("solve"), INSTANTS),
    st.tuples(st.just("return"), INSTANTS),
    st.tuples(st.just("be"), INSTANTS, st.sampled_from(AgentState)),
    st.tuples(st.just("rule"), st.sampled_from(QUEUES), RULES),
)
SHOWN = tuple(
    chain(
        (Figure(measure=measure) for measure in Measure),
        (
            Figure(measure=measure, queue=queue)
            for queue in QUEUES
            for measure in (Measure.SERVICE_LEVEL, Measure.ABANDONMENT, Measure.CALLS_WAITING, Measure.CALLS_CONNECTED)
        ),
        (Figure(measure=Measure.AGENTS, state=state) for state in AgentState),
        (
            Figure(measure=measure, level=level, priority=priority)
            for measure in (Measure.CASES_WAITING, Measure.CASES_DUE_SOON, Measure.CASES_OVERDUE, Measure.CASES_CLAIMED)
            for level in (Level.SECOND, Level.THIRD)
            for priority in (None, *Priority)
        ),
        (Figure(measure=Measure.ESCALATED_DAY, reason=reason) for reason in EscalationReason),
    )
)


class History:
    """Does deeds in a database; what the rules of cases refuse does not happen."""

    def __init__(self, database: Database, centre: Seeded) -> None:
        self.database, self.centre = database, centre
        self.calls: list[Call] = []
        self.told = 0
        self._deeds: dict[str, Callable[..., None]] = {
            "call": self._call,
            "give up": self._give_up,
            "go on": self._go_on,
            "escalate": self._escalate,
            "solve at first": lambda at: self._cases(solution(centre.agent, told_at=at)),
            "claim": lambda at: self._cases(claim(centre.expert, told_at=at)),
            "solve": lambda at: self._of_owned(lambda id_: SolveCase(**self._command(at), case_id=id_, solution="x")),
            "return": lambda at: self._of_owned(lambda id_: ReturnCase(**self._command(at), case_id=id_, reason="x")),
            "be": self._be,
            "rule": lambda queue, rules: Queues(database).set_rules(queue, rules),
        }

    def do(self, deed: tuple[object, ...]) -> None:
        name, *values = deed
        self._deeds[str(name)](*values)

    def _call(self, at: datetime, queue: str, state: CallState) -> None:
        self._tell(replace(call(state, queued_at=at), queue=queue))

    def _give_up(self, at: datetime, queue: str, after_s: int) -> None:
        waiting = replace(call(CallState.QUEUED, queued_at=at), queue=queue)
        reason = EndReason.ABANDONED if after_s > 5 else EndReason.SHORT_ABANDONED
        ended_at = at + timedelta(seconds=after_s)
        event = CallEvent(call_id=waiting.id, kind=EventKind.ENDED, at=ended_at, end_reason=reason)
        self._tell(advance(waiting, event))

    def _go_on(self, place: int, kind: EventKind) -> None:
        if place < len(self.calls):
            known = self.calls[-1 - place]
            after = timedelta(seconds=90 if kind is EventKind.ENDED else 120)
            self._tell(advance(known, CallEvent(call_id=known.id, kind=kind, at=known.queued_at + after)))

    def _tell(self, told: Call) -> None:
        self.told += 1
        self.calls = [known for known in self.calls if known.id != told.id] + [told]
        at = told.queued_at + timedelta(milliseconds=self.told)
        Calls(self.database).record(record_call(told, self.centre.agent, told_at=at))

    def _escalate(self, at: datetime, level: Level) -> None:
        draft = replace(case_draft(), opened_at=at)
        self._cases(escalation(self.centre.agent, case=draft, told_at=at, to_level=level))

    def _be(self, at: datetime, state: AgentState) -> None:
        agent = Agent(person_id=self.centre.agent.id, state=state, since=at)
        command = SetAgentState(id=new_id(), by=agent.person_id, at=datetime.now(UTC), agent=agent)
        People(self.database).set_state(command)

    def _of_owned(self, made: Callable[..., object]) -> None:
        with self.database.read() as session:
            case_id = session.scalar(select(CaseRow.id).where(CaseRow.state == CaseState.CLAIMED))
        if case_id:
            self._cases(made(case_id))

    def _cases(self, command: object) -> None:
        service = Cases(self.database)
        deeds = {
            "EscalateCase": service.escalate,
            "ClaimNext": service.claim_next,
            "SolveCase": service.solve,
            "ReturnCase": service.give_back,
            "SolveWithAnswer": service.solve_with_answer,
        }
        try:
            deeds[type(command).__name__](command)  # type: ignore[operator]
        except FirstlineError:
            return

    def _command(self, at: datetime) -> dict[str, Any]:
        return {"id": new_id(), "by": self.centre.expert.id, "at": at}


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
                return sum(row.state == (figure.state or row.state) for row in self.agents) - self._signed_out(figure)
            case Measure.ESCALATED_HOUR | Measure.ESCALATED_DAY | Measure.SOLVED_DAY:
                return self._lines(figure)
            case Measure.CALL_BACKS_DUE | Measure.ANSWERS | Measure.GAPS:
                return 0 if figure.measure is not Measure.CALL_BACKS_DUE else None
        return sum(self._counts(row, figure) for row in self.cases)

    def _signed_out(self, figure: Figure) -> int:
        return sum(row.state == "signed_out" for row in self.agents) if figure.state is None else 0

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
            return row.state == "claimed"
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
    yield board.agents
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
                    if known is not None or figure.measure is Measure.LONGEST_WAIT:
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
