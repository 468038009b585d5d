"""The clocks of a case on the case page and in the lists, and what supervisors are told: on a real database."""

import threading
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.bookings import BookingKind
from app.domain.cases import CaseState, CaseSummary, Level, Priority, WaitReason
from app.domain.ids import new_id
from app.domain.rules.rulebook import RuleKind
from app.services.bookings import CaseBook
from app.services.case_lists import CaseLists
from app.services.rules import Rules
from tests.fakes import station
from tests.ui import bench_rig
from tests.ui.bench_rig import Bench, Centre, claimed
from ui.alarm_bell import AlarmBell
from ui.keys import press
from ui.supervisor import SupervisorBoard
from ui.theme import Tone
from ui.workbench.clock_words import own_line, resolve_line
from ui.workbench.words import due_words

centre, at_desk, bench = bench_rig.centre, bench_rig.at_desk, bench_rig.bench  # its fixtures, here too
PRICES = "product,unit,net,currency,tax_percent,step_min,minimum_min\n,incident,49.00,EUR,19,,\n"
PROMISES = '[resolve]\nnone = { P4 = "20 h" }\n[[tell]]\nat = "75 %"\n[[tell]]\nat = "100 %"\nwho = "all"\n'


@pytest.fixture(autouse=True)
def rules(centre: Centre) -> None:
    Rules(centre.database).replace(RuleKind.PROMISES, PROMISES, "adam")


def test_a_case_waits_with_a_reason_and_goes_on(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    clocks = view.case.clocks
    qtbot.waitUntil(lambda: clocks.book is not None)
    assert clocks.resolve.text().startswith("To be solved: ")
    press(view, "Ctrl+Shift+W")
    assert clocks.reasons.isVisible()
    press(view, "2")
    QTest.keyClicks(clocks.text, "new cable on Friday")
    press(view, "Return")
    file = CaseLists(centre.database).file
    qtbot.waitUntil(lambda: file(draft.id).summary.waits_for is WaitReason.SUPPLIER)
    qtbot.waitUntil(lambda: clocks.resolve.text() == "The customer’s clock stands still")
    assert not clocks.reasons.isVisible()
    assert file(draft.id).timeline[-1].text == "new cable on Friday"
    qtbot.waitUntil(lambda: view.case.header.overdue.text() == "Waits for the supplier")
    press(view, "Ctrl+Shift+W")
    qtbot.waitUntil(lambda: file(draft.id).summary.waits_for is None)
    qtbot.waitUntil(lambda: clocks.resolve.text().startswith("To be solved: "))
    qtbot.waitUntil(lambda: opened.notifier.confirmed[-1:] == ["The case goes on."])


def test_time_is_booked_in_the_name_of_who_worked(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    clocks = view.case.clocks
    qtbot.waitUntil(lambda: clocks.book is not None)
    press(view, "Ctrl+Shift+T")
    QTest.keyClicks(clocks.minutes, "25")
    QTest.keyClick(clocks.text, Qt.Key.Key_Return)
    book = opened.desk.bookings
    rules = Rules(centre.database).current()
    qtbot.waitUntil(lambda: len(book.of_case(draft.id, rules).entries) == 1)
    (entry,) = book.of_case(draft.id, rules).entries
    assert (entry.booking.minutes, entry.person_name) == (25, centre.seeded.expert.name)
    qtbot.waitUntil(lambda: "25 minutes worked" in clocks.entries.text())


def test_return_twice_books_once_and_what_is_typed_for_another_case_stays(
    centre: Centre, bench: Bench, qtbot: QtBot
) -> None:
    """The disk may be slow: a second press is no second entry, and the work goes on meanwhile."""
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    other = centre.escalate("Red lamp")
    centre.claim(centre.seeded.expert)
    clocks = view.case.clocks
    qtbot.waitUntil(lambda: clocks.book is not None)
    may_write = threading.Event()
    opened.desk.lanes.journal.submit(may_write.wait, 60)
    press(view, "Ctrl+Shift+T")
    QTest.keyClicks(clocks.minutes, "25")
    QTest.keyClick(clocks.text, Qt.Key.Key_Return)
    QTest.keyClick(clocks.text, Qt.Key.Key_Return)
    view.open_case(other.id)
    qtbot.waitUntil(lambda: view.case.shown is not None and view.case.shown.id == other.id and clocks.book is not None)
    press(view, "Ctrl+Shift+T")
    QTest.keyClicks(clocks.text, "looked at the lamp")
    may_write.set()
    qtbot.waitUntil(lambda: "25 minutes worked" in "".join(opened.notifier.confirmed))
    assert clocks.text.text() == "looked at the lamp" and clocks.text.isVisible()
    opened.desk.lanes.journal.submit(bool).result(60)
    qtbot.waitUntil(opened.desk.journal.is_empty)
    assert len(opened.desk.bookings.of_case(draft.id, Rules(centre.database).current()).entries) == 1


def test_goodwill_is_given_before_it_is_read_whether_anything_is_charged(
    centre: Centre, bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key is not lost because the database is slow, and no text is."""
    Rules(centre.database).replace(RuleKind.PRICES, PRICES, "adam")
    view, opened = bench
    qtbot.waitUntil(lambda: bool(opened.desk.rulebook.book.prices))
    may_read, read = threading.Event(), opened.desk.bookings.of_case

    def held(*asked: Any) -> CaseBook:
        assert may_read.wait(60)
        return read(*asked)

    monkeypatch.setattr(opened.desk.bookings, "of_case", held)
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    clocks = view.case.clocks
    press(view, "Ctrl+Shift+G")
    QTest.keyClicks(clocks.text, "third call this week")
    press(view, "Return")
    assert clocks.book is None and clocks.text.text() == "third call this week"
    may_read.set()
    rules = Rules(centre.database).current()
    qtbot.waitUntil(lambda: len(read(draft.id, rules).entries) == 1)
    assert read(draft.id, rules).entries[0].booking.kind is BookingKind.GOODWILL
    qtbot.waitUntil(lambda: not clocks.text.isVisible())


def test_what_hindered_the_solution_is_said_no_longer_than_it_is_so(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    Rules(centre.database).replace(RuleKind.PRICES, PRICES, "adam")
    view, opened = bench
    qtbot.waitUntil(lambda: bool(opened.desk.rulebook.book.prices))
    centre.escalate("No internet")
    claimed(qtbot, view)
    clocks, strip = view.case.clocks, view.case.strip
    qtbot.waitUntil(lambda: clocks.verdict.text() == "Chargeable")
    strip.editor.setPlainText("new head")
    press(view, "Ctrl+D")
    assert "This is chargeable" in strip.sentence.text()
    press(view, "Ctrl+Shift+G")
    QTest.keyClicks(clocks.text, "third call this week")
    press(view, "Return")
    qtbot.waitUntil(lambda: clocks.verdict.text() == "Goodwill" and strip.sentence.text() == "")
    assert strip.text == "new head" and strip.can_solve


def test_who_does_not_have_the_case_reads_its_clocks_and_changes_nothing(
    centre: Centre, bench: Bench, qtbot: QtBot
) -> None:
    view, _ = bench
    draft = centre.escalate("No internet")
    centre.claim(centre.seeded.lead)
    view.open_case(draft.id)
    clocks = view.case.clocks
    qtbot.waitUntil(lambda: clocks.book is not None)
    assert clocks.resolve.isVisible()
    assert not clocks.wait.isVisible()
    press(view, "Ctrl+Shift+W")
    press(view, "Ctrl+Shift+T")
    assert not clocks.reasons.isVisible() and not clocks.minutes.isVisible()


def test_words_and_tone_say_how_a_promise_stands() -> None:
    now = datetime.now(UTC)

    def case(due: float, warn: float, waits_for: WaitReason | None = None) -> CaseSummary:
        return CaseSummary(
            id=new_id(),
            number="7K2M-94Q1",
            title="No internet",
            state=CaseState.WAITING,
            level=Level.SECOND,
            priority=Priority.P4,
            due_at=now + timedelta(hours=due),
            warn_at=now + timedelta(hours=warn),
            level_since=now,
            customer_name="",
            product_name="",
            owner_name="",
            team_name="Network",
            waits_for=waits_for,
        )

    assert own_line(case(2, 1), now)[1] is Tone.GOOD
    words, tone = own_line(case(2, -1), now)
    assert (tone, "2 h 0 min left" in words) == (Tone.WARNING, True)
    words, tone = own_line(case(-2, -3), now)
    assert (tone, "overdue by 2 h 0 min" in words) == (Tone.DANGER, True)
    assert case(2, -1).is_warned(now) and not case(-2, -3).is_warned(now)
    waits = case(2, -1, WaitReason.CUSTOMER)
    assert due_words(waits, now) == "Waits for the customer"
    assert resolve_line(waits, now) == ("The customer’s clock stands still", Tone.NEUTRAL)


def test_a_supervisor_is_told_once_of_what_comes_and_the_board_lists_it(
    centre: Centre, sqlite_url: str, tmp_path: Path, qtbot: QtBot
) -> None:
    Rules(centre.database).replace(RuleKind.PROMISES, '[[tell]]\nat = "75 %"\n', "adam")
    with ExitStack() as stack:
        opened = stack.enter_context(station(sqlite_url, centre.seeded.lead, tmp_path / "lead"))
        other = stack.enter_context(station(sqlite_url, centre.seeded.lead, tmp_path / "other"))
        bells = [AlarmBell(one.context, one.bridge) for one in (opened, other)]
        centre.escalate("Long over", minutes_ago=9 * 60)  # before the windows were opened: on the board alone
        board = SupervisorBoard(opened.context)
        qtbot.addWidget(board)
        board.resize(1280, 800)
        board.show()
        centre.escalate("No internet", minutes_ago=6 * 60 - 0.05)  # P4: of eight hours six are used in three seconds
        for one in (opened, other):
            qtbot.waitUntil(lambda one=one: len(one.notifier.warned) == 1)  # type: ignore[misc]
            assert "To be taken over, Second level: 75 % used." in one.notifier.warned[0]
        qtbot.waitUntil(board.alarms.table.isVisible)
        qtbot.waitUntil(lambda: len(board.alarms.table.records.records) == 2)
        newest, older = board.alarms.table.records.records
        assert (newest.step, newest.title, newest.is_broken) == ("75 %", "No internet", False)
        assert (older.step, older.title, older.is_broken) == ("100 %", "Long over", True)
        for left in (1, 0):
            centre.claim(centre.seeded.expert)
            qtbot.waitUntil(lambda left=left: board.alarms.table.records.rowCount() == left)  # type: ignore[misc]
        assert not board.alarms.table.isVisible()
        del bells


def test_the_board_says_which_year_has_no_holidays(
    centre: Centre, sqlite_url: str, tmp_path: Path, qtbot: QtBot
) -> None:
    hours = ", ".join(f'{day} = "08:00-18:00"' for day in ("mon", "tue", "wed", "thu", "fri"))
    text = f'[[calendar]]\nname = "Berlin"\nzone = "Europe/Berlin"\nteams = ["Network"]\nhours = {{ {hours} }}\n'
    Rules(centre.database).replace(RuleKind.CALENDARS, text + '[calendar.holidays]\n2020-12-25 = "Christmas"\n', "adam")
    with station(sqlite_url, centre.seeded.lead, tmp_path / "lead") as opened:
        board = SupervisorBoard(opened.context)
        qtbot.addWidget(board)
        board.show()
        sentence = f"Calendar Berlin: nobody has entered the holidays of {date.today().year}"
        qtbot.waitUntil(lambda: sentence in board.alarms.gaps.text())
