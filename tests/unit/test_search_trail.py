"""What was a search, and what only the way to one; and what of it leaves the desk."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answer_use import AnswerUse, UseKind
from app.domain.ids import new_id
from app.domain.search_report import TEXT_LIMIT, GapKind, SearchGap, gaps, uses, without_personal_data
from app.domain.search_trail import Search, follow, left
from app.domain.work import CallWork, Outcome, with_answer, with_search
from tests.builders import answer, call, call_work, caller, contract, customer, product


def searches(*shown: str, found: frozenset[str] = frozenset()) -> list[str]:
    """What was left on the way through these texts, and at the end."""
    told = []
    now: Search | None = None
    for text in shown:
        now, gone = follow(now, Search(text=text, has_found=text in found))
        told.append(gone)
    return [search.text for search in (*told, left(now)) if search]


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (("r", "ro", "router", "router res"), ["router res"]),  # typed on
        (("router", "route", "rou"), ["router"]),  # taken back, and then something else happened
        (("router", "rou", "rounded"), ["router", "rounded"]),
        (("ruoter", "ruter", "router"), ["router"]),  # corrected in the middle
        (("router lamp", ""), ["router lamp"]),  # cleared
        (("router lamp", "d", "drucker"), ["router lamp", "drucker"]),  # written over
        (("router", "", "drucker"), ["router", "drucker"]),
        (("ab", "", "x"), []),  # too short to say anything
        (("wlan geht nicht", "internet geht nicht"), ["wlan geht nicht", "internet geht nicht"]),
        (("",), []),
    ],
)
def test_what_was_searched(shown: tuple[str, ...], wanted: list[str]) -> None:
    assert searches(*shown) == wanted


@given(st.text(min_size=3, max_size=40))
def test_a_text_typed_sign_by_sign_is_one_search(text: str) -> None:
    assert searches(*(text[:end] for end in range(1, len(text) + 1))) == [text]


def test_a_search_that_found_nothing_is_remembered_as_missed() -> None:
    work = with_search(call_work(), "turbine", has_found=False)
    assert (work.searches, work.missed) == (("turbine",), ("turbine",))
    work = with_search(work, "turbine lamp")  # typed on, and found
    assert (work.searches, work.missed) == (("turbine lamp",), ())
    work = with_search(with_search(work, "zzz", has_found=False), "drucker")
    assert (work.searches, work.missed) == (("turbine lamp", "zzz", "drucker"), ("zzz",))


VOSS = replace(
    customer("Nora Müller-Voss", number="K-400", contracts=(contract(product("link-7"), number="V-2001"),)),
    company="Tischlerei Öztürk GmbH",
    city="Görlitz",
)


def work_of(caller_: CallWork | None = None) -> CallWork:
    work = caller_ or replace(call_work(call(from_=caller(display_name="Anna Fischer"))), customer=VOSS)
    return replace(work, contract_id=VOSS.contracts[0].id)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Drucker druckt leer", "drucker druckt leer"),
        ("Frau Berg drucker leer", "frau drucker leer"),
        ("herr dr. schmidt: rote Lampe", "herr rote lampe"),
        ("nora mueller-voss kein internet", "kein internet"),
        ("voss' router", "router"),
        ("Vosss Müler internet", "internet"),  # genitive, misheard
        ("öztürk oeztuerk ozturk tischlerei lampe", "lampe"),
        ("görlitz goerlitz leitung", "leitung"),
        ("fischer vpn", "vpn"),  # as the telephone showed it
        ("ida.berg@example.org passwort", "passwort"),
        ("rückruf 030 23125-100 oder +49 30 23125100", "rückruf oder"),
        ("geboren 12.03.1987 pin 4711", "geboren pin"),
        ("k-400 v-2001 SN-V-2001 e-47", "e-47"),
        ("E-47 0x80070005 v2.3.1 P104", "e-47 0x80070005 v2.3.1 p104"),
        ("https://example.org/?u=ida www.example.org vpn", "vpn"),
        ("  ???  ", ""),
        ("<b>größe</b> ändern", "b>größe</b ändern"),
    ],
)
def test_what_leaves_the_desk_names_nobody(typed: str, kept: str) -> None:
    work = with_search(work_of(), typed, has_found=False)
    assert [gap.text for gap in gaps(work)] == ([kept] if kept else [])


@given(st.text(max_size=300))
def test_no_longer_number_gets_through(text: str) -> None:
    kept = without_personal_data(text)
    assert len(kept) <= TEXT_LIMIT
    for word in kept.split():
        assert word.startswith("0x") or sum(sign.isdigit() for sign in word) <= 6
        assert not word.isdigit()


def test_a_gap_says_language_and_product_and_each_text_once() -> None:
    work = with_search(with_search(work_of(), "Turbine", has_found=False), "VPN")
    work = with_search(work, "turbine 0815", has_found=False)
    assert gaps(work) == (SearchGap(kind=GapKind.NOT_FOUND, text="turbine", language="en", product="link-7"),)
    escalated = replace(work, outcome=Outcome.ESCALATED)
    assert {gap.text: gap.kind for gap in gaps(escalated)} == {"turbine": GapKind.NOT_FOUND, "vpn": GapKind.NOT_USED}
    assert gaps(replace(work, outcome=Outcome.SOLVED)) == gaps(work)


def test_what_became_of_the_answers() -> None:
    first, second = answer("first"), answer("second")
    work = with_answer(with_answer(call_work(), first), second)
    assert {use.kind for use in uses(work)} == {UseKind.READ}
    solved = replace(work, outcome=Outcome.SOLVED, solved_by=second.id)
    assert uses(solved) == (
        AnswerUse(answer_id=first.id, kind=UseKind.READ),
        AnswerUse(answer_id=second.id, kind=UseKind.SOLVED),
    )
    assert {use.kind for use in uses(replace(work, outcome=Outcome.ESCALATED))} == {UseKind.ESCALATED}
    assert uses(replace(call_work(), outcome=Outcome.ESCALATED, command_id=new_id())) == ()
