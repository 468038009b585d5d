"""Answers that may say already what somebody is just writing."""

from dataclasses import dataclass
from itertools import product

from app.domain.answers import Answer
from app.search.index import AnswerIndex
from app.search.similar import likeness

ALIKE = 0.55  # from which on two questions are likely the same
_LOOKED_AT = 8  # hits for each question
_QUESTIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """`likeness`: of the two questions that are most alike, 0 to 1."""

    answer: Answer
    likeness: float


def duplicates(index: AnswerIndex, answer: Answer, *, limit: int = 3) -> tuple[Duplicate, ...]:
    """The published answers in its language with a title or variant like one of its own, the most alike first."""
    questions = [text for text in (answer.title, *answer.variants) if text.strip()][:_QUESTIONS]
    found = {hit.answer.id: hit.answer for text in questions for hit in index.search(text)[:_LOOKED_AT]}
    rated = (
        Duplicate(answer=one, likeness=_likeness(questions, one)) for one in found.values() if _is_other(one, answer)
    )
    return tuple(sorted((one for one in rated if one.likeness >= ALIKE), key=lambda one: -one.likeness)[:limit])


def _is_other(one: Answer, answer: Answer) -> bool:
    return one.key != answer.key and one.language == answer.language


def _likeness(questions: list[str], one: Answer) -> float:
    return max(likeness(mine, theirs) for mine, theirs in product(questions, (one.title, *one.variants)))
