"""A sentence-embedding model of a few words, made by the test: real ONNX, read by the real runtime."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest


def make_model(folder: Path, vectors: Mapping[str, Sequence[float]]) -> Path:
    """Write `model.onnx` and `tokenizer.json` for these words; a text means the mean of its words' vectors."""
    onnx = pytest.importorskip("onnx", reason="onnx is not installed: pip install .[test]")
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: pip install .[meaning]")
    numpy = pytest.importorskip("numpy")
    folder.mkdir(parents=True, exist_ok=True)
    width = len(next(iter(vectors.values())))
    table = numpy.array([[0.0] * width, [0.0] * width, *vectors.values()], dtype=numpy.float32)
    make, kind = onnx.helper, onnx.TensorProto
    ids = make.make_tensor_value_info("input_ids", kind.INT64, ["batch", "length"])
    mask = make.make_tensor_value_info("attention_mask", kind.INT64, ["batch", "length"])
    hidden = make.make_tensor_value_info("last_hidden_state", kind.FLOAT, ["batch", "length", width])
    look_up = make.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
    graph = make.make_graph([look_up], "tiny", [ids, mask], [hidden], [onnx.numpy_helper.from_array(table, "table")])
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / "model.onnx")
    _write_tokenizer(folder / "tokenizer.json", list(vectors))
    return folder


def _write_tokenizer(file: Path, words: list[str]) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers is not installed: pip install .[meaning]")
    numbers = {word: number for number, word in enumerate(["[PAD]", "[UNK]", *words])}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(numbers, unk_token="[UNK]"))
    made.normalizer = tokenizers.normalizers.Lowercase()
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.save(str(file))
