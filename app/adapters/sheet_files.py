"""A sheet as a CSV file that spreadsheet programs open as it is meant.

UTF-8 with a byte order mark, by which Excel knows it; semicolons and decimal commas in German, commas and points in
English. A text that a spreadsheet would take for a formula gets an apostrophe in front, which it does not show.
"""

import csv
import errno
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from app.adapters.text_files import replace_file
from app.domain.errors import NotAllowed
from app.domain.history.figures import Unit, Value
from app.domain.history.sheets import Sheet
from app.i18n import language, tr

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(sheet: Sheet, path: Path) -> None:
    """Write the rows, the total, the period before, and the definitions below; raises as `write_whole`."""
    write_whole(path, csv_text(sheet).encode("utf-8-sig"))


def write_whole(path: Path, content: bytes) -> None:
    """All of it, or nothing: a file that was there before stays as it was.

    Raises:
        NotAllowed: with a sentence that says what to do.
    """
    try:
        replace_file(path, content)
    except OSError as error:
        raise NotAllowed(_why(error, path)) from error


def csv_text(sheet: Sheet) -> str:
    """Seconds and shares are numbers with all that a float has, so they can be worked with."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language() == "de" else ",", lineterminator="\r\n")
    writer.writerow([safe(sheet.title), safe(sheet.subtitle)])
    writer.writerow(["", *(safe(f"{one.name}{_UNITS[one.unit]()}") for one in sheet.headings)])
    for row in sheet.rows:
        writer.writerow([safe(row.name), *map(number, row.values)])
    if sheet.total:
        writer.writerow([tr("Total"), *map(number, sheet.total)])
    if sheet.before:
        writer.writerow([tr("Period before"), *map(number, sheet.before)])
    writer.writerow([])
    for note in sheet.notes:
        writer.writerow([safe(note)])
    for one in sheet.headings:
        writer.writerow([safe(one.name), safe(one.formula)])
    return out.getvalue()


def safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def number(value: Value) -> str:
    if value is None:
        return ""
    text = str(value) if isinstance(value, int) else repr(float(value))
    return text.replace(".", ",") if language() == "de" else text


def _why(error: OSError, path: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return tr("The disk is full, so nothing was saved. Make room, or choose another folder than {folder}.",
                  folder=path.parent)  # fmt: skip
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return tr("You may not write into {folder}, so nothing was saved. Choose another folder.", folder=path.parent)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return tr("There is no folder {folder}, so nothing was saved. Choose another one.", folder=path.parent)
    return tr("{path} cannot be written, so nothing was saved. Choose another folder.", path=path)


_UNITS: Mapping[Unit, Callable[[], str]] = {
    Unit.COUNT: lambda: "",
    Unit.SHARE: lambda: tr(" (0 to 1)"),
    Unit.SECONDS: lambda: tr(" (s)"),
}
