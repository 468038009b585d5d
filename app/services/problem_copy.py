"""The known problems on a desk: matched against what is said and typed, also when the database is away."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.db.engine import Database
from app.desk.journal import Journal
from app.domain.answers import Answer, Hit
from app.domain.people import Person, Role
from app.domain.problems import Problem, ProblemMatch, ProblemState
from app.search.likeness import ALIKE, Features, features, likeness_to_problem
from app.services.problem_lists import ProblemLists

MOST = 3  # offers for one case
FRESH = timedelta(hours=24)  # so long a confirmed problem is offered for its product alone

_NAME = "problems"
_DECIDE = frozenset({Role.SECOND_LEVEL, Role.THIRD_LEVEL})


class ProblemCopy:
    """Second and third level are offered candidates too, everybody else what is confirmed."""

    def __init__(self, database: Database, journal: Journal, person: Person) -> None:
        self.lists = ProblemLists(database)
        self._journal = journal
        self._decides = bool(_DECIDE & person.roles)
        known = journal.known(_NAME, tuple[Problem, ...])
        self.problems: tuple[Problem, ...] = known[0] if known else ()  # replaced as a whole
        self._codes: dict[str, str] = {}

    def refresh(self) -> bool:
        """Read them again; whether they are others now. Runs on the calling lane."""
        found = self.lists.open() if self._decides else self.lists.in_force()
        self._codes = self.lists.product_codes()
        has_changed = found != self.problems
        if has_changed:
            self.problems = found
            self._journal.keep_known(_NAME, found)
        return has_changed

    def matches(self, texts: Iterable[str], product: str = "") -> tuple[ProblemMatch, ...]:
        """The problems that a case may be one of, the likeliest first; at most three.

        Args:
            texts: what is known in words: title, searches, first words of the note.
            product: its code, where it is known.
        """
        said = features(" \n".join(texts), product)
        found = (_match(said, problem) for problem in self.problems)
        likely = sorted((one for one in found if one.score >= ALIKE), key=lambda one: -one.score)
        return tuple(likely[:MOST])

    def code_of(self, product_name: str) -> str:
        """The code of the product with this name; empty when there is none."""
        return self._codes.get(product_name, "")

    def for_product(self, product: str, now: datetime) -> Problem | None:
        """The newest one of this product that was confirmed lately: asked for before anything is said."""
        fresh = (
            problem
            for problem in self.problems
            if product in problem.words.products and _is_in_force(problem) and now - problem.state_since < FRESH
        )
        return max(fresh, key=lambda problem: problem.state_since, default=None) if product else None

    def hits(self, text: str, products: frozenset[str], language: str) -> tuple[Hit, ...]:
        """What is in force and fits what is searched, as answers to be read."""
        wanted = text.strip().upper()
        found: list[Hit] = []
        for problem in filter(_is_in_force, self.problems):
            product = next(iter(sorted(products.intersection(problem.words.products))), "")
            match = _match(features(text, product), problem)
            if match.score >= ALIKE or wanted == problem.name:
                found.append(_hit(problem, match, language))
        return tuple(sorted(found, key=lambda hit: -hit.score)[:MOST])


def answer_of(problem: Problem, language: str = "") -> Answer:
    """The problem as an answer: what it is, and the workaround step by step."""
    words = problem.words
    return Answer(
        key=f"problem/{problem.name}",
        language=language,
        title=words.title,
        products=words.products,
        body=words.symptoms,
        steps=tuple(line.strip() for line in words.workaround.splitlines() if line.strip()),
        known_problem=problem.name,
        version=problem.revision,
        published_at=problem.state_since,
    )


def with_problems(hits: tuple[Hit, ...], problems: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The known problems on top, but those that an answer among the hits speaks of already."""
    spoken = {hit.answer.known_problem for hit in hits if hit.answer.known_problem}
    return (*(hit for hit in problems if hit.answer.known_problem not in spoken), *hits)


def _match(said: Features, problem: Problem) -> ProblemMatch:
    products = problem.words.products
    about = said.product if said.product in products else next(iter(products), "")
    text = f"{problem.words.title}\n{problem.words.symptoms}"
    found = likeness_to_problem(said, features(text, about))
    return ProblemMatch(problem=problem, score=found.score, words=found.words, is_same_product=found.is_same_product)


def _is_in_force(problem: Problem) -> bool:
    return problem.state is ProblemState.CONFIRMED


def _hit(problem: Problem, match: ProblemMatch, language: str) -> Hit:
    words = frozenset(word.lower() for word in match.words)
    first = problem.words.symptoms.splitlines()[:1]
    return Hit(answer=answer_of(problem, language), score=match.score, words=words, excerpt="".join(first))
