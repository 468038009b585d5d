"""Words as the search compares them: lower case, accents off, umlauts and their two spellings made one."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")  # keeps E-47, v2.3.1 and WLAN-Passwort whole
_PARTS = re.compile(r"[-.]")
_APOSTROPHE = re.compile(r"(?<=[^\W_])['’`´](?:(?:s|d|m|ll|re|ve)\b|(?=[^\W_]))")  # what's, I'd; can't
# soft hyphens and the like, inside words that are pasted
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LONGEST = 64  # characters of a word that are compared: no word of a language has more
_SPELLINGS = (("ß", "ss"), ("ae", "a"), ("oe", "o"), ("ue", "u"))


def fold(text: str) -> str:
    """ "Größe" = "Groesse" = "GROSSE" -> "grosse"; can't -> cant, the customer's -> the customer."""
    text = _APOSTROPHE.sub("", _INVISIBLE.sub("", text.lower()))
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    for long, short in _SPELLINGS:
        text = text.replace(long, short)
    return text


def words(text: str) -> list[str]:
    """The folded words of a text in order; one with a hyphen or dot joined and in parts: e47, e, 47."""
    found: list[str] = []
    for whole in _WORD.findall(fold(text)):
        if whole.isalnum():
            found.append(whole[:_LONGEST])
        else:
            parts = _PARTS.split(whole)
            found.extend(word[:_LONGEST] for word in ("".join(parts), *parts))
    return found


def query_words(text: str) -> list[str]:
    """What to look for: without stop words, unless there is nothing else; at most 32 words."""
    found = list(dict.fromkeys(words(text[:2_000])))
    return ([word for word in found if word not in stop_words()] or found)[:32]


@cache
def stop_words() -> frozenset[str]:
    """The folded words of both languages that say nothing about what is looked for."""
    return frozenset(words(files("resources.search").joinpath("stop_words.txt").read_text(encoding="utf-8")))


ASKING = frozenset(
    words(
        "wie was wo wer wem wen wann warum wieso weshalb woher wohin welche welcher welches"
        " how what where who why when which"
    )
)
"""Stop words that say what is asked for."""
