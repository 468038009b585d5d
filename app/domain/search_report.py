"""What a finished call tells the editors: what became of the answers read, and what was searched in vain.

It names no person, caller or call, and what could name one is taken out of the texts before they leave the desk.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from app.domain.answer_use import AnswerUse, UseKind
from app.domain.work import CallWork, Outcome

KEPT = timedelta(days=180)
TEXT_LIMIT = 120  # characters
_MOST = 20  # answers, and searches, that one call tells of

_CODE = re.compile(r"[a-z]{1,3}-?\d{1,3}|0x[0-9a-f]{2,8}|v\d{1,2}(\.\d{1,2}){0,2}")  # E-47, 0x80070005, v2.3.1
_COUNT = re.compile(r"\d{1,2}(\.\d{1,2}){0,3}")  # 10 seconds, version 4.2: no telephone number, nobody's house
_ADDRESS = re.compile(r"@|://|^www\.")
_EDGES = re.compile(r"^\W+|\W+$")
_PARTS = re.compile(r"\w+")
_BEFORE_NAMES = frozenset(("herr", "herrn", "frau", "dr", "prof", "mr", "mrs", "ms", "miss", "mister"))
_NO_NAMES = frozenset(
    ("gmbh", "ag", "kg", "ohg", "ug", "mbh", "se", "ltd", "llc", "inc", "co", "plc", "und", "and", "der", "von", "the")
)
_ALIKE = 0.8  # of two words: one sign in five may differ, as in a name misheard


class GapKind(StrEnum):
    """Why a search is a gap."""

    NOT_FOUND = "not_found"  # no answer has these words
    NOT_USED = "not_used"  # answers were found, and the case was escalated all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGap:
    """A search in vain, without personal data; `language` and `product` (a code) are empty where nobody knows."""

    kind: GapKind
    text: str
    language: str = ""
    product: str = ""


def uses(work: CallWork) -> tuple[AnswerUse, ...]:
    """What became of each answer that was shown or opened in the call."""
    opened = tuple(
        AnswerUse(answer_id=read.answer_id, kind=_use(work, read.answer_id)) for read in work.answers[-_MOST:]
    )
    return opened + tuple(AnswerUse(answer_id=id_, kind=UseKind.SHOWN) for id_ in work.shown)


def gaps(work: CallWork) -> tuple[SearchGap, ...]:
    """The searches in vain of the call, each text once."""
    missed = dict.fromkeys(work.missed, GapKind.NOT_FOUND)
    unused = dict.fromkeys(work.searches, GapKind.NOT_USED) if work.outcome is Outcome.ESCALATED else {}
    own = frozenset(words_of_caller(work))
    texts = {without_personal_data(text, own): kind for text, kind in (unused | missed).items()}
    about = {
        "language": work.customer.language if work.customer else "",
        "product": work.contract.product.code if work.contract else "",
    }
    found = [SearchGap(kind=kind, text=text, **about) for text, kind in texts.items() if text]
    return tuple(found[:_MOST])


def without_personal_data(text: str, own: Iterable[str] = ()) -> str:
    """Lower case, without addresses, numbers (but codes such as E-47), words after "Frau" and the like, and `own`.

    >>> without_personal_data("Frau Berg, 030 23125100: E-47 rote Lampe", ["berg"])
    'frau e-47 rote lampe'
    """
    names = frozenset(map(_folded, own))
    kept: list[str] = []
    is_name = False
    for token in text.lower().split():
        word = _EDGES.sub("", token)
        was_announced, is_name = is_name, word in _BEFORE_NAMES
        if word and not was_announced and not _is_personal(word, names):
            kept.append(word)
    return " ".join(kept)[:TEXT_LIMIT].strip()


def masked(text: str, own: Iterable[str] = ()) -> str:
    """As it was typed, with "…" in the place of what could name somebody.

    >>> masked("Frau Berg, 030 23125100: E-47, Sensor gewischt", ["berg"])
    'Frau … E-47, Sensor gewischt'
    """
    names = frozenset(map(_folded, own))
    return "\n".join(_masked_line(line, names) for line in text.strip().splitlines())


def own_words(texts: Iterable[str]) -> frozenset[str]:
    """The words of what is known of a customer, each by which they could be known."""
    parts = (part for text in texts for part in _PARTS.findall(text.casefold()))
    return frozenset(part for part in parts if len(part) > 1 and part not in _NO_NAMES)


def _masked_line(line: str, names: frozenset[str]) -> str:
    kept: list[str] = []
    is_name = False
    for token in line.split():
        word = _EDGES.sub("", token).lower()
        was_announced, is_name = is_name, word in _BEFORE_NAMES
        is_harmless = bool(_COUNT.fullmatch(word)) and not was_announced
        is_hidden = bool(word) and not is_harmless and (was_announced or _is_personal(word, names))
        if not is_hidden:
            kept.append(token)
        elif kept[-1:] != ["…"]:
            kept.append("…")
    return " ".join(kept)


def _use(work: CallWork, answer_id: object) -> UseKind:
    if work.outcome is Outcome.SOLVED and answer_id == work.solved_by:
        return UseKind.SOLVED
    return UseKind.ESCALATED if work.outcome is Outcome.ESCALATED else UseKind.READ


def _is_personal(word: str, names: frozenset[str]) -> bool:
    if _ADDRESS.search(word) or (any(sign.isdigit() for sign in word) and not _CODE.fullmatch(word)):
        return True
    return any(_is_name(_folded(part), names) for part in (word, *_PARTS.findall(word)))


def _is_name(word: str, names: frozenset[str]) -> bool:
    """Also in the genitive, and written nearly so."""
    if word in names or (len(word) > 3 and word.removesuffix("s") in names):
        return True
    return len(word) > 3 and any(_is_alike(word, name) for name in names if len(name) > 3)


def _is_alike(word: str, name: str) -> bool:
    return abs(len(word) - len(name)) < 2 and SequenceMatcher(None, word, name).ratio() >= _ALIKE


def words_of_caller(work: CallWork) -> Iterator[str]:
    """All words by which the caller could be known."""
    texts = [work.caller_name, work.call.caller.display_name]
    if customer := work.customer:
        texts += [customer.name, customer.company, customer.city, customer.number]
        yield customer.number.casefold()
        for contract in customer.contracts:
            yield from (contract.number.casefold(), contract.serial.casefold())
    for text in texts:
        yield from (part for part in _PARTS.findall(text.casefold()) if len(part) > 1 and part not in _NO_NAMES)


def _folded(word: str) -> str:
    """ "Müller" = "Mueller" = "muller", to compare names by."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
