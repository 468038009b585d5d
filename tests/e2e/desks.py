"""Desks for a test: each a process of its own, with keys that are pressed and a screen that is read from here."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.domain.ids import case_number
from tests.passwords import apart
from tests.patience import LIMIT_S

ROOT = Path(__file__).parents[2]
SCRIPT = "tests.e2e.second_desk"
OPEN_LIMIT_S = 180.0  # several open at once
CLAIM_LIMIT_S = 180.0  # for all cases that wait, one after the other
PAUSE_S = 0.02  # between two looks at the screen: there is nothing to wait on in another process
TAIL_LINES = 40

Seen = dict[str, Any]
SOFTPHONE: Mapping[str, str | float | bool] = {
    "line": "sip",
    "sip_account": "sip:agent@127.0.0.1",
    "sip_audio": "none",
}

__all__ = ["SOFTPHONE", "DeskProcess", "Seen", "case_number"]


class DeskProcess:
    """One person's desk. In a `with` block it cannot outlive the test; what it wrote is shown when something fails."""

    def __init__(
        self, folder: Path, *arguments: str, settings: Mapping[str, str | float | bool] | None = None, name: str = ""
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name or folder.name
        self._output = folder / "output.txt"
        chosen = {"language": "en", "theme": "light", "undo_s": 0.0, **(settings or {})}
        lines = [f"{key} = {json.dumps(value)}\n" for key, value in chosen.items()]
        (folder / "settings.toml").write_text("".join(lines), encoding="utf-8")
        told, secret = _apart(arguments, folder)
        command = [sys.executable, "-X", "faulthandler", "-m", SCRIPT, *told, "--folder", str(folder / "desk")]
        with self._output.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                cwd=ROOT,
                env=os.environ | _ENVIRONMENT | secret | {"FIRSTLINE_CONFIG": str(folder / "settings.toml")},
            )
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None and self.process.returncode is None:
            self.close()
        else:
            self.kill()

    def open(self) -> Seen:
        """Returns when the person could work."""
        return self.wait("the desk is open", lambda seen: seen["is_open"], OPEN_LIMIT_S)

    def press(self, *keys: str) -> float:
        """Press keys one after the other; the moment of the last one (seconds of the epoch)."""
        at = 0.0
        for key in keys:
            at = self._ask("press", key)["at"]
        return at

    def type(self, text: str) -> None:
        self._ask("type", text)

    def choose(self, text: str) -> None:
        """This line of a menu."""
        self._ask("choose", text)

    def look(self) -> Seen:
        return self._ask("look")

    def claim(self, most: int) -> Callable[[], list[str]]:
        """Begin to claim so many, or until nothing is waiting; what is given waits for the end and says which."""
        self._send("claim", str(most))
        return lambda: list(self._reply(CLAIM_LIMIT_S)["claimed"])

    def wait(self, what: str, is_true: Callable[[Seen], object], limit_s: float = LIMIT_S) -> Seen:
        """Look until the claim holds; what is seen then."""
        end_s = time.monotonic() + limit_s
        while not is_true(seen := self.look()):
            if time.monotonic() > end_s:
                shown = json.dumps(seen, ensure_ascii=False, indent=1)
                raise AssertionError(f"{self.name}, after {limit_s:.0f} s not: {what}\n{shown}\n{self.output()}")
            time.sleep(PAUSE_S)
        return seen

    def tab_to(self, focus: str, key: str = "Tab") -> None:
        """Press Tab, or Shift+Tab, until the focus is there."""
        for _ in range(40):
            if self.look()["focus"].startswith(focus):
                return
            self.press(key)
        raise AssertionError(f"{self.name}: {key} never comes to {focus}")

    def kill(self) -> None:
        """As a power cut does."""
        self.process.kill()
        self.process.wait()
        self._close_pipes()

    def close(self) -> None:
        """Close the window, as a person does; the program must end well and have said nothing bad."""
        self._send("close")
        try:
            status = self.process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # faulthandler writes where all threads are
            self.process.wait(LIMIT_S)
            raise AssertionError(f"{self.name} does not end\n{self.output()}") from None
        finally:
            self.kill()
        assert status == 0, f"{self.name} ended with {status}\n{self.output()}"
        assert "Traceback" not in self.output(), self.output()

    def children(self) -> dict[str, int]:
        """Process ids of this process's children and theirs, by name."""
        return _children(self.process.pid)

    def output(self) -> str:
        """The end of what the process wrote."""
        lines = self._output.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join([f"--- {self.name} wrote:", *lines[-TAIL_LINES:]])

    def _ask(self, what: str, text: str = "") -> Seen:
        self._send(what, text)
        return self._reply(LIMIT_S)

    def _send(self, what: str, text: str = "") -> None:
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps({"do": what, "with": text}).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise AssertionError(f"{self.name} has ended\n{self.output()}") from None

    def _reply(self, limit_s: float) -> Seen:
        assert self.process.stdout
        end_s = time.monotonic() + limit_s
        while b"\n" not in self._buffer:
            left_s = end_s - time.monotonic()
            if left_s <= 0 or not select.select([self.process.stdout], [], [], left_s)[0]:
                raise AssertionError(f"{self.name} does not answer\n{self.output()}")
            data = os.read(self.process.stdout.fileno(), 65_536)
            if not data:
                raise AssertionError(f"{self.name} has ended: {self.process.wait(5.0)}\n{self.output()}")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return defaultdict(list, json.loads(line))  # a part of the screen that is not to be seen has nothing in it

    def _close_pipes(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what was still to be written has no reader any more
                if pipe:
                    pipe.close()


def _apart(arguments: tuple[str, ...], folder: Path) -> tuple[list[str], dict[str, str]]:
    """The arguments without a password in them, and where libpq finds it."""
    told, secret = list(arguments), dict[str, str]()
    if "--database" in told:
        place = told.index("--database") + 1
        told[place], secret = apart(told[place], folder)
    return told, secret


_ENVIRONMENT = {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


def _children(process_id: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for listing in Path(f"/proc/{process_id}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread or process that ended meanwhile
            for child in map(int, listing.read_text().split()):
                found[Path(f"/proc/{child}/comm").read_text().strip()] = child
                found |= _children(child)
    return found
