"""The corpus as a file beside the answers, so that a start need not build it; worthless when anything is wrong."""

import io
import logging
import zlib
from dataclasses import fields
from pathlib import Path
from uuid import UUID

import numpy as np

from app.search.corpus import Corpus
from app.search.holdings import Holdings
from app.search.layers import Beginnings, Layer
from app.search.letters import Letters
from app.search.openings import Openings
from app.search.postings import Postings

FILE = "answers.index"
VERSION = 5  # of the file and of all that decides what is in it: analysis, weights, layout

_HEAD = b"firstline-index %d\n" % VERSION
_ARRAYS = ("is_alive", "language_of", "body_lengths", "answer_counts", "gram_counts")
_PARTS = {"postings": Postings, "letters": Letters, "beginnings": Beginnings, "openings": Openings}  # of a layer

_log = logging.getLogger(__name__)


def save(folder: Path, held: Holdings) -> None:
    """Exchange the file as a whole; a full disk leaves the one of before, or none."""
    corpus = held.corpus
    layer = corpus.whole()
    texts = {"words": "\n".join(corpus.lexicon.words), "languages": "\n".join(corpus.languages)}
    by_slot = sorted(held.slots, key=held.slots.__getitem__)
    arrays = {name: getattr(corpus, name) for name in _ARRAYS}
    for part, kind in _PARTS.items():
        arrays |= {f"{part}_{one.name}": getattr(getattr(layer, part), one.name) for one in fields(kind)}
    arrays |= {
        "ids": np.frombuffer(b"".join(key.bytes for key in by_slot), np.uint8),
        "slots": np.array([held.slots[key] for key in by_slot], np.int64),
        "changes": np.array([held.changes[key] for key in by_slot], np.int64),
        **{name: np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8) for name, text in texts.items()},
    }
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    content = buffer.getvalue()
    beside = folder / (FILE + ".new")
    try:
        beside.write_bytes(_HEAD + zlib.crc32(content).to_bytes(4, "big") + content)
        beside.replace(folder / FILE)
    except OSError:
        _log.warning("the index of the answers could not be kept; it is built again at the next start")


def load(folder: Path) -> Holdings | None:
    """What was saved; None when there is nothing, or nothing that can be trusted."""
    try:
        content = (folder / FILE).read_bytes()
    except OSError:
        return None
    start = len(_HEAD) + 4
    if not content.startswith(_HEAD) or zlib.crc32(content[start:]).to_bytes(4, "big") != content[start - 4 : start]:
        return None
    return _restored(np.load(io.BytesIO(content[start:]), allow_pickle=False))


def _restored(arrays: "np.lib.npyio.NpzFile") -> Holdings:
    corpus = Corpus()
    for name in _ARRAYS:
        setattr(corpus, name, arrays[name])
    corpus.languages = _text(arrays, "languages").split("\n")
    corpus.lexicon.add(_text(arrays, "words").split("\n"))
    parts = (kind(*(arrays[f"{part}_{one.name}"] for one in fields(kind))) for part, kind in _PARTS.items())
    corpus.become(Layer(0, *parts))
    ids = arrays["ids"].tobytes()
    keys = [UUID(bytes=ids[begin : begin + 16]) for begin in range(0, len(ids), 16)]
    return Holdings.restored(
        corpus,
        dict(zip(keys, arrays["slots"].tolist(), strict=True)),
        dict(zip(keys, arrays["changes"].tolist(), strict=True)),
    )


def _text(arrays: "np.lib.npyio.NpzFile", name: str) -> str:
    return arrays[name].tobytes().decode("utf-8", "surrogatepass")
