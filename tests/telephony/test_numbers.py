"""From a stranger's text to a number that can be looked up."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.calls import NumberKind
from app.telephony.numbers import dialable, normalise, readable, to_e164

BERLIN = "+493023125123"

PUBLIC, INTERNAL, WITHHELD, UNKNOWN = NumberKind


@pytest.mark.parametrize(
    ("raw", "kind", "normal"),
    [
        ("+493023125123", PUBLIC, BERLIN),
        ("004930 23125123", PUBLIC, BERLIN),
        ("030 / 23125-123", PUBLIC, BERLIN),
        ("+49 (0)30 23125123", PUBLIC, BERLIN),
        ("(030) 23125123", PUBLIC, BERLIN),
        ("sip:+493023125123@127.0.0.1", PUBLIC, BERLIN),
        ("<sip:+493023125123@pbx.example.org;user=phone>", PUBLIC, BERLIN),
        ("sip:+493023125123;phone-context=x@pbx.example.org", PUBLIC, BERLIN),
        ("sips:03023125123:secret@pbx.example.org:5061", PUBLIC, BERLIN),
        ("sip:%2B493023125123@h", PUBLIC, BERLIN),
        ("tel:+49-30-23125123", PUBLIC, BERLIN),
        ("+44 20 7946 0958", PUBLIC, "+442079460958"),
        ("\u202a+493023125123\u202c", PUBLIC, BERLIN),
        ("1001", INTERNAL, "1001"),
        ("sip:1001@pbx", INTERNAL, "1001"),
        ("112", INTERNAL, "112"),
        ("١٠٠١", UNKNOWN, None),
        ("anonymous", WITHHELD, None),
        ("sip:Anonymous@anonymous.invalid", WITHHELD, None),
        ("Unterdrückt", WITHHELD, None),
        ("", UNKNOWN, None),
        ("<unknown>", UNKNOWN, None),
        ("sip:192.168.100.23", UNKNOWN, None),
        ("sip:pbx.example.org;transport=tcp", UNKNOWN, None),
        ("sip:@pbx", UNKNOWN, None),
        ("+49", UNKNOWN, None),
        ("00000000000", UNKNOWN, None),
        ("9" * 5000, UNKNOWN, None),
        ("Robert'); DROP TABLE calls;--", UNKNOWN, None),
    ],
)
def test_number(raw: str, kind: NumberKind, normal: str | None) -> None:
    caller = normalise(raw)
    assert (caller.kind, caller.normal) == (kind, normal)


def test_a_number_without_a_country_code_belongs_to_the_region() -> None:
    assert to_e164("020 7946 0958", region="GB") == "+442079460958"
    assert normalise("020 7946 0958", region="GB").normal == "+442079460958"


def test_the_name_is_cleaned_of_what_cannot_be_seen() -> None:
    assert normalise("1001", " Erika\x00\x1b[31m\n Muster\u202e ").display_name == "Erika [31m Muster"


def test_a_withheld_number_has_no_name_that_only_says_so() -> None:
    assert normalise("anonymous", "Anonymous").display_name == ""
    assert normalise("anonymous", "Front desk").display_name == "Front desk"


def test_extensions_are_what_the_centre_says() -> None:
    """A city code of five digits is no extension where extensions have four; and "1001" is no public number."""
    four = re.compile("[1-8][0-9]{3}")
    assert normalise("1001", extension=four).kind is INTERNAL
    assert normalise("110", extension=four).kind is not INTERNAL
    assert normalise("23125", extension=re.compile("2[0-9]{4}")).normal == "23125"


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("+49 (0)30 / 23125-123", "+493023125123"),
        ("0049 30 23125123", "00493023125123"),
        ("030 / 23125-123", "03023125123"),
        ("1002", "1002"),
        ("*97", "*97"),
        ("tel:+44 20 7946 0123", "+442079460123"),
        ("sip:2000@pbx.example.org", "2000"),
        ("", ""),
        ("anonymous", ""),
        ("12,13", ""),
        ("12\r\nAction: Command", ""),
        ("1" * 40, ""),
    ],
)
def test_what_is_dialled_of_what_a_person_typed(typed: str, dialled: str) -> None:
    assert dialable(typed) == dialled


def test_readable() -> None:
    assert readable(BERLIN) == "+49 30 23125123"
    assert readable("1001") == "1001"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
@given(
    st.text(max_size=600) | st.from_regex(r"(sips?:|tel:|<)?[+0-9%a-fx*#;@:. ()/-]{0,40}"),
    st.text(max_size=600),
    st.sampled_from(["DE", "GB", "US", "", "XX"]),
)
def test_whatever_is_sent_is_taken(raw: str, display_name: str, region: str) -> None:
    caller = normalise(raw, display_name, region=region)
    assert len(caller.raw) <= 200
    assert len(caller.display_name) <= 200
    assert (caller.normal is None) == (caller.kind in (WITHHELD, UNKNOWN))
    assert (caller.raw + caller.display_name + (caller.normal or "")).isprintable()
    (caller.raw + caller.display_name).encode()
