"""Which of the texts that stood in the search field were searches, and not just the way to one."""

from dataclasses import dataclass

_SHORTEST = 3  # characters that say what somebody looks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A text that was searched for, and whether any answer was found."""

    text: str
    has_found: bool


def follow(before: Search | None, shown: Search) -> tuple[Search | None, Search | None]:
    """The search under way after `shown`, and the one that was left for it, if one was.

    Typing on, correcting a sign and taking signs back is still the same search, as far as it had come; clearing the
    field or typing something else leaves it.
    """
    if before is None:
        return (shown if shown.text else None), None
    if not shown.text or not _goes_on(before.text, shown.text):
        return (shown if shown.text else None), _worth_telling(before)
    return (before if before.text.startswith(shown.text) else shown), None


def left(before: Search | None) -> Search | None:
    """The search that was under way when something else began."""
    return _worth_telling(before) if before else None


def _worth_telling(search: Search) -> Search | None:
    return search if len(search.text) >= _SHORTEST else None


def _goes_on(old: str, new: str) -> bool:
    if old.startswith(new) or new.startswith(old):
        return True
    shorter = min(len(old), len(new))
    same = _common_start(old, new)
    same_end = _common_start(old[: same - 1 : -1] if same else old[::-1], new[: same - 1 : -1] if same else new[::-1])
    return same > 0 and same + same_end >= shorter - 1


def _common_start(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
