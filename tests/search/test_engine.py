"""The right answer is on top for what people type: other forms, errors, compounds, synonyms, halves, both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.search import corpus
from app.search.corpus import Corpus
from app.search.index import AnswerIndex
from app.search.query import read_query
from app.search.results import How, Part, Signals
from app.search.vocabulary import Meanings, Vocabulary
from tests.builders import answer

ANSWERS = (
    answer("bill-high", "de", "Rechnung ist höher als erwartet", variants=("Warum zahle ich diesen Monat mehr?",)),
    answer("bill-copy", "de", "Rechnungskopie per Post anfordern", variants=("Ich brauche die Rechnung noch einmal",)),
    answer("wifi-key", "de", "WLAN-Schlüssel finden", variants=("Wo steht das WLAN-Passwort?",)),
    answer("hours", "de", "Geschäftszeiten am Wochenende", variants=("Wann ist geöffnet?",)),
    answer("cancel", "de", "Vertrag kündigen", variants=("Ich möchte das Abo beenden",)),
    answer("jam", "de", "Papierstau im Drucker beheben", variants=("Das Blatt steckt fest",)),
    answer("number", "de", "Rufnummer mitnehmen", variants=("Kann ich meine Telefonnummer behalten?",)),
    answer("refund", "en", "Refund is not on the account yet", variants=("Where is my money back?",)),
    answer("lost-card", "en", "Card lost or stolen", variants=("Somebody took my wallet",)),
    answer("outage", "en", "No internet since this morning", variants=("The line is down",)),
    answer("driver", "en", "Installing the printer driver", variants=("The printer is not recognised",)),
    answer("address", "en", "Change of address", variants=("I am moving house",)),
    answer("code", "en", "Error E-47 when updating to v2.3.1", variants=("Update stops with E-47",)),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerIndex]:
    opened = AnswerIndex(tmp_path_factory.mktemp("desk"))
    opened.replace(ANSWERS)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Rechnungen höher", "bill-high"),
        ("rechnugn ist hoeher", "bill-high"),
        ("kopie der rechnung", "bill-copy"),
        ("rechnungs kopie", "bill-copy"),
        ("wlanpasswort", "wifi-key"),
        ("w-lan schluessel", "wifi-key"),
        ("Abonnement stornieren kündigung", "cancel"),
        ("vertrag künd", "cancel"),
        ("papier stau", "jam"),
        ("stau im papier", "jam"),
        ("druker papierstua", "jam"),
        ("telefon nummer behalten", "number"),
        ("geschäfts ", "hours"),
        ("geschäftskarten ", "hours"),
        ("der drucker ist weg", "jam"),
        ("kein drucker", "jam"),
        ("reimbursement account", "refund"),
        ("my card was stoln", "lost-card"),
        ("interne since mor", "outage"),
        ("instal printer driv", "driver"),
        ("relocation new address", "address"),
        ("e47", "code"),
        ("2.3.1", "code"),
        ("update E 47", "code"),
    ],
)
def test_the_right_answer_is_on_top(index: AnswerIndex, typed: str, key: str) -> None:
    assert index.search(typed)[0].answer.key == key


@pytest.mark.parametrize(
    ("typed", "found", "how"),
    [
        ("karte card", "card", How.EXACT),
        ("cards", "card", How.STEM),
        ("crad", "card", How.TYPO),
        ("dri", "driver", How.PREFIX),
        ("schlüssel ", "wlanschlussel", How.COMPOUND),
        ("papier stau ", "papierstau", How.COMPOUND),
        ("reimbursement ", "refund", How.SYNONYM),
    ],
)
def test_an_explanation_says_how_a_word_was_met(index: AnswerIndex, typed: str, found: str, how: How) -> None:
    assert (found, how) in {(m.found, m.how) for m in index.explain(typed).hits[0].matches}


def test_the_parts_of_each_score_add_up(index: AnswerIndex) -> None:
    explained = index.explain("rechnung drucker", language="de", signals=Signals(popularity={ANSWERS[0].id: 0.5}))
    assert len(explained.hits) > 1
    for hit in explained.hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.hit.score, abs=1e-5)
    assert explained.hits[0].parts[Part.LANGUAGE] > 0


def test_a_stop_word_alone_brings_nothing_beside_other_words(index: AnswerIndex) -> None:
    assert index.search("the quux is not") == ()
    assert index.search("is not") != ()


def test_few_hits_are_followed_by_what_begins_alike(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    things = ("toner", "paper", "cable", "modem", "socket", "manual", "invoice")
    index.replace([answer(thing, "en", f"Where is my {thing}?", body="", steps=()) for thing in things])
    found = [hit.answer.key for hit in index.search("where is my toner ")]
    assert found[0] == "toner" and len(found) == 5
    assert [hit.answer.key for hit in index.search("toner ")] == ["toner"]
    assert index.search("where is my quux ") == ()
    index.close()


def test_a_typing_error_in_a_word_that_only_synonyms_have(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    index.replace(
        [answer("refund", "en", "Refund", body="", steps=()), answer("card", "en", "Card", body="", steps=())]
    )
    assert [hit.answer.key for hit in index.search("reimbursment ")] == ["refund"]
    assert index.search("rembrsment ") == ()
    index.close()


def test_the_country_that_is_spelled_like_a_pronoun(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    titles = {"home": "Delivery to the other places", "abroad": "Delivery to the United States"}
    index.replace([answer(key, "en", title, body="", steps=()) for key, title in titles.items()])
    assert index.search("do you deliver to the US?")[0].answer.key == "abroad"
    index.close()


def test_what_stands_in_more_variants_comes_first(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    once = answer("once", "en", "Toner order", variants=("Printer stays offline", "Paper is stuck"))
    often = answer("often", "en", "Printer order", variants=("Printer stays dark", "Printer is stuck"))
    index.replace((once, often))
    found = index.explain("printer").hits
    assert [hit.hit.answer.key for hit in found] == ["often", "once"]
    assert found[0].parts[Part.OFTEN] > found[1].parts[Part.OFTEN]
    index.close()


def test_a_body_is_long_or_short_beside_the_others(tmp_path: Path) -> None:
    parts = []
    for times in (1, 5):
        index = AnswerIndex(tmp_path)
        words = " ".join(["filler"] * 100 * times)
        index.replace(
            [answer(key, "en", f"Title {key}", body=f"{key} {words}", steps=()) for key in ("toner", "cable")]
        )
        parts.append(index.explain("cable").hits[0].parts[Part.BODY])
        index.update([answer("book", "en", "Title book", body=words * 9, steps=())])
        assert index.explain("cable").hits[0].parts[Part.BODY] > parts[-1]  # shorter than most now
        index.update([], [answer("book", "en", "Title book").id])
        assert index.explain("cable").hits[0].parts[Part.BODY] == parts[-1]
        index.close()
    assert parts[1] == pytest.approx(parts[0], rel=0.25) and parts[0] > 0


def test_what_only_the_body_says_adds_more_than_what_the_title_says_already(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    titled = answer("titled", "en", "Toner", body="Toner is here", steps=())
    index.replace([titled, answer("body", "en", "Supplies", body="Toner is here", steps=())])
    title, body = index.explain("toner ").hits
    assert (title.hit.answer.key, body.hit.answer.key) == ("titled", "body")
    assert 0 < title.parts[Part.BODY] < body.parts[Part.BODY]
    index.close()


def test_what_begins_as_typed_comes_first(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    titles = {"in": "Transfer from bank to card", "out": "Transfer from card to bank"}
    index.replace(answer(key, "en", title) for key, title in titles.items())
    for text, keys in {"transfering from card": ["out", "in"], "transfering from bank": ["in", "out"]}.items():
        found = index.explain(text).hits
        assert [hit.hit.answer.key for hit in found] == keys
        assert found[0].parts[Part.OPENING] > found[1].parts[Part.OPENING]
    index.close()


def test_the_more_words_are_typed_the_less_their_order_adds(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    index.replace([answer("words", "en", "alpha bravo charlie delta echo foxtrot golf hotel india juliett")])
    few, more, many = (
        index.explain(text).hits[0].parts[Part.OPENING]
        for text in ("alpha bravo", "alpha bravo charlie delta echo foxtrot", "alpha bravo charlie delta " * 4)
    )
    assert few > more > many > 0
    index.close()


def test_a_form_of_a_known_word_is_no_compound(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    index.replace((answer("firm", "de", "Unternehmen anmelden"), answer("leave", "de", "Nehmen und unter Wasser")))
    assert [hit.answer.key for hit in index.search("Unternehmens ")] == ["firm"]
    index.close()


def test_a_compound_of_words_that_no_answer_has_is_found_by_what_they_mean(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    index.replace((answer("cost", "de", "Kosten im Netz"), answer("lamp", "de", "Lampe flackert")))
    assert [hit.answer.key for hit in index.search("internetgebühren")] == ["cost"]
    index.close()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("wie melde ich mich an?", "in"),
        ("ich meldete mich ab", "out"),
        ("Er schaltet sich aus, was nun?", "off"),
        ("wann zog er um", "move"),
    ],
)
def test_a_verb_in_two_pieces_is_that_verb(tmp_path: Path, typed: str, key: str) -> None:
    index = AnswerIndex(tmp_path)
    titles = {"in": "Anmelden im Portal", "out": "Abmeldung vom Portal", "off": "Ausschalten", "move": "Umziehen"}
    index.replace(answer(name, "de", title) for name, title in titles.items())
    assert [hit.answer.key for hit in index.search(typed)][:1] == [key]
    index.close()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("how much is it", "price"),
        ("i want my money back", "refund"),
        ("he passed away", "death"),
        ("Wie lange geht das?", "term"),
        ("back to the money", None),
    ],
)
def test_what_words_say_together(tmp_path: Path, typed: str, key: str | None) -> None:
    index = AnswerIndex(tmp_path)
    english = {"price": "Price list", "refund": "Refunds", "death": "If a customer died"}
    index.replace((*(answer(k, "en", title) for k, title in english.items()), answer("term", "de", "Dauer")))
    assert next((hit.answer.key for hit in index.search(typed)), None) == key
    index.close()


def test_a_question_word_says_more_than_another_stop_word() -> None:
    known = Corpus()
    known.add(ANSWERS)
    typed = read_query("where is the router", known, Meanings(Vocabulary())).typed
    weights = {one.word: one.plain_weight for one in typed}
    assert weights["is"] == weights["the"] < weights["where"] < weights["router"]


def test_words_of_a_language_bring_answers_of_that_language(tmp_path: Path) -> None:
    pair = (answer("wifi", "de", "Router neu starten"), answer("wifi", "en", "Router restart"))
    index = AnswerIndex(tmp_path)
    index.replace((*ANSWERS, *pair))
    assert index.search("mein router ist aus")[0].answer.language == "de"
    assert index.search("my router is not working")[0].answer.language == "en"
    index.close()


def test_editors_words_count_from_the_next_search_on(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path)
    index.replace(ANSWERS)
    assert index.search("zackpapp") == ()
    index.set_vocabulary(Vocabulary(synonyms={"Zackpapp": ("Drucker",)}))
    assert index.search("zackpapp")[0].answer.key == "jam"
    index.set_vocabulary(Vocabulary(stop_words=frozenset({"drucker"})))
    assert index.search("drucker kündigen")[0].answer.key == "cancel"
    index.close()


def test_the_latest_answers_are_found_like_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for latest in (0, 3, 1_000):  # how many wait in a layer of their own
        monkeypatch.setattr(corpus, "_LATEST", latest)
        grown = AnswerIndex(tmp_path / str(latest))
        for one in ANSWERS:
            grown.update([one])
            grown.update([one])  # leaves a dead slot
        typed = ("rechnung", "card", "internet down", "printer paper", "wlan passwort", "no internet since")
        found.append([[(hit.answer.key, hit.score) for hit in grown.search(text)] for text in typed])
        grown.close()
    assert found[0] == found[1] == found[2]
    assert all(found[0])


def test_the_same_search_has_the_same_answer(index: AnswerIndex) -> None:
    first = [(hit.answer.key, hit.score) for hit in index.search("rechnung card")]
    index.search("something else")
    assert [(hit.answer.key, hit.score) for hit in index.search("rechnung card")] == first


def test_updates_one_by_one_rank_as_building_at_once(tmp_path: Path, index: AnswerIndex) -> None:
    grown = AnswerIndex(tmp_path)
    grown.replace(ANSWERS[:4])
    grown.update([answer("gone", "en", "Card refund internet")])
    for one in ANSWERS[4:]:
        grown.update([one], [answer("gone", "en", "").id])
    for typed in ("rechnung", "card", "internet down", "printer paper"):
        assert [h.answer.key for h in grown.search(typed)] == [h.answer.key for h in index.search(typed)]
    grown.close()
