"""Customers' text never becomes markup, not even where Qt would guess."""

from html import escape


def as_tool_tip(text: str) -> str:
    """A text for a tool tip: Qt shows one that looks like HTML as HTML, so this one is marked and escaped."""
    return f"<qt>{escape(text)}</qt>" if text else ""
