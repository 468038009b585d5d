"""Invented answers in German and English, as many as wanted: always the same ones for the same number."""

import random
from collections.abc import Iterator

from app.domain.answers import Answer

_GERMAN = (
    "Router Drucker Rechnung Vertrag Passwort Anschluss Leitung Kabel Lampe Netz Zugang Konto Adresse Nummer"
    " Papier Toner Fehler Meldung Fenster Seite Datei Ordner Sicherung Schlüssel Lizenz Gerät Karte Zahlung"
    " Mahnung Kunde Firma Steuer Beleg Buchung Bericht Monat Jahr Tag Stunde Techniker Termin Lieferung Paket"
    " Rückgabe Garantie Update Programm Server Telefon Handy Rufnummer Umleitung Störung Ausfall Empfang Signal"
    " Antenne Steckdose Strom Taste Bildschirm Anzeige Menü Einstellung Auswahl Sprache Konferenz Kalender"
    " Postfach Nachricht Anhang Vorlage Unterschrift Zertifikat"
)
_ENGLISH = (
    "router printer invoice contract password line cable lamp network access account address number paper toner"
    " error message window page file folder backup key licence device card payment reminder customer company tax"
    " receipt posting report month year day hour technician appointment delivery parcel return warranty update"
    " program server telephone mobile extension forwarding fault outage reception signal antenna socket power"
    " button screen display menu setting choice language meeting calendar mailbox attachment template signature"
    " certificate drawer tray cover roller scanner"
)
_GERMAN_VERBS = (
    "ändern prüfen bestellen kündigen einrichten löschen finden öffnen drucken senden empfangen wechseln sperren"
)
_ENGLISH_VERBS = (
    "change check order cancel install delete find open print send receive replace lock restore connect move"
)
_GERMAN_SMALL = (
    "der die das ein eine nicht mein meine ich kann wie wo warum bei mit und auf im zu ist nach wieder mehr seit"
)
_ENGLISH_SMALL = (
    "the a my is not cannot how where why with and on in to after again since i can does it no more from of"
)
_ENDINGS = ("", "", "", "s", "n", "en", "er", "ing", "lich", "bar")
_FAMILIES = 10  # names of products and places: words that few answers have


def many_answers(count: int) -> Iterator[Answer]:
    """`count` answers, half of them German, with about 30 words in the head and 90 in the body."""
    chance = random.Random(count)
    for number in range(count):
        is_german = number % 2 == 0
        yield Answer(
            key=f"answer-{number}",
            language="de" if is_german else "en",
            title=_text(chance, is_german, 6),
            variants=tuple(_text(chance, is_german, 7) for _ in range(3)),
            keywords=tuple(_word(chance, is_german) for _ in range(3)),
            products=(f"product-{chance.randrange(20)}",),
            body=_text(chance, is_german, 90),
        )


def typed_texts(count: int) -> Iterator[str]:
    """What agents type: some words of such answers, with the last one in its middle and now and then an error."""
    chance = random.Random(7)
    for number in range(count):
        text = _text(chance, number % 2 == 0, chance.randrange(2, 9))
        if number % 3 == 0:
            place = chance.randrange(1, len(text) - 2)
            text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        yield text[: max(4, len(text) - chance.randrange(4))]


def _text(chance: random.Random, is_german: bool, length: int) -> str:
    small = (_GERMAN_SMALL if is_german else _ENGLISH_SMALL).split()
    return " ".join(chance.choice(small) if chance.random() < 0.45 else _word(chance, is_german) for _ in range(length))


def _word(chance: random.Random, is_german: bool) -> str:
    nouns, verbs = (_GERMAN, _GERMAN_VERBS) if is_german else (_ENGLISH, _ENGLISH_VERBS)
    what = chance.random()
    if what < 0.15:
        return chance.choice(verbs.split())
    if what < 0.2:
        return f"{chance.choice('EPLX')}-{chance.randrange(300)}"
    if what < 0.3:
        middle = chance.choice("aeiou") + chance.choice("lmnrst")
        return f"{chance.choice(nouns.split())[:4]}{middle}o{chance.randrange(_FAMILIES)}"
    listed = nouns.split()
    noun = listed[min(int(chance.paretovariate(0.9)) - 1, len(listed) - 1)]  # few words are frequent, many are rare
    if is_german and what < 0.6:
        return noun + chance.choice(("", "s", "n")) + chance.choice(listed).lower()
    return noun + chance.choice(_ENDINGS)
