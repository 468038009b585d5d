"""A second opinion where words do not meet: answers whose texts mean nearly the same, by a model the centre supplies.

The model is a folder with `model.onnx` and `tokenizer.json`, as sentence-embedding models are published; the packages
that read it (`pip install firstline[meaning]`) are imported when it is first needed, and never without a setting.
"""

import hashlib
import logging
import os
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from app.domain.answers import Answer, Hit
from app.domain.errors import Unavailable
from app.i18n import tr

FILE = "meanings.npz"
LEAST_ALIKE = 0.4  # cosine from which on two texts are said to be alike

_TEXTS = 4  # of an answer: its title and first variants
_AT_ONCE = 16  # texts: a search that comes meanwhile waits for no more
_WORDS = 128  # tokens of one text
_TRIAL = ("one", "another one")

_log = logging.getLogger("firstline.search")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """An answer and the unit vectors of its texts, one row each."""

    answer: Answer
    vectors: Any = field(compare=False)


class Meaning:
    """Vectors of the answers on this desk. Use it from one lane only: none of it is fast enough for the first hits."""

    def __init__(self, model: Path, languages: frozenset[str], folder: Path) -> None:
        """
        Args:
            model: the folder of the model.
            languages: those that the model knows; in others it misleads, and says nothing.
            folder: of the desk, where vectors are kept from one start to the next.
        """
        self._folder = model
        self._languages = languages
        self._file = folder / FILE
        self._model: _Model | None = None
        self._trouble = ""
        self._kept: dict[tuple[UUID, int], Any] = {}
        self._known: dict[UUID, _Known] = {}
        self._todo: deque[Answer] = deque()
        self._matrix: Any = None

    def take_in(self, answers: Collection[Answer]) -> None:
        """These are the answers now; what is new among them waits for `learn`."""
        if not self._is_ready():
            return
        wanted = {a.id: a for a in answers if a.language in self._languages}
        kept = {known.answer.id: known for known in self._known.values() if wanted.get(known.answer.id) == known.answer}
        for answer in wanted.values():
            vectors = self._kept.get((answer.id, answer.stamp))
            if answer.id not in kept and vectors is not None:
                kept[answer.id] = _Known(answer=answer, vectors=vectors)
        self._known = kept
        self._todo = deque(answer for id_, answer in wanted.items() if id_ not in kept)
        self._matrix = None

    def learn(self) -> bool:
        """Read some of what waits; True while more does. All of it is then kept on the disk."""
        if self._model is None or not self._todo:
            return False
        some = [self._todo.popleft() for _ in range(min(len(self._todo), max(1, _AT_ONCE // _TEXTS)))]
        vectors = self._model.embed([text for answer in some for text in _texts(answer)])
        start = 0
        for answer in some:
            end = start + len(_texts(answer))
            self._known[answer.id] = _Known(answer=answer, vectors=vectors[start:end])
            start = end
        self._matrix = None
        if not self._todo:
            self._keep()
        return bool(self._todo)

    def search(self, text: str, *, language: str = "", limit: int = 3) -> tuple[Hit, ...]:
        """The answers that mean nearly the same as `text`; none in a language that the model does not know.

        Raises:
            Unavailable: the first time that the model or the packages cannot be used; then nothing is found any more.
        """
        if (language and language not in self._languages) or not text.strip():
            return ()
        if not self._is_ready():
            trouble, self._trouble = self._trouble, ""
            if trouble:
                raise Unavailable(trouble)
            return ()
        if not self._known or self._model is None:
            return ()
        numpy = import_module("numpy")
        rows, owners = self._rows()
        alike = rows @ self._model.embed([text])[0]
        best: dict[UUID, Hit] = {}
        for row in numpy.argsort(-alike, kind="stable")[: limit * _TEXTS]:
            known = owners[row]
            if alike[row] >= LEAST_ALIKE and known.answer.id not in best:
                excerpt = next((v for v in known.answer.variants[:1]), "")
                best[known.answer.id] = Hit(
                    answer=known.answer, score=float(alike[row]), words=frozenset(), excerpt=excerpt
                )
        return tuple(best.values())[:limit]

    def _is_ready(self) -> bool:
        """Load the model at the first call; False when it cannot be used."""
        if self._model is None and not self._trouble and self._folder != Path():
            try:
                self._model = _Model(self._folder)
                self._kept = _read(self._file, self._model.mark)
            except Unavailable as error:
                _log.warning("meaning: %s", type(error.__cause__ or error).__name__)
                self._trouble = str(error)
                self._folder = Path()  # not tried again: a broken model stays broken until the next start
        return self._model is not None

    def _rows(self) -> tuple[Any, list[_Known]]:
        if self._matrix is None:
            numpy = import_module("numpy")
            known = sorted(self._known.values(), key=lambda k: (k.answer.key, k.answer.language))
            self._matrix = numpy.concatenate([k.vectors for k in known]), [k for k in known for _ in k.vectors]
        rows, owners = self._matrix
        return rows, owners

    def _keep(self) -> None:
        if self._model is None:
            return
        self._kept = {(k.answer.id, k.answer.stamp): k.vectors for k in self._known.values()}
        _write(self._file, self._model.mark, self._kept)


class _Model:
    """Texts to unit vectors."""

    def __init__(self, folder: Path) -> None:
        try:
            runtime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
        except ImportError as error:
            raise Unavailable(tr("Search by meaning needs more packages: pip install firstline[meaning]")) from error
        files = (folder / "model.onnx", folder / "tokenizer.json")
        if missing := [file for file in files if not file.is_file()]:
            raise Unavailable(tr("Search by meaning is off: there is no {path}.", path=missing[0]))
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1  # the desk's other work needs the other cores
        options.log_severity_level = 4  # what it writes to the terminal, nobody reads
        try:
            self._session = runtime.InferenceSession(str(files[0]), options, providers=["CPUExecutionProvider"])
            self._tokenizer = tokenizers.Tokenizer.from_file(str(files[1]))
            self._tokenizer.enable_truncation(_WORDS)
            self._tokenizer.enable_padding()
            self._inputs = {one.name for one in self._session.get_inputs()}
            self.embed(_TRIAL)  # a model of another kind may fail only now
        except Exception as error:
            raise Unavailable(
                tr("Search by meaning is off: the model in {path} cannot be read.", path=folder)
            ) from error
        stat = files[0].stat()
        named = f"{files[0].name} {stat.st_size} {stat.st_mtime_ns}"
        self.mark = hashlib.sha256(named.encode() + files[1].read_bytes()).hexdigest()

    def embed(self, texts: Sequence[str]) -> Any:
        """float32, one row a text, each of length 1: the mean over the tokens, or what the model itself gives."""
        numpy = import_module("numpy")
        encoded = self._tokenizer.encode_batch(list(texts))
        mask = numpy.array([one.attention_mask for one in encoded], dtype=numpy.int64)
        given = {
            "input_ids": numpy.array([one.ids for one in encoded], dtype=numpy.int64),
            "attention_mask": mask,
            "token_type_ids": numpy.zeros_like(mask),
        }
        output = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        if output.ndim == 3:
            share = mask[:, :, None] / numpy.maximum(mask.sum(axis=1), 1)[:, None, None]
            output = (output * share).sum(axis=1)
        lengths = numpy.linalg.norm(output, axis=1, keepdims=True)
        return (output / numpy.maximum(lengths, 1e-9)).astype(numpy.float32)


def _texts(answer: Answer) -> tuple[str, ...]:
    return (answer.title, *answer.variants)[:_TEXTS]


def _read(file: Path, mark: str) -> dict[tuple[UUID, int], Any]:
    """What was kept for this model; nothing when it is of another one or damaged: it is made anew."""
    numpy = import_module("numpy")
    try:
        with file.open("rb") as source, numpy.load(source, allow_pickle=False) as kept:
            if str(kept["mark"]) != mark:
                return {}
            ends = kept["ends"].tolist()
            parts = zip(kept["ids"].tolist(), kept["stamps"].tolist(), [0, *ends], ends, strict=False)
            rows = kept["rows"].astype(numpy.float32)
            return {(UUID(id_), stamp): rows[start:end] for id_, stamp, start, end in parts}
    except Exception:  # noqa: BLE001 - numpy raises many kinds for a damaged file
        return {}


def _write(file: Path, mark: str, kept: dict[tuple[UUID, int], Any]) -> None:
    numpy = import_module("numpy")
    part = file.with_name(f"{file.stem}.{os.getpid()}.part.npz")
    try:
        with part.open("wb") as target:
            numpy.savez(
                target,
                mark=mark,
                ids=[str(id_) for id_, _ in kept],
                stamps=numpy.array([stamp for _, stamp in kept], dtype=numpy.int64),
                ends=numpy.cumsum([len(rows) for rows in kept.values()], dtype=numpy.int64),
                rows=numpy.concatenate(list(kept.values())).astype(numpy.float16) if kept else numpy.zeros((0, 1)),
            )
        part.replace(file)
    except OSError as error:  # the next start learns anew
        _log.warning("meaning: %s", type(error).__name__)
        part.unlink(missing_ok=True)
