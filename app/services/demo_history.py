"""What happened in the demo centre before the person looks: open and solved cases, and the calls of two weeks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.answers import Answer, answer_id
from app.domain.calls import CallState, Disposition, EndReason, NumberKind
from app.domain.cases import AnswerRead, CaseEvent, CaseState, HandOver, Level, Priority, WaitReason, priority
from app.domain.clocks import Event, Reckoned
from app.domain.ids import case_number
from app.domain.people import AgentState, Role
from app.services.demo_clocks import clock_columns
from app.services.demo_customers import Rows, in_words, shown
from app.services.demo_data import Centre, DemoCase, Dice, Values
from app.services.hand_overs import to_columns

CALL_COUNT = 44  # besides those of the cases and of the customers who call again and again
SOLVED_COUNT = 9
_DAYS = 14
_STEPS_TRIED = 3
_NOTHING: Values = {"hand_over": None, "caller_number": None}  # was handed over
NO_CLOCKS = {**Reckoned().by_name(), "waits_for": None}


@dataclass(slots=True)
class History:
    """Columns for bulk inserts, one list a table."""

    cases: list[Values] = field(default_factory=list)
    timeline: list[Values] = field(default_factory=list)
    watchers: list[Values] = field(default_factory=list)
    calls: list[Values] = field(default_factory=list)


class Historian:
    """Writes the history down, from the customers that are there and the answers that were published."""

    def __init__(self, centre: Centre, dice: Dice, rows: Rows, answers: tuple[Answer, ...]) -> None:
        self._centre = centre
        self._dice = dice
        self._rows = rows
        self._answers: Mapping[UUID, Answer] = {answer.id: answer for answer in answers}
        self._products = {dice.id(f"product/{product.code}"): product for product in centre.products}
        self._customers = {row["id"]: row for row in rows.customers}
        self._first_phones = {row["customer_id"]: row for row in reversed(rows.phones)}
        self._agents = [p.login for p in centre.people if Role.FIRST_LEVEL in p.roles and p.state != AgentState.PAUSED]
        self.history = History()

    def write(self) -> History:
        for case in self._centre.cases:
            self._open_case(case)
        for i in range(SOLVED_COUNT):
            self._solved_case(i)
        for customer in self._centre.customers:
            for days in customer.called_days_ago:
                contract = self._contract(self._dice.id(f"customer/{customer.ref}"), customer.contracts[0].product)
                self._call(contract, self._ago(hours=24 * days), self._anybody())
        for _ in range(CALL_COUNT):
            at = self._ago(hours=self._dice.random.uniform(1.5, 24 * _DAYS))
            self._call(self._dice.random.choice(self._rows.contracts), at, self._anybody())
        for person in self._centre.people:
            if person.state is AgentState.ON_CALL:
                contract = self._contract_of_team(person.team)
                self._call(contract, self._ago(hours=person.minutes / 60), person.login, is_live=True)
        return self.history

    def _open_case(self, case: DemoCase) -> None:
        case_id = self._dice.id(f"case/{case.title}")
        customer_id = self._dice.id(f"customer/{case.customer}")
        contract = self._contract(customer_id, case.product)
        call_id = self._call(contract, self._ago(hours=case.hours + 0.1), case.by, case_id=case_id)
        steps = _steps(case)
        urgency = priority(case.impact, case.urgency) if case.up is not None else Priority.P4
        level, since = steps[-1].to_level, next(s.hours for s in steps if s.to_level == steps[-1].to_level)
        if case.state is CaseState.OPEN:
            since = steps[-1].hours
        columns = {
            **self._case_columns(case_id, contract, case.title, case.by, self._ago(case.hours)),
            "state": case.state,
            "level": level,
            "priority": urgency,
            "level_since": self._ago(since),
            "solved_at": None,
            "owner_id": self._owner_id(case),
            "call_id": call_id,
            "answer_id": None,
            "waits_for": case.waits_for,
        }
        team = self._products[contract["product_id"]].team
        events = [Event(event=step.event, at=self._ago(step.hours)) for step in steps]
        self.history.cases.append(columns | clock_columns(columns, team, events, self._dice.now))
        handed_over = to_columns(self._hand_over(case, contract))
        for step in steps:
            is_handed_over = step.event is CaseEvent.ESCALATED
            self._note(case_id, step, self._ago(step.hours), handed_over if is_handed_over else _NOTHING)
        givers = {step.by for step in steps if step.event is CaseEvent.ESCALATED}
        self.history.watchers += [{"case_id": case_id, "person_id": self._person_id(by)} for by in sorted(givers)]

    def _owner_id(self, case: DemoCase) -> UUID | None:
        if case.state is CaseState.OPEN:
            return self._person_id(case.by)
        return self._person_id(case.owner) if case.state is CaseState.CLAIMED else None

    def _hand_over(self, case: DemoCase, contract: Values) -> HandOver:
        customer = self._customers[contract["customer_id"]]
        phone = self._first_phones[contract["customer_id"]]
        ids = [answer_id(key, customer["language"]) for key in case.answers]
        read = [self._answers[i] for i in ids if i in self._answers]
        return HandOver(
            caller_name=customer["name"],
            caller_number=shown(phone["normal"]),
            customer_number=customer["number"],
            product=self._products[contract["product_id"]].name,
            serial=contract["serial"],
            entitlement=in_words(contract, customer["language"], self._dice.now.date()),
            searches=case.searches,
            answers=tuple(
                AnswerRead(answer_id=answer.id, title=answer.title, steps_tried=answer.steps[:_STEPS_TRIED])
                for answer in read
            ),
            note=case.note,
            reason=case.reason,
            impact=case.impact,
            urgency=case.urgency,
            version=case.version,
            promised=case.promised,
        )

    def _solved_case(self, place: int) -> None:
        """A case of the last two hours that a scripted answer solved, told as `Cases.solve_with_answer` tells it."""
        contract = self._dice.random.choice(self._rows.contracts)
        customer = self._customers[contract["customer_id"]]
        product = self._products[contract["product_id"]]
        fitting = [
            a for a in self._answers.values() if product.code in a.products and a.language == customer["language"]
        ]
        answer = self._dice.random.choice(fitting) if fitting else None
        title = answer.title if answer else product.name
        at = self._ago(hours=0.1 + 0.2 * place)
        by = self._anybody()
        case_id = self._dice.id(f"solved/{place}")
        call_id = self._call(contract, at - timedelta(minutes=6), by, case_id=case_id, is_solved=True)
        self.history.cases.append(
            {
                **self._case_columns(case_id, contract, title, by, at - timedelta(minutes=5)),
                "state": CaseState.SOLVED,
                "level": Level.FIRST,
                "priority": Priority.P4,
                **NO_CLOCKS,
                "level_since": at - timedelta(minutes=5),
                "solved_at": at,
                "owner_id": self._person_id(by),
                "call_id": call_id,
                "answer_id": answer.id if answer else None,
            }
        )
        opened = _Step(CaseEvent.OPENED, by, 0.0, Level.FIRST, Level.FIRST, title)
        solved = _Step(CaseEvent.SOLVED, by, 0.0, Level.FIRST, Level.FIRST, title)
        self._note(case_id, opened, at - timedelta(minutes=5), _NOTHING)
        self._note(case_id, solved, at, _NOTHING)

    def _case_columns(self, case_id: UUID, contract: Values, title: str, by: str, opened_at: datetime) -> Values:
        product = self._products[contract["product_id"]]
        return {
            "id": case_id,
            "number": case_number(case_id),
            "title": title,
            "opened_at": opened_at,
            "opened_by": self._person_id(by),
            "team_id": self._dice.id(f"team/{product.team}"),
            "customer_id": contract["customer_id"],
            "contract_id": contract["id"],
            "product_id": contract["product_id"],
            "plan": contract["kind"],
        }

    def _note(self, case_id: UUID, step: "_Step", at: datetime, handed_over: Values) -> None:
        self.history.timeline.append(
            {
                "id": self._dice.id(f"timeline/{len(self.history.timeline)}"),
                "case_id": case_id,
                "at": at,
                "by": self._person_id(step.by),
                "event": step.event,
                "from_level": step.from_level,
                "to_level": step.to_level,
                "text": step.text,
                **handed_over,
                "waits_for": step.waits_for,
            }
        )

    def _call(
        self,
        contract: Values,
        at: datetime,
        by: str,
        *,
        case_id: UUID | None = None,
        is_solved: bool = False,
        is_live: bool = False,
    ) -> UUID:
        call_id = self._dice.id(f"call/{len(self.history.calls)}")
        answered_at = at + timedelta(seconds=self._dice.random.randint(4, 24))
        ended_at = answered_at + timedelta(seconds=self._dice.random.randint(95, 290))
        wrapped_up_at = ended_at + timedelta(seconds=self._dice.random.randint(8, 60))
        # Nobody took one call in ten; a case and a conversation that goes on were taken by somebody.
        is_lost = case_id is None and not is_live and self._dice.random.random() < 0.1
        disposition = Disposition.SOLVED if is_solved else Disposition.ESCALATED if case_id else Disposition.INFORMATION
        self.history.calls.append(
            {
                **self._caller_columns(contract),
                "id": call_id,
                "source": "demo",
                "state": CallState.CONNECTED if is_live else CallState.CLOSED,
                "agent_id": self._person_id(by),
                "case_id": case_id,
                "queued_at": at,
                "offered_at": at,
                "answered_at": None if is_lost else answered_at,
                "held_ms": 0,
                "ended_at": None if is_live else answered_at if is_lost else ended_at,
                "wrapped_up_at": None if is_live or is_lost else wrapped_up_at,
                "end_reason": None if is_live else EndReason.ABANDONED if is_lost else EndReason.ANSWERED,
                "disposition": None if is_live or is_lost else disposition,
                "note": "",
                "told_at": answered_at if is_live else wrapped_up_at,
            }
        )
        return call_id

    def _caller_columns(self, contract: Values) -> Values:
        customer_id = contract["customer_id"]
        number = self._first_phones[customer_id]["normal"]
        return {
            "customer_id": customer_id,
            "number_raw": number,
            "number_kind": NumberKind.PUBLIC,
            "number_normal": number,
            "display_name": self._customers[customer_id]["company"],
            "queue": self._centre.team(self._products[contract["product_id"]].team).queue,
        }

    def _contract(self, customer_id: UUID, code: str) -> Values:
        wanted = customer_id, self._dice.id(f"product/{code}")
        return next(row for row in self._rows.contracts if (row["customer_id"], row["product_id"]) == wanted)

    def _contract_of_team(self, team: str) -> Values:
        fitting = [row for row in self._rows.contracts if self._products[row["product_id"]].team == team]
        return self._dice.random.choice(fitting)

    def _person_id(self, login: str) -> UUID:
        return self._dice.id(f"person/{login}")

    def _anybody(self) -> str:
        return self._dice.random.choice(self._agents)

    def _ago(self, hours: float) -> datetime:
        return self._dice.now - timedelta(hours=hours)


@dataclass(frozen=True, slots=True)
class _Step:
    """One line of a case's timeline, `hours` ago."""

    event: CaseEvent
    by: str
    hours: float
    from_level: Level
    to_level: Level
    text: str
    waits_for: WaitReason | None = None


def _steps(case: DemoCase) -> list[_Step]:
    """What happened to an open case, oldest first."""
    first, second, third = Level.FIRST, Level.SECOND, Level.THIRD
    steps = [_Step(CaseEvent.OPENED, case.by, case.hours, first, first, case.title)]
    if case.up is not None:
        steps.append(_Step(CaseEvent.ESCALATED, case.by, case.up, first, second, case.note))
    if case.claimed is not None:
        steps.append(_Step(CaseEvent.CLAIMED, case.owner, case.claimed, second, second, ""))
    if case.waits_since is not None:
        steps.append(
            _Step(CaseEvent.SUSPENDED, case.owner, case.waits_since, second, second, case.waits_note, case.waits_for)
        )
    steps += [_Step(said.event, said.by, said.hours, second, second, said.text) for said in case.talk]
    if case.third is not None:
        steps.append(_Step(CaseEvent.ESCALATED, case.owner, case.third, second, third, case.third_note))
    if case.returned is not None:
        steps.append(_Step(CaseEvent.RETURNED, case.owner, case.returned, second, first, case.return_note))
    return sorted(steps, key=lambda step: -step.hours)
