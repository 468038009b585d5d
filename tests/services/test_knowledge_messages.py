"""Who is told what an answer, a flag or a solved case means for them."""

from dataclasses import replace

from app.domain.answers import Audience
from app.domain.commands import FlagAnswer, SeeMessages, SettleFlag, SolveCase
from app.domain.ids import new_id
from app.domain.knowledge import FlagKind
from app.domain.messages import MessageKind
from tests.builders import case_draft, claim, escalation
from tests.services.office import E47, Office, now


def test_whoever_escalated_the_question_is_told_once(office: Office) -> None:
    """The escalation of `tests.builders` was searched for with "no internet"."""
    case = case_draft()
    office.commands.apply(escalation(office.agent, case=case, told_at=now()))
    office.publish(office.eva, E47, case_id=None)
    (message,) = office.messages.of(office.agent.id)
    assert (message.kind, message.title, message.case_number) == (MessageKind.ANSWERABLE, E47.title, case.number)
    assert message.answer_id == E47.id
    office.publish(office.eva, replace(E47, body="Better."), base_version=1)
    assert office.kinds(office.agent) == [MessageKind.ANSWERABLE]
    office.commands.apply(SeeMessages(id=new_id(), by=office.agent.id, at=now(), message_ids=(message.id,)))
    assert office.messages.of(office.agent.id)[0].seen_at


def test_the_case_that_the_answer_came_from_counts_whatever_was_searched(office: Office) -> None:
    case = case_draft()
    office.commands.apply(escalation(office.agent, case=case))
    office.publish(office.eva, replace(E47, variants=("other words",)), case_id=case.id)
    assert office.kinds(office.agent) == [MessageKind.ANSWERABLE]


def test_an_answer_for_second_level_makes_nobody_at_first_able(office: Office) -> None:
    office.commands.apply(escalation(office.agent, told_at=now()))
    office.publish(office.eva, replace(E47, audience=Audience.SECOND))
    assert office.kinds(office.agent) == []


def test_who_opened_a_case_is_told_that_it_is_solved(office: Office) -> None:
    case = case_draft("Printer stands still")
    office.commands.apply(escalation(office.agent, case=case))
    office.commands.apply(claim(office.expert))
    done = SolveCase(id=new_id(), by=office.expert.id, at=now(), case_id=case.id, solution="New firmware")
    for _ in range(2):
        office.commands.apply(done)
    (message,) = office.messages.of(office.agent.id)
    assert (message.kind, message.title, message.text, message.case_number) == (
        MessageKind.CASE_SOLVED,
        "Printer stands still",
        "New firmware",
        case.number,
    )


def test_a_flag_is_settled_once_and_whoever_raised_it_is_told(office: Office) -> None:
    office.publish(office.eva, E47)
    flag_id = new_id()
    about = {"flag_id": flag_id, "answer_id": E47.id, "version": 1, "kind": FlagKind.WRONG, "text": "It is green."}
    office.commands.apply(FlagAnswer(id=new_id(), by=office.agent.id, at=now(), **about))  # type: ignore[arg-type]
    (flag,) = office.lists.flags(E47.id)
    assert (flag.by, flag.text, flag.version) == ("Ada", "It is green.", 1)
    (line,) = office.lists.lines()
    assert line.flag_count == 1
    for said in ("Corrected", "Twice"):
        office.commands.apply(SettleFlag(id=new_id(), by=office.eva.id, at=now(), flag_id=flag_id, text=said))
    assert office.lists.flags(E47.id) == ()
    (message,) = office.messages.of(office.agent.id)
    assert (message.kind, message.text) == (MessageKind.FLAG_SETTLED, "Corrected")
