"""Second and third level as one queue, and apart again."""

import pytest

from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.commands import AnswerQuestion, Consult, ReleaseCase, SolveCase
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.passing_down import PassedDown, PassedKind
from app.services.case_lists import CaseLists
from app.services.commands import Commands
from app.services.levels import Levels
from app.services.questions import Questions
from tests.builders import escalation
from tests.services.floor import Floor

ANSWER = PassedDown(kind=PassedKind.ANSWER, id=new_id(), title="Restart the router")


def test_merged_levels_are_one_queue_and_no_case_is_lost(floor: Floor) -> None:
    waiting, claimed, solved = floor.escalated(to_level=Level.THIRD), floor.at_third(), floor.at_third()
    floor.do(SolveCase, floor.developer, case_id=solved, solution="Fixed", passed_down=ANSWER)
    mine = floor.claimed()
    levels = Levels(floor.database)
    assert (levels.are_merged(), levels.merge(), levels.are_merged()) == (False, 2, True)
    assert floor.stands(waiting) == (CaseState.WAITING, Level.SECOND, "")
    assert floor.stands(claimed) == (CaseState.CLAIMED, Level.SECOND, "Tina")
    assert floor.stands(solved)[1] is Level.THIRD
    assert floor.file(waiting).shows_contact
    for kind, details in ((Consult, {"text": "?"}), (ReleaseCase, {})):
        if kind is Consult:
            with pytest.raises(NotAllowed, match="are one here"):
                floor.do(kind, floor.centre.expert, case_id=mine, **details)
        else:
            floor.do(kind, floor.centre.expert, case_id=mine, **details)
    up = escalation(floor.centre.agent, to_level=Level.THIRD)
    with pytest.raises(NotAllowed, match="are one here"):
        Commands(floor.database).apply(up)
    assert {case.id for case in CaseLists(floor.database).queue(Level.SECOND)} == {waiting, mine}
    assert (levels.split(), levels.are_merged()) == (1, False)
    assert floor.stands(waiting) == (CaseState.WAITING, Level.THIRD, "")
    assert floor.stands(claimed) == (CaseState.CLAIMED, Level.SECOND, "Tina")
    assert floor.events(waiting)[-2:] == [CaseEvent.MERGED, CaseEvent.SPLIT]


def test_a_question_to_third_level_is_second_levels_when_they_merge(floor: Floor) -> None:
    case_id = floor.claimed()
    floor.do(Consult, floor.centre.expert, case_id=case_id, text="Is it the firmware?")
    Levels(floor.database).merge()
    (asked,) = Questions(floor.database).open_for(floor.centre.lead.id, (Level.SECOND,))
    floor.do(AnswerQuestion, floor.centre.lead, question_id=asked.id, text="Yes")
