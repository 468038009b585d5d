"""From a call on the wire to the painted card: a PBX's bytes, and an INVITE to the softphone."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from app.bootstrap import Desk
from app.db.engine import Database
from app.telephony.ami import AmiSource
from app.telephony.sip import SipAudio, SipSettings, SipSource
from app.telephony.sip.wire import PhoneEvent
from app.telephony.source import CallSource, SourceState
from tests.bench.measure import Line, PaintWatch, Times, compared
from tests.builders import seed
from tests.telephony.ami.conftest import settings
from tests.telephony.ami.fake_pbx import FakePbx, running_pbx
from tests.telephony.ami.stories import Story
from tests.telephony.sipp import place_call, sipp_missing
from ui.agent.call_card import CallCard
from ui.background import Background
from ui.bridge import Bridge
from ui.call_desk import CallDesk
from ui.keys import wait_until

CALL_COUNT = 50
CARD_SIZE = (320, 240)
CALLER = "+493023125201"
_SENT = re.compile(r"^-+ (\S+ ?\S*)\n\w+ message sent", re.MULTILINE)


class _Rig:
    """A card on a desk whose line is ready."""

    def __init__(self, desk: Desk, background: Background, bridge: Bridge) -> None:
        self.desk = desk
        states: list[SourceState] = []
        bridge.source_status.connect(lambda status: states.append(status.state))
        self.calls = CallDesk(desk, background, bridge)
        self.card = CallCard(self.calls)
        self.card.resize(*CARD_SIZE)
        self.watch = PaintWatch(self.card)
        desk.start(bridge)
        self.card.show()
        assert wait_until(lambda: SourceState.READY in states)

    def is_ringing(self) -> bool:
        return self.calls.ringing is not None

    def clear(self) -> None:
        """The call is over, and what it left to write is written."""
        self.watch.wait(lambda: not self.is_ringing())
        self.calls.acknowledge_missed()
        self.desk.lanes.journal.submit(int).result()


@contextmanager
def _rig(source: CallSource, url: str, folder: Path, background: Background, bridge: Bridge) -> Iterator[_Rig]:
    database = Database(url)
    person = seed(database).agent
    desk = Desk(database, person, folder, source, undo_s=0.0)
    rig = _Rig(desk, background, bridge)
    try:
        yield rig
    finally:
        desk.stop()
        rig.card.deleteLater()


class _BareSocket:
    """Another client of the PBX, which only looks for the event that makes the card appear."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self.seen_at: list[float] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while data := self._socket.recv(65_536):
            if b"AgentCalled" in data:
                self.seen_at.append(time.perf_counter())

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()


def test_bytes_of_a_pbx_to_the_painted_card(
    sqlite_url: str, tmp_path: Path, background: Background, bridge: Bridge, report: list[Line]
) -> None:
    with running_pbx() as pbx, _rig(AmiSource(settings(pbx.port)), sqlite_url, tmp_path, background, bridge) as rig:
        bare = _BareSocket(pbx.port)
        pbx.wait_for(lambda fake: fake.connection_count == 2)
        ours, theirs = Times(), Times()
        for number in range(CALL_COUNT):
            began = _ring(pbx, rig, number, ours)
            assert wait_until(lambda: len(bare.seen_at) == number + 1)  # noqa: B023
            theirs.values.append((bare.seen_at[number] - began) * 1000)
        bare.close()
    report.append(compared("PBX's bytes to painted card", ours, "AgentCalled on a bare socket", theirs))


def _ring(pbx: FakePbx, rig: _Rig, number: int, times: Times) -> float:
    story = Story(number * 10, num=CALLER, began_s=time.time()).join().ring()
    told = len(story.events)
    began = time.perf_counter()
    with times.one():
        pbx.play(story.events)
        rig.watch.wait(rig.is_ringing)
    pbx.play(story.abandon("1001").events[told:])
    rig.clear()
    return began


class _TimedSoftphone(SipSource):
    """Remembers when baresip's own news of each call came."""

    def __init__(self, settings: SipSettings) -> None:
        super().__init__(settings)
        self.incoming_at_s: list[float] = []

    def _on_phone_event(self, event: PhoneEvent) -> None:
        if event.kind == "CALL_INCOMING":
            self.incoming_at_s.append(time.time())
        super()._on_phone_event(event)


def test_an_invite_on_the_wire_to_the_painted_card(
    sqlite_url: str, tmp_path: Path, background: Background, bridge: Bridge, report: list[Line]
) -> None:
    if reason := sipp_missing():
        pytest.skip(reason)
    softphone = _TimedSoftphone(SipSettings(account="sip:agent@127.0.0.1", audio=SipAudio.NONE))
    ours, theirs = Times(), Times()
    with _rig(softphone, sqlite_url, tmp_path, background, bridge) as rig:
        for number in range(CALL_COUNT):
            assert softphone.sip_port
            with place_call(softphone.sip_port, CALLER) as call:
                rig.watch.wait(rig.is_ringing)
                painted_at_s = time.time()
                assert wait_until(lambda: _SENT.search(call.messages()) is not None)
                sent_at_s = _sent_at_s(call.messages())
                ours.values.append((painted_at_s - sent_at_s) * 1000)
                theirs.values.append((softphone.incoming_at_s[number] - sent_at_s) * 1000)
                call.cancel()
                rig.clear()
    report.append(compared("INVITE on the wire to painted card", ours, "baresip's own event", theirs))


def _sent_at_s(log: str) -> float:
    """When sipp sent the INVITE, by its own log."""
    found = _SENT.search(log)
    assert found
    return datetime.fromisoformat(found[1].strip()).timestamp()
