"""The elements of a JSON array, one by one: the file may be larger than memory."""

import json
import re
from collections.abc import Iterator
from typing import TextIO

CHUNK = 1 << 16  # characters
ELEMENT_LIMIT = 1 << 20  # characters of one element

_AFTER = frozenset(" \t\r\n,]")  # what can follow an element
_SPACE = re.compile(r"[ \t\r\n]*")


class BrokenList(ValueError):
    """This is no JSON array. `line` is where it stops being one; `is_list` tells whether it began as one."""

    def __init__(self, line: int, *, is_list: bool = True) -> None:
        super().__init__(f"line {line}")
        self.line = line
        self.is_list = is_list


def elements(file: TextIO, decoder: json.JSONDecoder) -> Iterator[tuple[int, object]]:
    """Each element with the line (from 1) on which it begins.

    Raises:
        BrokenList: the file is no JSON array, has more after it, or an element of more than `ELEMENT_LIMIT`.
        UnicodeDecodeError: the file is not in its encoding.
    """
    text = _Window(file)
    if text.next() != "[":
        raise BrokenList(text.line, is_list=False)
    text.skip()
    is_first = True
    while text.next() != "]":
        if not is_first:
            _take_comma(text)
        yield text.line, text.element(decoder)
        is_first = False
    text.skip()
    if text.next():
        raise BrokenList(text.line)


def _take_comma(text: "_Window") -> None:
    if text.next() != ",":
        raise BrokenList(text.line)
    text.skip()
    text.next()


class _Window:
    """The part of a text that is being read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self.line = 1  # of the character at `_at`

    def next(self) -> str:
        """The next character that is no white space, which is skipped; empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._advance(space.end() if space else self._at)
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def skip(self) -> None:
        """Go past the character that `next` told."""
        self._advance(self._at + 1)

    def element(self, decoder: json.JSONDecoder) -> object:
        """Decode what begins here. At the edge of the window, `1` may be the beginning of `1.5`."""
        while True:
            try:
                value, end = decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise BrokenList(self.line + self._text.count("\n", self._at, error.pos)) from None
            except (ValueError, RecursionError):  # a number of thousands of digits; thousands of brackets
                raise BrokenList(self.line) from None
            else:
                if self._text[end : end + 1] in _AFTER or not self._more():
                    self._advance(end)
                    return value

    def _advance(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to

    def _more(self) -> bool:
        """Read on, and forget what is done with; False at the end of the file, or when one element fills the window."""
        if len(self._text) - self._at > ELEMENT_LIMIT:
            return False
        chunk = self._file.read(CHUNK)
        self._text, self._at = self._text[self._at :] + chunk, 0
        return bool(chunk)
