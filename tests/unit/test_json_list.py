"""Reading a JSON array one element at a time."""

import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import json_list
from app.adapters.json_list import BrokenList, elements

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(text: str) -> list[tuple[int, object]]:
    return list(elements(io.StringIO(text, newline=""), json.JSONDecoder()))


@pytest.fixture(params=[1, 2, 7, 1 << 16])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows so small that every element lies across their edges, and the usual one."""
    monkeypatch.setattr(json_list, "CHUNK", request.param)


@given(values=st.lists(VALUES, max_size=6), indent=st.sampled_from([None, 1]), size=st.integers(1, 40))
def test_it_reads_what_json_reads(values: list[object], indent: int | None, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_list, "CHUNK", size)
        assert [value for _, value in read(json.dumps(values, indent=indent))] == values


@pytest.mark.usefixtures("chunk")
def test_each_element_has_its_line() -> None:
    assert read('\n[1,\n\n 2, {"a":\n3}\r\n,4\n]\n') == [(2, 1), (4, 2), (4, {"a": 3}), (6, 4)]


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize("text", ["[]", " [ ] ", "\n[\n]\n"])
def test_an_empty_list_has_no_elements(text: str) -> None:
    assert read(text) == []


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize("text", ["", "  ", "{}", '"["', "1", "null", "]"])
def test_what_does_not_begin_as_a_list(text: str) -> None:
    with pytest.raises(BrokenList) as broken:
        read(text)
    assert not broken.value.is_list


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[", 1),
        ("[1", 1),
        ("[1,", 1),
        ("[1,]", 1),
        ("[,1]", 1),
        ("[1 2]", 1),
        ("[1]\n]", 2),
        ("[1]\n[2]", 2),
        ("[1,\n\n{]", 3),
        ('[1,\n{"a":\n"x]', 3),
        ("[1,\n" + "9" * 5000 + "]", 2),
        ("[1,\n" + "[" * 100_000, 2),
    ],
)
def test_where_it_stops_being_a_list(text: str, line: int) -> None:
    with pytest.raises(BrokenList) as broken:
        read(text)
    assert (broken.value.line, broken.value.is_list) == (line, True)


class _Endless(io.StringIO):
    """A file of one element that never ends, or of elements without end."""

    def __init__(self, parts: Iterator[str]) -> None:
        super().__init__()
        self._parts = parts
        self.read_count = 0

    def read(self, size: int | None = -1, /) -> str:
        part = next(self._parts, "")
        self.read_count += len(part)
        return part


def test_one_element_does_not_fill_the_memory() -> None:
    file = _Endless(part for n in range(10**6) for part in ("[" if n == 0 else '"' if n == 1 else "x" * 65_536,))
    with pytest.raises(BrokenList):
        list(elements(file, json.JSONDecoder()))
    assert file.read_count < json_list.ELEMENT_LIMIT + 3 * 65_536


def test_a_long_list_needs_no_more_memory_than_a_short_one() -> None:
    def list_of(count: int) -> _Endless:
        return _Endless("[0" if n == 0 else "]" if n == count else ',{"held_s": 12.5}' * 4000 for n in range(count + 1))

    def peak_bytes(count: int) -> int:
        tracemalloc.start()
        assert sum(1 for _ in elements(list_of(count), json.JSONDecoder())) == 1 + (count - 1) * 4000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak_bytes(20) < 2 * peak_bytes(3)
