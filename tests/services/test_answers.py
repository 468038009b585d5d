"""Publishing answers: what changed becomes the next version, what did not stays."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.db.engine import Database
from app.db.rows import ChangeRow
from app.domain.answers import Audience
from app.domain.topics import Topic
from app.services.answers import Answers
from tests.builders import Seeded, answer

RESTART = answer("restart", variants=("no internet",), keywords=("lamp",), products=("link-7",), closing="Goodbye")
NEUSTART = answer("restart", "de", "Router neu starten")
FLASH = answer("flash", audience=Audience.SECOND)
BOTH = frozenset(Audience)


def _change_count(database: Database) -> int:
    with database.read() as session:
        query = select(func.count()).select_from(ChangeRow).where(ChangeRow.topic == Topic.ANSWERS)
        return session.scalar(query) or 0


def test_what_is_published_comes_back_by_key_and_language(database: Database) -> None:
    assert Answers(database).publish([RESTART, NEUSTART, FLASH]) == 3
    assert Answers(database).published(BOTH) == (FLASH, NEUSTART, RESTART)


def test_first_level_sees_its_own(database: Database) -> None:
    Answers(database).publish([RESTART, FLASH])
    assert Answers(database).published() == (RESTART,)
    assert Answers(database).published(frozenset({Audience.SECOND})) == (FLASH,)


def test_a_changed_answer_is_the_next_version(database: Database) -> None:
    answers = Answers(database)
    answers.publish([RESTART])
    for version in (2, 3):
        changed = replace(RESTART, body=f"Text {version}")
        assert answers.publish([changed]) == 1
        assert answers.published() == (replace(changed, version=version),)


def test_a_change_of_any_field_counts(database: Database) -> None:
    answers, current = Answers(database), RESTART
    answers.publish([current])
    fields = ("title", "body", "closing", "variants", "keywords", "products", "steps", "audience")
    for version, field in enumerate(fields, start=2):
        old = getattr(current, field)
        new: Any = (
            Audience.SECOND if field == "audience" else (*old, "more") if isinstance(old, tuple) else f"{old} more"
        )
        current = replace(current, **{field: new})
        assert answers.publish([current]) == 1
        assert answers.published(BOTH) == (replace(current, version=version),)


def test_what_is_unchanged_is_not_published_again(database: Database) -> None:
    answers = Answers(database)
    answers.publish([RESTART, NEUSTART])
    before = _change_count(database)
    assert answers.publish([replace(RESTART, version=7), NEUSTART]) == 0
    assert _change_count(database) == before == 2
    assert answers.published() == (NEUSTART, RESTART)


def test_answers_that_are_not_named_stay(database: Database) -> None:
    Answers(database).publish([RESTART])
    Answers(database).publish([NEUSTART])
    assert len(Answers(database).published()) == 2


def test_one_answer_that_cannot_be_stored_stops_them_all(database: Database) -> None:
    broken = replace(NEUSTART, title=None)  # type: ignore[arg-type] # as a broken importer would
    with pytest.raises(DBAPIError):
        Answers(database).publish([RESTART, broken])
    assert Answers(database).published() == ()
    assert _change_count(database) == 0


def test_product_codes_are_those_of_the_products(database: Database, centre: Seeded) -> None:
    assert Answers(database).product_codes() == {centre.router.code, centre.printer.code}
