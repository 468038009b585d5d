"""Import and export of scripted answers: CSV, JSON, or a folder of Markdown files; see `rules` for what is allowed."""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from app.adapters.answer_files import csv_file, json_file, markdown, rules
from app.adapters.answer_files.entries import Entry, Reading
from app.adapters.text_files import Fault, read_text, replace_file
from app.domain.answers import Answer
from app.domain.errors import NotAllowed, Unavailable
from app.i18n import tr

__all__ = ["FORMATS", "Fault", "Reading", "read", "write"]

FORMATS = ("csv", "json", "markdown")
_PARSERS: dict[str, Callable[[str, str], Iterator[Entry | Fault]]] = {
    ".csv": csv_file.parse,
    ".json": json_file.parse,
    ".md": markdown.parse,
}


def read(path: Path, *, product_codes: Collection[str] | None = None) -> Reading:
    """The answers in a file or in all `.md` files of a folder, and everything that is wrong; never raises for content.

    Args:
        product_codes: the codes that an answer may name; None where they are not to be checked.
    """
    return rules.check((item for file in _files(path) for item in _parsed(file)), product_codes)


def write(answers: Sequence[Answer], path: Path, *, format: str = "") -> None:
    """Write them so that `read` gives the same again, apart from white space at the ends of lines.

    Args:
        path: the file, replaced as a whole or not at all; for Markdown the folder, new or empty.
        format: one of `FORMATS`; without it the file's ending decides, and no ending means a folder of Markdown.

    Raises:
        NotAllowed: no such format, a folder with something in it, or an answer that `read` would refuse.
        Unavailable: the disk does not take it.
    """
    form = format or _format_of(path)
    kept = [_writable(answer) for answer in answers]
    try:
        if form == "markdown":
            _write_folder(kept, path)
        elif form == "csv":
            # Spreadsheet programs know UTF-8 only by its mark.
            replace_file(path, csv_file.compose(kept).encode("utf-8-sig"))
        elif form == "json":
            replace_file(path, json_file.compose(kept).encode())
        else:
            raise NotAllowed(tr("“{value}” is no format. Use one of: {allowed}.", value=form,
                                allowed=", ".join(FORMATS)))  # fmt: skip
    except OSError as error:
        raise Unavailable(
            tr("{path} cannot be written. Check the folder, your rights to it and the free space.", path=path)
        ) from error


def _format_of(path: Path) -> str:
    return {".csv": "csv", ".json": "json", "": "markdown"}.get(path.suffix.lower(), path.suffix)


def _writable(answer: Answer) -> Answer:
    kept = rules.normalised(answer)
    wrong = next(rules.reasons(kept, None), None)
    if wrong is not None:
        raise NotAllowed(
            tr("The answer “{key}” ({language}) cannot be exported: {reason}",
               key=kept.key[:60], language=kept.language[:60], reason=wrong[1])
        )  # fmt: skip
    return kept


def _write_folder(answers: Sequence[Answer], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):  # old files in it would be imported with the new ones
        raise NotAllowed(tr("The folder {path} is not empty. Name a new one.", path=folder))
    for answer in answers:
        (folder / f"{answer.key}.{answer.language}.md").write_bytes(markdown.compose(answer).encode())


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or a folder's files in a fixed order; a missing one too: then reading it says so."""
    found = sorted(path.rglob("*.md")) if path.is_dir() else []
    yield from found or (path,)


def _parsed(path: Path) -> Iterator[Entry | Fault]:
    file = str(path)
    if path.is_dir():
        yield Fault(file=file, line=0, reason=tr("There is no file that ends with .md in this folder."))
        return
    parser = _PARSERS.get(path.suffix.lower())
    if parser is None:
        yield Fault(file=file, line=0, reason=tr("Only .csv, .json and .md files, or a folder of .md files, are read."))
        return
    text = read_text(path)
    if isinstance(text, Fault):
        yield text
    elif not text.strip():
        yield Fault(file=file, line=0, reason=tr("The file is empty."))
    else:
        yield from parser(text, file)
