"""The editors' words from a file: what is refused, with its line, and that nothing is lost on the way."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters import word_file
from app.domain.vocabulary import WordGroup, WordKind, stop_words_of, synonyms_of

SYNONYMS = WordGroup(kind=WordKind.SYNONYMS, words=("WLAN", "Wi-Fi", "Funknetz"))
STOP = WordGroup(kind=WordKind.STOP_WORDS, words=("bitte", "hallo"))
WORDS = st.from_regex(r"[a-zäöüß0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
GROUPS = st.builds(
    WordGroup, kind=st.sampled_from(WordKind), words=st.lists(WORDS, min_size=2, max_size=6, unique=True).map(tuple)
)


def reading(path: Path, content: str | bytes) -> word_file.WordReading:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return word_file.read(path)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_as_a_spreadsheet_writes_it(tmp_path: Path, separator: str, end: str) -> None:
    rows = [
        ["# Our words", ""],
        ["synonyms", "WLAN", " Wi-Fi ", "Funknetz", "wlan"],
        [""],
        ["Stop Words", "bitte", "hallo"],
    ]
    text = end.join(separator.join(row) for row in rows) + end
    for mark in ("", "\ufeff"):
        assert reading(tmp_path / "w.csv", mark + text) == word_file.WordReading(groups=(SYNONYMS, STOP))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("sinonyms,a,b", "“sinonyms” is no kind of words. Use one of: synonyms, stop words."),
        ("synonyms,WLAN,wlan", "Synonyms need two words."),
        ("stop words,,", "This row has no word."),
        ("synonyms,wireless lan,wlan", "“wireless lan” is not one word."),
        ("synonyms,???,wlan", "“???” is not one word."),
        ("synonyms," + "x" * 61 + ",wlan", "is longer than 60 characters."),
        ("synonyms," + ",".join(f"w{n}" for n in range(51)), "This row has more than 50 words."),
        ('synonyms,"a,b', "A quotation mark is missing"),
    ],
)
def test_what_is_refused_with_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    path = tmp_path / "w.csv"
    found = reading(path, f"synonyms,a,b\n\n{row}\n")
    assert [(fault.place, sentence in fault.reason) for fault in found.faults] == [(f"{path}:3", True)]


def test_whole_files_that_are_refused(tmp_path: Path) -> None:
    assert word_file.read(tmp_path / "no.csv").faults[0].reason == "There is no such file."
    assert "not UTF-8" in reading(tmp_path / "w.csv", b"synonyms,a,\xff").faults[0].reason
    many = "".join(f"synonyms,a{n},b\n" for n in range(5_001))
    assert "more than 5000 rows" in reading(tmp_path / "w.csv", many).faults[0].reason


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(groups=st.lists(GROUPS, max_size=8, unique=True))
def test_what_is_written_is_read_again(tmp_path: Path, groups: list[WordGroup]) -> None:
    word_file.write(groups, tmp_path / "w.csv")
    assert word_file.read(tmp_path / "w.csv") == word_file.WordReading(groups=tuple(groups))


def test_words_as_the_search_takes_them() -> None:
    other = WordGroup(kind=WordKind.SYNONYMS, words=("Funknetz", "Funk"))
    assert synonyms_of([SYNONYMS, STOP, other]) == {
        "WLAN": ("Wi-Fi", "Funknetz"),
        "Wi-Fi": ("WLAN", "Funknetz"),
        "Funknetz": ("WLAN", "Wi-Fi", "Funk"),
        "Funk": ("Funknetz",),
    }
    assert stop_words_of([SYNONYMS, STOP]) == {"bitte", "hallo"}
