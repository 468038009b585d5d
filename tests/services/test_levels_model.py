"""Any order of what people do to cases: each is owned by one level and at most one person, none is lost or doubled.

A model says what each command must do; the services and the database must agree after every step, on SQLite and on
PostgreSQL alike.
"""

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.commands import (
    AcceptCase,
    AdviseCase,
    AnswerQuestion,
    AskBack,
    ClaimCase,
    ClaimNext,
    Consult,
    GrantContact,
    ReleaseCase,
    RequeueCase,
    ReturnCase,
    SolveCase,
)
from app.domain.ids import new_id
from app.services.levels import Levels
from app.services.questions import Questions
from tests.builders import case_draft, escalation
from tests.services.floor import Floor
from tests.services.levels_machine import Expected, LevelsMachine, now

PLACES = st.integers(0, 30)


class LevelsModel(LevelsMachine):
    """Each rule is something that somebody does."""

    @rule(up=st.booleans())
    def escalate(self, up: bool) -> None:
        level = Level.THIRD if up else Level.SECOND
        command = escalation(self.agent, to_level=level, told_at=now())
        if up and self.are_merged:
            self._refused(command)
            return
        assert self._apply(command) == command.case.id
        events = [CaseEvent.OPENED, CaseEvent.ESCALATED]
        self.cases[command.case.id] = Expected(CaseState.WAITING, level, None, events)

    @rule(who=st.integers(0, 2), repeats=st.booleans())
    def claim_next(self, who: int, repeats: bool) -> None:
        by = self._specialist(who)
        level = Level.THIRD if by is self.third and not self.are_merged else Level.SECOND
        command = ClaimNext(id=new_id(), by=by.id, at=now(), level=level)
        taken = self._apply(command)
        waiting = [id_ for id_, case in self.cases.items() if (case.state, case.level) == (CaseState.WAITING, level)]
        assert (taken in waiting) if waiting else taken is None
        if repeats:
            assert self._apply(command) == taken
        if taken:
            self._becomes(taken, CaseState.CLAIMED, CaseEvent.CLAIMED, owner=by.id)

    @precondition(lambda self: self.cases)
    @rule(who=st.integers(0, 2), place=PLACES)
    def claim_this(self, who: int, place: int) -> None:
        by, (id_, case) = self._specialist(who), self._case(place)
        self._expect(
            ClaimCase(**self._head(by), case_id=id_),
            case.state is CaseState.WAITING,
            lambda: self._becomes(id_, CaseState.CLAIMED, CaseEvent.CLAIMED, owner=by.id),
        )

    @precondition(lambda self: self.cases)
    @rule(who=st.integers(0, 2), place=PLACES, what=st.sampled_from(["accept", "ask", "consult", "release"]))
    def work(self, who: int, place: int, what: str) -> None:
        by, (id_, case) = self._specialist(who), self._case(place)
        has = case.owner == by.id and case.state is CaseState.CLAIMED
        head = {**self._head(by), "case_id": id_}
        if what == "accept":
            self._expect(AcceptCase(**head), has, lambda: self._becomes(id_, case.state, CaseEvent.ACCEPTED))
        elif what == "ask":
            self._expect(AskBack(**head, text="?"), has, lambda: self._becomes(id_, case.state, CaseEvent.ASKED))
        elif what == "consult":
            may = has and case.level is Level.SECOND and not self.are_merged
            self._expect(Consult(**head, text="?"), may, lambda: self._becomes(id_, case.state, CaseEvent.CONSULTED))
        else:
            self._expect(
                ReleaseCase(**head), has, lambda: self._becomes(id_, CaseState.WAITING, CaseEvent.RELEASED, owner=None)
            )

    @precondition(lambda self: self.cases)
    @rule(who=st.integers(0, 2), place=PLACES)
    def pass_on(self, who: int, place: int) -> None:
        by, (id_, case) = self._specialist(who), self._case(place)
        draft = replace(case_draft(), id=id_)
        command = escalation(by, case=draft, to_level=Level.THIRD, told_at=now())
        may = (case.owner, case.state, case.level) == (by.id, CaseState.CLAIMED, Level.SECOND) and not self.are_merged

        def passed() -> None:
            self._becomes(id_, CaseState.WAITING, CaseEvent.ESCALATED, owner=None, level=Level.THIRD)
            case.giver = by.id

        self._expect(command, may, passed)

    @precondition(lambda self: self.cases)
    @rule(who=st.integers(0, 2), place=PLACES, has_reason=st.booleans())
    def solve(self, who: int, place: int, has_reason: bool) -> None:
        by, (id_, case) = self._specialist(who), self._case(place)
        has = case.owner == by.id and case.state is CaseState.CLAIMED
        command = SolveCase(
            **self._head(by), case_id=id_, solution="done", kept_back="one of a kind" if has_reason else ""
        )
        may = has and (has_reason or case.level is not Level.THIRD)
        self._expect(command, may, lambda: self._becomes(id_, CaseState.SOLVED, CaseEvent.SOLVED))

    @precondition(lambda self: self.cases)
    @rule(who=st.integers(0, 2), place=PLACES, advises=st.booleans())
    def give_back(self, who: int, place: int, advises: bool) -> None:
        by, (id_, case) = self._specialist(who), self._case(place)
        has = case.owner == by.id and case.state is CaseState.CLAIMED
        is_third = case.level is Level.THIRD
        head = {**self._head(by), "case_id": id_}
        command = AdviseCase(**head, advice="so", kept_back="x") if advises else ReturnCase(**head, reason="why")
        event = CaseEvent.ADVISED if advises else CaseEvent.RETURNED

        def given() -> None:
            if not is_third:
                self._becomes(id_, CaseState.OPEN, event, owner=self.agent.id, level=Level.FIRST)
            elif case.giver:
                self._becomes(id_, CaseState.CLAIMED, event, owner=case.giver, level=Level.SECOND)
            else:
                self._becomes(id_, CaseState.WAITING, event, owner=None, level=Level.SECOND)

        self._expect(command, has and (is_third or not advises), given)

    @precondition(lambda self: self.cases)
    @rule(place=PLACES)
    def escalate_again(self, place: int) -> None:
        id_, case = self._case(place)
        draft = replace(case_draft(), id=id_)
        command = escalation(self.agent, case=draft, told_at=now())

        def escalated() -> None:
            self._becomes(id_, CaseState.WAITING, CaseEvent.ESCALATED, owner=None, level=Level.SECOND)
            case.giver = None

        self._expect(command, case.state is CaseState.OPEN, escalated)

    @precondition(lambda self: self.cases)
    @rule(place=PLACES)
    def put_back(self, place: int) -> None:
        id_, case = self._case(place)
        owner = case.owner or self.agent.id
        level = case.level
        if case.state is CaseState.OPEN:
            level = Level.SECOND
        self._expect(
            RequeueCase(**self._head(self.second[1]), case_id=id_, owner_id=owner),
            case.state in (CaseState.CLAIMED, CaseState.OPEN),
            lambda: self._becomes(id_, CaseState.WAITING, CaseEvent.REQUEUED, owner=None, level=level),
        )

    @precondition(lambda self: self.cases)
    @rule(place=PLACES, is_granted=st.booleans())
    def grant(self, place: int, is_granted: bool) -> None:
        id_, case = self._case(place)
        events = case.events
        had = events.count(CaseEvent.GRANTED) > events.count(CaseEvent.GRANT_ENDED)
        event = CaseEvent.GRANTED if is_granted else CaseEvent.GRANT_ENDED
        self._expect(
            GrantContact(**self._head(self.second[0]), case_id=id_, is_granted=is_granted),
            case.state in (CaseState.WAITING, CaseState.CLAIMED),
            lambda: self._becomes(id_, case.state, event) if had is not is_granted else None,
        )

    @rule(who=st.integers(0, 3))
    def answer(self, who: int) -> None:
        by = self.agent if who == 3 else self._specialist(who)
        levels = (
            {Level.SECOND, Level.THIRD} if self.are_merged else {Level.THIRD} if by is self.third else {Level.SECOND}
        )
        asked = Questions(self.floor.database).open_for(by.id, levels)
        assert self.answered.isdisjoint(question.id for question in asked)
        if asked:
            question, event = asked[0], CaseEvent.REPLIED if asked[0].to_level is None else CaseEvent.ADVISED
            command = AnswerQuestion(**self._head(by), question_id=question.id, text="so")
            assert self._apply(command) == self._apply(command) == question.case_id
            self.answered.add(question.id)
            self.cases[question.case_id].events.append(event)

    @rule()
    def merge_or_split(self) -> None:
        self.are_merged = not self.are_merged
        levels = Levels(self.floor.database)
        moved = levels.merge() if self.are_merged else levels.split()
        expected = 0
        for case in self.cases.values():
            came_down = case.state is CaseState.WAITING and case.events[-1] is CaseEvent.MERGED
            if self.are_merged and case.level is Level.THIRD and case.state is not CaseState.SOLVED:
                case.level, expected = Level.SECOND, expected + 1
                case.events.append(CaseEvent.MERGED)
            elif not self.are_merged and came_down and case.level is Level.SECOND:
                case.level, expected = Level.THIRD, expected + 1
                case.events.append(CaseEvent.SPLIT)
        assert moved == expected


def test_whatever_people_do_each_case_has_one_level_and_at_most_one_person(floor: Floor) -> None:
    class Here(LevelsModel):
        pass

    Here.floor = floor
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        ),
    )
