"""The list of hits: no row moves under the cursor, Return takes what was seen; and what the pane says and reports."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication

from app.db.answer_rows import AnswerUseRow, SearchGapRow
from app.domain.answer_use import UseKind
from app.domain.answers import Answer, Audience, Hit
from app.domain.calls import CallState
from app.domain.search_report import GapKind
from app.search.meaning import Meaning
from app.services.answers import Answers
from tests import builders
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.search.tiny_model import make_model
from tests.ui.console import CERTAIN, LAMP, RESTART, Centre, Console
from ui.agent.hit_list import READ_S, HitList
from ui.agent.hit_model import HitRow
from ui.agent.hit_paint import about, badges
from ui.agent.key_clock import KeyClock
from ui.keys import let_run, wait_until
from ui.widgets.banner import Banner
from ui.widgets.plain_label import PlainLabel

OpenConsole = Callable[..., Console]
APART_S = 1_000.0  # the window system's clock is so far behind ours


def titles(agent: Console) -> list[str]:
    return [hit.answer.title for hit in agent.screen.answers.list.hits.hits]


def texts(agent: Console) -> list[str]:
    return [label.text() for label in agent.screen.answers.findChildren(PlainLabel) if label.isVisible()]


def opened(agent: Console) -> str:
    return agent.screen.reading.answer.title if agent.screen.reading.answer else ""


# --- rows stay in their places ------------------------------------------------------------------------------------


def test_what_is_published_meanwhile_comes_below(call_centre: Centre, agent: Console) -> None:
    agent.search("router")
    before = titles(agent)
    agent.press("Down")
    best = builders.answer("best", title="Router", variants=("router", "the router"), keywords=("router",))
    Answers(call_centre.database).publish([best])
    agent.wait(lambda: "Router" in titles(agent))
    assert titles(agent) == [*before, "Router"]
    assert agent.screen.answers.list.currentIndex().row() == 1
    agent.search("the router")  # another search: now by rank
    assert titles(agent)[0] == "Router"


def test_what_is_retired_meanwhile_stays_and_cannot_be_opened(call_centre: Centre, agent: Console) -> None:
    agent.search("router")
    before = titles(agent)
    gone = next(hit.answer for hit in agent.screen.answers.list.hits.hits)
    Answers(call_centre.database).retire([gone.id])
    rows = agent.screen.answers.list.hits
    agent.wait(lambda: rows.rows[0].is_gone)
    assert titles(agent) == before and not rows.rows[1].is_gone
    agent.press("Return")
    assert opened(agent) == ""
    assert "withdrawn" in str(rows.data(rows.index(0), Qt.ItemDataRole.AccessibleTextRole))
    agent.press("Down", "Return")
    assert opened(agent) == before[1]


def test_a_correction_is_shown_in_its_place(call_centre: Centre, agent: Console) -> None:
    agent.search("router")
    before = titles(agent)
    second = agent.screen.answers.list.hits.hits[1].answer
    Answers(call_centre.database).publish([replace(second, title="Router, corrected")])
    agent.wait(lambda: titles(agent) == [before[0], "Router, corrected"])


def test_a_caller_found_late_moves_no_row(agent: Console) -> None:
    agent.take_call("anonymous")
    agent.search("router")
    before = titles(agent)
    agent.calls.choose_customer(agent.desk.customers.find("kranz")[0])
    agent.wait(lambda: "print-2" in agent.screen.answers._shown.asked.products)
    assert titles(agent) == before


# --- Return takes what was seen -----------------------------------------------------------------------------------


def hits(*answers: Answer) -> tuple[Hit, ...]:
    return tuple(Hit(answer=a, score=1.0, words=frozenset(), excerpt="") for a in answers)


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
    down_s = monotonic()  # nobody read that
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


def test_a_key_that_waited_in_the_queue(agent: Console) -> None:
    """Results are delivered between the key and its handling, as when the program was busy for a moment."""
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


def test_the_clock_of_keys() -> None:
    clock, now_s = KeyClock(), monotonic()
    assert clock.pressed_at(key_event(Qt.Key.Key_A, "a", now_s)) == pytest.approx(now_s, abs=0.05)
    late = clock.pressed_at(key_event(Qt.Key.Key_A, "a", monotonic() - 0.4))
    assert late == pytest.approx(monotonic() - 0.4, abs=0.05)
    began_anew = key_event(Qt.Key.Key_A, "a", APART_S + 1)
    assert clock.pressed_at(began_anew) == pytest.approx(monotonic(), abs=0.05)
    bare = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    bare.setTimestamp(0)
    assert clock.pressed_at(bare) == pytest.approx(monotonic(), abs=0.05)


# --- what a row and the pane say ----------------------------------------------------------------------------------


def test_badges_and_facts() -> None:
    now = datetime.now(UTC)
    plain = replace(RESTART, published_at=now - timedelta(days=3))

    def said(answer: Answer, *, is_similar: bool = False) -> list[str]:
        (hit,) = hits(answer)
        return [badge.text for badge in badges(HitRow(hit=hit, is_similar=is_similar), now)]

    assert said(plain) == []
    assert said(replace(plain, known_problem="P-12", audience=Audience.SECOND)) == ["Problem P-12", "2nd level"]
    assert said(replace(plain, published_at=now)) == ["new"]
    assert said(replace(plain, published_at=now, version=3), is_similar=True) == ["similar", "changed"]
    assert about(plain) == "link-7 · EN"
    assert about(replace(plain, products=("a", "b", "c", "d"), language="de")) == "a +3 · DE"
    assert about(replace(plain, products=())) == "EN"


def test_a_known_problem_in_force_stands_on_top(call_centre: Centre, agent: Console) -> None:
    outage = builders.answer("outage", title="Line fault in the north", body="Router offline", known_problem="P-12")
    Answers(call_centre.database).publish([outage])
    agent.wait(lambda: outage.id in agent.desk.answers.signals.in_force)
    agent.search("router")
    assert titles(agent)[0] == outage.title
    rows = agent.screen.answers.list.hits
    assert "known problem P-12 in force" in str(rows.data(rows.index(0), Qt.ItemDataRole.AccessibleTextRole))
    agent.press("Return")
    shown = [label.text() for label in agent.screen.reading.findChildren(PlainLabel) if label.isVisible()]
    assert any(text.startswith("known problem P-12 in force") for text in shown)


def test_the_pane_says_when_nothing_is_published(call_centre: Centre, agent: Console) -> None:
    Answers(call_centre.database).retire([answer.id for answer in agent.desk.index.answers()])
    agent.wait(lambda: "No answer is published." in texts(agent))
    agent.search("router")
    assert "No answer is published." in texts(agent)


def test_the_pane_says_how_old_the_copy_is(call_centre: Centre, agent: Console, expected_log: ExpectedLog) -> None:
    expected_log("change feed: Unavailable")
    expected_log.may_come("database: OperationalError")
    agent.search("router")
    agent.wait(lambda: agent.screen.answers.copy_label.text() == "2 hits")
    with away(agent.desk._database, call_centre.path):
        agent.wait(lambda: agent.screen.answers.copy_label.text().startswith("2 hits · as of "))
    agent.wait(lambda: agent.screen.answers.copy_label.text() == "2 hits", 20.0)  # until it is tried again


def test_a_hundred_thousand_characters_pasted(agent: Console) -> None:
    QGuiApplication.clipboard().setText("router lamp 🙂\n" * 7_000)
    agent.press("Ctrl+K")
    began_s = monotonic()
    agent.press("Ctrl+V")
    assert monotonic() - began_s < 1
    agent.wait(lambda: bool(titles(agent)))
    assert len(agent.screen.answers.field.text()) <= 2_000
    agent.press("Ctrl+K")
    agent.write("itself")
    agent.wait(lambda: titles(agent) == [RESTART.title])


# --- what a call reports ------------------------------------------------------------------------------------------


def finish(agent: Console) -> None:
    if agent.has_call(CallState.CONNECTED):
        agent.hang_up()
    agent.press("F10", "1")
    agent.wait(lambda: agent.calls.work is None and agent.is_delivered())


def reported(centre: Centre) -> tuple[list[tuple[UUID, UseKind]], list[tuple[str, GapKind]]]:
    """What was opened, and what it came to; and the searches without use. That an answer was in the list is no use."""
    with centre.database.read() as session:
        rows = session.query(AnswerUseRow).where(AnswerUseRow.kind != UseKind.SHOWN).order_by(AnswerUseRow.id)
        uses = [(row.answer_id, row.kind) for row in rows]
        gaps = [(row.text, row.kind) for row in session.query(SearchGapRow).order_by(SearchGapRow.id)]
    return uses, gaps


def test_a_solved_call_reports_the_answers_and_what_was_not_found(call_centre: Centre, agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.search("zzz turbine nora voss 030 2312")
    agent.read(LAMP, "lamp")
    agent.read(RESTART, "itself")
    agent.press("F9")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    finish(agent)
    uses, gaps = reported(call_centre)
    assert uses == [(LAMP.id, UseKind.READ), (RESTART.id, UseKind.SOLVED)]
    assert gaps == [("zzz turbine", GapKind.NOT_FOUND)]


def test_an_escalated_call_reports_what_was_found_and_not_used(call_centre: Centre, agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.read(LAMP, "lamp")
    agent.search("router")
    agent.press("F8")
    assert agent.work.searches == ("lamp", "router")
    agent.wait(lambda: agent.screen.escalation.reason.hasFocus())
    agent.press("3", "2", "1", "Ctrl+Return")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    finish(agent)
    uses, gaps = reported(call_centre)
    assert uses == [(LAMP.id, UseKind.ESCALATED)]
    assert sorted(gaps) == [("lamp", GapKind.NOT_USED), ("router", GapKind.NOT_USED)]


def test_a_call_without_a_search_reports_nothing_and_the_next_begins_anew(call_centre: Centre, agent: Console) -> None:
    agent.search("zzzz")  # between calls: nobody's
    agent.take_call(CERTAIN)
    finish(agent)
    assert reported(call_centre) == ([], [])
    agent.take_call(CERTAIN)
    agent.search("zzzz")
    agent.hang_up()
    assert agent.work.missed == ("zzzz",)
    finish(agent)
    assert reported(call_centre) == ([], [("zzzz", GapKind.NOT_FOUND)])


# --- the second opinion -------------------------------------------------------------------------------------------


@pytest.fixture
def meaning_agent(call_centre: Centre, tmp_path: Path) -> Iterator[Console]:
    """A console with a model for which "gadget" is a router and "crimson" is red."""
    words = {"router": (1, 0), "lamp": (0.2, 0.4), "is": (0, 0), "red": (0, 1), "gadget": (1, 0), "crimson": (0, 1)}
    model = make_model(tmp_path / "model", words)
    opened = Console(call_centre, call_centre.seeded.agent, tmp_path / "desk")
    opened.desk.meaning = Meaning(model, frozenset({"en"}), tmp_path / "desk")
    opened.open()
    opened.wait(lambda: len(opened.desk.meaning._known) == 3 if opened.desk.meaning else False)
    yield opened
    opened.close()


def test_what_is_similar_in_meaning_comes_below_and_moves_nothing(meaning_agent: Console) -> None:
    agent = meaning_agent
    rows = agent.screen.answers.list.hits
    agent.search("crimson gadget")
    agent.wait(lambda: titles(agent) == [LAMP.title, RESTART.title])
    assert all(row.is_similar for row in rows.rows)
    assert "similar in meaning" in str(rows.data(rows.index(0), Qt.ItemDataRole.AccessibleTextRole))
    agent.press("Return")
    assert opened(agent) == LAMP.title
    agent.search("itself crimson")  # words first, whatever means more
    agent.wait(lambda: len(titles(agent)) == 2)
    assert titles(agent) == [RESTART.title, LAMP.title]
    assert [row.is_similar for row in rows.rows] == [False, True]


def test_the_first_hits_do_not_wait_for_the_meaning(meaning_agent: Console) -> None:
    agent, may_go_on = meaning_agent, threading.Event()
    blocked = agent.desk.lanes.meaning.submit(may_go_on.wait, 10)
    agent.search("router crimson")
    first = titles(agent)
    assert first and not blocked.done()
    may_go_on.set()
    agent.wait(lambda: not agent.screen.answers._similar.is_under_way)
    assert titles(agent)[: len(first)] == first


def test_a_model_that_cannot_be_read_is_said_and_search_goes_on(
    call_centre: Centre, tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("meaning: ")
    agent = Console(call_centre, call_centre.seeded.agent, tmp_path / "desk")
    agent.desk.meaning = Meaning(tmp_path / "nothing", frozenset({"en"}), tmp_path / "desk")
    agent.open()
    agent.search("router lamp")
    agent.wait(lambda: any("Search by meaning is off" in b.text for b in agent.window.findChildren(Banner)))
    assert titles(agent)[0] == LAMP.title
    agent.close()


def test_a_first_start_with_many_answers_says_how_far_it_is(call_centre: Centre, tmp_path: Path) -> None:
    many = [
        builders.answer(f"a{n}", title=f"Router number {n} is slow", body="Please wait. " * 20) for n in range(2_000)
    ]
    Answers(call_centre.database).publish(many)
    agent = Console(call_centre, call_centre.seeded.agent, tmp_path / "desk")
    agent.shell.start()
    agent.wait(lambda: agent.shell.agent_screen is not None)
    agent.wait(lambda: "The answers are being prepared." in texts(agent))
    agent.wait(lambda: agent.desk.index.count() == len(many) + 3, 60.0)
    agent.wait(lambda: "Type what the customer says." in texts(agent))
    agent.search("router number 77")
    assert titles(agent)[0] == "Router number 77 is slow"
    agent.close()
