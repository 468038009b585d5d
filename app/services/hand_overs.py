"""A hand-over as it is stored: a JSON document beside the escalation in the case's timeline, and the caller's number.

The number has a column of its own, because third level may read the document and not the number.
"""

from typing import Any

import msgspec

from app.domain.cases import HandOver
from app.domain.passing_down import PassedDown

_NUMBER = "caller_number"

# Before there are threads: two that convert to a type for the first time at once make msgspec crash the program.
msgspec.json.Decoder(HandOver)
msgspec.json.Decoder(PassedDown)


def to_columns(hand_over: HandOver) -> dict[str, Any]:
    """The values of the columns `hand_over` and `caller_number`."""
    document: dict[str, Any] = msgspec.to_builtins(hand_over)
    return {_NUMBER: document.pop(_NUMBER), "hand_over": document}


def from_columns(document: dict[str, Any], caller_number: str | None) -> HandOver:
    """`caller_number`: None where the person may not read it."""
    return msgspec.convert({**document, _NUMBER: caller_number or ""}, HandOver)


def passed_document(passed_down: PassedDown) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(passed_down)
    return document


def passed_from(document: dict[str, Any] | None) -> PassedDown | None:
    return msgspec.convert(document, PassedDown) if document else None
