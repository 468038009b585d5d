"""From draft to version: who may what, what two people at once come to, what is kept and who is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from app.db.engine import Database
from app.domain.answers import Answer, Audience
from app.domain.commands import FlagAnswer, MoveAnswer, MoveDraft, SeeMessages, SettleFlag, SolveCase, WriteDraft
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.knowledge import TRANSITIONS, AnswerEvent, AnswerState, FlagKind, differences
from app.domain.messages import MessageKind
from app.domain.people import Person, Role
from app.services.answers import Answers
from app.services.cases import Cases
from app.services.centre_rules import FOUR_EYES, CentreRules
from app.services.commands import Commands
from app.services.knowledge_lists import KnowledgeLists
from app.services.messages import Messages
from tests.builders import Seeded, add_person, answer, case_draft, claim, escalation, person
from tests.services.statements import statement_count

E47 = answer("e-47", title="E-47, red lamp", variants=("no internet", "e-47"), steps=(), body="Clean the sensor.")


class Office:
    """Two editors, and the services."""

    def __init__(self, database: Database, centre: Seeded) -> None:
        self.commands, self.lists = Commands(database), KnowledgeLists(database)
        self.messages, self.answers, self.cases = Messages(database), Answers(database), Cases(database)
        self.rules = CentreRules(database)
        self.agent, self.expert = centre.agent, centre.expert
        self.eva = person("eva", team=centre.office, roles=frozenset({Role.EDITOR}))
        self.max = person("max", team=centre.office, roles=frozenset({Role.EDITOR}))
        with database.write() as session:
            for editor in (self.eva, self.max):
                add_person(session, editor)

    def write(self, by: Person, text: Answer = E47, **details: object) -> UUID:
        draft_id = new_id()
        values = {"draft_id": draft_id, "answer": text} | details
        self.commands.apply(WriteDraft(id=new_id(), by=by.id, at=_now(), **values))  # type: ignore[arg-type]
        return draft_id

    def rewrite(self, by: Person, draft_id: UUID, text: Answer, was: int, **details: object) -> None:
        values = {"draft_id": draft_id, "answer": text, "was_revision": was} | details
        self.commands.apply(WriteDraft(id=new_id(), by=by.id, at=_now(), **values))  # type: ignore[arg-type]

    def move(self, by: Person, draft_id: UUID, event: AnswerEvent, said: str = "", was: int | None = None) -> MoveDraft:
        was = self.lists.draft(draft_id).revision if was is None else was
        made = MoveDraft(id=new_id(), by=by.id, at=_now(), draft_id=draft_id, event=event, was_revision=was, text=said)
        self.commands.apply(made)
        return made

    def publish(self, by: Person, text: Answer, **details: object) -> UUID:
        draft_id = self.write(by, text, submits=True, **details)
        self.move(by, draft_id, AnswerEvent.PUBLISHED)
        return draft_id

    def kinds(self, of: Person) -> list[MessageKind]:
        return [message.kind for message in self.messages.of(of.id)]


@pytest.fixture
def office(database: Database, centre: Seeded) -> Office:
    return Office(database, centre)


def test_a_draft_is_reviewed_and_then_found_by_desks(office: Office) -> None:
    draft_id = office.write(office.expert)
    assert office.lists.draft(draft_id).state is AnswerState.DRAFT
    office.move(office.expert, draft_id, AnswerEvent.SUBMITTED)
    assert office.answers.published() == ()
    office.move(office.eva, draft_id, AnswerEvent.PUBLISHED, "new")
    (published,) = office.answers.published()
    assert replace(published, published_at=None) == E47
    version = office.lists.version(E47.id, 1)
    assert (version.answer.title, version.published_by, version.note) == (E47.title, "Eva", "new")
    events = [(line.event, line.by) for line in reversed(office.lists.history(E47.id))]
    assert events == [
        (AnswerEvent.DRAFTED, "Ben"),
        (AnswerEvent.SUBMITTED, "Ben"),
        (AnswerEvent.PUBLISHED, "Eva"),
    ]
    assert office.kinds(office.expert) == [MessageKind.DRAFT_PUBLISHED]


def test_a_draft_goes_the_ways_of_the_transition_table(office: Office) -> None:
    states = (AnswerState.DRAFT, AnswerState.REVIEW, AnswerState.PUBLISHED, AnswerState.DROPPED)
    for place, (state, event) in enumerate(product(states, AnswerEvent)):
        draft_id = office.write(office.eva, replace(E47, key=f"e-47-{place}"), submits=state is not AnswerState.DRAFT)
        if state in (AnswerState.PUBLISHED, AnswerState.DROPPED):
            office.move(office.eva, draft_id, AnswerEvent(state.value))
        is_of_answers = event in (AnswerEvent.RETIRED, AnswerEvent.RESTORED)
        wanted = None if is_of_answers else TRANSITIONS.get((state, event))
        if wanted is None:
            with pytest.raises(NotAllowed):
                office.move(office.eva, draft_id, event)
        else:
            office.move(office.eva, draft_id, event)
        assert office.lists.draft(draft_id).state is (wanted or state), (state, event)


def test_what_only_editors_may(office: Office) -> None:
    draft_id = office.write(office.agent, submits=True)
    for event in (AnswerEvent.PUBLISHED, AnswerEvent.SENT_BACK, AnswerEvent.DROPPED):
        with pytest.raises(NotAllowed, match="editor"):
            office.move(office.agent, draft_id, event)
    with pytest.raises(NotAllowed, match="waits for review"):
        office.rewrite(office.agent, draft_id, replace(E47, title="Mine"), 1)
    office.move(office.eva, draft_id, AnswerEvent.SENT_BACK, "Which lamp?")
    (message,) = office.messages.of(office.agent.id)
    assert (message.kind, message.text) == (MessageKind.DRAFT_SENT_BACK, "Which lamp?")
    office.rewrite(office.agent, draft_id, replace(E47, title="The upper lamp"), 2, submits=True)
    assert office.lists.draft(draft_id).state is AnswerState.REVIEW


def test_the_second_editor_who_saves_is_told_who_changed_what(office: Office) -> None:
    draft_id = office.write(office.eva)
    office.rewrite(office.max, draft_id, replace(E47, title="By Max", body="Wipe it."), 1)
    with pytest.raises(NotAllowed, match="Max changed this draft while you wrote: title, text"):
        office.rewrite(office.eva, draft_id, replace(E47, keywords=("lamp",)), 1)
    assert office.lists.draft(draft_id).answer.title == "By Max"
    with pytest.raises(NotAllowed, match="Max changed"):
        office.move(office.eva, draft_id, AnswerEvent.SUBMITTED, was=1)


def test_a_repeated_command_is_done_once(office: Office) -> None:
    draft_id = office.write(office.expert, submits=True)
    made = office.move(office.eva, draft_id, AnswerEvent.PUBLISHED)
    assert office.commands.apply(made) == draft_id
    assert [version.answer.version for version in office.lists.versions(E47.id)] == [1]


def test_two_who_publish_at_once_make_one_version(office: Office) -> None:
    draft_id = office.write(office.expert, submits=True)
    office.move(office.eva, draft_id, AnswerEvent.PUBLISHED, was=1)
    with pytest.raises(NotAllowed, match="published already"):
        office.move(office.max, draft_id, AnswerEvent.PUBLISHED, was=1)
    assert len(office.lists.versions(E47.id)) == 1


def test_one_open_draft_of_an_answer(office: Office) -> None:
    office.write(office.expert)
    with pytest.raises(NotAllowed, match="Ben has an open draft"):
        office.write(office.eva)


def test_a_version_published_meanwhile_is_not_overwritten(office: Office) -> None:
    office.publish(office.eva, E47)
    draft_id = office.write(office.eva, replace(E47, title="Two"), base_version=1, submits=True)
    office.answers.publish([replace(E47, title="From a file")])
    with pytest.raises(NotAllowed, match="Version 2 of this answer was published"):
        office.move(office.eva, draft_id, AnswerEvent.PUBLISHED)
    office.rewrite(office.eva, draft_id, replace(E47, title="Two"), 1, base_version=2)
    office.move(office.eva, draft_id, AnswerEvent.PUBLISHED)
    titles = [version.answer.title for version in office.lists.versions(E47.id)]
    assert titles == ["Two", "From a file", E47.title]


def test_each_version_stays_as_it_was(office: Office) -> None:
    office.publish(office.eva, E47)
    office.publish(office.eva, replace(E47, body="Clean it twice."), base_version=1)
    old, new = (office.lists.version(E47.id, number).answer for number in (1, 2))
    (only,) = differences(old, new)
    assert (only.field, only.removed, only.added) == ("body", ("Clean the sensor.",), ("Clean it twice.",))
    with pytest.raises(NotAllowed, match="Key and language"):
        draft_id = office.write(office.eva, replace(E47, body="Thrice."), base_version=2)
        office.rewrite(office.eva, draft_id, replace(E47, key="other"), 1)


def test_four_eyes(office: Office) -> None:
    office.rules.settle(FOUR_EYES, is_on=True)
    draft_id = office.write(office.eva, submits=True)
    with pytest.raises(NotAllowed, match="another editor"):
        office.move(office.eva, draft_id, AnswerEvent.PUBLISHED)
    office.move(office.max, draft_id, AnswerEvent.PUBLISHED)
    assert len(office.answers.published()) == 1


def test_retire_and_restore(office: Office) -> None:
    office.publish(office.eva, E47)
    _move_answer(office, office.eva, AnswerEvent.RETIRED)
    assert office.answers.published() == ()
    with pytest.raises(NotAllowed, match="retired"):
        _move_answer(office, office.eva, AnswerEvent.RETIRED)
    with pytest.raises(NotAllowed, match="editor"):
        _move_answer(office, office.expert, AnswerEvent.RESTORED)
    _move_answer(office, office.max, AnswerEvent.RESTORED)
    assert [one.version for one in office.answers.published()] == [1]
    assert [line.event for line in office.lists.history(E47.id)][:2] == [AnswerEvent.RESTORED, AnswerEvent.RETIRED]


def test_validity(office: Office) -> None:
    today = datetime.now(UTC).date()
    for name, first, last in (("now", -1, 1), ("today", 0, 0), ("later", 1, 2), ("over", -3, -1)):
        span = {"valid_from": today + timedelta(days=first), "valid_until": today + timedelta(days=last)}
        office.publish(office.eva, replace(E47, key=name, **span))  # type: ignore[arg-type]
    assert {one.key for one in office.answers.published()} == {"now", "today"}
    assert {one.key for one in office.answers.changes(office.agent.id, {}).published} == {"now", "today"}


def test_whoever_escalated_the_question_is_told_once(office: Office) -> None:
    """The escalation of `tests.builders` was searched for with "no internet"."""
    case = case_draft()
    office.commands.apply(escalation(office.agent, case=case, told_at=_now()))
    office.publish(office.eva, E47, case_id=None)
    (message,) = office.messages.of(office.agent.id)
    assert (message.kind, message.title, message.case_number) == (MessageKind.ANSWERABLE, E47.title, case.number)
    assert message.answer_id == E47.id
    office.publish(office.eva, replace(E47, body="Better."), base_version=1)
    assert office.kinds(office.agent) == [MessageKind.ANSWERABLE]
    office.commands.apply(SeeMessages(id=new_id(), by=office.agent.id, at=_now(), message_ids=(message.id,)))
    assert office.messages.of(office.agent.id)[0].seen_at


def test_the_case_that_the_answer_came_from_counts_whatever_was_searched(office: Office) -> None:
    case = case_draft()
    office.commands.apply(escalation(office.agent, case=case))
    office.publish(office.eva, replace(E47, variants=("other words",)), case_id=case.id)
    assert office.kinds(office.agent) == [MessageKind.ANSWERABLE]


def test_an_answer_for_second_level_makes_nobody_at_first_able(office: Office) -> None:
    office.commands.apply(escalation(office.agent, told_at=_now()))
    office.publish(office.eva, replace(E47, audience=Audience.SECOND))
    assert office.kinds(office.agent) == []


def test_who_opened_a_case_is_told_that_it_is_solved(office: Office) -> None:
    case = case_draft("Printer stands still")
    office.commands.apply(escalation(office.agent, case=case))
    office.commands.apply(claim(office.expert))
    done = SolveCase(id=new_id(), by=office.expert.id, at=_now(), case_id=case.id, solution="New firmware")
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
    office.commands.apply(FlagAnswer(id=new_id(), by=office.agent.id, at=_now(), **about))  # type: ignore[arg-type]
    (flag,) = office.lists.flags(E47.id)
    assert (flag.by, flag.text, flag.version) == ("Ada", "It is green.", 1)
    (line,) = office.lists.lines()
    assert line.flag_count == 1
    for said in ("Corrected", "Twice"):
        office.commands.apply(SettleFlag(id=new_id(), by=office.eva.id, at=_now(), flag_id=flag_id, text=said))
    assert office.lists.flags(E47.id) == ()
    (message,) = office.messages.of(office.agent.id)
    assert (message.kind, message.text) == (MessageKind.FLAG_SETTLED, "Corrected")


def test_the_list_shows_drafts_and_pairs_in_a_constant_number_of_queries(office: Office, database: Database) -> None:
    office.answers.publish([E47, answer("other", "de"), answer("other", "en")])
    counts = []
    for number in range(2):
        for place in range(3):
            office.write(office.expert, replace(E47, key=f"new-{number}-{place}"))
        counts.append(statement_count(database, office.lists.lines))
    assert counts[0] == counts[1]
    lines = office.lists.lines()
    by_key = {(line.key, line.language): line for line in lines}
    assert by_key["e-47", "en"].pair == "missing" and by_key["other", "de"].pair == ""
    assert by_key["new-0-0", "en"].state is AnswerState.DRAFT and by_key["other", "en"].is_in_force


def _move_answer(office: Office, by: Person, event: AnswerEvent) -> None:
    office.commands.apply(MoveAnswer(id=new_id(), by=by.id, at=_now(), answer_id=E47.id, event=event))


def _now() -> datetime:
    return datetime.now(UTC)
