"""An agent's card in a process of its own: `python -m tests.bench.card_process LOGIN FOLDER`, the URL on stdin.

Says READY, PAINTED and LOST with the time of the system's monotonic clock, a line for each.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.bootstrap import Desk
from app.db.engine import Database
from app.services.lines import Lines
from app.services.people import People
from app.telephony.shared import SharedSource
from app.telephony.source import SourceState, SourceStatus
from ui import theme
from ui.agent.call_card import CallCard
from ui.background import Background
from ui.bridge import Bridge
from ui.call_desk import CallDesk


class _Paints(QObject):
    """Says when a card was painted that shows another ringing call than the one before."""

    def __init__(self, calls: CallDesk, card: CallCard) -> None:
        super().__init__(card)
        self._calls = calls
        self._seen: object = None
        card.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Our own words are said after the paint, which this filter hears of before."""
        ringing = self._calls.ringing
        if event.type() is QEvent.Type.Paint and ringing and ringing.call.id != self._seen:
            self._seen = ringing.call.id
            watched.removeEventFilter(self)
            QApplication.sendEvent(watched, event)
            watched.installEventFilter(self)
            say("PAINTED")
            return True
        return False


def say(word: str) -> None:
    sys.stdout.write(f"{word} {time.monotonic()}\n")
    sys.stdout.flush()


def main(login: str, folder: str) -> None:
    """Until it is killed."""
    app = QApplication([])
    theme.apply(app, theme.Scheme.LIGHT)
    database = Database(sys.stdin.readline().strip())
    person = People(database).by_login(login)
    desk = Desk(database, person, Path(folder), SharedSource(Lines(database, person.id), person.id), undo_s=0.0)
    background = Background()
    bridge = Bridge(background)
    calls = CallDesk(desk, background, bridge)
    card = CallCard(calls)
    card.resize(320, 240)
    paints = _Paints(calls, card)
    states: list[SourceState] = [SourceState.STARTING]

    def on_status(status: SourceStatus) -> None:
        if status.state is not states[-1]:
            states.append(status.state)
            word = {SourceState.READY: "READY", SourceState.LOST: "LOST"}.get(status.state)
            if word:
                say(word)

    bridge.source_status.connect(on_status)
    desk.start(bridge)
    card.show()
    app.exec()
    del paints


if __name__ == "__main__":
    main(*sys.argv[1:])
