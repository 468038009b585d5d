"""Answers as a CSV file: one row per answer and language, as spreadsheet programs read and write it.

A list is one cell with one entry a line; where a cell has only one line, " | " parts its entries. Comma, semicolon
or tab part the cells: the header shows which. Whatever a spreadsheet would calculate has an apostrophe before it,
which is taken off again on import.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from app.adapters.answer_files.entries import FIELDS, LISTS, REQUIRED, Entry, as_fields
from app.adapters.text_files import Fault
from app.domain.answers import Answer
from app.i18n import tr

CELL_LIMIT = 8 << 20  # characters; the rules refuse long texts before, with a sentence
_SEPARATOR = " | "

# A cell that begins so is a formula for a spreadsheet, or hides one behind white space or in full width.
_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]")
_GUARDED = re.compile(r"'+\s*[=+\-@＝＋－＠]")


def parse(text: str, file: str) -> Iterator[Entry | Fault]:
    csv.field_size_limit(CELL_LIMIT)  # the module's own limit, 131072, is less than one text may have
    delimiter = _delimiter(text)
    # Not `splitlines`: it also cuts where no editor counts a line.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for row in rows:
            here, line = line, rows.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = [name.strip().lower() for name in row]
                wrong = list(_header_reasons(header))
                yield from (Fault(file=file, line=here, reason=reason) for reason in wrong)
                if wrong:
                    return
                continue
            yield _entry(header, row, file, here)
    except csv.Error:
        yield Fault(file=file, line=line, reason=tr("A quotation mark is missing or too much in this row."))


def compose(answers: Iterable[Answer]) -> str:
    """The file of these answers, exactly as `parse` takes it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for answer in answers:
        fields = as_fields(answer)
        writer.writerow([_guarded(_cell(fields[name])) for name in FIELDS])
    return target.getvalue()


def _delimiter(text: str) -> str:
    """The one of comma, semicolon and tab that makes the most known columns out of the first line."""
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    return max(",;\t", key=lambda d: sum(name.strip(' "\r\n').lower() in FIELDS for name in first.split(d)))


def _header_reasons(header: list[str]) -> Iterator[str]:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name[:60] for name in header if name not in FIELDS]
    if missing:
        yield tr("Columns are missing: {columns}.", columns=", ".join(missing))
    if unknown:
        yield tr("There are no such columns: {columns}.", columns=", ".join(unknown))
    if len(set(header)) < len(header):
        yield tr("A column stands in the header twice.")


def _entry(header: list[str], row: list[str], file: str, line: int) -> Entry | Fault:
    if len(row) != len(header):
        reason = tr("This row has {n} cells, the header has {expected}.", n=len(row), expected=len(header))
        return Fault(file=file, line=line, reason=reason)
    cells = {name: _unguarded(cell) for name, cell in zip(header, row, strict=True)}
    fields = {name: _parted(cell) if name in LISTS else cell for name, cell in cells.items()}
    return Entry(file=file, line=line, fields=fields)


def _cell(value: str | list[str]) -> str:
    if isinstance(value, str):
        return value
    text = "\n".join(value)
    # The line feed says that this one entry is a line of its own, whatever stands in it.
    return text + "\n" if len(value) == 1 and _SEPARATOR in text else text


def _parted(cell: str) -> list[str]:
    separator = "\n" if re.search("[\r\n]", cell) else _SEPARATOR
    return cell.replace("\r\n", "\n").replace("\r", "\n").split(separator)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
