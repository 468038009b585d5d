"""A PBX and a desk's line to it for each test that asks; afterwards nothing of them may be left."""

import threading
from collections.abc import Iterator

import pytest

from app.telephony.ami import AmiSettings, AmiSource
from app.telephony.source import SourceState
from tests.telephony.ami.fake_pbx import PASSWORD, USER, FakePbx, running_pbx
from tests.telephony.listening import Listener

AGENT = "PJSIP/1001"


@pytest.fixture
def pbx() -> Iterator[FakePbx]:
    with running_pbx() as running:
        yield running


@pytest.fixture
def listener() -> Listener:
    return Listener()


def settings(port: int, **others: object) -> AmiSettings:
    values: dict[str, object] = {"password": lambda: PASSWORD, "interface": AGENT, "context": "agents"} | others
    return AmiSettings(host="127.0.0.1", port=port, user=USER, **values)  # type: ignore[arg-type]


@pytest.fixture
def line(pbx: FakePbx, listener: Listener) -> Iterator[AmiSource]:
    """A line that is ready."""
    source = AmiSource(settings(pbx.port))
    source.start(listener.events.put, listener.statuses.put)
    try:
        listener.status(SourceState.STARTING)
        listener.status(SourceState.READY)
        yield source
    finally:
        source.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name == "ami"] == []
