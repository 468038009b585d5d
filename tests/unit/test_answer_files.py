"""Import and export of scripted answers: what is refused, with its line, and that nothing is lost on the way."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from app.adapters import answer_files, text_files
from app.adapters.answer_files import rules
from app.adapters.answer_files.rules import ITEM_LIMIT, LINE_LIMIT, TEXT_LIMIT
from app.domain.answers import Answer, Audience
from app.domain.errors import NotAllowed, Unavailable
from tests.unit.odd_answers import TEXTS, answers

CODES = frozenset({"LINK-200", "PRINT-10"})
FULL = Answer(
    key="link-no-internet",
    language="de",
    title="Kein Internet, die Lampe „Internet“ blinkt rot",
    variants=("Ich komme nicht ins Netz", "DSL: weg"),
    keywords=("0x80070005", "no", "E-47"),
    products=("LINK-200", "PRINT-10"),
    audience=Audience.SECOND,
    known_problem="P-12",
    body="Guten Tag, {customer.name}.\n\n<b>Wir</b> prüfen die Leitung.",
    steps=("Ziehen Sie den Stecker.", "Warten Sie 30 Sekunden | 1 Minute."),
    closing="Danke.\n\n* bleiben Sie dran",
)
PLAIN = Answer(key="a", language="en", title="A", body="B")
HEADER = "key,language,title,body"


def reading(path: Path, content: str | bytes) -> answer_files.Reading:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return answer_files.read(path, product_codes=CODES)


def faults(path: Path, content: str | bytes) -> list[tuple[int, str]]:
    found = reading(path, content)
    assert all(fault.file == str(path) for fault in found.faults)
    return [(fault.line, fault.reason) for fault in found.faults]


def markdown(front: str, body: str = "Say this.") -> str:
    return f"---\n{front}\n---\n{body}\n"


def entry(**fields: object) -> dict[str, object]:
    return {"key": "a", "language": "en", "title": "A", "body": "B"} | fields


@pytest.mark.parametrize("form", ["csv", "json", "markdown"])
@given(given=answers())
@example(given=[FULL])
@example(given=[PLAIN])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)
def test_what_is_exported_is_imported_unchanged(
    form: str, tmp_path_factory: pytest.TempPathFactory, given: list[Answer]
) -> None:
    path = tmp_path_factory.mktemp("round") / {"csv": "a.csv", "json": "a.json", "markdown": "answers"}[form]
    answer_files.write(given, path, format=form)
    found = answer_files.read(path, product_codes=CODES)
    if form == "markdown" and not given:
        assert "no file that ends with .md" in found.faults[0].reason
    elif form == "csv" or given:
        assert (list(found.answers), found.faults) == (given, ())


@given(text=TEXTS)
def test_normalising_again_changes_nothing(text: str) -> None:
    once = rules.normalised(Answer(key="a", language="en", title=text, body=text, steps=(text,), closing=text))
    assert rules.normalised(once) == once


def test_white_space_is_the_only_thing_that_changes(tmp_path: Path) -> None:
    found = reading(
        tmp_path / "a.json",
        json.dumps([entry(title="  A\t b ", body="\r\n  x  \r\n\r\n  y\u2028z\t\n\n", keywords=[" ", " k  l "])]),
    )
    assert found.answers == (Answer(key="a", language="en", title="A b", body="x\n\n  y\nz", keywords=("k l",)),)


def test_a_closing_without_steps_ends_the_body() -> None:
    assert rules.normalised(Answer(key="a", language="en", title="A", body="B", closing="C")).body == "B\n\nC"


FIELD_FAULTS = {
    "key with capitals": ({"key": "Link-A"}, "lower-case"),
    "key with a path": ({"key": "../a"}, "lower-case"),
    "key too long": ({"key": "a" * 101}, "longer than 100"),
    "no language": ({"language": ""}, "no language"),
    "another language": ({"language": "fr"}, "Use one of: en, de"),
    "empty title": ({"title": " \t"}, "title is empty"),
    "title too long": ({"title": "x" * 301}, "longer than 300"),
    "empty body": ({"body": "\n \n"}, "text is empty"),
    "known problem too long": ({"known_problem": "P" * 41}, "“known_problem” is longer than 40"),
    "body over a megabyte": ({"body": "x" * (TEXT_LIMIT + 1)}, "longer than 1 MB"),
    "umlauts over a megabyte": ({"body": "ü" * (TEXT_LIMIT // 2 + 1)}, "longer than 1 MB"),
    "unknown product": ({"products": ["LINK-200", "LINK-2"]}, "no product “LINK-2”"),
    "unknown audience": ({"audience": "third"}, "Use one of: first, second"),
    "unknown placeholder": ({"body": "Hello {customer.nam}"}, "no placeholder “{customer.nam}”"),
    "unknown placeholder in a step": ({"steps": ["{x}"]}, "no placeholder “{x}”"),
    "a null character": ({"title": "A\0"}, "U+0000"),
    "half a character": ({"body": "\ud83d"}, "U+D83D"),
    "too many keywords": ({"keywords": ["k"] * (ITEM_LIMIT + 1)}, "more than 50"),
    "a keyword too long": ({"keywords": ["k" * (LINE_LIMIT + 1)]}, "longer than 300"),
    "a number as title": ({"title": 5}, "must be text"),
    "a list as title": ({"title": ["A"]}, "must be text"),
    "text as a list": ({"keywords": "a, b"}, "must be a list"),
    "numbers in a list": ({"keywords": [404]}, "must be text"),
    "an unknown field": ({"closing_text": "x"}, "no field “closing_text”"),
    "null": ({"closing": None}, "must be text"),
}


@pytest.mark.parametrize(("fields", "reason"), FIELD_FAULTS.values(), ids=FIELD_FAULTS)
def test_a_bad_field_is_named(tmp_path: Path, fields: dict[str, object], reason: str) -> None:
    good, bad = json.dumps(entry(key="good")), json.dumps(entry(**fields))
    [(line, said)] = faults(tmp_path / "a.json", f"[\n{good},\n{bad}]")
    assert line == 3
    assert reason in said


def test_html_and_a_megabyte_are_text_like_any_other(tmp_path: Path) -> None:
    body = "<script>alert(1)</script>" + "x" * (TEXT_LIMIT - 25)
    for name, content in {
        "a.json": json.dumps([entry(body=body)]),
        "a.csv": f"{HEADER}\na,en,A,{body}\n",
        "a.md": markdown("key: a\nlanguage: en\ntitle: A", body),
    }.items():
        assert reading(tmp_path / name, content).answers[0].body == body


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("key,language,title\na,en,A", 1, "Columns are missing: body."),
        ("\n\nlanguage;title;body\nen;A;B", 3, "Columns are missing: key."),
        (f"{HEADER},note,id\n", 1, "no such columns: note, id"),
        (f"{HEADER},Title\n", 1, "twice"),
        (f"{HEADER}\na,en,A\n", 2, "3 cells, the header has 4"),
        (f"{HEADER}\na,en,A,B,C\n", 2, "5 cells"),
        (f'{HEADER}\r\na,en,A,"one\r\ntwo"\r\nb,en,,B\r\n', 4, "title is empty"),
        (f'{HEADER}\na,en,A,"one\n\n\ntwo"\n\n\nb,fr,B,B\n', 8, "no language"),
        (f'{HEADER}\na,en,A,B\nb,en,B,"open\nand on\n', 3, "quotation mark"),
        (f'{HEADER}\na,en,A,"B"x\n', 2, "quotation mark"),
        (f"{HEADER}\na,en,A,B\nb,en,B,B\na,en,C,C\n", 4, "is already there: "),
        ("", 0, "empty"),
        (" \n\n", 0, "empty"),
        (b"\xff\xfek\0e\0y\0", 1, "UTF-8"),
        (f"{HEADER}\na,en,A,B\nb,en,B,".encode() + b"M\xfcller", 3, "UTF-8"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, content: str | bytes, line: int, reason: str) -> None:
    [(at, said)] = faults(tmp_path / "a.csv", content)
    assert (at, reason in said) == (line, True), said


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_spreadsheets_of_every_country_write_it(tmp_path: Path, delimiter: str) -> None:
    rows = [["Title", "key ", "BODY", "language", "keywords"], ["A", "a", "B; C, D", "en", "x | y"]]
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    found = reading(tmp_path / "a.csv", target.getvalue().encode("utf-8-sig"))
    assert found.answers == (Answer(key="a", language="en", title="A", body="B; C, D", keywords=("x", "y")),)


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5", "@SUM(A1)", "'=1", "''=1", "＝1", "'quoted'"])
def test_no_cell_is_a_formula(tmp_path: Path, text: str) -> None:
    answer = Answer(key="a", language="en", title=text, body=text, keywords=(text,), steps=(f"\u00a0{text}",))
    answer_files.write([answer], tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8-sig") as source:
        cells = list(csv.reader(source))[1]
    assert not [cell for cell in cells if cell.strip()[:1] in set("=+-@＝")]
    assert answer_files.read(tmp_path / "a.csv").answers == (answer,)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ('{"key": "a"}', 1, "must be a list"),
        ("[\n1]", 2, "must be an object"),
        ("[\n{},\n]", 3, "not valid JSON"),
        ("[{}] x", 1, "not valid JSON"),
        ("[", 1, "not valid JSON"),
        ('[{"key": "a"} {"key": "b"}]', 1, "not valid JSON"),
        ('[{"key": "a", "key": "b"}]', 0, "“key” stands in one entry twice"),
        ("[" * 100_000, 0, "nested too deep"),
        ("[" + "9" * 5_000 + "]", 0, "too long"),
    ],
)
def test_json_that_is_no_list_of_answers(tmp_path: Path, content: str, line: int, reason: str) -> None:
    found = faults(tmp_path / "a.json", content)
    assert (line, True) in [(at, reason in said) for at, said in found], found


def test_an_empty_list_is_no_fault(tmp_path: Path) -> None:
    assert reading(tmp_path / "a.json", "[]") == answer_files.Reading()


def test_a_folder_is_read_with_all_its_folders(tmp_path: Path) -> None:
    for name in ("one/a", "two/b", "two/deep/c"):
        path = tmp_path / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(markdown(f"key: {path.stem}\nlanguage: en\ntitle: A"))
    (tmp_path / "two" / "again.md").write_text(markdown("key: a\nlanguage: en\ntitle: A"))
    found = answer_files.read(tmp_path)
    assert [answer.key for answer in found.answers] == ["a", "b", "c"]
    [fault] = found.faults
    assert fault.place == f"{tmp_path / 'two' / 'again.md'}:1"
    assert str(tmp_path / "one" / "a.md") in fault.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.csv", "no such file"),
        ("folder.csv", "no file that ends with .md"),
        ("a.xlsx", "Only .csv"),
        ("none", "Only .csv"),
    ],
)
def test_what_is_no_file_of_ours(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "a.xlsx").write_text("x")
    [fault] = answer_files.read(tmp_path / name).faults
    assert (fault.line, fault.place) == (0, str(tmp_path / name))
    assert reason in fault.reason


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files, "FILE_LIMIT", 1 << 20)
    assert "larger than 1 MB" in faults(tmp_path / "a.csv", "x" * ((1 << 20) + 1))[0][1]


def test_export_refuses_what_import_would_refuse(tmp_path: Path) -> None:
    for bad in (Answer(key="../../x", language="en", title="A", body="B"), Answer(key="a", language="en", title="A")):
        for name in ("a.csv", "a.json", "folder"):
            with pytest.raises(NotAllowed, match="cannot be exported"):
                answer_files.write([bad], tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_export_to_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "old.md").touch()
    with pytest.raises(NotAllowed, match="not empty"):
        answer_files.write([PLAIN], tmp_path / "used")
    with pytest.raises(NotAllowed, match="no format"):
        answer_files.write([PLAIN], tmp_path / "a.xlsx")
    with pytest.raises(Unavailable, match="cannot be written"):
        answer_files.write([PLAIN], tmp_path / "missing" / "a.csv")
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(Unavailable, match="cannot be written"):
        answer_files.write([PLAIN], tmp_path / "a.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "used"]  # and nothing beside them


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old " * 1000)
    answer_files.write([PLAIN], path)
    assert answer_files.read(path).answers == (PLAIN,)
    assert [found.name for found in tmp_path.iterdir()] == ["a.json"]
