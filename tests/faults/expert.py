"""Second and third level: claims the next case, writes to it, then solves it, gives it back or passes it on."""

import time
from functools import partial
from uuid import UUID

from app.bootstrap import Desk
from app.desk.outbox import ClaimAnswer
from app.domain.cases import CaseDraft, CaseSummary, EscalationReason, HandOver, Impact, Level, Urgency
from app.domain.commands import AnyCommand, ClaimNext, EscalateCase, ReturnCase, SolveCase
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from tests.faults.person import LOOK_S, MOST_WAITING, Leaving, Person, now
from tests.faults.truth import Deed, Pen

SHARE_RETURNED = 0.15
SHARE_PASSED_ON = 0.15
NOT_MINE = "not mine: "  # how the text of such a try begins
NEWS_LIMIT_S = 0.5


class Expert(Person):
    level = Level.SECOND

    def __init__(self, desk: Desk, pen: Pen, leaving: Leaving, *, seed: int, keys_s: float) -> None:
        super().__init__(desk, pen, leaving, seed=seed, keys_s=keys_s)
        self._given_away: list[UUID] = []

    def run(self) -> None:
        for case_id, text in tuple(self.desk.case_texts.items()):
            self.pen.write(Deed.FOUND, case_id, text=text)
        self.wait_for_delivery()
        self._answers()  # whatever was claimed before a crash is among the cases that are mine
        self._work_on_mine()
        while self.leaving.takes_more:
            self.wait_for_delivery(MOST_WAITING)
            self._claim()
            if self.random.random() < self.share_not_mine:
                self._try_what_is_not_mine()
                self.wait_for_delivery()  # before the next claim, which could make it mine after all
        self.wait_for_delivery()
        for answer in self._answers():
            self._take(answer)
        self.wait_for_delivery()

    def on_claim_answered(self, answer: ClaimAnswer) -> None:
        """From the outbox's thread."""
        id_ = answer.command.id
        if answer.case_id:
            self.pen.write(Deed.DELIVERED, id_, case_id=answer.case_id)
            self.pen.write(Deed.CLAIMED, answer.case_id)
        else:
            self.pen.write(Deed.NOT_CLAIMED, id_, text=answer.not_claimed)
        self.claims.put(answer)

    def _work_on_mine(self) -> None:
        """What I had before a crash; texts for cases that I do not have any more are put away."""
        if self.leaving.window_closes.is_set():
            return
        mine = self.patiently(lambda: self.desk.cases.owned_by(self.me)) or ()
        for case_id in tuple(self.desk.case_texts):
            if case_id not in {case.id for case in mine}:
                self.pen.write(Deed.SENT, case_id)
                self.desk.keep_case_text(case_id, "")
        for case in mine:
            self.pen.write(Deed.CLAIMED, case.id)
            self._work_on(case.id)

    def _claim(self) -> None:
        """Ask for the next case, and wait for the answer; one to an earlier claim may come first."""
        command = ClaimNext(id=new_id(), by=self.me, at=now(), level=self.level)
        self.news.clear()
        self.pen.write(Deed.ASKED, command.id, kind=type(command).__name__)
        try:
            self.desk.send(command).result()
        except Unavailable as error:
            self.pen.write(Deed.NOT_KEPT, command.id, text=str(error))
            time.sleep(LOOK_S)
            return
        is_answered = False
        while not is_answered and not self.leaving.window_closes.is_set():
            for answer in self._answers():
                self._take(answer)
                is_answered = is_answered or answer.command.id == command.id
            time.sleep(LOOK_S / 3)

    def _answers(self) -> list[ClaimAnswer]:
        """Those that came and were not looked at."""
        answers = []
        while not self.claims.empty():
            answers.append(self.claims.get())
        return answers

    def _take(self, answer: ClaimAnswer) -> None:
        if answer.case_id:
            self._work_on(answer.case_id)
        elif not answer.not_claimed:
            self.news.wait(NEWS_LIMIT_S)

    def _work_on(self, case_id: UUID) -> None:
        text = ""
        for text in self.typed(self.desk.case_texts.get(case_id, "")):
            self.types(case_id, text, partial(self.desk.keep_case_text, case_id, text))
        is_sent = False
        while not self.leaving.window_closes.is_set() and not is_sent:
            self.pen.write(Deed.RELEASED, case_id)
            is_sent = self.ask(self._decision(case_id, text), case_id, text)
        if is_sent:
            self._given_away.append(case_id)
            self.pen.write(Deed.SENT, case_id)
            self.desk.keep_case_text(case_id, "")

    def _decision(self, case_id: UUID, text: str) -> AnyCommand:
        chance = self.random.random()
        if chance < SHARE_RETURNED and self.level is Level.SECOND:
            return ReturnCase(id=new_id(), by=self.me, at=now(), case_id=case_id, reason=text)
        if chance < SHARE_RETURNED + SHARE_PASSED_ON and self.level is Level.SECOND:
            file = self.patiently(lambda: self.desk.cases.file(case_id))
            if file:
                return self._passed_on(file.summary, text)
        return self._solution(case_id, text)

    def _solution(self, case_id: UUID, text: str) -> SolveCase:
        """Third level says why its solution is not passed down."""
        kept_back = "A batch of one" if self.level is Level.THIRD else ""
        return SolveCase(id=new_id(), by=self.me, at=now(), case_id=case_id, solution=text, kept_back=kept_back)

    def _passed_on(self, case: CaseSummary, text: str) -> EscalateCase:
        return EscalateCase(
            id=new_id(),
            by=self.me,
            at=now(),
            case=CaseDraft(id=case.id, number=case.number, title=case.title, opened_at=now()),
            hand_over=_hand_over(text),
            to_level=Level.THIRD,
        )

    def _try_what_is_not_mine(self) -> None:
        """One that waits for anybody, or one that I gave away."""
        waiting = self.patiently(lambda: self.desk.cases.queue(self.level, limit=20)) or ()
        others = [*(case.id for case in waiting), *self._given_away[-20:]]
        if others:
            case_id = self.random.choice(others)
            text = NOT_MINE + new_id().hex
            self.ask(self._solution(case_id, text), case_id, text)


class ThirdLevelExpert(Expert):
    level = Level.THIRD


def _hand_over(note: str) -> HandOver:
    return HandOver(
        caller_name="Ida Berg",
        caller_number="+493023125100",
        customer_number="K-100",
        product="Link 7",
        serial="",
        entitlement="",
        searches=(),
        answers=(),
        note=note,
        reason=EscalationReason.NEEDS_SPECIALIST,
        impact=Impact.TEAM,
        urgency=Urgency.NORMAL,
    )
