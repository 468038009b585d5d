"""Scripted answers: what is published, and how a text is filled for the caller who is on the phone."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID, uuid5

from app.domain.people import Role

_NAMESPACE = UUID("6f1d3c2e-5a0b-5c7e-9a51-0c3a7f21d9b4")

PLACEHOLDERS = frozenset(
    {
        "customer.name",
        "customer.number",
        "customer.company",
        "agent.name",
        "product.name",
        "product.serial",
        "contract.number",
        "contract.name",
        "contract.ends_on",
        "case.number",
        "caller.number",
        "today",
    }
)
_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,60})\}")


class Audience(StrEnum):
    """The level an answer is written for; first level sees only its own."""

    FIRST = "first"
    SECOND = "second"


_READ_SECOND = frozenset({Role.SECOND_LEVEL, Role.THIRD_LEVEL, Role.EDITOR})


def audiences_of(roles: Collection[Role]) -> frozenset[Audience]:
    """Whose answers a person with these roles may read: everybody first level's, who works above it the others too."""
    return frozenset(Audience) if _READ_SECOND.intersection(roles) else frozenset({Audience.FIRST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One scripted answer in one language, as it is published. Its language pair has the same `key`.

    `body` is what the agent says, `steps` what the customer does, `closing` what is said at the end: Markdown,
    shown as text, never as HTML. `script` is a guided script as `app.domain.scripts` reads it; empty: it has none.
    `known_problem` names the problem in force that it is about, such as "P-12". `valid_from` and `valid_until` are the
    first and the last day on which desks find it, `review_on` the day on which an editor shall look at it again.
    """

    key: str
    language: str
    title: str
    variants: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    audience: Audience = Audience.FIRST
    body: str = ""
    steps: tuple[str, ...] = ()
    closing: str = ""
    script: str = ""
    known_problem: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    review_on: date | None = None
    version: int = 1
    published_at: datetime | None = field(default=None, compare=False)  # None: not published yet

    @property
    def id(self) -> UUID:
        """The same for every version of this answer in this language."""
        return answer_id(self.key, self.language)

    @property
    def stamp(self) -> int:
        """40 bits that are others for each publication; see `Fingerprint`."""
        published = self.published_at.isoformat() if self.published_at else ""
        content = f"{self.id} {self.version} {published}"
        return int.from_bytes(blake2b(content.encode(), digest_size=5).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Of a set of answers: two sets with the same one hold the same versions of the same answers.

    The sum of 40-bit stamps: a database adds them up without reading a text, and millions fit into its 63 bits.
    """

    count: int
    stamps: int


def fingerprint(stamps: Collection[int]) -> Fingerprint:
    return Fingerprint(count=len(stamps), stamps=sum(stamps))


def answer_id(key: str, language: str) -> UUID:
    return uuid5(_NAMESPACE, f"{key}/{language}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of filled text; `placeholder` names what it came from, `is_missing` what could not be filled."""

    text: str
    placeholder: str = ""
    is_missing: bool = False


def fill(text: str, values: Mapping[str, str]) -> tuple[Piece, ...]:
    """`text` cut into pieces, with its placeholders replaced; one without a value stays visible as `{name}`.

    >>> [p.text for p in fill("Hello {customer.name}!", {"customer.name": "Ada Berg"})]
    ['Hello ', 'Ada Berg', '!']
    """
    pieces: list[Piece] = []
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        if found.start() > end:
            pieces.append(Piece(text=text[end : found.start()]))
        value = values.get(found[1], "")
        pieces.append(Piece(text=value or found[0], placeholder=found[1], is_missing=not value))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text=text[end:]))
    return tuple(pieces)


def unknown_placeholders(text: str) -> tuple[str, ...]:
    """Names in braces that no caller and no case will ever fill."""
    return tuple(name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An answer found by a search. `words` are the folded words that matched, to be marked in the title and excerpt."""

    answer: Answer
    score: float  # higher is better; comparable only within one search
    words: frozenset[str]
    excerpt: str
