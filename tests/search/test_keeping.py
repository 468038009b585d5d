"""The index outlives restarts, damaged and deleted files, and says in which state it is."""

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.search import snapshot, store
from app.search.index import AnswerIndex
from tests.bench.many_answers import many_answers
from tests.builders import answer
from tests.patience import wait_for

MANY = tuple(many_answers(320))
LAMP = answer("lamp", "en", "Lampshade")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    index = AnswerIndex(tmp_path)
    index.replace((*MANY, LAMP))
    index.close()
    yield tmp_path


def _found(folder: Path) -> tuple[int, list[str]]:
    index = AnswerIndex(folder)
    index._opening.join()
    found = index.count(), [hit.answer.key for hit in index.search("lampshade")][:1]
    assert not index.state.is_building
    index.close()
    return found


def test_a_restart_takes_what_was_kept(folder: Path) -> None:
    assert (folder / snapshot.FILE).exists()
    assert _found(folder) == (len(MANY) + 1, ["lamp"])


@pytest.mark.parametrize("damage", [b"", b"x" * 5_000, None])
def test_a_snapshot_that_is_damaged_or_gone_is_built_again(folder: Path, damage: bytes | None) -> None:
    path = folder / snapshot.FILE
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2] + damage)
    assert _found(folder) == (len(MANY) + 1, ["lamp"])
    assert snapshot.load(folder) is not None


def test_a_snapshot_of_another_version_is_built_again(folder: Path) -> None:
    path = folder / snapshot.FILE
    path.write_bytes(path.read_bytes().replace(b"firstline-index 1\n", b"firstline-index 0\n", 1))
    assert _found(folder) == (len(MANY) + 1, ["lamp"])


def test_what_changed_after_the_snapshot_is_there(folder: Path) -> None:
    index = AnswerIndex(folder)
    index.update([answer("lamp", "en", "Chandelier"), answer("new", "en", "Lampshade")], [MANY[0].id])
    index.close()
    assert _found(folder) == (len(MANY) + 1, ["new"])


def test_files_may_go_while_it_runs(folder: Path) -> None:
    index = AnswerIndex(folder)
    index._opening.join()
    for path in folder.iterdir():
        path.unlink()
    assert index.search("lampshade")[0].answer == LAMP
    index.update([answer("new", "en", "Chandelier")])
    assert index.search("chandelier")[0].answer.key == "new"
    assert index.state.is_kept
    index.close()
    assert _found(folder) == (len(MANY) + 2, ["lamp"])


def test_two_programs_agree_when_the_file_is_deleted_under_both(folder: Path) -> None:
    one, other = AnswerIndex(folder), AnswerIndex(folder)
    for index in (one, other):
        index._opening.join()
    for path in folder.iterdir():
        path.unlink()
    one.update([answer("new", "en", "Chandelier")])
    assert other.search("chandelier")[0].answer.key == "new"
    other.update([answer("newer", "en", "Chandelier lampshade")], [LAMP.id])
    for index in (one, other):
        assert [hit.answer.key for hit in index.search("chandelier lampshade")] == ["newer", "new"]
        assert index.count() == len(MANY) + 2
        index.close()
    assert _found(folder) == (len(MANY) + 2, ["newer"])


def test_a_file_made_anew_is_not_taken_for_the_snapshot_of_before(folder: Path) -> None:
    index = AnswerIndex(folder)
    index._opening.join()
    index.update([replace(LAMP, title="Chandelier")])
    (folder / store.FILE).unlink()
    assert index.search("chandelier")  # makes the file anew
    index.close()
    index = AnswerIndex(folder)
    index._opening.join()
    assert index.search("chandelier")[0].answer.key == "lamp"
    assert "lamp" not in {hit.answer.key for hit in index.search("lampshade")}
    index.close()


def test_files_may_be_cut_while_it_runs(folder: Path) -> None:
    index = AnswerIndex(folder)
    index._opening.join()
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:100])
    assert index.search("lampshade")[0].answer == LAMP
    index.update([answer("new", "en", "Chandelier")])
    assert (index.search("chandelier")[0].answer.key, index.count()) == ("new", len(MANY) + 2)
    index.close()


def test_a_folder_that_cannot_be_written_is_said_in_the_state(folder: Path) -> None:
    index = AnswerIndex(folder)
    index._opening.join()
    for path in folder.iterdir():
        path.unlink()
    (folder / store.FILE).mkdir()
    index.update([answer("new", "en", "Chandelier")])
    assert index.search("chandelier")[0].answer.key == "new"
    assert not index.state.is_kept
    index.close()


def test_the_answers_of_before_are_searched_while_others_are_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = AnswerIndex(tmp_path)
    index.replace([LAMP])
    seen: list[tuple[bool, bool, float]] = []
    on_progress = index._on_progress

    def and_be_seen(share: float) -> None:
        on_progress(share)
        before = len(seen)
        wait_for(lambda: len(seen) > before + 1)

    monkeypatch.setattr(index, "_on_progress", and_be_seen)
    building = threading.Thread(target=index.replace, args=(MANY,))
    building.start()
    while building.is_alive():
        is_found = bool(index.search("lampshade"))
        state = index.state
        seen.append((is_found, state.is_building, state.progress))
    building.join()
    built = [(is_found, progress) for is_found, is_building, progress in seen if is_building]
    assert len(built) > 2 and all(is_found for is_found, _ in built)
    progresses = [progress for _, progress in built]
    assert progresses == sorted(progresses) and progresses[-1] > 0.5
    assert LAMP not in [hit.answer for hit in index.search("lampshade")]
    assert (index.state.is_building, index.count()) == (False, len(MANY))
    index.close()


def test_closing_ends_what_is_being_built(folder: Path) -> None:
    (folder / snapshot.FILE).unlink()
    index = AnswerIndex(folder)
    index.close()
    assert _found(folder) == (len(MANY) + 1, ["lamp"])


def test_an_answer_of_a_megabyte_is_one_answer_among_others(folder: Path) -> None:
    index = AnswerIndex(folder)
    index._opening.join()
    book = answer("book", "en", "Manual", body="Say this. " + "printer router lamp " * 50_000 + "zyzzyva")
    index.update([book])
    assert [hit.answer.key for hit in index.search("zyzzyva")] == ["book"]
    assert index.search("lampshade")[0].answer == LAMP
    index.close()


def test_documents_that_are_damaged_or_of_another_program_are_left_behind(folder: Path) -> None:
    connection = sqlite3.connect(folder / store.FILE)
    with connection:
        connection.execute("UPDATE answer SET document = ?", (b"no document",))
    connection.close()
    assert _found(folder) == (0, [])
    index = AnswerIndex(folder)
    index.replace([LAMP])
    assert index.answers() == (LAMP,)
    index.close()
