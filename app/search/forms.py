"""Forms of one word: its stems as a German and as an English word, and what stemming by endings does not see.

Those are participles and nouns of German verbs (gebucht, abgebucht, abzubuchen, Buchung: buchen), the two spellings of
English verbs, and the irregular forms of `resources/search/forms.*.txt` (paid: pay; geschlossen: schließen). German
verbs also come in two pieces (melde ... an: anmelden).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

import Stemmer

from app.search.text import stop_words, words

_GERMAN = Stemmer.Stemmer("german")
_ENGLISH = Stemmer.Stemmer("english")
_PREFIXES = "ab|an|auf|aus|bei|ein|fest|frei|her|hin|hoch|los|mit|nach|um|vor|weg|weiter|zu|zuruck|zusammen"
_PREFIX = f"(?P<prefix>{_PREFIXES})"
_PARTICIPLE = re.compile(_PREFIX + r"?ge(?P<core>\w{3,}?)(?:e?t|en)(?:e[nmrs]?)?")
_WITH_ZU = re.compile(_PREFIX + r"zu(?P<core>\w{3,}?)en")
_PREFIXED = re.compile(_PREFIX + r"(?P<form>\w{3,})")
_NOUN_END = "ung"
_BRITISH = re.compile(r"(\w{3}i|aly)s(e[ds]?|ers?|ing|ations?)$")  # authorise: authorize; analysed: analyzed
_CLAUSE_END = re.compile(r"[.,;:!?]+\s|\n")
_LEAST_ROOT = 4
_DERIVED = re.compile(
    r"(?:[it]|abl|ibl|iti|ment|anc|enc|ent|ant|at|er|or|al|iv|ic|if)$"
)  # what English stemming leaves
FAMILY = "~"  # before a root: of words that are made of one another, which mean less surely the same


@lru_cache(maxsize=10_000)  # the words that are typed, and their synonyms
def stems(word: str) -> frozenset[str]:
    """The word's stem as a German and as an English word: which it is, is unknown."""
    return frozenset({_GERMAN.stemWord(word), _ENGLISH.stemWord(word)})


@lru_cache(maxsize=10_000)  # the words that are typed, and their synonyms
def roots(word: str) -> frozenset[str]:
    """Its stems, those of the verb that a folded word is a form or the noun of, and its family (expiry: ~expir)."""
    found = {_GERMAN.stemWord(verb) for verb in _verbs(word)} | {_GERMAN.stemWord(word).removesuffix(_NOUN_END)}
    found.add(_ENGLISH.stemWord(_BRITISH.sub(r"\1z\2", word)))
    found = {root for root in found if len(root) >= _LEAST_ROOT and root not in stop_words()}
    core = _DERIVED.sub("", _ENGLISH.stemWord(word))
    if len(core) >= _LEAST_ROOT:
        found.add(FAMILY + core)
    return stems(word) | found | _irregular(word)


def separated(text: str) -> Iterator[tuple[str, str]]:
    """Words that may be verbs, each with the prefix that ends its clause: (melde, an) in "Wie melde ich mich an?"."""
    for clause in _CLAUSE_END.split(text):
        *before, last = words(clause) or [""]
        if last in _PREFIXES.split("|"):
            yield from ((word, last) for word in before if len(word) >= _LEAST_ROOT and word not in stop_words())


def _verbs(word: str) -> Iterator[str]:
    """The infinitive, if the word is a regular participle or has "zu" in its middle."""
    if match := _PARTICIPLE.fullmatch(word) or _WITH_ZU.fullmatch(word):
        yield (match["prefix"] or "") + match["core"] + "en"


def _irregular(word: str) -> frozenset[str]:
    bases = _bases()
    found = frozenset().union(*(bases.get(form, ()) for form in (word, *stems(word))))
    match = _PREFIXED.fullmatch(word)
    if found or not match:
        return found
    return frozenset(match["prefix"] + base for base in bases.get(match["form"], ()))


@cache
def _bases() -> dict[str, frozenset[str]]:
    """By each irregular form: the stems of what it is a form of."""
    bases: defaultdict[str, set[str]] = defaultdict(set)
    for language, stemmer in (("de", _GERMAN), ("en", _ENGLISH)):
        text = files("resources.search").joinpath(f"forms.{language}.txt").read_text(encoding="utf-8")
        for base, *forms in (words(line) for line in text.splitlines() if line and not line.startswith("#")):
            for form in forms:
                bases[form].add(stemmer.stemWord(base))
    return {form: frozenset(stems) for form, stems in bases.items()}
