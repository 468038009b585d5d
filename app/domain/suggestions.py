"""A draft that writes itself: from a call at first level, or from a case that was solved above.

The searches become its questions and the note or solution its text. What could name the customer is taken out.
"""

import re
import unicodedata

from app.domain.answers import Answer
from app.domain.cases import CaseEvent, CaseFile
from app.domain.ids import new_id
from app.domain.search_report import masked, own_words, without_personal_data, words_of_caller
from app.domain.work import CallWork

_VARIANTS = 12
_TITLE_LENGTH = 120


def of_call(work: CallWork, language: str) -> Answer:
    """What the agent searched for and wrote down; in the customer's language where it is known."""
    own = frozenset(words_of_caller(work))
    product = work.contract.product.code if work.contract else ""
    spoken = work.customer.language if work.customer else language
    return _made(work.searches, work.note, "", own, product, spoken or language)


def of_case(file: CaseFile, product: str, language: str) -> Answer:
    """What first level searched for, and how the case was solved.

    Args:
        product: its code; empty: not known.
    """
    given, summary = file.hand_over, file.summary
    names = [summary.customer_name, summary.number]
    if given:
        names += [given.caller_name, given.caller_number, given.customer_number, given.serial]
    solution = next((line.text for line in reversed(file.timeline) if line.event is CaseEvent.SOLVED), "")
    return _made(given.searches if given else (), solution, summary.title, own_words(names), product, language)


def _made(searches: tuple[str, ...], text: str, title: str, own: frozenset[str], product: str, language: str) -> Answer:
    questions = dict.fromkeys(filter(None, (without_personal_data(search, own) for search in searches)))
    variants = tuple(questions)[:_VARIANTS]
    first = variants[-1] if variants else without_personal_data(title, own)
    headline = first[:1].upper() + first[1:_TITLE_LENGTH]
    return Answer(
        key=key_of(headline),
        language=language,
        title=headline,
        variants=variants,
        products=(product,) if product else (),
        body=masked(text, own),
    )


def key_of(title: str) -> str:
    """A key from the words of a title, with four signs that make it the only one.

    >>> key_of("Rote Lampe: E-47")[:-5]
    'rote-lampe-e-47'
    """
    folded = title.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    stem = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "answer"
    return f"{stem}-{new_id().hex[-4:]}"
