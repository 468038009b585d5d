"""An answer as it is stored where its fields are not searched: one JSON document, in drafts and versions."""

from typing import Any

import msgspec

from app.domain.answers import Answer
from app.domain.knowledge import Working

# Before there are threads: two that convert to a type for the first time at once make msgspec crash the program.
msgspec.json.Decoder(Answer)


_WORKING = msgspec.json.Decoder(Working)


def kept_text(working: Working) -> str:
    """As a desk's journal keeps it."""
    return msgspec.json.encode(working).decode()


def from_kept_text(text: str) -> Working | None:
    """None for what somebody typed for a case."""
    try:
        return _WORKING.decode(text)
    except msgspec.MsgspecError:
        return None


def to_document(answer: Answer) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(answer)
    return document


def from_document(document: dict[str, Any]) -> Answer:
    return msgspec.convert(document, Answer)
