"""Return takes what was seen, however late the key is looked at."""

from time import monotonic

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tests.patience import LIMIT_S
from tests.ui.console import CERTAIN, LAMP, RESTART, Console
from tests.ui.seen import hits, opened, titles
from ui.agent import key_clock
from ui.agent.hit_list import READ_S, HitList
from ui.agent.key_clock import KeyClock
from ui.keys import let_run, wait_until

APART_S = 1_000.0  # the window system's clock is so far behind ours


@pytest.fixture
def hit_list(qapp: QApplication) -> HitList:
    assert qapp
    return HitList()


def taken_by(hit_list: HitList, text: str, at_s: float) -> list[str]:
    taken: list[str] = []
    hit_list.taken.connect(lambda hit: taken.append(hit.answer.key))
    if not hit_list.take_as_seen(text, at_s):
        return ["waits"]
    return taken


def test_hits_that_come_after_the_key_went_down_are_not_taken(hit_list: HitList) -> None:
    hit_list.show_hits(hits(RESTART, LAMP), "router")
    assert wait_until(lambda: monotonic() - hit_list._now.since_s > READ_S)
    down_s = monotonic()
    hit_list.show_hits(hits(LAMP, RESTART), "router l")  # the search that was under way
    assert taken_by(hit_list, "router l", down_s) == ["restart"]


def test_the_chosen_row_is_what_was_seen(hit_list: HitList) -> None:
    hit_list.show_hits(hits(RESTART, LAMP), "router")
    hit_list.step(1)
    let_run(int(READ_S * 1000) + 20)
    down_s = monotonic()
    hit_list.show_hits(hits(RESTART, LAMP), "router x")
    assert taken_by(hit_list, "router x", down_s) == ["lamp"]


def test_who_types_blind_gets_the_first_for_the_whole_text(hit_list: HitList) -> None:
    hit_list.show_hits(hits(RESTART), "r")
    down_s = hit_list._now.since_s  # nobody read that
    assert taken_by(hit_list, "router lamp", down_s) == ["waits"]
    hit_list.show_hits(hits(LAMP), "router lamp")
    assert taken_by(hit_list, "router lamp", down_s) == ["lamp"]


def test_hits_of_another_search_are_never_taken(hit_list: HitList) -> None:
    hit_list.show_hits(hits(RESTART), "router")
    let_run(int(READ_S * 1000) + 20)
    assert taken_by(hit_list, "drucker", monotonic()) == ["waits"]


def test_the_same_search_again_changes_nothing_of_it(hit_list: HitList) -> None:
    hit_list.show_hits(hits(RESTART, LAMP), "router")
    down_s = monotonic()
    hit_list.show_hits(hits(LAMP, RESTART), "router")
    assert taken_by(hit_list, "router", down_s) == ["restart"]


def key_event(key: Qt.Key, text: str, at_s: float) -> QKeyEvent:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    event.setTimestamp(int((at_s - APART_S) * 1000))
    return event


def test_a_key_that_waited_in_the_queue(agent: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results are delivered between the key and its handling, as when the program was busy for a moment."""
    monkeypatch.setattr(key_clock, "_LATEST_S", LIMIT_S)  # or for a longer one
    agent.take_call(CERTAIN)
    agent.press("Ctrl+K")
    field, pane = agent.screen.answers.field, agent.screen.answers
    for character in "router":
        QApplication.sendEvent(field, key_event(Qt.Key.Key_unknown, character, monotonic()))
    agent.wait(lambda: pane.shown_text == "router")
    seen = titles(agent)[0]
    other = next(title for title in titles(agent) if title != seen)
    let_run(int(READ_S * 1000) + 30)
    word = " lamp" if other == LAMP.title else " itself"
    for character in word:
        QApplication.sendEvent(field, key_event(Qt.Key.Key_unknown, character, monotonic()))
    down_s = monotonic()
    agent.wait(lambda: pane.shown_text == "router" + word and titles(agent)[0] == other)
    QApplication.sendEvent(field, key_event(Qt.Key.Key_Return, "", down_s))
    assert opened(agent) == seen


def test_the_clock_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, now_s = KeyClock(), APART_S + 50.0
    monkeypatch.setattr(key_clock, "monotonic", lambda: now_s)
    assert clock.pressed_at(key_event(Qt.Key.Key_A, "a", now_s)) == pytest.approx(now_s)
    assert clock.pressed_at(key_event(Qt.Key.Key_A, "a", now_s - 0.4)) == pytest.approx(now_s - 0.4)
    began_anew = key_event(Qt.Key.Key_A, "a", APART_S + 1)
    assert clock.pressed_at(began_anew) == pytest.approx(now_s)
    bare = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    bare.setTimestamp(0)
    assert clock.pressed_at(bare) == pytest.approx(now_s)
