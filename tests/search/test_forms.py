"""Forms of one word meet each other; words that only look alike do not."""

import pytest

from app.search.forms import roots
from app.search.text import words


def _roots(word: str) -> frozenset[str]:
    return roots(words(word)[0])


@pytest.mark.parametrize(
    "forms",
    [
        ("buchen", "gebucht", "gebuchten", "Buchung", "Buchungen"),
        ("abbuchen", "abgebucht", "abgebuchte", "abzubuchen", "Abbuchung"),
        ("zahlen", "gezahlt", "Zahlung"),
        ("anmelden", "angemeldet", "anzumelden", "Anmeldung"),
        ("öffnen", "geöffnet", "Oeffnung"),
        ("schließen", "geschlossen", "schloss"),
        ("abschließen", "abgeschlossen"),
        ("überweisen", "überwiesen", "Überweisung"),
        ("umziehen", "umgezogen", "umzuziehen"),
        ("pay", "paid", "pays", "paying"),
        ("steal", "stole", "stolen", "stealing"),
        ("withdraw", "withdrew", "withdrawn", "withdrawal"),
        ("child", "children"),
        ("authorise", "authorize", "authorised", "authorization"),
        ("centre", "center", "centers"),
        ("verify", "verified", "verification"),
        ("resident", "residency", "residence"),
        ("expire", "expiry", "expiration"),
        ("drucken", "Drucker"),
    ],
)
def test_forms_of_one_word_have_a_root_in_common(forms: tuple[str, ...]) -> None:
    for form in forms[1:]:
        assert _roots(forms[0]) & _roots(form), form


@pytest.mark.parametrize(
    ("one", "other"),
    [("abbuchen", "buchen"), ("anmelden", "abmelden"), ("Gerät", "raten"), ("Meinung", "mein"), ("Geld", "gelten")],
)
def test_other_words_have_none(one: str, other: str) -> None:
    assert not _roots(one) & _roots(other)
