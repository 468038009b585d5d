"""The shape of the program in sentences. The rules on imports are in `pyproject.toml`."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {"app", "ui", "resources", "tests", "pyproject.toml", "README.md"}
LINE_LIMIT = 300  # of a file
FUNCTION_LIMIT = 45  # lines
SCAN_LIMIT_BYTES = 2_000_000

# Put together here, so that this file passes its own test.
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("anaconda", "org"),
        ("proxy", "golang", "org"),
        ("repo", "maven", "apache", "org"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("huggingface", "co"),
    )
)
DOWNLOAD = re.compile(
    r"/releases/down(?:load)/|raw\.github(?:usercontent)\.|https?://\S+\.(?:whl|tar\.\w+|zip|exe|msi|deb|rpm|dmg)\b"
)


def test_the_top_level_holds_nothing_else() -> None:
    visible = {path.split("/")[0] for path in _tracked() if not path.startswith(".")}
    assert visible - TOP_LEVEL == set()


def test_no_file_is_too_long() -> None:
    lengths = {str(path.relative_to(ROOT)): len(_read(path).splitlines()) for path in _sources()}
    assert {path: length for path, length in lengths.items() if length > LINE_LIMIT} == {}


def test_no_function_is_too_long() -> None:
    lengths = {where: length for path in _sources() for where, length in _functions(path)}
    assert {where: length for where, length in lengths.items() if length > FUNCTION_LIMIT} == {}


def test_no_text_is_put_together_before_its_translation() -> None:
    wrong = re.compile(r"\b(?:tr|plural)\(\s*f[\"']")
    assert [str(path.relative_to(ROOT)) for path in _sources() if wrong.search(_read(path))] == []


def test_no_file_names_a_registry_or_a_download() -> None:
    host = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in HOSTS))
    found = [
        path for path in _tracked() if (text := _text(ROOT / path)) and (host.search(text) or DOWNLOAD.search(text))
    ]
    assert found == []


@pytest.mark.parametrize("file", ["a-1.0-py3-none-any.whl", "a.tar.gz", "/".join(("x", "releases", "download", "a"))])
def test_the_scan_sees_a_download(file: str) -> None:
    assert DOWNLOAD.search(f"https://example.com/{file}")


@pytest.mark.skipif(find_spec("ui.main") is None, reason="There is no ui/main.py yet.")
def test_the_window_comes_before_the_database_is_loaded() -> None:
    """A sign-in that loads SQLAlchemy first is half a second late."""
    code = "import sys, ui.main; print([name for name in ('sqlalchemy', 'psycopg', 'alembic') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(_read(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


@cache
def _sources() -> tuple[Path, ...]:
    """The program's modules; migrations are history that nobody edits, and long by nature."""
    paths = (path for folder in ("app", "ui") for path in (ROOT / folder).rglob("*.py"))
    return tuple(sorted(path for path in paths if "versions" not in path.parts))


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _text(path: Path) -> str:
    """The file as text; empty for what is no text, too big, or removed and not yet committed."""
    if not path.is_file() or path.stat().st_size > SCAN_LIMIT_BYTES:
        return ""
    return path.read_bytes().decode("utf-8", errors="ignore")


@cache
def _tracked() -> tuple[str, ...]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("This is no working copy with git.")
    done = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(filter(None, done.stdout.split("\0")))
