"""The editors' words as a CSV file: a group a row, its kind in the first cell and a word in each of the others.

    synonyms,WLAN,Wi-Fi,Funknetz
    stop words,bitte,hallo

Comma, semicolon or tab part the cells. Empty rows, and those that begin with "#", say nothing.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.adapters.text_files import Fault, read_text, replace_file
from app.domain.errors import Unavailable
from app.domain.vocabulary import WordGroup, WordKind
from app.i18n import tr

ENDINGS = (".csv", ".txt")
ROW_LIMIT = 5_000
WORD_LIMIT = 60  # characters
GROUP_LIMIT = 50  # words

_NAMES = {WordKind.SYNONYMS: "synonyms", WordKind.STOP_WORDS: "stop words"}
_KINDS = {name: kind for kind, name in _NAMES.items()}
_ONE_WORD = re.compile(r"\w+(?:[-.'’/]\w+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordReading:
    """What a file gave; with any fault nothing of it may be used."""

    groups: tuple[WordGroup, ...] = ()
    faults: tuple[Fault, ...] = ()


def read(path: Path) -> WordReading:
    """The groups in a file, and everything that is wrong in it; never raises for content."""
    text = read_text(path)
    if isinstance(text, Fault):
        return WordReading(faults=(text,))
    groups: list[WordGroup] = []
    faults: list[Fault] = []
    for line, found in _parsed(text):
        if isinstance(found, WordGroup):
            groups.append(found)
        else:
            faults += (Fault(file=str(path), line=line, reason=reason) for reason in found)
    if len(groups) > ROW_LIMIT:
        faults.append(Fault(file=str(path), line=0, reason=tr("There are more than {limit} rows.", limit=ROW_LIMIT)))
    return WordReading(groups=tuple(dict.fromkeys(groups)), faults=tuple(faults))


def write(groups: Iterable[WordGroup], path: Path) -> None:
    """Write them so that `read` gives the same again; Unavailable when the disk does not take it."""
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\r\n").writerows((_NAMES[group.kind], *group.words) for group in groups)
    try:
        replace_file(path, target.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise Unavailable(
            tr("{path} cannot be written. Check the folder, your rights to it and the free space.", path=path)
        ) from error


def _parsed(text: str) -> Iterator[tuple[int, WordGroup | list[str]]]:
    """Each row's first line, and its group or what is wrong with it."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for row in rows:
            here, line = line, rows.line_num + 1
            cells = [" ".join(unicodedata.normalize("NFC", cell).split()) for cell in row]
            if any(cells) and not cells[0].startswith("#"):
                reasons = list(_reasons(cells[0], [cell for cell in cells[1:] if cell]))
                yield here, reasons or _group(cells)
    except csv.Error:
        yield line, [tr("A quotation mark is missing or too much in this row.")]


def _delimiter(text: str) -> str:
    return max(",;\t", key=text[:100_000].count)


def _reasons(kind: str, words: list[str]) -> Iterator[str]:
    if kind.casefold() not in _KINDS:
        yield tr("“{value}” is no kind of words. Use one of: {allowed}.", value=kind[:60], allowed=", ".join(_KINDS))
        return
    least = 2 if _KINDS[kind.casefold()] is WordKind.SYNONYMS else 1
    if len({word.casefold() for word in words}) < least:
        yield tr("Synonyms need two words.") if least == 2 else tr("This row has no word.")
    if len(words) > GROUP_LIMIT:
        yield tr("This row has more than {limit} words.", limit=GROUP_LIMIT)
    for word in words:
        if len(word) > WORD_LIMIT:
            yield tr("“{word}…” is longer than {limit} characters.", word=word[:20], limit=WORD_LIMIT)
        elif not _ONE_WORD.fullmatch(word):
            yield tr("“{word}” is not one word.", word=word)


def _group(cells: list[str]) -> WordGroup:
    words: dict[str, str] = {}
    for word in filter(None, cells[1:]):
        words.setdefault(word.casefold(), word)
    return WordGroup(kind=_KINDS[cells[0].casefold()], words=tuple(words.values()))
