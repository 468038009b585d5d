"""Each kind of message is a sentence of its own, in both languages."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app import i18n
from app.domain.ids import new_id
from app.domain.messages import Message, MessageKind
from ui.messages.words import sentence_of


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language("en")


def sentence(kind: MessageKind, case_number: str = "F-7") -> str:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return sentence_of(Message(id=new_id(), at=at, kind=kind, title="Röhre <b>dunkel</b>", case_number=case_number))


def test_each_kind_has_a_sentence_with_what_it_is_about(language: str) -> None:
    sentences = [sentence(kind) for kind in MessageKind]
    assert len(set(sentences)) == len(MessageKind)
    assert all("Röhre <b>dunkel</b>" in one for one in sentences)
    assert "" not in [sentence(kind, case_number="") for kind in MessageKind]
    about_cases = (
        MessageKind.CASE_SOLVED,
        MessageKind.CASE_PRIORITISED,
        MessageKind.CASE_ASSIGNED,
        MessageKind.FIRST_COULD,
    )
    assert all("F-7" in sentence(kind) for kind in about_cases)
    assert (sentence(MessageKind.CASE_ASSIGNED)[:4] == "Fall") is (language == "de")
