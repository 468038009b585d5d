"""Customers' text never becomes markup, not even where Qt would guess."""

import re
from html import escape
from unicodedata import bidirectional

_BREAK = "\u200b"  # no width; a line may end there
_LONG_WORD = re.compile(rf"[^\s{_BREAK}]{{24}}")
_ISOLATE, _END = "\u2068", "\u2069"  # in between, text has a direction of its own


def as_tool_tip(text: str) -> str:
    """A text for a tool tip: Qt shows one that looks like HTML as HTML, so this one is marked and escaped."""
    return f"<qt>{escape(text)}</qt>" if text else ""


def in_menu(text: str) -> str:
    """A text for a menu or a button, which would take "&" for a mark of the key."""
    return text.replace("&", "&&")


def breakable(text: str) -> str:
    """With places to break its long words: a label breaks at spaces only, and would be as wide as the longest word."""
    return _LONG_WORD.sub(lambda found: found[0] + _BREAK, text)


def in_one_line(*parts: str) -> str:
    """These parts with dots between them. A name in Arabic or Hebrew does not turn the number beside it round."""
    return " · ".join(f"{_ISOLATE}{part}{_END}" if _turns_round(part) else part for part in parts if part)


def _turns_round(text: str) -> bool:
    return any(bidirectional(letter) in ("R", "AL") for letter in text)
