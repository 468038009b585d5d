"""A line to a PBX that a test starts by itself, and what it has told."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.domain.calls import CallEvent, EventKind
from app.telephony import loop
from app.telephony.ami import AmiSettings, AmiSource, session
from app.telephony.source import SourceState
from tests.patience import LIMIT_S
from tests.telephony.listening import Listener


@contextmanager
def started(chosen: AmiSettings, listener: Listener) -> Iterator[AmiSource]:
    source = AmiSource(chosen)
    source.start(listener.events.put, listener.statuses.put)
    listener.status(SourceState.STARTING)
    try:
        yield source
    finally:
        source.stop()


def all_until(listener: Listener, kind: EventKind) -> list[CallEvent]:
    events = [listener.events.get(timeout=LIMIT_S)]
    while events[-1].kind is not kind:
        events.append(listener.events.get(timeout=LIMIT_S))
    return events


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of a twentieth, so that a test need not wait for them."""
    monkeypatch.setattr(loop, "SHORTEST_PAUSE_S", 0.02)
    monkeypatch.setattr(loop, "LONGEST_PAUSE_S", 0.1)
    monkeypatch.setattr(session, "STOCK_PAUSE_S", 0.05)
