"""The list of hits: no row moves under the cursor; what a row and the pane say; the second opinion."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.domain.answers import Answer, Audience
from app.search.meaning import Meaning
from app.services.answers import Answers
from tests import builders
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.patience import LIMIT_S
from tests.search.tiny_model import make_model
from tests.ui.console import LAMP, RESTART, Centre, Console
from tests.ui.seen import hits, opened, titles
from ui.agent.hit_model import HitRow
from ui.agent.hit_paint import about, badges
from ui.widgets.banner import Banner
from ui.widgets.plain_label import PlainLabel


def texts(agent: Console) -> list[str]:
    return [label.text() for label in agent.screen.answers.findChildren(PlainLabel) if label.isVisible()]


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


def test_a_known_problem_that_comes_while_a_search_stands_is_said_and_moves_no_row(
    call_centre: Centre, agent: Console
) -> None:
    agent.search("router")
    before, button = titles(agent), agent.screen.answers.late_problem
    place = agent.screen.answers.list.geometry()
    assert not button.isVisible()
    outage = builders.answer("outage", title="Line fault in the north", body="Router offline", known_problem="P-12")
    Answers(call_centre.database).publish([outage])
    agent.wait(button.isVisible)
    assert titles(agent) == [*before, outage.title]
    assert (button.text(), button.toolTip()) == ("Problem P-12", outage.title)
    agent.window.grab()  # lays everything out
    assert agent.screen.answers.list.geometry() == place
    agent.press("Ctrl+0")
    assert opened(agent) == outage.title
    agent.search("router offline")  # another search: it stands on top
    assert titles(agent)[0] == outage.title and not button.isVisible()


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
    agent.wait(lambda: agent.screen.answers.copy_label.text() == "2 hits")  # until it is tried again


def test_a_hundred_thousand_characters_pasted(agent: Console) -> None:
    QGuiApplication.clipboard().setText("router lamp 🙂\n" * 7_000)
    agent.press("Ctrl+K")
    agent.press("Ctrl+V")
    agent.wait(lambda: bool(titles(agent)))
    assert len(agent.screen.answers.field.text()) <= 2_000
    agent.press("Ctrl+K")
    agent.write("itself")
    agent.wait(lambda: titles(agent) == [RESTART.title])


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
    blocked = agent.desk.lanes.meaning.submit(may_go_on.wait, LIMIT_S)
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


def test_a_first_start_with_many_answers_says_how_far_it_is(
    call_centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [
        builders.answer(f"a{n}", title=f"Router number {n} is slow", body="Please wait. " * 20) for n in range(2_000)
    ]
    Answers(call_centre.database).publish(many)
    agent = Console(call_centre, call_centre.seeded.agent, tmp_path / "desk")
    may_build, build = threading.Event(), agent.desk.index.replace

    def held(*asked: Any, **chosen: Any) -> None:
        assert may_build.wait(LIMIT_S)
        build(*asked, **chosen)

    monkeypatch.setattr(agent.desk.index, "replace", held)
    agent.shell.start()
    agent.wait(lambda: agent.shell.agent_screen is not None)
    agent.wait(lambda: "The answers are being prepared." in texts(agent))
    may_build.set()
    agent.wait(lambda: agent.desk.index.count() == len(many) + 3)
    agent.wait(lambda: "Type what the customer says." in texts(agent))
    agent.search("router number 77")
    assert titles(agent)[0] == "Router number 77 is slow"
    agent.close()
