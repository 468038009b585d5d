"""Each column that names somebody or holds a text: whether anonymising takes it out, and if not, why it may stay.

A new column that refers to a person, holds the id of anything or a text fails here until somebody decides about it, in
`FATES`; and what is decided is tried with one row in each table.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Enum, Numeric, String, Table, Uuid, insert, select
from sqlalchemy.types import TypeEngine

from app.db.engine import Database
from app.db.rows import Row
from app.db.types import Exact, UtcDateTime
from app.domain.ids import new_id
from app.services.anonymising import _NOBODIES, Anonymising
from app.services.roll_ups import RollUps
from tests.services.past import BERLIN, Past, make_past

# What happens to a person …
NOBODY = "nobody of the same team"
FORGOTTEN = "no id"
# … to a text …
EMPTIED = "empty, or a dash"
# … and to the whole row.
GONE = "the row goes"

# Why the others may stay.
THING = "of a thing, not of a person"
SETTING = "a setting, or a name from the centre's lists"
COUNTED = "sums of the past: people are in none"
OFFICE = "a decision in an office, which everybody can read"
KNOWLEDGE = "written to be read by everybody: an answer or a known problem"
NOW = "as it is now, of somebody who works here"
RECORD = "the customer's or the person's record, which has its own time to be kept"
OWN_TIME = "without personal data, and tidied away by itself"

# fmt: off
FATES: dict[str, dict[str, str]] = {
    "agent": {NOW: "person_id"},
    "agent_change": {GONE: "person_id"},
    "alarm": {SETTING: "step"},
    "alert": {NOBODY: "raised_by seen_by", SETTING: "queue"},
    "alert_rule": {SETTING: "queue days opens closes zone"},
    "answer": {KNOWLEDGE: "key language title variants keywords products body steps closing script known_problem"},
    "answer_draft": {NOBODY: "made_by written_by", KNOWLEDGE: "key language document", THING: "case_id"},
    "answer_event": {NOBODY: "by", EMPTIED: "text", THING: "answer_id draft_id"},
    "answer_flag": {NOBODY: "by settled_by", EMPTIED: "text settled_text", THING: "answer_id"},
    "answer_use": {THING: "answer_id"},
    "answer_version": {KNOWLEDGE: "note document", OFFICE: "published_by", THING: "answer_id"},
    "applied_command": {FORGOTTEN: "by subject_id"},
    "booking": {NOBODY: "by", EMPTIED: "text", COUNTED: "currency"},
    "call": {NOBODY: "agent_id", EMPTIED: "number_raw number_normal display_name note", SETTING: "source queue",
             THING: "case_id"},
    "call_back": {NOBODY: "made_by person_id done_by", EMPTIED: "number name note", THING: "call_id"},
    "call_tally": {COUNTED: "queue team"},
    "case_file": {NOBODY: "opened_by owner_id", EMPTIED: "title kept_back", KNOWLEDGE: "passed_down",
                  THING: "number call_id answer_id"},
    "case_presence": {GONE: "person_id case_id"},
    "case_tally": {COUNTED: "team product reason"},
    "centre_rule": {SETTING: "name value"},
    "change": {FORGOTTEN: "subject_id"},
    "contact_grant": {NOBODY: "by"},
    "contract": {RECORD: "number serial"},
    "customer": {RECORD: "number name company city language"},
    "first_could_have": {NOBODY: "by", THING: "answer_id"},
    "gateway": {SETTING: "name holder capabilities"},
    "hand": {GONE: "person_id call_id case_id about"},
    "hand_line": {GONE: "by text"},
    "history_day": {},
    "history_state": {SETTING: "zone cursor rules"},
    "lease": {NOW: "person_id"},
    "levels": {},
    "line_order": {GONE: "by text detail"},
    "look_up": {GONE: "person_id"},
    "message": {GONE: "person_id by title text case_id case_number answer_id"},
    "notice": {GONE: "by text"},
    "notice_seen": {GONE: "person_id"},
    "person": {RECORD: "login name roles"},
    "person_look": {GONE: "by person_id purpose"},
    "phone": {RECORD: "label shown normal"},
    "presence_tally": {COUNTED: "team"},
    "problem": {NOBODY: "made_by changed_by state_by", THING: "id",
                KNOWLEDGE: "title symptoms cause workaround products versions said"},
    "problem_case": {NOBODY: "by"},
    "product": {SETTING: "code name"},
    "question": {GONE: "asked_by text to_person answer answered_by"},
    "queue_rule": {SETTING: "queue"},
    "radar": {SETTING: "name"},
    "ring": {GONE: "person_id"},
    "rule_set": {OFFICE: "text by"},
    "saved_filter": {NOW: "person_id name filter"},
    "search_gap": {OWN_TIME: "language product text"},
    "sighting": {OWN_TIME: "product text"},
    "team": {SETTING: "name"},
    "telephone": {NOW: "interface person_id name device pause_reason"},
    "timeline": {NOBODY: "by", EMPTIED: "text hand_over caller_number"},
    "watcher": {GONE: "person_id"},
    "word_group": {KNOWLEDGE: "words"},
    "works_council": {OFFICE: "by reason"},
}
# fmt: on

TABLES = Row.metadata.tables
NOW_IS = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BEFORE = date(2026, 10, 1)
OLD, YOUNG = datetime(2026, 9, 20, 9, 0, tzinfo=UTC), datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
TYPED = "typed"
KEPT_APART = ("team", "person", "product", "customer", "history_state", "history_day", "levels", "radar")
# Where the first word of an enum would be of something that is not over.
OVER: dict[str, dict[str, Any]] = {
    "call": {"state": "closed", "disposition": "solved", "end_reason": "answered", "ended_by": "caller"},
    "case_file": {"state": "solved", "level": 2},
    "timeline": {"event": "granted", "hand_over": {"reason": "r", "note": TYPED}},
    "answer_draft": {"state": "published"},
    "problem": {"state": "solved"},
    "problem_case": {"link": "attached"},
    "call_back": {"state": "done"},
    "booking": {"kind": "work"},
    "change": {"topic": "messages"},
}


def test_somebody_decided_about_each_column() -> None:
    decided = {table: sorted(" ".join(fates.values()).split()) for table, fates in FATES.items()}
    there = {
        name: sorted(column.name for column in table.columns if says_something(column))
        for name, table in TABLES.items()
    }
    assert decided == there, (
        "decide in FATES what anonymising does with it, and do it in app/services/anonymised_rows.py"
    )


def test_no_person_is_kept_without_a_reason() -> None:
    """Of a person's id, that it is of a thing is no reason."""
    for name, fates in FATES.items():
        for reason in (THING, SETTING, COUNTED, KNOWLEDGE, OWN_TIME):
            assert not [one for one in fates.get(reason, "").split() if is_of_person(TABLES[name].c[one])]


def test_old_rows_are_as_decided(database: Database) -> None:
    rows = Rows(database, OLD)
    Anonymising(database).run(BEFORE, NOW_IS)
    for table, was in rows.put.items():
        found, fates = rows.read(table), FATES[table]
        assert (found is None) == (GONE in fates), table
        fate_of = {column: fate for fate, columns in fates.items() for column in columns.split()}
        for column, value in (found or {}).items():
            if column in fate_of:
                assert_fate(fate_of[column], value, was[column], rows, f"{table}.{column}")
            else:
                assert value != rows.person, f"{table}.{column}"


def assert_fate(fate: str, value: Any, was: Any, rows: "Rows", name: str) -> None:
    if fate == NOBODY:
        assert value == uuid5(_NOBODIES, str(rows.past.teams[0])), name
    elif fate == FORGOTTEN:
        assert value in (None, UUID(int=0)), name
    elif fate == EMPTIED:
        assert TYPED in json.dumps(was) and TYPED not in json.dumps(value), name
    else:
        assert value == was and was is not None, f"{name} was to stay"


def test_young_rows_stay_as_they_are(database: Database) -> None:
    rows = Rows(database, YOUNG)
    before = {table: rows.read(table) for table in rows.put}
    Anonymising(database).run(BEFORE, NOW_IS)
    assert {table: rows.read(table) for table in rows.put} == before


NOT_OVER: dict[str, dict[str, Any]] = {
    "alert": {"ended_at": None},
    "answer_flag": {"settled_at": None},
    "call": {"state": "connected"},
    "call_back": {"state": "open", "done_at": None},
    "case_file": {"state": "claimed", "level": 2, "solved_at": None},
    "hand": {"lowered_at": None},
    "message": {"seen_at": None},
    "problem": {"state": "confirmed"},
}
OF_CASES = ("case_file", "timeline", "booking", "watcher", "question", "first_could_have", "problem_case",
            "contact_grant", "hand", "hand_line", "message", "answer_draft", "answer_event", "problem", "alert",
            "answer_flag", "call", "call_back")  # fmt: skip


def test_what_is_old_and_not_over_stays_whole(database: Database) -> None:
    """A case that is worked with, a hand that is up, a message that nobody has read: however old."""
    rows = Rows(database, OLD, NOT_OVER)
    before = {table: rows.read(table) for table in OF_CASES}
    Anonymising(database).run(BEFORE, NOW_IS)
    assert {table: rows.read(table) for table in OF_CASES} == before


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("app.services.anonymising.BATCH", 1)
    yield


class Rows:
    """One row in each table, of one person and one case, all at one time; `put` are their values."""

    def __init__(
        self, database: Database, at: datetime, states: Mapping[str, dict[str, Any]] = MappingProxyType({})
    ) -> None:
        self.past: Past = make_past(database, 3, 1)
        self.person, self.at, self._database = self.past.agents[0], at, database
        self.put: dict[str, dict[str, Any]] = {}
        self._ids: dict[str, Any] = {"team": self.past.teams[0], "person": self.person,
                                     "product": self.past.products[0], "customer": self.past.customers[0]}  # fmt: skip
        for name in ("case_file", "call", "answer", "answer_draft", "hand", "notice", "problem", "contract"):
            self._ids[name] = new_id()
        with database.write() as session:
            for table in Row.metadata.sorted_tables:
                if table.name not in KEPT_APART and not table.name.endswith("_tally"):
                    values = {**self._values(table), **states.get(table.name, {})}
                    session.execute(insert(table).values(**values))
                    self.put[table.name] = values
        RollUps(database).run(NOW_IS, zone=BERLIN)

    def read(self, name: str) -> dict[str, Any] | None:
        """The row that was put there, as it is now."""
        table, was = TABLES[name], self.put[name]
        keys = [column == was[column.name] for column in table.primary_key if column.name in was]
        with self._database.read() as session:
            found = session.execute(select(table).where(*keys)).one_or_none()
        return dict(found._mapping) if found else None

    def _values(self, table: Table) -> dict[str, Any]:
        named = OVER.get(table.name, {})
        found = {column.name: self._value(table, column) for column in table.columns if column.identity is None}
        found.pop("tx", None)
        return {**found, **named}

    def _value(self, table: Table, column: Column[Any]) -> Any:
        kind: TypeEngine[Any] = column.type
        if column.foreign_keys:
            return self._ids[next(iter(column.foreign_keys)).column.table.name]
        if isinstance(kind, Uuid):
            return self._id(table, column)
        if isinstance(kind, Enum):
            return next(iter(kind.enums))
        if isinstance(kind, JSON):
            return [TYPED]
        if isinstance(kind, String):
            return TYPED[: kind.length]
        if isinstance(kind, UtcDateTime):
            return self.at
        if isinstance(kind, Date):
            return self.at.date()
        return False if isinstance(kind, Boolean) else "1" if isinstance(kind, Exact | Numeric) else 1

    def _id(self, table: Table, column: Column[Any]) -> UUID:
        if is_of_person(column) or column.name == "subject_id":  # which may be a person
            return self.person
        of = table.name if column.name == "id" else column.name.removesuffix("_id").replace("case", "case_file")
        return self._ids.get({"draft": "answer_draft"}.get(of, of)) or new_id()


def says_something(column: Column[Any]) -> bool:
    """Whether it names a person, may name one, or holds what somebody could have typed."""
    is_own_id = column.primary_key and column.name == "id"
    is_id = isinstance(column.type, Uuid) and not column.foreign_keys and not is_own_id
    is_text = isinstance(column.type, String | JSON) and not isinstance(column.type, Enum)
    return is_of_person(column) or is_id or is_text


def is_of_person(column: Column[Any]) -> bool:
    refers = any(key.column.table.name == "person" for key in column.foreign_keys)
    return refers or (isinstance(column.type, Uuid) and (column.name == "by" or column.name.endswith("_by")))
