"""The second opinion: finds what shares no word, keeps what it learnt, and is no hindrance when it cannot work."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.answers import Answer
from app.domain.errors import Unavailable
from app.search.meaning import _TRIAL, FILE, Meaning, _Model
from tests.builders import NOW, answer
from tests.conftest import ExpectedLog
from tests.search.tiny_model import make_model

VECTORS = {
    "router": (1, 0, 0), "box": (0.9, 0.1, 0), "restarts": (0, 1, 0), "reboots": (0, 0.95, 0.1), "itself": (0, 0.2, 0),
    "invoice": (0, 0, 1), "bill": (0, 0.05, 1), "late": (0.1, 0, 0.3),
}  # fmt: skip
RESTART = replace(answer("restart", title="Router restarts itself"), published_at=NOW)
INVOICE = replace(answer("invoice", title="Invoice", variants=("invoice late",)), published_at=NOW)
DEUTSCH = replace(answer("restart", "de", title="Router restarts"), published_at=NOW)
ENGLISH = frozenset({"en"})


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_model(tmp_path / "model", VECTORS)


def learnt(model: Path, folder: Path, *answers: Answer, languages: frozenset[str] = ENGLISH) -> Meaning:
    folder.mkdir(exist_ok=True)
    meaning = Meaning(model, languages, folder)
    meaning.take_in(answers)
    while meaning.learn():
        pass
    return meaning


def found(meaning: Meaning, text: str, language: str = "") -> list[str]:
    return [f"{hit.answer.key}.{hit.answer.language}" for hit in meaning.search(text, language=language)]


def test_it_finds_what_shares_no_word(model: Path, tmp_path: Path) -> None:
    meaning = learnt(model, tmp_path, RESTART, INVOICE)
    assert found(meaning, "box reboots") == ["restart.en"]
    (hit,) = meaning.search("the bill")
    assert hit.answer == INVOICE and 0.9 < hit.score <= 1.0 and hit.excerpt == "invoice late"
    assert found(meaning, "unknown words") == [] == found(meaning, "  ")


def test_it_keeps_to_the_languages_it_knows(model: Path, tmp_path: Path) -> None:
    assert found(learnt(model, tmp_path / "a", RESTART, DEUTSCH), "box reboots") == ["restart.en"]
    assert found(learnt(model, tmp_path / "b", RESTART), "box reboots", language="de") == []
    both = learnt(model, tmp_path / "c", RESTART, DEUTSCH, languages=frozenset({"de", "en"}))
    assert set(found(both, "box reboots", language="de")) == {"restart.en", "restart.de"}


def test_it_follows_the_answers(model: Path, tmp_path: Path) -> None:
    meaning = learnt(model, tmp_path, RESTART, INVOICE)
    changed = replace(RESTART, title="Late invoice", version=2)
    meaning.take_in([changed])
    while meaning.learn():
        pass
    assert found(meaning, "box reboots") == []
    assert [hit.answer for hit in meaning.search("bill late")] == [changed]
    meaning.take_in([])
    assert found(meaning, "bill") == []


def test_a_second_start_learns_only_what_is_new(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt(model, tmp_path, RESTART)
    read: list[str] = []
    embed = _Model.embed

    def embed_and_tell(model: _Model, texts: Sequence[str]) -> Any:
        read.extend(text for text in texts if text not in _TRIAL)
        return embed(model, texts)

    monkeypatch.setattr(_Model, "embed", embed_and_tell)
    again = learnt(model, tmp_path, RESTART, INVOICE)
    assert read == ["Invoice", "invoice late"]
    assert found(again, "box reboots") == ["restart.en"]
    newer = replace(RESTART, published_at=NOW + timedelta(days=1))
    read.clear()
    learnt(model, tmp_path, newer)
    assert read == [RESTART.title]


@pytest.mark.parametrize("damage", [b"", b"PK no archive", None])
def test_what_was_kept_and_is_damaged_is_learnt_anew(model: Path, tmp_path: Path, damage: bytes | None) -> None:
    learnt(model, tmp_path, RESTART)
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes()[:100] if damage is None else damage)
    assert found(learnt(model, tmp_path, RESTART), "box reboots") == ["restart.en"]


def test_vectors_of_another_model_are_not_used(model: Path, tmp_path: Path) -> None:
    learnt(model, tmp_path, RESTART)
    other = make_model(tmp_path / "other", VECTORS | {"router": (0, 0, 1), "restarts": (0, 0, 1)})
    assert found(learnt(other, tmp_path, RESTART), "bill") == ["restart.en"]


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json", "no folder", "too many words"])
def test_a_broken_model_is_said_once(model: Path, tmp_path: Path, broken: str, expected_log: ExpectedLog) -> None:
    expected_log("meaning: ")
    if broken == "no folder":
        model = tmp_path / "nothing"
    elif broken == "too many words":  # a tokenizer with words that the model does not know
        larger = VECTORS | {f"word{n}": (1, 1, 1) for n in range(9)} | {"one": (1, 1, 1)}
        make_model(tmp_path / "larger", larger)
        (tmp_path / "larger" / "tokenizer.json").replace(model / "tokenizer.json")
    else:
        (model / broken).write_bytes(b"\x00nonsense")
    meaning = learnt(model, tmp_path, RESTART)
    with pytest.raises(Unavailable, match="Search by meaning is off"):
        meaning.search("box reboots")
    assert found(meaning, "box reboots") == []


def test_without_the_packages_it_says_what_to_install(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    expected_log("meaning: ModuleNotFoundError")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(Unavailable, match="pip install firstline\\[meaning\\]"):
        learnt(model, tmp_path, RESTART).search("box reboots")


def test_nothing_is_imported_without_a_model(tmp_path: Path) -> None:
    program = (
        "import sys; from app.bootstrap import open_demo; from pathlib import Path; "
        "desk = open_demo(Path(sys.argv[1])); desk.stop(); "
        "print([name for name in ('onnxruntime', 'tokenizers') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("text", ["x" * 100_000, "🙂\u202e\x00" * 50, "[PAD] [UNK] [MASK]"])
def test_any_text(model: Path, tmp_path: Path, text: str) -> None:
    assert found(learnt(model, tmp_path, RESTART), text) == []
