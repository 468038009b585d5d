"""Second and third level work together on a case: asked back, consulted, advised, released, put back."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.domain.cases import CaseEvent, CaseState, Level, Urgency
from app.domain.commands import (
    AcceptCase,
    AdviseCase,
    AnswerQuestion,
    AskBack,
    ClaimCase,
    Consult,
    GrantContact,
    ReleaseCase,
    RequeueCase,
    ReturnCase,
    SolveCase,
)
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.passing_down import PassedDown, PassedKind
from app.services.absences import Absences
from app.services.case_lists import CaseLists
from app.services.commands import Commands
from app.services.questions import Questions
from app.services.staff import Staff
from tests.builders import at, case_draft, solution
from tests.services.floor import Floor

ANSWER = PassedDown(kind=PassedKind.ANSWER, id=new_id(), title="Restart the router")


# --- claim this, release, put back ------------------------------------------------------------------------------------


def test_this_very_case_is_claimed(floor: Floor) -> None:
    floor.escalated(urgency=Urgency.HIGH)
    case_id = floor.escalated(urgency=Urgency.LOW)
    assert floor.do(ClaimCase, floor.centre.expert, case_id=case_id) == case_id
    assert floor.stands(case_id) == (CaseState.CLAIMED, Level.SECOND, "Ben")


def test_a_claim_that_was_lost_says_who_won(floor: Floor) -> None:
    case_id = floor.claimed()
    with pytest.raises(NotAllowed, match=r"^Ben was faster and has this case now\.$"):
        floor.do(ClaimCase, floor.centre.lead, case_id=case_id)
    with pytest.raises(NotAllowed, match="You have this case already"):
        floor.do(ClaimCase, floor.centre.expert, case_id=case_id)
    floor.do(SolveCase, floor.centre.expert, case_id=case_id, solution="Firmware 7.2")
    with pytest.raises(NotAllowed, match="solved already"):
        floor.do(ClaimCase, floor.centre.lead, case_id=case_id)
    with pytest.raises(NotFound):
        floor.do(ClaimCase, floor.centre.lead, case_id=new_id())


def test_two_who_solve_at_once(floor: Floor) -> None:
    """Only who has it solves it; the other one, and a second time, is told so."""
    case_id = floor.claimed()
    with pytest.raises(NotAllowed, match="You do not have this case"):
        floor.do(SolveCase, floor.centre.lead, case_id=case_id, solution="mine")
    floor.do(SolveCase, floor.centre.expert, case_id=case_id, solution="Firmware 7.2")
    with pytest.raises(NotAllowed, match="solved already"):
        floor.do(SolveCase, floor.centre.expert, case_id=case_id, solution="again")
    assert floor.events(case_id).count(CaseEvent.SOLVED) == 1


def test_a_released_case_waits_where_it_was(floor: Floor) -> None:
    case_id = floor.escalated()
    before = CaseLists(floor.database).queue(Level.SECOND)
    floor.do(ClaimCase, floor.centre.expert, case_id=case_id)
    floor.do(ReleaseCase, floor.centre.expert, case_id=case_id, reason="Lunch")
    assert CaseLists(floor.database).queue(Level.SECOND) == before
    assert floor.file(case_id).timeline[-1].text == "Lunch"


def test_the_cases_of_who_is_not_there_go_back(floor: Floor) -> None:
    case_id, centre = floor.claimed(), floor.centre
    (absent,) = Absences(floor.database).absent(centre.lead.id)
    assert (absent.person_id, absent.name, absent.case_count) == (centre.expert.id, "Ben", 1)
    floor.do(RequeueCase, centre.lead, case_id=case_id, owner_id=centre.expert.id)
    assert floor.stands(case_id) == (CaseState.WAITING, Level.SECOND, "")
    with pytest.raises(NotAllowed, match=r"Cleo put this case back .* Your text is kept"):
        floor.do(SolveCase, centre.expert, case_id=case_id, solution="Firmware 7.2")
    assert Absences(floor.database).absent(centre.lead.id) == ()
    with pytest.raises(NotAllowed, match="moved on"):
        floor.do(RequeueCase, centre.lead, case_id=case_id, owner_id=centre.expert.id)


def test_a_returned_case_of_who_is_not_there_goes_back_to_where_it_came_from(floor: Floor) -> None:
    case_id, centre = floor.claimed(), floor.centre
    floor.do(ReturnCase, centre.expert, case_id=case_id, reason="Which lamp?")
    floor.do(RequeueCase, centre.lead, case_id=case_id, owner_id=centre.agent.id)
    assert floor.stands(case_id) == (CaseState.WAITING, Level.SECOND, "")


def test_who_is_removed_leaves_no_case_behind(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    claimed, returned, centre = floor.claimed(), floor.claimed(), floor.centre
    floor.do(ReturnCase, centre.expert, case_id=returned, reason="Which lamp?")
    monkeypatch.setattr(Staff, "has_sign_ins", False)  # whose roles are of the server that all tests share
    Staff(floor.database).remove("ben")
    Staff(floor.database).remove("ada")
    for case_id in (claimed, returned):
        assert floor.stands(case_id) == (CaseState.WAITING, Level.SECOND, "")
        assert floor.events(case_id)[-1] is CaseEvent.REQUEUED


# --- the hand-over as a contract --------------------------------------------------------------------------------------


def test_a_hand_over_is_accepted(floor: Floor) -> None:
    case_id = floor.claimed()
    floor.do(AcceptCase, floor.centre.expert, case_id=case_id)
    assert floor.stands(case_id) == (CaseState.CLAIMED, Level.SECOND, "Ben")
    assert floor.events(case_id)[-1] is CaseEvent.ACCEPTED
    with pytest.raises(NotAllowed, match="You do not have this case"):
        floor.do(AcceptCase, floor.centre.lead, case_id=case_id)


def test_a_question_goes_to_the_agent_and_the_case_stays(floor: Floor) -> None:
    case_id, centre, questions = floor.claimed(), floor.centre, Questions(floor.database)
    floor.do(AskBack, centre.expert, case_id=case_id, text="Which lamp is red?")
    assert floor.stands(case_id) == (CaseState.CLAIMED, Level.SECOND, "Ben")
    (asked,) = questions.open_for(centre.agent.id)
    assert (asked.text, asked.asked_by_name, asked.case_id) == ("Which lamp is red?", "Ben", case_id)
    assert questions.open_for(centre.lead.id, (Level.SECOND, Level.THIRD)) == ()
    with pytest.raises(NotAllowed, match="Somebody else is asked"):
        floor.do(AnswerQuestion, centre.lead, question_id=asked.id, text="The third")
    floor.do(AnswerQuestion, centre.agent, question_id=asked.id, text="The third")
    assert questions.open_for(centre.agent.id) == ()
    (answered,) = questions.of_case(case_id)
    assert (answered.answer, answered.answered_by_name, answered.is_open) == ("The third", "Ada", False)
    assert floor.events(case_id)[-2:] == [CaseEvent.ASKED, CaseEvent.REPLIED]
    assert floor.file(case_id).timeline[-1].text == "The third"
    with pytest.raises(NotAllowed, match="Ada has answered this question already"):
        floor.do(AnswerQuestion, centre.agent, question_id=asked.id, text="The fourth")


def test_a_question_about_a_solved_case_is_not_asked_any_more(floor: Floor) -> None:
    case_id, centre = floor.claimed(), floor.centre
    floor.do(AskBack, centre.expert, case_id=case_id, text="Which lamp is red?")
    floor.do(SolveCase, centre.expert, case_id=case_id, solution="Found it")
    assert Questions(floor.database).open_for(centre.agent.id) == ()


def test_a_solved_case_takes_its_open_questions_with_it(floor: Floor) -> None:
    """Who asked sees it, who was asked need not answer, and what was answered before stays as it is."""
    case_id, centre, questions = floor.claimed(), floor.centre, Questions(floor.database)
    floor.do(AskBack, centre.expert, case_id=case_id, text="Which lamp is red?")
    floor.do(Consult, centre.expert, case_id=case_id, level=Level.THIRD, text="Is that known?")
    lamp, known = questions.of_case(case_id)
    floor.do(AnswerQuestion, centre.agent, question_id=lamp.id, text="The third")
    floor.do(SolveCase, centre.expert, case_id=case_id, solution="Found it")
    lamp, known = questions.of_case(case_id)
    assert (lamp.answer, lamp.answered_by_name, lamp.is_open, lamp.is_overtaken) == ("The third", "Ada", False, False)
    assert (known.answer, known.answered_by_name, known.is_open, known.is_overtaken) == ("", "", False, True)
    assert known.answered_at == floor.file(case_id).timeline[-1].at
    assert questions.open_for(floor.developer.id, (Level.THIRD,)) == ()
    with pytest.raises(NotAllowed, match=r"Ben has solved this case meanwhile\. Your text is kept"):
        floor.do(AnswerQuestion, floor.developer, question_id=known.id, text="Since 7.1")


def test_first_level_solves_what_third_level_was_asked(floor: Floor) -> None:
    case_id, centre, questions = floor.claimed(), floor.centre, Questions(floor.database)
    floor.do(Consult, centre.expert, case_id=case_id, level=Level.THIRD, text="Is that known?")
    floor.do(ReturnCase, centre.expert, case_id=case_id, reason="Call again")
    (asked,) = questions.open_for(floor.developer.id, (Level.THIRD,))
    same = replace(case_draft(), id=case_id)
    Commands(floor.database).apply(solution(centre.agent, case=same, told_at=at(60)))
    (ended,) = questions.of_case(case_id)
    assert (ended.id, ended.is_overtaken) == (asked.id, True)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_question(floor: Floor, text: str) -> None:
    with pytest.raises(NotAllowed, match="nothing written"):
        floor.do(AskBack, floor.centre.expert, case_id=floor.claimed(), text=text)


def test_a_higher_level_is_consulted_and_the_case_stays(floor: Floor) -> None:
    case_id, centre, questions = floor.claimed(), floor.centre, Questions(floor.database)
    floor.do(Consult, centre.expert, case_id=case_id, text="Is it the firmware?")
    assert questions.open_for(centre.agent.id) == ()
    (asked,) = questions.open_for(floor.developer.id, (Level.THIRD,))
    floor.do(AnswerQuestion, floor.developer, question_id=asked.id, text="Yes, 7.1")
    assert floor.stands(case_id) == (CaseState.CLAIMED, Level.SECOND, "Ben")
    assert floor.events(case_id)[-2:] == [CaseEvent.CONSULTED, CaseEvent.ADVISED]
    with pytest.raises(NotAllowed, match="Only a higher level"):
        floor.do(Consult, centre.expert, case_id=case_id, text="?", level=Level.SECOND)


# --- third level ------------------------------------------------------------------------------------------------------


def test_third_level_ends_with_its_solution_passed_down_or_a_reason(floor: Floor) -> None:
    first, second = floor.at_third(), floor.at_third()
    for kind, words in ((SolveCase, "solution"), (AdviseCase, "advice")):
        with pytest.raises(NotAllowed, match="ends with its solution passed down"):
            floor.do(kind, floor.developer, case_id=first, **{words: "Fixed in 7.2"}, kept_back=" ")
    floor.do(SolveCase, floor.developer, case_id=first, solution="Fixed in 7.2", passed_down=ANSWER)
    floor.do(SolveCase, floor.developer, case_id=second, solution="Sent a part", kept_back="A batch of one")
    assert (floor.file(first).passed_down, floor.file(first).kept_back) == (ANSWER, "")
    assert (floor.file(second).passed_down, floor.file(second).kept_back) == (None, "A batch of one")


def test_advice_goes_to_who_passed_the_case_on(floor: Floor) -> None:
    case_id = floor.at_third()
    floor.do(AdviseCase, floor.developer, case_id=case_id, advice="Firmware 7.2", passed_down=ANSWER)
    assert floor.stands(case_id) == (CaseState.CLAIMED, Level.SECOND, "Ben")
    file = floor.file(case_id)
    assert (file.timeline[-1].event, file.timeline[-1].text, file.passed_down) == (
        CaseEvent.ADVISED,
        "Firmware 7.2",
        ANSWER,
    )
    with pytest.raises(NotAllowed, match="Only third level gives a case back with advice"):
        floor.do(AdviseCase, floor.centre.expert, case_id=case_id, advice="?", passed_down=ANSWER)


def test_third_level_returns_to_second_level(floor: Floor) -> None:
    case_id = floor.at_third()
    floor.do(ReturnCase, floor.developer, case_id=case_id, reason="Logs are missing")
    assert floor.stands(case_id) == (CaseState.CLAIMED, Level.SECOND, "Ben")


def test_what_came_straight_from_first_level_goes_back_to_second_levels_queue(floor: Floor) -> None:
    case_id = floor.escalated(to_level=Level.THIRD)
    floor.do(ClaimCase, floor.developer, case_id=case_id)
    floor.do(ReturnCase, floor.developer, case_id=case_id, reason="Second level knows this")
    assert floor.stands(case_id) == (CaseState.WAITING, Level.SECOND, "")


def test_a_grant_and_its_end_stand_in_the_timeline(floor: Floor) -> None:
    case_id, expert = floor.at_third(), floor.centre.expert
    for is_granted in (True, True, False, False):
        floor.do(GrantContact, expert, case_id=case_id, is_granted=is_granted)
        assert floor.file(case_id).shows_contact is is_granted
    assert floor.events(case_id)[-2:] == [CaseEvent.GRANTED, CaseEvent.GRANT_ENDED]


# --- who has left -----------------------------------------------------------------------------------------------------


def test_a_case_whose_agent_has_left(floor: Floor) -> None:
    """It is not returned to nobody, and nobody is asked who is not there; both is said."""
    case_id, centre = floor.claimed(), floor.centre
    with floor.database.write() as session:
        session.execute(text("UPDATE person SET roles = '[]' WHERE login = 'ada'"))
    with pytest.raises(NotAllowed, match=r"Ada, who opened this case, does not work here any more"):
        floor.do(ReturnCase, centre.expert, case_id=case_id, reason="?")
    with pytest.raises(NotAllowed, match=r"Ada, who handed this case over, does not work here any more"):
        floor.do(AskBack, centre.expert, case_id=case_id, text="?")
    assert floor.stands(case_id) == (CaseState.CLAIMED, Level.SECOND, "Ben")


def test_third_level_gives_back_to_the_queue_when_the_giver_has_left(floor: Floor) -> None:
    case_id = floor.at_third()
    with floor.database.write() as session:
        session.execute(text("UPDATE person SET roles = '[]' WHERE login = 'ben'"))
    floor.do(AdviseCase, floor.developer, case_id=case_id, advice="Firmware 7.2", passed_down=ANSWER)
    assert floor.stands(case_id) == (CaseState.WAITING, Level.SECOND, "")
