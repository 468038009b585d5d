"""From a key or a call to the pixels, through the real widgets."""

from datetime import UTC, datetime
from functools import partial

import pytest
from PySide6.QtWidgets import QWidget

from app.bootstrap import Desk
from app.domain.calls import CallerNumber, CallEvent, EndReason, EventKind
from app.domain.ids import new_id
from tests.bench.measure import Line, PaintWatch, Times, compared
from tests.builders import caller
from ui.agent.answers_pane import AnswersPane
from ui.agent.call_card import CallCard
from ui.background import Background
from ui.bridge import Bridge
from ui.call_desk import CallDesk
from ui.keys import type_text, wait_until

FRAME_MS = 16.0  # of a screen with 60 Hz
PANE_SIZE = (520, 640)
CARD_SIZE = (320, 240)
CALL_COUNT = 40
TYPED = ("kein internet", "drucker druckt leer", "größe ändern", "wlan langsam", "rechnung", "p217", "vpn drops")


@pytest.fixture
def calls(demo_desk: Desk, background: Background, bridge: Bridge) -> CallDesk:
    return CallDesk(demo_desk, background, bridge)


def test_a_key_to_the_painted_hits(calls: CallDesk, background: Background, report: list[Line]) -> None:
    pane = AnswersPane(calls, background)
    _show(pane, PANE_SIZE)
    pane.field.setFocus()
    watch = PaintWatch(*pane.findChildren(QWidget))
    times = Times()
    for text in TYPED:
        for end in range(1, len(text) + 1):
            if text[end - 1] == " ":  # searches for the same once more
                type_text(pane.field, " ")
                assert wait_until(lambda: not pane._refresher.is_under_way)
                continue
            with times.one():
                type_text(pane.field, text[end - 1])
                watch.wait(partial(_is_shown, pane, text[:end]))
        pane.field.clear()
        watch.wait(partial(_is_shown, pane, ""))
    report.append(Line(name="key to painted hits", times=times, yardstick="frame of 16 ms", yardstick_ms=FRAME_MS))
    pane.deleteLater()


def test_a_call_to_the_painted_card(calls: CallDesk, bridge: Bridge, demo_desk: Desk, report: list[Line]) -> None:
    card, empty = CallCard(calls), QWidget()
    _show(card, CARD_SIZE)
    _show(empty, CARD_SIZE)
    card_watch, empty_watch = PaintWatch(card), PaintWatch(empty)
    ours, theirs = Times(), Times()
    for number in range(CALL_COUNT):
        offered = _event(EventKind.OFFERED, caller(f"+4930231250{number:02}"))
        with ours.one():  # from a thread, as the telephony's events come
            demo_desk.lanes.queries.submit(bridge.on_call_event, offered)
            card_watch.wait(lambda: calls.ringing is not None)
        bridge.on_call_event(_event(EventKind.ENDED, of=offered))
        card_watch.wait(lambda: calls.ringing is None)
        calls.acknowledge_missed()
        card_watch.wait(lambda: True)
        demo_desk.lanes.journal.submit(int).result()  # what the call left to write
        with theirs.one():
            empty.update()
            empty_watch.wait(lambda: True)
    report.append(compared("call event to painted card", ours, "repaint of an empty widget", theirs))
    for widget in (card, empty):
        widget.deleteLater()


def _is_shown(pane: AnswersPane, text: str) -> bool:
    return pane.shown_text == text


def _show(widget: QWidget, size: tuple[int, int]) -> None:
    widget.resize(*size)
    watch = PaintWatch(widget)
    widget.show()
    widget.activateWindow()
    watch.wait(lambda: True)


def _event(kind: EventKind, number: CallerNumber | None = None, of: CallEvent | None = None) -> CallEvent:
    reason = EndReason.ABANDONED if kind is EventKind.ENDED else None
    return CallEvent(
        call_id=of.call_id if of else new_id(), kind=kind, at=datetime.now(UTC), caller=number, end_reason=reason
    )
