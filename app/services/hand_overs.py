"""A hand-over as it is stored: one JSON document beside the escalation in the case's timeline."""

from typing import Any

import msgspec

from app.domain.cases import HandOver

# Before there are threads: two that convert to a type for the first time at once make msgspec crash the program.
msgspec.json.Decoder(HandOver)


def to_document(hand_over: HandOver) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(hand_over)
    return document


def from_document(document: dict[str, Any]) -> HandOver:
    return msgspec.convert(document, HandOver)
