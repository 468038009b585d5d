"""An answer as it is stored where its fields are not searched: one JSON document, in drafts and versions."""

from typing import Any

import msgspec

from app.domain.answers import Answer

# Before there are threads: two that convert to a type for the first time at once make msgspec crash the program.
msgspec.json.Decoder(Answer)


def to_document(answer: Answer) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(answer)
    return document


def from_document(document: dict[str, Any]) -> Answer:
    return msgspec.convert(document, Answer)
