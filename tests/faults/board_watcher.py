"""A supervisor's board in a process of its own: `python -m tests.faults.board_watcher URL FOLDER LOG`.

It writes down when it showed what, when it was grey, and what it cost; on a line of input it says whether what it shows
is all that is there, and ends.
"""

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from app.db.engine import Database
from app.services.boards import Boards
from app.services.people import People
from tests.fakes import station
from tests.faults.board_desks import STEPS
from ui import theme
from ui.keys import wait_until
from ui.supervisor import SupervisorBoard
from ui.supervisor.view import View
from ui.theme import Scheme

SAMPLE_MS = 2_000


class Watcher:
    def __init__(self, board: SupervisorBoard, log: Path) -> None:
        self._board = board
        self._lines = log.open("w", encoding="utf-8", buffering=1)
        self._calls: dict[UUID, int] = {}
        self._agents: dict[UUID, datetime] = {}
        self._cases: set[UUID] = set()
        self._was_old = self._is_open = False
        board.shown.connect(self._on_shown)

    def note(self, *values: object) -> None:
        self._lines.write(json.dumps([*values, time.time()]) + "\n")

    def sample(self) -> None:
        """What it costs until now: memory in MiB, processor seconds."""
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        used = resource.getrusage(resource.RUSAGE_SELF)
        self.note("cost", pages * os.sysconf("SC_PAGE_SIZE") / 2**20, used.ru_utime + used.ru_stime)

    def look(self) -> None:
        if self._board.is_old != self._was_old:
            self._was_old = self._board.is_old
            self.note("old" if self._was_old else "fresh")

    def _on_shown(self, view: View) -> None:
        if not self._is_open:
            self._is_open = True
            self.note("open")
        live = {call.id: STEPS[call.state] for call in view.now.calls}
        for call_id in self._calls.keys() - live.keys():
            self.note("call", str(call_id), STEPS_END)
        for call_id, step in live.items():
            if self._calls.get(call_id) != step:
                self.note("call", str(call_id), step)
        self._calls = live
        for agent in view.board.agents:
            if self._agents.get(agent.id) != agent.since:
                self._agents[agent.id] = agent.since
                self.note("agent", str(agent.id), agent.since.timestamp())
        for case in view.board.cases:
            if case.id not in self._cases:
                self._cases.add(case.id)
                self.note("case", str(case.id), 0)


STEPS_END = max(STEPS.values())


def main() -> None:
    url, folder, log = sys.argv[1:4]
    direct = sys.argv[4]
    app = QApplication([])
    theme.apply(app, Scheme.LIGHT)
    database = Database(direct)
    person = People(database).by_login("lead")
    with station(url, person, Path(folder)) as opened:
        board = SupervisorBoard(opened.context)
        board.resize(1280, 800)
        board.show()
        watcher = Watcher(board, Path(log))
        timers = [(SAMPLE_MS, watcher.sample), (100, watcher.look)]
        running = []
        for interval_ms, action in timers:
            timer = QTimer()
            timer.timeout.connect(action)
            timer.start(interval_ms)
            running.append(timer)
        asked = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        asked.activated.connect(app.quit)
        watcher.sample()
        app.exec()
        asked.setEnabled(False)
        watcher.note("whole", wait_until(lambda: _is_whole(board, database)))  # what was written last comes in a moment
        watcher.sample()
        board.deleteLater()
    database.close()


def _is_whole(board: SupervisorBoard, database: Database) -> bool:
    """Whether the board, kept change by change, is the one that is read anew."""
    shown = board.board
    if shown is None:
        return False
    anew = Boards(database).now(shown.day_start.astimezone(UTC))
    return all(
        getattr(shown, name) == getattr(anew, name)
        for name in ("calls", "tallies", "agents", "cases", "steps", "call_backs")
    )


if __name__ == "__main__":
    main()
