"""The main job without a screen: real widgets, real key presses, a picture and a check for each step."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.errors import FirstlineError
from app.i18n import tr
from ui.keys import let_run, press, type_text, wait_until

STEP_LIMIT_S = 10.0  # a check that is not true by then has failed
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


def run_tour(options: argparse.Namespace) -> int:
    """Walk through the main job and write pictures and `tour.json` into `options.tour`; 1 when a check failed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.main import make_application

    app = make_application(options)
    options.tour.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="firstline-tour-")))
        try:
            tour = Tour(app, options, folder)
        except FirstlineError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        stack.callback(tour.close)
        tour.walk()
    failed = [step for step in tour.steps if not step.is_passed]
    for step in tour.steps:
        mark = tr("ok") if step.is_passed else tr("FAILED")
        sys.stdout.write(f"{step.number:2}  {mark:6}  {step.took_ms:5} ms  {step.name}\n")
    return 1 if failed or not tour.steps else 0


class Tour:
    """The console on the demo centre, and what was tried with it so far."""

    def __init__(self, app: QApplication, options: argparse.Namespace, folder: Path) -> None:
        from app.bootstrap import open_demo
        from app.telephony.demo import Pace
        from ui.background import Background
        from ui.shell import Shell
        from ui.window import Window

        self.steps: list[Step] = []
        self._folder: Path = options.tour
        self.window = Window()
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

    def walk(self) -> None:
        """All steps in order; `tour.json` is written after each, so that a broken one leaves its trace."""
        from ui.tour_steps import STEPS

        for name, did, checked, action in STEPS:
            if not self._step(name, did, checked, action):
                break

    def press(self, keys: str) -> None:
        press(self.window, keys)

    def type(self, text: str) -> None:
        type_text(self.window, text)

    def _step(self, name: str, did: str, checked: str, action: "Callable[[Tour], Callable[[], bool]]") -> bool:
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
