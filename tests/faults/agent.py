"""A first-level agent: takes calls, types notes, escalates or solves, takes returned cases up again."""

import time
from dataclasses import replace
from functools import partial
from uuid import UUID

from app.domain.call_states import advance, begin
from app.domain.calls import Call, CallerNumber, CallEvent, CallState, EventKind, NumberKind
from app.domain.cases import AnswerRead, CaseState, EscalationReason, Impact, Urgency
from app.domain.commands import EscalateCase, RecordCall, SolveWithAnswer
from app.domain.ids import new_id
from app.domain.work import CallWork, Outcome, begin_work, case_draft, hand_over
from tests.faults.person import MOST_WAITING, Person, now
from tests.faults.truth import Deed

SHARE_SOLVED = 0.04
SHARE_TAKEN_BACK = 0.04
SHARE_RECORDED = 0.1
SHARE_LOOKED_UP = 0.15  # how often the agent looks for cases that came back
HOLD_S = 0.4


class Agent(Person):
    def run(self) -> None:
        for work in self.desk.journal.kept_work():
            self.pen.write(Deed.FOUND, work.call.id, text=work.note)
            self._take_up(work)
        while self.leaving.takes_more:
            self.wait_for_delivery(MOST_WAITING)
            for case_id in self._returned() if self.random.random() < SHARE_LOOKED_UP else ():
                self._talk(replace(begin_work(self._call()), case_id=case_id))
            self._talk(begin_work(self._call()))
        self.wait_for_delivery()

    def _take_up(self, work: CallWork) -> None:
        """What a crash left in the journal."""
        if work.outcome:
            self.pen.write(Deed.SENT, work.call.id)
            self.desk.forget(work.call.id)
        else:
            self._talk(work)

    def _returned(self) -> tuple[UUID, ...]:
        """My open cases; not while a command is under way that may be about one of them."""
        if self.waiting_count():
            return ()
        mine = self.patiently(lambda: self.desk.cases.owned_by(self.me)) or ()
        return tuple(case.id for case in mine if case.state is CaseState.OPEN)

    def _talk(self, work: CallWork) -> None:
        """Type, then decide what becomes of the case; what is confirmed is in the journal before the call is over."""
        for note in self.typed(work.note):
            work = replace(work, note=note)
            self.types(work.call.id, note, partial(self.desk.keep, work))
        while not self.leaving.window_closes.is_set() and not self._decide(work):
            continue

    def _decide(self, work: CallWork) -> bool:
        if self.random.random() < SHARE_SOLVED:
            return self._solve(work)
        is_held = self.random.random() < SHARE_TAKEN_BACK
        command = self._escalation(work)
        done = replace(work, outcome=Outcome.ESCALATED, command_id=command.id)
        if not self.ask(command, work.case_id, work.note, hold_s=HOLD_S if is_held else 0.0, work=done):
            return False
        if is_held and self._takes_back(command, work):
            return False
        self._end(done)
        return True

    def _takes_back(self, command: EscalateCase, work: CallWork) -> bool:
        time.sleep(HOLD_S * self.random.uniform(0, 1.2))
        self.pen.write(Deed.TAKES_BACK, command.id)
        is_back = self.desk.lanes.journal.submit(self.desk.withdraw, command.id, work).result()
        self.pen.write(Deed.WITHDRAWN if is_back else Deed.TOO_LATE, command.id)
        return is_back

    def _escalation(self, work: CallWork) -> EscalateCase:
        document = hand_over(
            work,
            "",
            EscalationReason.NEEDS_SPECIALIST,
            self.random.choice(tuple(Impact)),
            self.random.choice(tuple(Urgency)),
        )
        return EscalateCase(id=new_id(), by=self.me, at=now(), case=case_draft(work), hand_over=document)

    def _solve(self, work: CallWork) -> bool:
        read = AnswerRead(answer_id=new_id(), title="Restart")
        command = SolveWithAnswer(id=new_id(), by=self.me, at=now(), case=case_draft(work), answer=read, note=work.note)
        done = replace(work, outcome=Outcome.SOLVED, command_id=command.id)
        if not self.ask(command, work.case_id, f"{read.title}\n{work.note}", work=done):
            return False
        self._end(done)
        return True

    def _end(self, work: CallWork) -> None:
        self.pen.write(Deed.SENT, work.call.id)
        if self.random.random() < SHARE_RECORDED:
            command = RecordCall(
                id=new_id(), by=self.me, at=now(), call=work.call, case_id=work.case_id, note=work.note
            )
            self.ask(command, work.case_id, work.note)
        self.desk.forget(work.call.id)

    def _call(self) -> Call:
        caller = CallerNumber(raw="+493023125100", kind=NumberKind.PUBLIC, normal="+493023125100")
        offered = CallEvent(call_id=new_id(), kind=EventKind.OFFERED, at=now(), caller=caller)
        call = advance(
            begin(offered, "campaign"), CallEvent(call_id=offered.call_id, kind=EventKind.ANSWERED, at=now())
        )
        assert call.state is CallState.CONNECTED
        return call
