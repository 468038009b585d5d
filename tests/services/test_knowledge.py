"""How an answer comes to be: drafted, reviewed, published, retired; and what only editors may."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.db.engine import Database
from app.domain.commands import MoveAnswer
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.knowledge import TRANSITIONS, AnswerEvent, AnswerState, differences
from app.domain.messages import MessageKind
from app.domain.people import Person
from app.services.centre_rules import FOUR_EYES
from tests.builders import answer
from tests.services.office import E47, Office, now
from tests.services.statements import statement_count


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


def test_what_follows_a_refused_save_overwrites_nobody(office: Office) -> None:
    """The second save of an outbox named the revision that its first should have made: somebody else's had that."""
    draft_id = office.write(office.eva, submits=True)
    saves = [replace(E47, title="Mine"), replace(E47, title="Mine, too")]
    first, second = new_id(), new_id()
    office.rewrite(office.max, draft_id, replace(E47, title="By Max"), 1)
    with pytest.raises(NotAllowed, match="Max changed this draft"):
        office.rewrite(office.eva, draft_id, saves[0], 1, id=first)
    with pytest.raises(NotAllowed, match="What you saved before was not taken"):
        office.rewrite(office.eva, draft_id, saves[1], 2, id=second, follows=first)
    for event, was in ((AnswerEvent.PUBLISHED, 2), (AnswerEvent.DROPPED, 3)):
        with pytest.raises(NotAllowed, match="What you saved before was not taken"):
            office.move(office.eva, draft_id, event, was=was, follows=second)
    assert office.lists.draft(draft_id).answer.title == "By Max"
    office.rewrite(office.eva, draft_id, saves[0], 2, id=(first := new_id()))
    office.rewrite(office.eva, draft_id, saves[1], 3, id=(second := new_id()), follows=first)
    office.move(office.eva, draft_id, AnswerEvent.PUBLISHED, was=4, follows=second)
    assert [one.title for one in office.answers.published()] == ["Mine, too"]


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
    office.commands.apply(MoveAnswer(id=new_id(), by=by.id, at=now(), answer_id=E47.id, event=event))
