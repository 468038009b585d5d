"""Known problems: one cause behind many cases, what it looks like, and the way round it (ITIL: known error)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.cases import CaseState, Level
from app.domain.errors import NotAllowed
from app.i18n import tr

TITLE_LIMIT = 200  # characters
VERSIONS_LIMIT = 100
TEXT_LIMIT = 20_000

# What a case that somebody has, or that waits, may be when its known problem is solved. It is solved with it, whoever
# has it: the one way out of a queue that needs no claim (`app.domain.cases.TRANSITIONS` are the ways of a person).
SOLVED_WITH_PROBLEM = frozenset(CaseState) - {CaseState.SOLVED}


class ProblemState(StrEnum):
    CANDIDATE = "candidate"  # somebody, or the radar, takes it for one
    CONFIRMED = "confirmed"  # in force: every level is told
    SOLVED = "solved"
    REJECTED = "rejected"  # it is none


class Origin(StrEnum):
    """Who took it for a problem first."""

    PERSON = "person"
    RADAR = "radar"


class Link(StrEnum):
    """What a case has to do with a problem."""

    SUGGESTED = "suggested"  # the radar saw it in the cluster
    ATTACHED = "attached"
    DETACHED = "detached"  # it was, or was suggested, and somebody said no


TRANSITIONS: Mapping[ProblemState, frozenset[ProblemState]] = {
    ProblemState.CANDIDATE: frozenset({ProblemState.CONFIRMED, ProblemState.REJECTED}),
    ProblemState.CONFIRMED: frozenset({ProblemState.SOLVED, ProblemState.REJECTED}),
    ProblemState.SOLVED: frozenset({ProblemState.CONFIRMED}),  # opened again
    ProblemState.REJECTED: frozenset({ProblemState.CANDIDATE}),  # opened again
}
OPEN_STATES = frozenset({ProblemState.CANDIDATE, ProblemState.CONFIRMED})


def refuse_unless_possible(before: ProblemState, then: ProblemState) -> None:
    """NotAllowed, with a sentence, where a problem does not go this way."""
    if then not in TRANSITIONS[before]:
        raise NotAllowed(
            tr("This known problem has changed meanwhile: it is {state} now. Open it again to see what is left to do.",
               state=_said(before))
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemWords:
    """What people write of a problem. Nothing in it is about one customer: it is read by all and outlives each case.

    Attributes:
        symptoms: what customers say and see, in their words: found by these.
        workaround: what helps until it is solved, a step a line.
        products: codes, such as "LINK-200"; none: any.
        versions: as the product says them, in words: "7.2 to 7.4".
    """

    title: str
    symptoms: str = ""
    cause: str = ""
    workaround: str = ""
    products: tuple[str, ...] = ()
    versions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A known problem as it stands. `revision` grows with each change of its words.

    Attributes:
        state_since: when it came into its state, `state_by` by whom.
        said: what was said of it then: the solution, or why it is none.
    """

    id: UUID
    number: int
    words: ProblemWords
    state: ProblemState
    origin: Origin
    revision: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    state_since: datetime
    state_by: str
    said: str = ""

    @property
    def name(self) -> str:
        """ "P-12": what is said on the telephone, and stands in `known_problem` of an answer."""
        return name_of(self.number)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


def name_of(number: int) -> str:
    return f"P-{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A problem as a line of the list.

    Attributes:
        case_count: cases that are attached.
        waiting_count: of these, those not yet solved with it.
        suggested_count: cases that the radar saw, and nobody has attached or sent away.
    """

    problem: Problem
    case_count: int = 0
    waiting_count: int = 0
    suggested_count: int = 0

    @property
    def id(self) -> UUID:
        return self.problem.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemCase:
    """A case of a problem, as the page of the problem shows it."""

    id: UUID
    number: str
    title: str
    state: CaseState
    level: Level
    link: Link
    at: datetime  # since when it is linked so
    owner_name: str = ""
    solved_at: datetime | None = None  # when it was solved with the problem


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProblem:
    """The known problem of a case: attached, or suggested by the radar."""

    problem: Problem
    link: Link
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemMatch:
    """A known problem that a case may be one of, and why.

    Attributes:
        score: 0 to 1.
        words: what both have in common, the weightiest first.
        is_same_product: the case is about a product of the problem.
    """

    problem: Problem
    score: float
    words: tuple[str, ...]
    is_same_product: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCallBack:
    """A customer whose case was solved with its problem. `number` is empty for who may not see it, or there is none."""

    customer_id: UUID
    case_id: UUID
    case_number: str
    name: str
    company: str
    number: str
    is_promised: bool  # a call-back was made from this list

    @property
    def id(self) -> UUID:
        return self.customer_id


def checked(words: ProblemWords) -> ProblemWords:
    """The words without white space around them; NotAllowed with a sentence when something is missing or too long."""
    products = tuple(dict.fromkeys(code.strip() for code in words.products if code.strip()))
    tidy = ProblemWords(
        title=" ".join(words.title.split()),
        symptoms=words.symptoms.strip(),
        cause=words.cause.strip(),
        workaround=words.workaround.strip(),
        products=products,
        versions=" ".join(words.versions.split()),
    )
    if not tidy.title:
        raise NotAllowed(tr("Give the known problem a title: what is wrong, in a few words."))
    limits = ((tidy.title, TITLE_LIMIT), (tidy.versions, VERSIONS_LIMIT))
    texts = ((text, TEXT_LIMIT) for text in (tidy.symptoms, tidy.cause, tidy.workaround))
    for text, limit in (*limits, *texts):
        if len(text) > limit:
            raise NotAllowed(
                tr("“{text}…” is longer than {limit} characters. Shorten it.", text=text[:30], limit=limit)
            )
    return tidy


def refuse_unless_findable(symptoms: str) -> None:
    """For who confirms: first level reads it from then on, and finds it by what customers say."""
    if not symptoms.strip():
        raise NotAllowed(tr("Write what customers say and see first: first level finds the known problem by it."))


def _said(state: ProblemState) -> str:
    return {
        ProblemState.CANDIDATE: tr("a candidate"),
        ProblemState.CONFIRMED: tr("confirmed"),
        ProblemState.SOLVED: tr("solved"),
        ProblemState.REJECTED: tr("dismissed"),
    }[state]
