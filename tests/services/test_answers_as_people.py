"""The answers' services signed in as the people who use them, with no more rights than they have."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.db import rights
from app.db.engine import Database
from app.domain.answer_use import AnswerUse, UseKind
from app.domain.answers import Audience
from app.domain.commands import ReportSearch
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.people import Role
from app.domain.search_report import GapKind, SearchGap
from app.domain.vocabulary import WordGroup, WordKind
from app.search.index import AnswerIndex
from app.services.answer_copy import AnswerCopy
from app.services.answers import Answers
from app.services.commands import Commands
from app.services.search_reports import SearchReports, today
from app.services.words import Words
from tests import people
from tests.builders import Seeded, answer, person, seed
from tests.conftest import ExpectedLog
from tests.seeding import add_person

WLAN = WordGroup(kind=WordKind.SYNONYMS, words=("WLAN", "Wi-Fi"))
FIRST, SECOND = answer("one"), answer("two", audience=Audience.SECOND)


class People:
    """A small centre, and each person's own way into its database."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        database = Database(url)
        with database.engine.begin() as connection:
            rights.apply(connection)
        self.seeded: Seeded = seed(database)
        self.editor = person("eva-editor", team=self.seeded.office, roles=frozenset({Role.EDITOR}))
        with database.write() as session:
            add_person(session, self.editor)
        database.close()
        self._url, self._stack = url, stack

    def __call__(self, login: str) -> Database:
        database = Database(people.sign_in(self._url, login))
        self._stack.callback(people.forget, self._url, login)
        self._stack.callback(database.close)
        return database


@pytest.fixture
def signed_in(postgres_url: str) -> Iterator[People]:
    with ExitStack() as stack:
        yield People(postgres_url, stack)


def report(by: UUID) -> ReportSearch:
    use = AnswerUse(answer_id=FIRST.id, kind=UseKind.SOLVED)
    gap = SearchGap(kind=GapKind.NOT_FOUND, text="turbine")
    return ReportSearch(id=new_id(), by=by, at=datetime.now(UTC), uses=(use,) * 3, gaps=(gap,))


def test_from_the_editor_to_the_agents_and_back(signed_in: People, tmp_path: Path) -> None:
    editor, agent = signed_in("eva-editor"), signed_in(signed_in.seeded.agent.login)
    assert Answers(editor).publish([FIRST, SECOND]) == 2
    Words(editor).replace([WLAN])
    Commands(agent).apply(report(signed_in.seeded.agent.id))
    index = AnswerIndex(tmp_path)
    copy = AnswerCopy(agent, index, signed_in.seeded.agent, tmp_path)
    copy.refresh()
    assert [a.key for a in index.answers()] == ["one"] and copy.signals.popularity[FIRST.id] > 0
    assert Answers(editor).retire([FIRST.id]) == 1
    copy.refresh()
    assert index.answers() == ()
    index.close()
    reports = SearchReports(editor)
    assert [gap.text for gap in reports.gaps(today(), timedelta(days=1))] == ["turbine"]
    assert reports.tidy(today()) == 0


def test_an_agent_changes_no_word_no_answer_and_reads_no_gap(signed_in: People, expected_log: ExpectedLog) -> None:
    expected_log("InsufficientPrivilege")
    agent = signed_in(signed_in.seeded.agent.login)
    with pytest.raises(NotAllowed, match="role does not permit"):
        Words(agent).replace([WLAN])
    with pytest.raises(NotAllowed, match="role does not permit"):
        Answers(agent).publish([FIRST])
    with pytest.raises(NotAllowed, match="role does not permit"):
        SearchReports(agent).gaps(today(), timedelta(days=1))
