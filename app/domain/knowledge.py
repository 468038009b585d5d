"""How an answer comes to be: draft, review, published, retired; who may do what; what differs between versions."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from app.domain.answers import Answer
from app.domain.errors import NotAllowed
from app.domain.people import Role
from app.i18n import tr


class AnswerState(StrEnum):
    """Of a draft the first two and `DROPPED`, or `PUBLISHED` once it is a version; of an answer the other two."""

    DRAFT = "draft"
    REVIEW = "review"  # waits for an editor
    PUBLISHED = "published"
    RETIRED = "retired"  # was published; no desk finds it
    DROPPED = "dropped"  # never became a version


class AnswerEvent(StrEnum):
    """What stands in an answer's history."""

    DRAFTED = "drafted"
    CHANGED = "changed"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    DROPPED = "dropped"
    RETIRED = "retired"
    RESTORED = "restored"


TRANSITIONS: Mapping[tuple[AnswerState, AnswerEvent], AnswerState] = {
    (AnswerState.DRAFT, AnswerEvent.CHANGED): AnswerState.DRAFT,
    (AnswerState.DRAFT, AnswerEvent.SUBMITTED): AnswerState.REVIEW,
    (AnswerState.DRAFT, AnswerEvent.DROPPED): AnswerState.DROPPED,
    (AnswerState.REVIEW, AnswerEvent.CHANGED): AnswerState.REVIEW,
    (AnswerState.REVIEW, AnswerEvent.SENT_BACK): AnswerState.DRAFT,
    (AnswerState.REVIEW, AnswerEvent.PUBLISHED): AnswerState.PUBLISHED,
    (AnswerState.REVIEW, AnswerEvent.DROPPED): AnswerState.DROPPED,
    (AnswerState.PUBLISHED, AnswerEvent.RETIRED): AnswerState.RETIRED,
    (AnswerState.RETIRED, AnswerEvent.RESTORED): AnswerState.PUBLISHED,
}
_OF_EDITORS = frozenset({AnswerEvent.SENT_BACK, AnswerEvent.PUBLISHED, AnswerEvent.RETIRED, AnswerEvent.RESTORED})
_WRITERS = frozenset({Role.FIRST_LEVEL, Role.SECOND_LEVEL, Role.THIRD_LEVEL, Role.EDITOR})


def after(state: AnswerState, event: AnswerEvent) -> AnswerState:
    """The state after `event`; NotAllowed with a sentence when it is not in a state for it."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotAllowed(_why_not(state)) from None


def may(event: AnswerEvent, roles: Collection[Role], *, is_own: bool, state: AnswerState = AnswerState.DRAFT) -> bool:
    """Whether a person with these roles may do it: editors everything, who wrote a draft the rest until it waits.

    Args:
        is_own: the draft is this person's.
        state: of the draft.
    """
    if Role.EDITOR in roles:
        return True
    if event is AnswerEvent.DRAFTED:
        return bool(_WRITERS.intersection(roles))
    return is_own and event not in _OF_EDITORS and state is AnswerState.DRAFT and bool(_WRITERS.intersection(roles))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is written and not published yet. `answer` is as it would be published.

    Attributes:
        revision: counts each change and move; who saves says which one they began from.
        base_version: the version in force when it was last saved; 0: there was none.
        written_by: the name of who changed its text last.
        case_id: the case whose solution it is, if it is one's.
    """

    id: UUID
    answer: Answer
    state: AnswerState
    revision: int
    base_version: int
    made_by: UUID
    writer_id: UUID
    written_by: str
    written_at: datetime
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """What an editor's desk is writing: a draft with changes not saved yet.

    Attributes:
        revision: the one that it was begun from; 0: it was never saved.
        follows: the command of this desk that makes that revision, while it is not known to be carried out.
    """

    draft_id: UUID
    answer: Answer
    state: AnswerState = AnswerState.DRAFT
    revision: int = 0
    base_version: int = 0
    case_id: UUID | None = None
    made_by: UUID | None = None  # None: whoever writes here
    follows: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """A line of the editors' list: an answer, with its open draft if there is one, or a draft alone.

    Attributes:
        id: that of the answer.
        state: that of the draft, if there is one.
        is_in_force: desks find it.
        pair: the same answer in the other language: "", "missing", "older", or "newer".
    """

    id: UUID
    key: str
    language: str
    title: str
    products: tuple[str, ...]
    state: AnswerState
    is_in_force: bool
    version: int
    draft_id: UUID | None = None
    writer: str = ""
    changed_at: datetime | None = None
    review_on: date | None = None
    flag_count: int = 0
    solved_count: int = 0
    read_count: int = 0
    pair: str = ""

    def is_review_overdue(self, today: date) -> bool:
        return self.is_in_force and self.review_on is not None and self.review_on < today


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerVersion:
    """A version as it was published; `published_by` is empty where a file was imported."""

    answer: Answer
    published_by: str
    note: str = ""

    @property
    def id(self) -> int:
        return self.answer.version


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """Who did what to an answer. `version` is that in force afterwards."""

    id: UUID
    at: datetime
    by: str
    event: AnswerEvent
    version: int
    text: str = ""


class FlagKind(StrEnum):
    """What an agent says of an answer."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """An agent's remark on a version of an answer, as long as no editor has settled it."""

    id: UUID
    answer_id: UUID
    version: int
    kind: FlagKind
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that is other than before. Lines of text: those taken out and those put in."""

    field: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


CONTENT = tuple(field.name for field in fields(Answer) if field.name not in ("version", "published_at"))


def differences(old: Answer, new: Answer) -> tuple[Difference, ...]:
    """The fields in which two versions differ, in the order of `Answer`; texts are compared line by line.

    >>> differences(Answer(key="a", language="en", title="Old"), Answer(key="a", language="en", title="New"))
    (Difference(field='title', removed=('Old',), added=('New',)),)
    """
    changed = (name for name in CONTENT if getattr(old, name) != getattr(new, name))
    return tuple(_difference(name, _lines(getattr(old, name)), _lines(getattr(new, name))) for name in changed)


def is_same_content(one: Answer, other: Answer) -> bool:
    return replace(one, version=other.version, published_at=other.published_at) == other


def with_content(of: Answer, into: Answer) -> Answer:
    """The answer `into` with all that `of` says."""
    return replace(into, **{name: getattr(of, name) for name in CONTENT if name not in ("key", "language")})


def _difference(name: str, old: list[str], new: list[str]) -> Difference:
    removed, added = [], []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            removed += old[i1:i2]
            added += new[j1:j2]
    return Difference(field=name, removed=tuple(removed), added=tuple(added))


def _lines(value: object) -> list[str]:
    return list(_each_line(value))


def _each_line(value: object) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, tuple):
        yield from map(str, value)
    elif value:
        yield from str(value).splitlines()


def _why_not(state: AnswerState) -> str:
    sentences = {
        AnswerState.DRAFT: tr("This draft is not handed in for review yet."),
        AnswerState.REVIEW: tr("This draft waits for review."),
        AnswerState.PUBLISHED: tr("This is published already. Begin a new version of it to change it."),
        AnswerState.RETIRED: tr("This answer is retired. Restore it first."),
        AnswerState.DROPPED: tr("This draft was thrown away. Your text is kept: begin a new one with it."),
    }
    return sentences[state]


def field_name(name: str) -> str:
    """The word for a field of an answer."""
    words = {
        "key": tr("key"),
        "language": tr("language"),
        "title": tr("title"),
        "variants": tr("variants"),
        "keywords": tr("keywords"),
        "products": tr("products"),
        "audience": tr("audience"),
        "body": tr("text"),
        "steps": tr("steps"),
        "closing": tr("closing"),
        "script": tr("script"),
        "known_problem": tr("known problem"),
        "valid_from": tr("valid from"),
        "valid_until": tr("valid until"),
        "review_on": tr("review date"),
    }
    return words.get(name, name)
