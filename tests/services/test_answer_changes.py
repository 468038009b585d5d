"""What a desk reads when answers change: the difference, found by stamps; and whatever happened, it ends complete."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from app.db.answer_rows import AnswerRow
from app.db.engine import Database
from app.db.rows import PersonRow
from app.domain.answers import Answer, Audience, audiences_of, fingerprint
from app.domain.people import Person, Role
from app.search.index import AnswerIndex
from app.services import answers as answers_module
from app.services.answer_copy import AnswerCopy
from app.services.answers import Answers, Changes
from tests.builders import Seeded, answer
from tests.services.statements import statements_of

ONE, TWO, THREE = answer("one", title="One"), answer("two", title="Two"), answer("three", title="Three")
ABOVE = answer("above", title="Above", audience=Audience.SECOND)
FIRST_LEVEL, SECOND_LEVEL = frozenset({Role.FIRST_LEVEL}), frozenset({Role.SECOND_LEVEL})


def desk_of(database: Database, person: Person, folder: Path) -> tuple[AnswerCopy, AnswerIndex]:
    index = AnswerIndex(folder)
    return AnswerCopy(database, index, person, folder), index


def set_roles(database: Database, person: Person, roles: frozenset[Role]) -> Person:
    with database.write() as session:
        session.execute(update(PersonRow).where(PersonRow.id == person.id).values(roles=sorted(roles)))
    return replace(person, roles=roles)


def changes(answers: Answers, person: Person, copy: Sequence[Answer]) -> Changes:
    """What the answers of a copy lack."""
    latest = max((a.published_at for a in copy if a.published_at), default=None)
    return answers.changes(person.id, {a.id: a.stamp for a in copy}, latest)


def keys(index: AnswerIndex) -> set[str]:
    return {answer.key for answer in index.answers()}


def test_only_what_changed_is_read(database: Database, centre: Seeded) -> None:
    answers = Answers(database)
    answers.publish([ONE, TWO, THREE])
    copy = answers.changes(centre.agent.id, {}).published
    assert {a.key for a in copy} == {"one", "two", "three"}
    assert not changes(answers, centre.agent, copy)
    answers.publish([replace(TWO, body="New")])
    found = changes(answers, centre.agent, copy)
    assert [(a.key, a.body, a.version) for a in found.published] == [("two", "New", 2)]
    assert found.withdrawn == frozenset()


def test_an_idle_desk_reads_no_text(database: Database, centre: Seeded) -> None:
    answers = Answers(database)
    answers.publish([ONE, TWO])
    copy = answers.changes(centre.agent.id, {}).published
    seen = statements_of(database, lambda: changes(answers, centre.agent, copy))
    assert sum(statement.startswith("SELECT") for statement in seen) == 2
    assert not any("body" in statement for statement in seen)


def test_what_is_retired_leaves_and_comes_back_as_its_next_version(
    database: Database, centre: Seeded, tmp_path: Path
) -> None:
    answers = Answers(database)
    answers.publish([ONE, TWO])
    copy, index = desk_of(database, centre.agent, tmp_path)
    copy.refresh()
    assert answers.retire([TWO.id]) == 1 and answers.retire([TWO.id]) == 0
    assert [a.key for a in answers.published()] == ["one"]
    copy.refresh()
    assert keys(index) == {"one"}
    assert answers.publish([TWO]) == 1
    copy.refresh()
    assert {a.key: a.version for a in index.answers()} == {"one": 1, "two": 2}
    index.close()


def test_an_answer_that_goes_up_a_level_leaves_first_levels_desks(
    database: Database, centre: Seeded, tmp_path: Path
) -> None:
    answers = Answers(database)
    answers.publish([ONE, TWO, ABOVE])
    below, below_index = desk_of(database, centre.agent, tmp_path / "below")
    above, above_index = desk_of(database, centre.expert, tmp_path / "above")
    for copy in (below, above):
        copy.refresh()
    assert keys(below_index) == {"one", "two"} and keys(above_index) == {"one", "two", "above"}
    answers.publish([replace(ONE, audience=Audience.SECOND), THREE])  # one less, one more: the count is the same
    for copy in (below, above):
        copy.refresh()
    assert keys(below_index) == {"two", "three"} and keys(above_index) == {"one", "two", "three", "above"}
    below_index.close()
    above_index.close()


def test_who_loses_a_role_loses_its_answers(database: Database, centre: Seeded, tmp_path: Path) -> None:
    Answers(database).publish([ONE, ABOVE])
    copy, index = desk_of(database, centre.expert, tmp_path)
    copy.refresh()
    assert keys(index) == {"one", "above"}
    demoted = set_roles(database, centre.expert, FIRST_LEVEL)
    copy.refresh()  # while the desk is open
    assert keys(index) == {"one"}
    set_roles(database, centre.expert, SECOND_LEVEL)
    copy.refresh()
    assert keys(index) == {"one", "above"}
    AnswerCopy(database, index, demoted, tmp_path)  # at the next start, before anything is read
    assert keys(index) == {"one"}
    index.close()


def test_a_publication_committed_late_is_found_all_the_same(
    database: Database, centre: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(database)
    answers.publish([ONE])
    copy = answers.changes(centre.agent.id, {}).published
    monkeypatch.setattr(answers_module, "LATE", timedelta(0))
    long_ago = datetime.now(UTC) - timedelta(days=1)
    with database.write() as session:
        session.add(AnswerRow(**answers_module.answer_columns(TWO, 1, long_ago)))
    assert [a.key for a in changes(answers, centre.agent, copy).published] == ["two"]


def test_another_database_with_the_same_versions_is_noticed(database: Database, centre: Seeded) -> None:
    Answers(database).publish([ONE])
    published = Answers(database).changes(centre.agent.id, {}).published[0]
    assert published.published_at is not None
    restored = replace(published, body="Of the time before", published_at=published.published_at - timedelta(days=2))
    assert [a.body for a in changes(Answers(database), centre.agent, [restored]).published] == [ONE.body]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["first", "second", "retire"]), st.text("xy", max_size=3)),
        max_size=8,
    )
)
def test_whatever_editors_do_a_copy_ends_as_what_is_published(
    database: Database, centre: Seeded, steps: list[tuple[str, str, str]]
) -> None:
    answers = Answers(database)
    copies: dict[Person, dict[object, Answer]] = {centre.agent: {}, centre.expert: {}}
    for key, what, text in steps:
        one = answer(key, title=f"Title {text}")
        if what == "retire":
            answers.retire([one.id])
        else:
            answers.publish([replace(one, audience=Audience(what))])
        for person, copy in copies.items():
            found = changes(answers, person, list(copy.values()))
            for id_ in found.withdrawn:
                del copy[id_]
            copy |= {a.id: a for a in found.published}
            wanted = answers.published(audiences_of(person.roles))
            assert sorted(copy.values(), key=lambda a: a.key) == sorted(wanted, key=lambda a: a.key)


def test_audiences_by_role() -> None:
    assert audiences_of(FIRST_LEVEL) == audiences_of([]) == audiences_of([Role.SUPERVISOR]) == {Audience.FIRST}
    assert audiences_of(SECOND_LEVEL) == audiences_of(frozenset(Role)) == audiences_of([Role.EDITOR]) == set(Audience)


def test_a_fingerprint_tells_sets_apart() -> None:
    now = datetime.now(UTC)
    published = [replace(a, published_at=now) for a in (ONE, TWO, THREE)]
    stamps = [a.stamp for a in published]
    assert len(set(stamps)) == 3 and all(0 <= stamp < 1 << 40 for stamp in stamps)
    assert fingerprint(stamps) == fingerprint(stamps[::-1]) != fingerprint(stamps[:2])
    changed = replace(ONE, published_at=now, version=2).stamp, replace(ONE, published_at=now + timedelta(1)).stamp
    assert len({stamps[0], *changed}) == 3
