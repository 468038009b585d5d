"""A softphone for each test that asks for one; afterwards nothing of it may be left."""

import threading
from collections.abc import Iterator

import pytest

from app.telephony.sip import SipAudio, SipSettings, SipSource, control, source
from app.telephony.source import SourceState
from tests.patience import LIMIT_S
from tests.telephony.listening import Listener, children
from tests.telephony.sipp import sipp_missing


@pytest.fixture(autouse=True)
def patient_softphone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A softphone that a busy machine keeps from running for seconds has not failed."""
    monkeypatch.setattr(control, "REPLY_LIMIT_S", LIMIT_S)
    monkeypatch.setattr(source, "_CONNECT_LIMIT_S", LIMIT_S)
    monkeypatch.setattr(source, "_ANSWER_LIMIT_S", LIMIT_S)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def softphone(listener: Listener) -> Iterator[SipSource]:
    """A real baresip without registrar and sound card, ready for calls on `sip_port`; news goes to `listener`."""
    if reason := sipp_missing():
        pytest.skip(reason)
    phone = SipSource(SipSettings(account="sip:agent@127.0.0.1", audio=SipAudio.NONE))
    phone.start(listener.events.put, listener.statuses.put)
    try:
        listener.status(SourceState.STARTING)
        listener.status(SourceState.READY)
        yield phone
    finally:
        phone.stop()
    assert_nothing_left()


def assert_nothing_left() -> None:
    assert [name for _, name in children() if name != "sipp"] == []
    assert [thread.name for thread in threading.enumerate() if thread.name == "sip"] == []
