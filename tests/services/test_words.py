"""The editors' words: replaced as a whole, on the desks in seconds, and there without the database."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.cli import answer_words
from app.db.engine import Database
from app.db.rows import ChangeRow
from app.domain.answer_use import AnswerUse, UseKind
from app.domain.commands import ReportSearch
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.vocabulary import WordGroup, WordKind
from app.search.index import AnswerIndex
from app.services.answer_copy import FILE, AnswerCopy
from app.services.answers import Answers
from app.services.search_reports import SearchReports
from app.services.words import Words
from tests.builders import Seeded, answer

WLAN = WordGroup(kind=WordKind.SYNONYMS, words=("WLAN", "Wi-Fi"))
BEAMER = WordGroup(kind=WordKind.SYNONYMS, words=("Beamer", "Projektor"))
PLEASE = WordGroup(kind=WordKind.STOP_WORDS, words=("bitte",))


def change_count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(ChangeRow)) or 0


def test_words_are_replaced_and_what_stays_is_not_written(database: Database) -> None:
    words = Words(database)
    assert words.all() == ()
    changes = words.compare([WLAN, PLEASE])
    assert (changes.new_count, changes.removed_count, changes.kept_count) == (2, 0, 0)
    assert words.replace([WLAN, PLEASE, WLAN]) == changes
    assert words.all() == (PLEASE, WLAN)
    before = change_count(database)
    changes = words.replace([WLAN, BEAMER])
    assert (changes.new_count, changes.removed_count, changes.kept_count) == (1, 1, 1)
    assert words.all() == (BEAMER, WLAN) and change_count(database) == before + 2
    assert words.replace([BEAMER, WLAN]).kept_count == 2 and change_count(database) == before + 2


def test_words_and_signals_reach_a_desk_and_stay_there(database: Database, centre: Seeded, tmp_path: Path) -> None:
    known = replace(answer("outage", title="Outage"), known_problem="P-12")
    Answers(database).publish([answer("one"), known])
    Words(database).replace([WLAN])
    use = AnswerUse(answer_id=known.id, kind=UseKind.SOLVED)
    for _ in range(3):
        SearchReports(database).record(
            ReportSearch(id=new_id(), by=centre.agent.id, at=datetime.now(UTC), uses=(use,), gaps=())
        )
    index = AnswerIndex(tmp_path)
    copy = AnswerCopy(database, index, centre.agent, tmp_path)
    was_due = copy.is_count_due
    assert copy.signals.popularity == {}
    copy.refresh()
    assert copy.signals.in_force == {known.id}
    assert 0 < copy.signals.popularity[known.id] <= 1
    assert was_due and not copy.is_count_due
    assert index._vocabulary.synonyms == {"WLAN": ("Wi-Fi",), "Wi-Fi": ("WLAN",)}
    first = copy.signals
    index.close()
    index = AnswerIndex(tmp_path)
    again = AnswerCopy(database, index, centre.agent, tmp_path)  # without any contact
    assert again.signals.in_force == first.in_force
    assert again.signals.popularity.keys() == first.popularity.keys()
    assert index._vocabulary.synonyms["WLAN"] == ("Wi-Fi",)
    index.close()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"words": 3}'])
def test_damaged_aids_are_read_anew(database: Database, centre: Seeded, tmp_path: Path, content: bytes) -> None:
    Words(database).replace([WLAN])
    (tmp_path / FILE).write_bytes(content)
    index = AnswerIndex(tmp_path)
    copy = AnswerCopy(database, index, centre.agent, tmp_path)
    assert index._vocabulary.synonyms == {}
    copy.refresh()
    assert "WLAN" in index._vocabulary.synonyms
    index.close()


def test_a_dry_run_then_apply_then_export(
    database: Database, command_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "words.csv"
    path.write_text("synonyms,WLAN,Wi-Fi\nstop words,bitte\n")
    answer_words.import_words(path, command_url, apply=False)
    said = capsys.readouterr().out
    assert "2 new, 0 removed, 0 unchanged." in said and "--apply" in said
    assert Words(database).all() == ()
    answer_words.import_words(path, command_url, apply=True)
    assert Words(database).all() == (PLEASE, WLAN)
    with pytest.raises(NotAllowed, match="--replace"):
        answer_words.export_words(path, command_url, is_replacing=False)
    answer_words.export_words(path, command_url, is_replacing=True)
    answer_words.import_words(path, command_url, apply=True)
    assert "0 new, 0 removed, 2 unchanged." in capsys.readouterr().out


def test_one_fault_and_no_word_is_changed(
    database: Database, command_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Words(database).replace([WLAN])
    path = tmp_path / "words.csv"
    path.write_text("synonyms,Beamer,Projektor\nsynonyms,alone\n")
    with pytest.raises(NotAllowed, match="There is 1 fault"):
        answer_words.import_words(path, command_url, apply=True)
    assert f"{path}:2: Synonyms need two words." in capsys.readouterr().out
    assert Words(database).all() == (WLAN,)
