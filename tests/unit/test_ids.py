"""Ids made by the desk, and the number that is read to the customer."""

import re
import time
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import case_number, heard_number, new_id


def test_ids_are_of_version_7() -> None:
    for id_ in (new_id() for _ in range(200)):
        assert id_.version == 7
        assert id_.variant == "specified in RFC 4122"


def test_ids_hold_the_time_of_their_making() -> None:
    before_ms = time.time_ns() // 1_000_000
    made_ms = new_id().int >> 80
    assert before_ms <= made_ms <= time.time_ns() // 1_000_000


def test_ids_of_different_milliseconds_sort_by_time() -> None:
    ids = [new_id() for _ in range(5_000)]
    milliseconds = [id_.int >> 80 for id_ in ids]
    assert milliseconds == sorted(milliseconds)
    assert [i.int >> 80 for i in sorted(ids)] == milliseconds
    assert [str(i) for i in sorted(ids)] == sorted(str(i) for i in ids)


def test_ids_of_one_millisecond_differ() -> None:
    assert len({new_id() for _ in range(20_000)}) == 20_000


@given(st.uuids())
def test_a_case_number_has_no_letter_to_be_misheard(id_: UUID) -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", case_number(id_))


@given(st.integers(0, (1 << 40) - 1))
def test_a_case_number_is_the_40_lowest_bits(low: int) -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    value = 0
    for character in case_number(UUID(int=(7 << 76) | low)).replace("-", ""):
        value = value * 32 + alphabet.index(character)
    assert value == low


@given(st.uuids())
def test_a_case_number_is_understood_as_people_write_it(id_: UUID) -> None:
    number = case_number(id_)
    misread = number.replace("0", "o").replace("1", "l")
    for written in (number, number.lower(), number.replace("-", ""), f" {number[:4]} {number[5:]} ", misread):
        assert heard_number(written) == number
