"""Text files that people edit: read with a limit, replaced as a whole, and what is wrong in one."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.i18n import tr

FILE_LIMIT = 64 << 20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why something cannot be imported, in the person's language. `line` counts from 1; 0 means the whole file."""

    file: str
    line: int
    reason: str

    @property
    def place(self) -> str:
        """ "answers.csv:12", as editors jump to it."""
        return f"{self.file}:{self.line}" if self.line else self.file


def read_text(path: Path) -> str | Fault:
    """The text of a UTF-8 file, with or without its mark; never raises."""
    file = str(path)
    if not path.is_file():
        return Fault(file=file, line=0, reason=tr("There is no such file."))
    try:
        with path.open("rb") as source:
            content = source.read(FILE_LIMIT + 1)
        if len(content) > FILE_LIMIT:
            return Fault(file=file, line=0, reason=tr("The file is larger than {limit} MB.", limit=FILE_LIMIT >> 20))
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Fault(file=file, line=line, reason=tr("This is not UTF-8. Save the file as UTF-8."))
    except OSError:
        return Fault(file=file, line=0, reason=tr("The file cannot be read. Check that you may open it."))


def replace_file(path: Path, content: bytes) -> None:
    """All of it or nothing; OSError when the disk does not take it."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
