"""Why the hits of a search stand where they stand."""

from collections.abc import Iterator, Sequence

from app.domain.answers import Answer, Hit
from app.search.corpus import Corpus, words_of
from app.search.query import Query
from app.search.ranking import Ranked
from app.search.results import ExplainedHit, Explanation, WordMatch


def explained(text: str, hits: Sequence[Hit], ranked: Ranked, query: Query, corpus: Corpus) -> Explanation:
    return Explanation(
        text=text,
        words=tuple(dict.fromkeys(query.sequence)),
        hits=tuple(
            ExplainedHit(
                hit=hit,
                parts={part: float(shares[place]) for part, shares in ranked.parts.items() if shares[place]},
                matches=tuple(_matches(hit.answer, query, corpus)),
            )
            for place, hit in enumerate(hits)
        ),
    )


def _matches(answer: Answer, query: Query, corpus: Corpus) -> Iterator[WordMatch]:
    """For each typed word the words of the answer that it may mean, the likeliest first."""
    numbers = {corpus.lexicon.number(word) for word in words_of(answer)}
    for typed in query.typed:
        met = sorted((near for near in typed.near if near[0] in numbers), key=lambda near: -near[1])
        for number, weight, how in met[:3]:
            yield WordMatch(typed=typed.word, found=corpus.lexicon.words[number], how=how, weight=weight)
