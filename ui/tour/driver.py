"""Drives the console as a person does: key presses, a picture and a check for each step."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.bootstrap import open_demo
from app.telephony.demo import Pace
from ui import garbage
from ui.background import Background
from ui.keys import let_run, press, type_text, wait_until
from ui.shell import Shell
from ui.window import Window

STEP_LIMIT_S = 60.0  # a check that is not true by then has failed
_UNDO_S = 1.0  # in the tour; a person has five seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of `tour.json`."""

    number: int
    name: str
    did: str
    checked: str
    is_passed: bool
    took_ms: int
    picture: str


class Tour:
    """The console on the demo centre, and what was tried with it so far."""

    def __init__(self, app: QApplication, options: argparse.Namespace, folder: Path) -> None:
        self.steps: list[Step] = []
        self._folder: Path = options.tour
        self.window = Window()
        garbage.collect_here(self.window)
        self.window.resize(*options.size)
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        quiet = Pace(mean_gap_s=1e6, shortest_gap_s=1e6, patience_s=1e6)
        self.desk = open_demo(folder, options.database, pace=quiet, undo_s=_UNDO_S)
        self.shell = Shell(self.window, self.desk, Background(self.window))
        self.shell.start()
        self._app = app

    def close(self) -> None:
        """End the desk and the window."""
        self.shell.stop()
        self.window.close()
        self.window.deleteLater()
        self._app.processEvents()

    def press(self, keys: str) -> None:
        press(self.window, keys)

    def type(self, text: str) -> None:
        type_text(self.window, text)

    def step(self, name: str, did: str, checked: str, action: "Callable[[Tour], Callable[[], bool]]") -> bool:
        """Do one step, wait for its claim, write picture and `tour.json`; False when the claim did not come true."""
        started = perf_counter()
        is_passed = wait_until(action(self), STEP_LIMIT_S)
        took_ms = round((perf_counter() - started) * 1000)
        let_run(250)  # for the picture: what is read in the background is there, toasts have come
        number = len(self.steps) + 1
        picture = f"{number:02}-{name.lower().replace(' ', '-')}.png"
        self.window.grab().save(str(self._folder / picture))
        self.steps.append(
            Step(
                number=number,
                name=name,
                did=did,
                checked=checked,
                is_passed=is_passed,
                took_ms=took_ms,
                picture=picture,
            )
        )
        document = json.dumps([asdict(step) for step in self.steps], ensure_ascii=False, indent=2)
        (self._folder / "tour.json").write_text(document + "\n", encoding="utf-8")
        return is_passed
