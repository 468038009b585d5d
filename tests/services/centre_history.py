"""A centre in which anything may happen: deeds that hypothesis chooses, done in a database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from app.db.engine import Database
from app.db.rows import CaseRow
from app.domain.call_states import advance
from app.domain.calls import Call, CallEvent, CallState, EndReason, EventKind
from app.domain.cases import CaseState, Level
from app.domain.commands import ReturnCase, SetAgentState, SolveCase
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.metrics.call_figures import Abandonment, QueueRules, ServiceLevel
from app.domain.people import Agent, AgentState
from app.services.calls import Calls
from app.services.cases import Cases
from app.services.people import People
from app.services.queue_rules import Queues
from tests.builders import Seeded, call, case_draft, claim, escalation, record_call, solution
from tests.unit.metric_facts import INSTANTS

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
