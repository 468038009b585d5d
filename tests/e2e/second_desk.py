"""A desk in a process of its own: the program's own `main`, with a test at the keys and reading the screen.

Standard input takes one JSON object a line, standard output answers each with one. When the input ends, so does the
program: a test that is killed leaves no window behind. Arguments are those of `firstline`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from app.desk import outbox
from app.telephony.sip import control, source
from tests.e2e.looking import Seen, look
from tests.patience import LIMIT_S, be_patient_with_databases
from ui import main
from ui.agent.screen import AgentScreen
from ui.call_desk import CallDesk
from ui.keys import press, type_text, wait_until
from ui.shell import Shell
from ui.window import Window
from ui.workbench.screen import Workbench

_READ_BYTES = 65_536


class Remote(QObject):
    """Does what comes on standard input, one thing after the other."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._painted = Painted(self)
        self._buffer = b""
        self._keys_pressed = 0
        self._waiting: list[dict[str, Any]] = []
        self._is_busy = False
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)

    def _on_readable(self) -> None:
        data = os.read(sys.stdin.fileno(), _READ_BYTES)
        if not data:
            self._notifier.setEnabled(False)
            self._quit()
            return
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        self._waiting.extend(json.loads(line) for line in lines)
        self._work()

    def _work(self) -> None:
        if self._is_busy:  # a key is being pressed, which lets events run
            return
        self._is_busy = True
        while self._waiting:
            asked = self._waiting.pop(0)
            answer = self._do(asked["do"], asked.get("with", ""))
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        self._is_busy = False

    def _do(self, what: str, text: str) -> Seen:
        at = time.time()
        match what:
            case "press":
                self._keys_pressed += 1
                press(self._window, text)
            case "type":
                type_text(self._window, text)
            case "choose":
                self._choose(text)
            case "claim":
                return {"at": at, "claimed": self._claim(int(text))}
            case "close":
                QTimer.singleShot(0, self._quit)
            case "look":
                self._painted.watch(self._shell)
                QCoreApplication.sendPostedEvents()  # Qt shows new lines a moment after their heading
                seen = look(self._window, self._shell)
                return seen | {"painted": self._painted.times, "keys_pressed": self._keys_pressed}
        return {"at": at}

    def _choose(self, text: str) -> None:
        """A line of a menu, as it is when the menu opens; open, it would keep this program from reading on."""
        buttons = [button for button in self._window.findChildren(QToolButton) if button.isVisible()]
        for menu in filter(None, (button.menu() for button in buttons)):
            menu.aboutToShow.emit()
            for action in menu.actions():
                if action.text() == text:
                    action.trigger()
                    return
        raise AssertionError(f"no menu has {text}")

    def _claim(self, most: int) -> list[str]:
        """Ctrl+L, and again as soon as the answer is there, until nothing is waiting; the ids of at most so many."""
        shell = self._shell
        bench = shell.screens.currentWidget() if shell else None
        assert isinstance(bench, Workbench)
        claim = bench.lists.claim
        claimed: list[str] = []
        noting = claim.claimed.connect(lambda case_id: claimed.append(str(case_id)))
        while len(claimed) < most and claim.sentence.text() != "Nothing is waiting.":
            press(self._window, "Ctrl+L")
            press(self._window, "Ctrl+L")  # an impatient person: it must not claim twice
            assert wait_until(lambda: not claim.asked.is_waiting, LIMIT_S)
        claim.claimed.disconnect(noting)
        return claimed

    def _quit(self) -> None:
        self._window.close()

    @property
    def _window(self) -> Window:
        return next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Window))

    @property
    def _shell(self) -> Shell | None:
        return self._window.findChild(Shell)


class Painted(QObject):
    """When something first stood on the screen: the clock right after the paint event that had it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.times: dict[str, dict[str, float]] = {"queue": {}, "card": {}, "customer": {}}
        self._watched: dict[QWidget, Callable[[], None]] = {}

    def watch(self, shell: Shell | None) -> None:
        """Follow the lists and cards of the screens, which are made anew now and then."""
        if shell is None:
            return
        for number in range(shell.screens.count()):
            screen = shell.screens.widget(number)
            if isinstance(screen, Workbench):
                self._follow(screen.lists.queue.viewport(), partial(self._note_queue, screen))
            elif isinstance(screen, AgentScreen):
                self._follow(screen.card, partial(self._note_call, shell.calls))

    def _follow(self, widget: QWidget, note: Callable[[], None]) -> None:
        if widget not in self._watched:
            self._watched[widget] = note
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            QTimer.singleShot(0, self._watched[watched])
        return False

    def _note_queue(self, bench: Workbench) -> None:
        self._note("queue", *(case.number for case in bench.lists.queue.records.records))

    def _note_call(self, calls: CallDesk) -> None:
        if calls.ringing:
            self._note("card", str(calls.ringing.call.id))
            if calls.ringing.customer:
                self._note("customer", str(calls.ringing.call.id))

    def _note(self, what: str, *subjects: str) -> None:
        for subject in subjects:
            self.times[what].setdefault(subject, time.time())


def be_patient() -> None:
    """A machine that many desks share may keep one of them from running for seconds: none of it has failed then."""
    outbox.CLAIM_WITHIN_S = LIMIT_S
    control.REPLY_LIMIT_S = LIMIT_S
    source._ANSWER_LIMIT_S = LIMIT_S
    be_patient_with_databases()


if __name__ == "__main__":
    be_patient()
    application = QApplication(["firstline"])
    remote = Remote(application)
    sys.exit(main.main(sys.argv[1:]))
