"""The product's own index for a program that scores searches: `build(docs)`, then `search(query, k)`.

Without a caller and without a language of the call, as such programs know neither.
"""

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.domain.answers import Answer
from app.search.index import AnswerIndex
from app.search.results import Signals


class _Scored:
    """The index at work, and which document each of its answers is."""

    def __init__(self, documents: Sequence[dict[str, Any]]) -> None:
        self._folder = tempfile.mkdtemp(prefix="firstline-search-")
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        answers = [to_answer(document) for document in documents]
        most = max((document.get("usage") or 0 for document in documents), default=0)
        uses = zip(answers, documents, strict=True)
        self._signals = Signals(popularity={a.id: (d.get("usage") or 0) / most for a, d in uses} if most else {})
        self._index = AnswerIndex(Path(self._folder))
        self._index.replace(answers)

    def search(self, query: str, k: int) -> list[str]:
        return [hit.answer.key for hit in self._index.search(query, signals=self._signals, limit=k)]


_scored: list[_Scored] = []


def build(docs: list[dict[str, Any]]) -> None:
    """`docs`: id, lang, title, variants, keywords, body and usage of each."""
    _scored[:] = [_Scored(docs)]


def search(query: str, k: int) -> list[str]:
    """The ids of the best `k`, best first."""
    return _scored[0].search(query, k)


def to_answer(document: dict[str, Any]) -> Answer:
    return Answer(
        key=document["id"],
        language=document["lang"],
        title=document["title"],
        variants=tuple(document.get("variants") or ()),
        keywords=tuple(document.get("keywords") or ()),
        body=document.get("body") or "",
    )
