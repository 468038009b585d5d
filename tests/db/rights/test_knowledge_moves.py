"""What is refused of drafts, answers and messages although the statement is permitted."""

from uuid import UUID

import pytest

from tests.db.rights.conftest import Session
from tests.db.rights.world import id_of

NEW = UUID(int=7)
_COLUMNS = "id, key, language, state, revision, base_version, document, made_by, written_by, written_at"


def _draft(by: str, written_by: str, state: str = "draft", revision: int = 1) -> str:
    made, written = id_of("person", by), id_of("person", written_by)
    values = f"'{NEW}', 'k', 'de', '{state}', {revision}, 0, '{{}}', '{made}', '{written}', now()"
    return f"INSERT INTO answer_draft ({_COLUMNS}) VALUES ({values})"


def _move(name: str, changes: str, revision: int = 2) -> str:
    return f"UPDATE answer_draft SET revision = {revision}, {changes} WHERE id = '{id_of('draft', name)}'"


def _answer(changes: str) -> str:
    return f"UPDATE answer SET {changes} WHERE id = '{id_of('answer', 'first')}'"


def _message(by: str, to: str, kind: str, case: str = "claimed") -> str:
    values = f"'{NEW}', '{id_of('person', to)}', '{id_of('person', by)}', now(), '{kind}', 't', '', ''"
    columns = "id, person_id, by, at, kind, title, text, case_number, case_id"
    return f"INSERT INTO message ({columns}) VALUES ({values}, '{id_of('case', case)}')"


EVA = f"written_by = '{id_of('person', 'eva')}'"
MOVES = [
    # In one's own name, from the beginning.
    ("1", _draft("ada", "ada"), "1"),
    ("1", _draft("ada", "ada", "review"), "1"),
    ("1", _draft("ada", "ada", "published"), "refused"),
    ("1", _draft("ada", "ada", revision=2), "refused"),
    ("1", _draft("ada", "mia"), "refused"),
    ("1", _draft("mia", "mia"), "refused"),
    ("E", _draft("eva", "eva"), "1"),
    # Who wrote it hands it in; the rest is the editors'.
    ("1", _move("ada", "state = 'review'"), "1"),
    ("1", _move("ada", "state = 'published'"), "refused"),
    ("1", _move("ada", "state = 'review'", revision=3), "refused"),
    ("1", _move("ben", "state = 'review'"), "0"),
    ("2", _move("ben", "document = '{\"title\": 1}'"), "1"),
    ("E", _move("ada", "state = 'review'"), "1"),
    ("E", _move("ada", "state = 'published'"), "refused"),  # not without a review
    ("E", _move("ada", "document = '{\"title\": 1}'"), "refused"),  # in somebody else's name
    ("E", _move("ada", "document = '{\"title\": 1}', " + EVA), "1"),
    ("E", _move("mia", "state = 'published'"), "1"),
    ("E", _move("eva", "state = 'published'"), "refused"),  # four eyes: it is her own text
    ("1", _move("mia", "state = 'draft'"), "0"),
    # What is published is replaced, or retired.
    ("E", _answer("body = 'other'"), "refused"),
    ("E", _answer("body = 'other', version = 2"), "1"),
    ("E", _answer("retired_at = now()"), "1"),
    ("E", _answer("retired_at = now(), title = 'other'"), "refused"),
    ("E", f"UPDATE answer_version SET note = 'x' WHERE answer_id = '{id_of('answer', 'first')}'", "refused"),
    # Messages: of a case to whoever opened it, of answers by editors, nothing in another's name.
    ("2", _message("ben", "far", "case_solved"), "1"),
    ("2", _message("ben", "far", "first_could"), "1"),
    ("2", _message("ben", "mia", "case_solved"), "refused"),
    ("2", _message("ben", "far", "answerable"), "refused"),
    ("2", _message("bea", "far", "case_solved"), "refused"),
    ("E", _message("eva", "ada", "draft_published"), "1"),
    ("E", _message("eva", "ada", "answerable"), "refused"),
    ("1", _message("ada", "mia", "case_solved", "looked"), "refused"),
]


@pytest.mark.parametrize(("letter", "statement", "outcome"), MOVES)
def test_moves(by: dict[str, Session], letter: str, statement: str, outcome: str) -> None:
    assert by[letter].outcome(statement) == outcome
