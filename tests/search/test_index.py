"""The desk's index finds answers, whatever is typed, and heals itself."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.domain.answers import Answer
from app.search.index import HIT_LIMIT, AnswerIndex
from app.search.marking import marks
from app.search.results import How, Signals
from app.search.store import FILE, VERSION
from app.search.text import query_words
from tests.builders import answer
from tests.desk.children import child, next_line


def _plain(key: str, title: str, *, language: str = "en", **details: object) -> Answer:
    return answer(key, language, title, body="Say it.", steps=(), **details)


ANSWERS = (
    _plain("e47", "Error E-47 on the display", products=("link-7",)),
    _plain("e48", "Error E-48 on the display"),
    _plain("firmware", "Firmware v2.3.1 is here"),
    _plain("access", "Windows says 0x80070005", keywords=("access denied",)),
    _plain("size", "Größe der Straße ändern", language="de"),
    _plain("wlan", "WLAN-Passwort vergessen", language="de", variants=("Mein WLAN geht nicht",)),
    _plain("wifi", "Wi-Fi password forgotten", variants=("cannot get online",)),
    _plain("lamp", "Lamp", products=("print-2",)),
)

OPENS_AND_SEARCHES = """
import pathlib, sys
from app.search.index import AnswerIndex
index = AnswerIndex(pathlib.Path(sys.argv[1]).parent)
for line in sys.stdin:
    print(*(hit.answer.key for hit in index.search(line)), flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / FILE


@pytest.fixture
def index(path: Path) -> Iterator[AnswerIndex]:
    opened = AnswerIndex(path.parent)
    opened.replace(ANSWERS)
    yield opened
    opened.close()


def _keys(index: AnswerIndex, text: str, language: str = "", products: frozenset[str] = frozenset()) -> list[str]:
    return [hit.answer.key for hit in index.search(text, language=language, products=products)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("E-47", "e47"),
        ("e47", "e47"),
        ("E 47", "e47"),
        ("47", "e47"),
        ("e-48", "e48"),
        ("v2.3.1", "firmware"),
        ("v231", "firmware"),
        ("2.3.1", "firmware"),
        ("0x80070005", "access"),
        ("0X8007", "access"),
        ("80070005", None),
        ("Groesse", "size"),
        ("GROSSE", "size"),
        ("strasse", "size"),
        ("aendern", "size"),
        ("wlanpasswort", "wlan"),
        ("passwort", "wlan"),
        ("Wlan Passwort", "wlan"),
        ("access denied", "access"),
        ("cannot get online", "wifi"),
        ("nothing of the kind", None),
    ],
)
def test_identifiers_and_spellings_find_their_answer(index: AnswerIndex, text: str, first: str | None) -> None:
    assert next(iter(_keys(index, text)), None) == first


@pytest.mark.parametrize("typed", ["f", "fi", "firm", "firmwa", "firmware"])
def test_the_last_word_is_found_while_it_is_typed(index: AnswerIndex, typed: str) -> None:
    assert "firmware" in _keys(index, f"{typed}")
    assert "firmware" in _keys(index, f"error {typed}")


def test_the_language_of_the_call_comes_first(index: AnswerIndex) -> None:
    pair = (_plain("reset", "Router reset"), _plain("reset", "Router reset", language="de"))
    index.replace(pair)
    for language in ("de", "en"):
        assert index.search("reset", language=language)[0].answer.language == language


def test_the_callers_product_comes_first(index: AnswerIndex) -> None:
    index.replace([_plain("router", "Lamp is red", products=("link-7",)), _plain("p", "Lamp is red", products=("x",))])
    assert _keys(index, "lamp", products=frozenset({"x"})) == ["p", "router"]
    assert _keys(index, "lamp", products=frozenset({"link-7"})) == ["router", "p"]


def test_a_title_counts_more_than_the_text(index: AnswerIndex) -> None:
    index.replace([answer("text", title="Other", body="The toner is empty"), answer("title", title="Toner")])
    assert _keys(index, "toner") == ["title", "text"]


def test_a_hit_tells_what_was_found(index: AnswerIndex) -> None:
    (hit,) = index.search("online")
    assert hit.answer == ANSWERS[6]
    assert (hit.words, hit.excerpt) == (frozenset({"online"}), "cannot get online")


def test_a_long_excerpt_is_cut(index: AnswerIndex) -> None:
    index.replace([answer(body="lamp " + "x" * 1_000)])
    assert len(index.search("lamp")[0].excerpt) == 140


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text() | st.text(st.sampled_from("\"'*()^:-+{}[]AND OR NOT NEAR\\;%_é🦊ß٣² \0\n"), max_size=40))
@example('title: "x" AND (b OR NOT c*) NEAR(d e, 5) ^f -g')
@example('"')
@example("'; DROP TABLE answer; --")
@example("🦊 👩‍👩‍👧 ﷽ ٣ Ⅷ ² ㎏ ㌀")
@example("\ud800 lone")
@example("x" * 100_000)
@example("E-47 " * 20_000)
def test_nothing_that_is_typed_fails(index: AnswerIndex, text: str) -> None:
    assert len(index.search(text)) <= HIT_LIMIT
    assert index.count() == len(ANSWERS)


@settings(max_examples=100)
@given(st.text() | st.text("äöüßAÄ -.éE47", max_size=30), st.text("äöüßAÄ -.éE47", min_size=1, max_size=10))
@example("Straße", "strasse")
def test_marks_lie_inside_the_text_and_on_whole_words(text: str, query: str) -> None:
    end = 0
    for start, stop in marks(text, frozenset(query_words(query))):
        assert end <= start < stop <= len(text)
        assert text[start:stop].isalnum()
        end = stop


@pytest.mark.parametrize(
    ("title", "typed", "marked"),
    [
        ("Größe der Straße ändern", "strasse", ["Straße"]),
        ("Größe der Straße ändern", "groesse aendern", ["Größe", "ändern"]),
        ("ÄÖÜ: Übertragung über Überlänge", "ueber", ["Übertragung", "über", "Überlänge"]),
        ("Error E-47 on the display", "E-47", ["E", "47"]),
        ("Error E-47 on the display", "e47", ["E", "47"]),
        ("Error E-47 on the display", "eror", ["Error"]),
        ("Firmware", "firm", ["Firmware"]),
        ("Rechnungen ändern", "rechnung", ["Rechnungen"]),
        ("Die Rechnung und das Passwort ändern", "rechnungspasswort", ["Rechnung", "Passwort"]),
        ("Passwort für das WLAN-Passwort", "wlan passwort", ["Passwort", "WLAN", "Passwort"]),
        ("Display is dark", "is it dark", ["dark"]),
        ("Nothing here", "lamp nothing", ["Nothing"]),
        ("A light at night", "light ", ["light"]),
    ],
)
def test_marks_stand_where_the_words_are(index: AnswerIndex, title: str, typed: str, marked: list[str]) -> None:
    index.replace([_plain("one", title)])
    (hit,) = index.search(typed)
    assert [title[start:end] for start, end in marks(title, hit.words)] == marked


def test_an_empty_index_finds_nothing(path: Path) -> None:
    index = AnswerIndex(path.parent)
    assert (index.count(), index.search("lamp"), index.search("")) == (0, (), ())
    index.close()


def test_answers_are_there_after_a_restart(index: AnswerIndex, path: Path) -> None:
    index.close()
    again = AnswerIndex(path.parent)
    assert (again.count(), _keys(again, "firmware")) == (len(ANSWERS), ["firmware"])
    again.close()


def test_replacing_leaves_nothing_of_before(index: AnswerIndex) -> None:
    index.replace([_plain("new", "Scanner")])
    assert (index.count(), _keys(index, "firmware"), _keys(index, "scanner")) == (1, [], ["new"])


def test_a_replacing_that_fails_leaves_all_as_it_was(index: AnswerIndex) -> None:
    def broken() -> Iterator[Answer]:
        yield _plain("new", "Scanner")
        raise KeyError

    with pytest.raises(KeyError):
        index.replace(broken())
    assert (index.count(), _keys(index, "scanner")) == (len(ANSWERS), [])


@pytest.mark.parametrize("garbage", [b"no database " * 1_000, b"SQLite format 3\0" + b"\xff" * 4_000, b"x"])
def test_a_damaged_file_is_made_anew(path: Path, garbage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(garbage)
    index = AnswerIndex(path.parent)
    index.replace(ANSWERS)
    assert _keys(index, "firmware") == ["firmware"]
    index.close()


def test_a_file_with_a_broken_middle_is_made_anew(index: AnswerIndex, path: Path) -> None:
    index.replace(replace(ANSWERS[0], key=f"k{n}", title=f"Lamp {n} " + "word " * 50) for n in range(200))
    index.close()
    content = bytearray(path.read_bytes())
    content[4_096:] = b"\xa5" * (len(content) - 4_096)
    path.write_bytes(content)
    again = AnswerIndex(path.parent)
    again.replace(ANSWERS)
    assert _keys(again, "firmware") == ["firmware"]
    again.close()


def test_a_file_of_another_version_is_made_anew(index: AnswerIndex, path: Path) -> None:
    index.close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    again = AnswerIndex(path.parent)
    assert again.count() == 0
    again.close()


def test_two_consoles_share_one_file(index: AnswerIndex, path: Path) -> None:
    with child(OPENS_AND_SEARCHES, path) as other:
        assert other.stdin is not None
        for title in ("Scanner", "Plotter"):
            index.replace([_plain(title.lower(), title)])
            other.stdin.write(f"{title}\n")
            other.stdin.flush()
            assert next_line(other) == title.lower()


def test_an_update_changes_adds_and_withdraws(index: AnswerIndex) -> None:
    before = index.state
    changed = replace(ANSWERS[2], title="Firmware v2.4.0 is here")
    index.update([changed, _plain("new", "Scanner")], [ANSWERS[3].id])
    assert (index.count(), index.state.version) == (len(ANSWERS), before.version + 1)
    assert (_keys(index, "v240"), _keys(index, "scanner"), _keys(index, "windows")) == (["firmware"], ["new"], [])


def test_a_known_problem_stands_on_top_when_it_matches(index: AnswerIndex) -> None:
    told = Signals(in_force=frozenset({ANSWERS[1].id, ANSWERS[7].id}))
    assert [hit.answer.key for hit in index.search("error E-47", signals=told)] == ["e48", "e47"]


def test_what_solved_cases_lately_comes_first_among_equals(index: AnswerIndex) -> None:
    for key in ("e47", "e48"):
        told = Signals(popularity={a.id: 1.0 for a in ANSWERS if a.key == key})
        assert index.search("error display", signals=told)[0].answer.key == key


def test_an_explanation_adds_up_and_names_the_words(index: AnswerIndex) -> None:
    explained = index.explain("error disp")
    assert explained.words == ("error", "disp")
    for hit in explained.hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.hit.score)
    assert {(m.found, m.how) for m in explained.hits[0].matches} == {("error", How.EXACT), ("display", How.PREFIX)}
