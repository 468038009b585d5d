"""What the search misses, and how it could be better: `python -m tests.bench.search_misses FOLDER...`.

A folder has docs.jsonl (id, lang, title, variants, keywords, body), queries.jsonl (base, cond, text) and qrels.tsv.
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from app.search.corpus import Corpus
from app.search.query import Query, read_query
from app.search.ranking import CANDIDATES, Known, rank
from app.search.vocabulary import Meanings, Vocabulary
from tests.bench.search_adapter import to_answer

CONDITIONS = "full", "kw"
LIMITS = 1, 5, 10, 20, 50, CANDIDATES
NOBODY = Known(language="", products=np.zeros(0, np.int64), popularity={}, in_force=frozenset())


def main(folders: list[str]) -> None:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for folder in map(Path, folders):
        _count(folder, counts)
    for condition, found in counts.items():
        print(f"{condition}: {found['all']} queries; a right answer is among the first")
        print("   " + "  ".join(f"{limit}: {found[f'first {limit}'] / found['all']:.3f}" for limit in LIMITS))
        print(f"   of the {found['missed']} that have none among the first five")
        for what in sorted(what for what in found if what.startswith("...")):
            print(f"   {found[what]:4}  {found[what] / found['missed']:4.0%}  {what}")


def _count(folder: Path, counts: defaultdict[str, Counter[str]]) -> None:
    documents, queries = _lines(folder / "docs.jsonl"), _lines(folder / "queries.jsonl")
    slots = {document["id"]: slot for slot, document in enumerate(documents)}
    right: defaultdict[str, set[int]] = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        base, document, _ = line.split("\t")
        right[base].add(slots[document])
    corpus, meanings = Corpus(), Meanings(Vocabulary())
    corpus.add([to_answer(document) for document in documents])
    for asked in queries:
        if asked["cond"] in CONDITIONS:
            query = read_query(asked["text"], corpus, meanings)
            _judge(
                counts[asked["cond"]],
                query,
                rank(corpus, query, NOBODY, CANDIDATES).slots.tolist(),
                right[asked["base"]],
            )


def _judge(counts: Counter[str], query: Query, ranked: list[int], right: set[int]) -> None:
    place = next((place for place, slot in enumerate(ranked) if slot in right), CANDIDATES)
    counts.update(["all", *(f"first {limit}" for limit in LIMITS if place < limit)])
    if place < 5:
        return
    total = sum(typed.weight for typed in query.typed if not typed.is_stop) or 1.0
    shared = max(_shared(query, slot) for slot in right) / total
    amount = "half or more" if shared >= 0.5 else "less than half" if shared else "nothing"
    counts.update(
        ["missed", f"... whose right answer shares {amount} of what was said, by words, forms, parts, synonyms"]
    )
    if ranked and _shared(query, ranked[0]) / total > shared:
        counts["... whose first hit shares more of it than the right answer"] += 1


def _shared(query: Query, slot: int) -> float:
    says = [typed for typed in query.typed if not typed.is_stop]
    return sum(typed.weight * float(typed.found.in_head[typed.found.slots == slot].sum()) for typed in says)


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main(sys.argv[1:])
