"""The weeks before in the demo centre: enough calls, cases and shifts for figures of the past; nobody's customer."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from uuid import UUID

from app.domain.answers import Answer
from app.domain.calls import CallState, Disposition, EndedBy, EndReason, NumberKind
from app.domain.cases import CaseEvent, CaseState, EscalationReason, HandOver, Impact, Level, Priority, Urgency
from app.domain.ids import case_number
from app.domain.knowledge import AnswerState
from app.domain.people import AgentState, Role
from app.services.answer_documents import to_document
from app.services.demo_customers import Rows
from app.services.demo_data import Centre, Dice, Values
from app.services.hand_overs import to_columns

WEEKS = 8  # four, and four to compare them with
CALLS_A_DAY = 32
_CALLS_BEFORE = 26  # a day, in the weeks that are only compared with
_OPENS, _CLOSES = 8, 18  # UTC, so it is the same wherever the demo is opened
_HARD = 6  # each sixth call is escalated, by turns to all experts: five of them a day, so that it may be told of them
_LOST, _SLOW, _LINKED = 0.07, 0.18, 0.72
_WRITTEN, _COULD = 0.2, 0.15  # of what experts solved: an answer was written from it, or was there


@dataclass(slots=True)
class Past:
    """Columns for bulk inserts, one list a table."""

    calls: list[Values] = field(default_factory=list)
    cases: list[Values] = field(default_factory=list)
    timeline: list[Values] = field(default_factory=list)
    changes: list[Values] = field(default_factory=list)
    drafts: list[Values] = field(default_factory=list)
    could: list[Values] = field(default_factory=list)


def past_of(centre: Centre, dice: Dice, rows: Rows, answers: Sequence[Answer]) -> Past:
    """From dice of its own, so that the rest of the centre is as it is without."""
    own = Dice(seed=dice.seed, now=dice.now, random=random.Random(dice.seed + 1))
    return _Weeks(centre, own, rows, answers).past


class _Weeks:
    def __init__(self, centre: Centre, dice: Dice, rows: Rows, answers: Sequence[Answer]) -> None:
        self._centre, self._dice, self._random = centre, dice, dice.random
        self._answer_ids = [answer.id for answer in answers]
        self._written = iter(answers)  # each was written from one case at most
        self._contracts = rows.contracts
        self._agents = [dice.id(f"person/{p.login}") for p in centre.people if Role.FIRST_LEVEL in p.roles]
        self._experts = cycle([dice.id(f"person/{p.login}") for p in centre.people if Role.SECOND_LEVEL in p.roles])
        self._products = {dice.id(f"product/{product.code}"): product for product in centre.products}
        self.past = Past()
        self._midnight = dice.now.replace(hour=0, minute=0, second=0, microsecond=0)  # today has a story of its own
        for days_ago in range(1, 7 * WEEKS + 1):
            day = self._midnight - timedelta(days=days_ago)
            is_before = days_ago > 7 * WEEKS // 2
            count = _CALLS_BEFORE if is_before else CALLS_A_DAY
            if day.weekday() < 6:
                self._day(day, count if day.weekday() < 5 else count // 3, stretch=3 if is_before else 1)

    def _day(self, day: datetime, call_count: int, *, stretch: int) -> None:
        agents = self._agents if day.weekday() < 5 else self._random.sample(self._agents, 5)
        for agent in agents:
            self._shift(agent, day, stretch)
        for number in range(call_count):
            hour = self._random.triangular(_OPENS, _CLOSES - 1, 10.5)
            self._call(day + timedelta(hours=hour), self._random.choice(agents), is_hard=number % _HARD == 0)

    def _shift(self, agent: UUID, day: datetime, stretch: int) -> None:
        """Busy for some two thirds of it, in so much longer stretches: fewer rows for what is only compared with."""
        at = day + timedelta(hours=_OPENS)
        end = day + timedelta(hours=_CLOSES)
        while at < end:
            self._change(agent, at, AgentState.AVAILABLE)
            busy_at = at + stretch * timedelta(minutes=self._random.uniform(10, 45))
            self._change(agent, busy_at, AgentState.ON_CALL)
            at = busy_at + stretch * timedelta(minutes=self._random.uniform(25, 90))
        self._change(agent, max(at, end), AgentState.SIGNED_OUT)

    def _change(self, agent: UUID, at: datetime, state: AgentState) -> None:
        self.past.changes.append({"person_id": agent, "at": at, "state": state})

    def _call(self, at: datetime, agent: UUID, *, is_hard: bool) -> None:
        contract = self._random.choice(self._contracts)
        product = self._products[contract["product_id"]]
        wait = timedelta(
            seconds=self._random.uniform(21, 80) if self._random.random() < _SLOW else self._random.uniform(3, 19)
        )
        is_lost = not is_hard and self._random.random() < _LOST
        answered_at = at + wait
        ended_at = answered_at + timedelta(seconds=self._random.lognormvariate(5.2, 0.6))
        done_at = ended_at + timedelta(seconds=self._random.uniform(5, 70))
        easy = self._random.choices((Disposition.SOLVED, Disposition.INFORMATION), (0.79, 0.21))[0]
        result = Disposition.ESCALATED if is_hard else easy
        call_id = self._dice.id(f"past call/{len(self.past.calls)}")
        case_id = None
        if not is_lost and result is not Disposition.INFORMATION:
            case_id = self._case(answered_at, agent, contract, call_id, is_escalated=result is Disposition.ESCALATED)
        self.past.calls.append(
            {
                "id": call_id, "source": "demo", "number_raw": "", "number_kind": NumberKind.WITHHELD,
                "number_normal": None, "display_name": "", "customer_id": None, "case_id": case_id,
                "queue": self._centre.team(product.team).queue, "state": CallState.CLOSED,
                "agent_id": None if is_lost else agent, "queued_at": at, "offered_at": at, "held_ms": 0, "note": "",
                "answered_at": None if is_lost else answered_at, "ended_at": answered_at if is_lost else ended_at,
                "wrapped_up_at": None if is_lost else done_at, "told_at": done_at,
                "end_reason": EndReason.ABANDONED if is_lost else EndReason.ANSWERED,
                "ended_by": None if is_lost else EndedBy.CALLER, "disposition": None if is_lost else result,
            }
        )  # fmt: skip

    def _case(self, at: datetime, agent: UUID, contract: Values, call_id: UUID, *, is_escalated: bool) -> UUID:
        case_id = self._dice.id(f"past case/{len(self.past.cases)}")
        product = self._products[contract["product_id"]]
        expert, level = (next(self._experts), Level.SECOND) if is_escalated else (agent, Level.FIRST)
        took = timedelta(hours=self._random.uniform(1, 20) if is_escalated else 0.1)
        solved_at = min(at + took, self._midnight)
        is_linked = not is_escalated and self._random.random() < _LINKED
        self.past.cases.append(
            {
                "id": case_id, "number": case_number(case_id), "title": product.name, "state": CaseState.SOLVED,
                "level": level, "priority": Priority.P4, "due_at": None, "opened_at": at, "level_since": at,
                "solved_at": solved_at, "opened_by": agent, "owner_id": expert,
                "team_id": self._dice.id(f"team/{product.team}"), "call_id": call_id, "customer_id": None,
                "contract_id": None, "product_id": contract["product_id"],
                "answer_id": self._random.choice(self._answer_ids) if is_linked else None,
            }
        )  # fmt: skip
        self._line(case_id, at, agent, CaseEvent.OPENED, Level.FIRST, Level.FIRST)
        if is_escalated:
            self._line(case_id, at, agent, CaseEvent.ESCALATED, Level.FIRST, level)
            self._line(case_id, at + (solved_at - at) / 2, expert, CaseEvent.CLAIMED, level, level)
            self._learn(case_id, expert, solved_at)
        self._line(case_id, solved_at, expert, CaseEvent.SOLVED, level, level)
        return case_id

    def _learn(self, case_id: UUID, expert: UUID, at: datetime) -> None:
        """Of some cases an answer is written; of some others the expert says that there was one."""
        luck = self._random.random()
        if luck < _WRITTEN and (answer := next(self._written, None)):
            self.past.drafts.append(
                {
                    "id": self._dice.id(f"past draft/{answer.id}"), "key": answer.key, "language": answer.language,
                    "state": AnswerState.PUBLISHED, "revision": 2, "base_version": 0, "document": to_document(answer),
                    "case_id": case_id, "made_by": expert, "written_by": expert, "written_at": at,
                }
            )  # fmt: skip
        elif luck < _WRITTEN + _COULD:
            answer_id = self._random.choice(self._answer_ids)
            self.past.could.append({"case_id": case_id, "answer_id": answer_id, "by": expert, "at": at})

    def _line(
        self, case_id: UUID, at: datetime, by: UUID, event: CaseEvent, from_level: Level, to_level: Level
    ) -> None:
        reason = self._random.choice(tuple(EscalationReason))
        self.past.timeline.append(
            {
                "id": self._dice.id(f"past line/{len(self.past.timeline)}"), "case_id": case_id, "at": at, "by": by,
                "event": event, "from_level": from_level, "to_level": to_level, "text": "",
                **(_handed_over(reason) if event is CaseEvent.ESCALATED else _NOTHING),
            }
        )  # fmt: skip


_NOTHING: Values = {"hand_over": None, "caller_number": None}  # was handed over


def _handed_over(reason: EscalationReason) -> Values:
    return to_columns(
        HandOver(
            caller_name="", caller_number="", customer_number="", product="", serial="", entitlement="", note="",
            searches=(), answers=(), reason=reason, impact=Impact.PERSON, urgency=Urgency.NORMAL,
        )
    )  # fmt: skip
