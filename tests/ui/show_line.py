"""The agent's screen on a PBX, as pictures: `python -m tests.ui.show_line FOLDER --language de --scheme dark`."""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from app.db import schema
from app.db.engine import Database
from app.domain.calls import CallState
from app.domain.people import AgentRules
from app.telephony.ami import AmiSource
from app.telephony.source import SourceState
from tests.telephony.ami.conftest import settings
from tests.telephony.ami.fake_pbx import FakePbx, running_pbx
from tests.telephony.ami.stories import Story
from tests.ui.console import CERTAIN, UNKNOWN, Centre, Console, make_centre
from tests.ui.pictures import picture_options, prepared, save
from ui.keys import let_run, wait_until

RULES = AgentRules(wrap_up_limit=timedelta(seconds=90), pauses_after_missed=True)


def main() -> None:
    options = picture_options().parse_args()
    _app = prepared(options)
    with tempfile.TemporaryDirectory() as folder, running_pbx() as pbx:
        url = f"sqlite:///{folder}/shared.db"
        database = Database(url)
        schema.upgrade(database)
        database.close()
        pbx.mood.granted = ("Hangup", "BlindTransfer", "QueuePause")
        centre = make_centre(url)
        line = AmiSource(settings(pbx.port))
        console = Console(centre, centre.seeded.agent, Path(folder) / "desk", line, rules=RULES)  # type: ignore[arg-type]
        try:
            console.open()
            _walk(console, centre, pbx, _Camera(console, options))
        finally:
            console.close()
            centre.database.close()


class _Camera:
    def __init__(self, console: Console, options: argparse.Namespace) -> None:
        self._console, self._options = console, options

    def take(self, step: str) -> None:
        let_run(500)
        save(self._console.window, self._options, step)


def _walk(console: Console, centre: Centre, pbx: FakePbx, camera: _Camera) -> None:
    _until(lambda: _is_ready(console))
    _walk_through_a_call(console, pbx, camera)
    console.press("Escape")
    console.press("Ctrl+Shift+A")
    _walk_past_a_stranger(console, centre, pbx, camera)
    _walk_past_an_ended_contract(console, centre, pbx, camera)
    _walk_into_trouble(console, pbx, camera)


def _is_ready(console: Console) -> bool:
    status = console.shell._line_status
    return status is not None and status.state is SourceState.READY


def _walk_through_a_call(console: Console, pbx: FakePbx, camera: _Camera) -> None:
    """Two wait while one rings; transferred, with a call-back promised."""
    calls = console.calls
    began_s = time.time() - 40
    pbx.play(Story(20, began_s=began_s - 80).join().events)
    pbx.play(Story(30, num=UNKNOWN, name="Zoë Müller", began_s=began_s - 30).join().events)
    story = Story(6, num=CERTAIN, name="Nora Voss", began_s=began_s).join().wait(35).ring()
    pbx.play(story.events)
    _until(lambda: calls.ringing is not None)
    camera.take("1-rings")
    pbx.play(story.answer().events[6:])
    _until(lambda: console.has_call(CallState.CONNECTED))
    console.press("Ctrl+T")
    console.write("2000")
    camera.take("2-transfer")
    told = len(story.events)
    pbx.play(story.blind_transfer().events[told:])
    _until(lambda: console.has_call(CallState.WRAP_UP))
    camera.take("3-wrap-up")
    console.press("F10", "3")
    camera.take("3a-call-back")
    console.press("4")
    console.write("morgen 8:15")
    camera.take("3b-call-back-at")
    console.press("Return")
    _until(lambda: calls.work is None and console.is_delivered())
    console.press("Ctrl+Shift+R")
    let_run(500)
    console.press("Ctrl+I")
    camera.take("3c-call-backs")


def _walk_past_a_stranger(console: Console, centre: Centre, pbx: FakePbx, camera: _Camera) -> None:
    """A number that is noted with the customer."""
    unknown = Story(40, num=UNKNOWN, name="Zoë Müller", began_s=time.time()).join().ring().answer()
    pbx.play(unknown.events)
    _until(lambda: console.has_call(CallState.CONNECTED))
    console.calls.choose_customer(centre.voss)
    camera.take("4-attach")
    told = len(unknown.events)
    pbx.play(unknown.end().events[told:])
    _until(lambda: console.has_call(CallState.WRAP_UP))
    console.calls.wrap_up(None)


def _walk_past_an_ended_contract(console: Console, centre: Centre, pbx: FakePbx, camera: _Camera) -> None:
    """What is over and not sold either: the verdict "expired"."""
    story = Story(45, num=CERTAIN, began_s=time.time()).join().ring().answer()
    pbx.play(story.events)
    _until(lambda: console.has_call(CallState.CONNECTED) and console.work.customer is not None)
    ended = next(one for one in centre.voss.contracts if not one.is_in_force(date.today()))
    console.calls.update(replace(console.work, contract_id=ended.id))
    console.calls.changed.emit()
    camera.take("4a-expired")
    told = len(story.events)
    pbx.play(story.end().events[told:])
    _until(lambda: console.has_call(CallState.WRAP_UP))
    console.calls.wrap_up(None)


def _walk_into_trouble(console: Console, pbx: FakePbx, camera: _Camera) -> None:
    """A call that is missed, and a PBX that does not let the line in any more."""
    calls = console.calls
    missed = Story(50, num=CERTAIN, began_s=time.time()).join().ring()
    told = len(missed.events)
    pbx.play(missed.events)
    _until(lambda: calls.ringing is not None)
    pbx.play(missed.time_out().events[told:])
    _until(lambda: bool(calls.missed))
    pbx.mood.password = "another"
    pbx.drop()
    _until(lambda: not _is_ready(console))
    let_run(2500)
    camera.take("5-missed-and-refused")


def _until(claim: Callable[[], bool]) -> None:
    assert wait_until(claim), "the screen did not show what it should"


if __name__ == "__main__":
    main()
