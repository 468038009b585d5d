"""What the three formats have in common: an answer as it stands in a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.adapters.text_files import Fault
from app.domain.answers import Answer

REQUIRED = ("key", "language", "title", "body")
LISTS = ("variants", "keywords", "products", "steps")
FIELDS = (
    "key", "language", "title", "variants", "keywords", "products", "audience", "known_problem",
    "body", "steps", "closing", "script", "valid_from", "valid_until", "review_on",
)  # fmt: skip
DATES = ("valid_from", "valid_until", "review_on")  # 2026-03-31
SELDOM = ("known_problem", "script", *DATES)  # a Markdown file leaves these out when they are empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file gave. With any fault nothing of it may be published, although `answers` holds the good ones."""

    answers: tuple[Answer, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer as a file has it, not checked yet: anything may stand in `fields`.

    `lines` says where a field stands, if not in `line` with the others.
    """

    file: str
    line: int
    fields: Mapping[str, object]
    lines: Mapping[str, int] = field(default_factory=dict)


def as_fields(answer: Answer) -> dict[str, str | list[str]]:
    """An answer as every format writes it, by name and in the order of `FIELDS`; its version is the database's."""
    return {
        "key": answer.key,
        "language": answer.language,
        "title": answer.title,
        "variants": list(answer.variants),
        "keywords": list(answer.keywords),
        "products": list(answer.products),
        "audience": str(answer.audience),
        "known_problem": answer.known_problem,
        "body": answer.body,
        "steps": list(answer.steps),
        "closing": answer.closing,
        "script": answer.script,
        **{name: day.isoformat() if (day := getattr(answer, name)) else "" for name in DATES},
    }
