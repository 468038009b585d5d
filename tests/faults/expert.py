"""Second and third level: claims the next case, writes to it, then solves it, gives it back or passes it on."""

from uuid import UUID

from app.domain.cases import CaseDraft, CaseState, CaseSummary, EscalationReason, HandOver, Impact, Level, Urgency
from app.domain.commands import AnyCommand, ClaimNext, EscalateCase, ReturnCase, SolveCase
from app.domain.ids import new_id
from tests.faults.person import MOST_WAITING, Person, now
from tests.faults.truth import Deed

SHARE_RETURNED = 0.15
SHARE_PASSED_ON = 0.15
SHARE_NOT_MINE = 0.02  # tries to solve a case that waits for anybody: the database must say no
NOT_MINE = "not mine: "  # how the text of such a try begins
NEWS_LIMIT_S = 0.5


class Expert(Person):
    level = Level.SECOND

    def run(self) -> None:
        for case_id, text in tuple(self.desk.case_texts.items()):
            self.pen.write(Deed.FOUND, case_id, text=text)
        self.wait_for_delivery()
        self._work_on_mine()
        while self.leaving.takes_more:
            self.wait_for_delivery(MOST_WAITING)
            self._claim()
            if self.random.random() < SHARE_NOT_MINE:
                self._try_what_is_not_mine()
                self.wait_for_delivery()  # before the next claim, which could make it mine after all
        self.wait_for_delivery()

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
        """Ask for the next case; after a lost answer with the same command, so that not a second one is claimed."""
        command = ClaimNext(id=new_id(), by=self.me, at=now(), level=self.level)
        self.news.clear()
        self.pen.write(Deed.ASKED, command.id, kind="ClaimNext")
        case_id = self.patiently(lambda: self.desk.commands.apply(command))
        if case_id is None:
            self.news.wait(NEWS_LIMIT_S)
            return
        self.pen.write(Deed.DELIVERED, command.id, case_id=case_id)
        self.pen.write(Deed.CLAIMED, case_id)
        self._work_on(case_id)

    def _work_on(self, case_id: UUID) -> None:
        text = ""
        for text in self.typed(self.desk.case_texts.get(case_id, "")):
            self.pen.write(Deed.TYPED, case_id, text=text)
            self.desk.keep_case_text(case_id, text)
        is_sent = False
        while not self.leaving.window_closes.is_set() and not is_sent:
            self.pen.write(Deed.RELEASED, case_id)
            is_sent = self.ask(self._decision(case_id, text), case_id, text)
        if is_sent:
            self.pen.write(Deed.SENT, case_id)
            self.desk.keep_case_text(case_id, "")

    def _decision(self, case_id: UUID, text: str) -> AnyCommand:
        chance = self.random.random()
        if chance < SHARE_RETURNED:
            return ReturnCase(id=new_id(), by=self.me, at=now(), case_id=case_id, reason=text)
        if chance < SHARE_RETURNED + SHARE_PASSED_ON and self.level is Level.SECOND:
            file = self.patiently(lambda: self.desk.cases.file(case_id))
            if file:
                return self._passed_on(file.summary, text)
        return SolveCase(id=new_id(), by=self.me, at=now(), case_id=case_id, solution=text)

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
        waiting = self.patiently(lambda: self.desk.cases.queue(self.level, limit=20)) or ()
        if waiting:
            case = self.random.choice(waiting)
            assert case.state is CaseState.WAITING
            text = NOT_MINE + new_id().hex
            self.ask(SolveCase(id=new_id(), by=self.me, at=now(), case_id=case.id, solution=text), case.id, text)


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
