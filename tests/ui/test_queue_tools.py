"""Above and below a queue: filters that a person keeps, cases of people who are not there, and more than a page."""

from datetime import UTC, datetime
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import CaseState, Level, Urgency
from app.domain.commands import SolveCase
from app.domain.ids import new_id
from app.services.case_lists import PAGE_SIZE
from tests import builders
from tests.ui import bench_rig
from tests.ui.bench_rig import AtDesk, Bench, Centre, titles
from ui.workbench import Workbench
from ui.workbench.queue_tools import FilterButton

centre, at_desk, bench = bench_rig.centre, bench_rig.at_desk, bench_rig.bench  # its fixtures, here too


def test_a_filter_narrows_the_queue_is_kept_and_forgotten(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    centre.escalate("stands still", Urgency.HIGH, minutes_ago=600)
    centre.escalate("can wait", Urgency.LOW, minutes_ago=0)
    view = bench[0]
    qtbot.waitUntil(lambda: len(titles(view.lists.queue)) == 2)
    take(view.lists.filter.choices, "Overdue")
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["stands still"])
    take(view.lists.filter.choices, "Keep “Overdue”")
    qtbot.waitUntil(lambda: bench[1].desk.case_filters.of_person(centre.seeded.expert.id) != ())
    offered = offers(view.lists.filter.choices)
    assert offered[-4:] == ["All cases", "(Kept:)", "Overdue ✓", "Forget “Overdue”"]

    take(view.lists.filter.choices, "P1 and P2")
    qtbot.waitUntil(lambda: titles(view.lists.queue) == [])
    assert view.lists.filter.text() == "P1 and P2 · Overdue"
    assert view.lists._no_queue() == "No case that waits here fits this filter."
    take(view.lists.filter.choices, "All cases")
    qtbot.waitUntil(lambda: len(titles(view.lists.queue)) == 2)

    view.lists.filter.read()  # what is kept here already is there, and twice nowhere
    qtbot.waitUntil(lambda: not view.lists.filter._sent and not view.lists.filter._refresher.is_under_way)
    assert [kept.name for kept in view.lists.filter.saved] == ["Overdue"]

    anew = FilterButton(bench[1].context)  # as at another desk of the person
    qtbot.addWidget(anew)
    qtbot.waitUntil(lambda: anew.saved != ())
    take(anew.choices, "Overdue", last=True)
    assert anew.text() == "Overdue"
    take(anew.choices, "Forget “Overdue”")
    qtbot.waitUntil(lambda: bench[1].desk.case_filters.of_person(centre.seeded.expert.id) == ())


def offers(menu: QMenu) -> list[str]:
    """What a menu says when it opens: in brackets what cannot be chosen, with a mark what is."""
    menu.aboutToShow.emit()
    texts = [
        f"{one.text()} ✓" if one.isChecked() else one.text() if one.isEnabled() else f"({one.text()})"
        for one in menu.actions()
        if not one.isSeparator()
    ]
    menu.aboutToHide.emit()
    return texts


def test_one_product_alone(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    centre.escalate("router")
    draft = builders.case_draft("printer", product_id=centre.seeded.printer.id)
    centre.do(builders.escalation(centre.seeded.agent, case=draft))
    view = bench[0]
    button = view.lists.filter
    qtbot.waitUntil(lambda: len(titles(view.lists.queue)) == 2 and len(button.products) == 2)
    for _ in range(2):  # the menu is made anew each time
        button.choices.aboutToShow.emit()
        assert [action.text() for action in button.of_product.actions()] == ["Link 7", "Print 2"]
    take(button.of_product, "Print 2")
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["printer"])
    assert button.text() == "Print 2"
    button.choices.aboutToShow.emit()
    take(button.of_product, "Print 2")  # the same again: all of them
    qtbot.waitUntil(lambda: len(titles(view.lists.queue)) == 2)


def test_cases_of_absent_people_go_back(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    drafts = [centre.escalate(title) for title in ("first", "second")]
    for _ in drafts:
        centre.claim(centre.seeded.lead)
    view, opened = bench
    qtbot.waitUntil(view.lists.absent.isVisible)
    qtbot.waitUntil(lambda: view.lists.absent.absent[0].case_count == 2)
    take(view.lists.absent.choices, "Cleo: put 2 cases back")
    qtbot.waitUntil(lambda: [centre.state(draft) for draft in drafts] == [CaseState.WAITING] * 2)
    qtbot.waitUntil(lambda: sorted(titles(view.lists.queue)) == ["first", "second"])
    qtbot.waitUntil(view.lists.absent.isHidden)
    qtbot.waitUntil(lambda: opened.notifier.confirmed == ["2 cases of Cleo go back to their queues."])


def test_more_than_a_page_is_shown_when_asked_for(centre: Centre, at_desk: AtDesk, qtbot: QtBot) -> None:
    for number in range(PAGE_SIZE + 1):
        centre.escalate(f"case {number}")
    view, _ = at_desk(centre.seeded.expert)
    qtbot.waitUntil(lambda: len(titles(view.lists.queue)) == PAGE_SIZE and view.lists.more.isVisible())
    assert "200+" in texts_of(view)
    QTest.mouseClick(view.lists.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(titles(view.lists.queue)) == PAGE_SIZE + 1)
    assert view.lists.more.isHidden()
    assert "201" in texts_of(view)


def texts_of(view: Workbench) -> list[str]:
    return [label.text() for label in view.lists.findChildren(QLabel)]


def test_tab_goes_through_the_queue_as_it_is_read(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    centre.escalate("waits")
    lists = bench[0].lists
    qtbot.waitUntil(lambda: titles(lists.queue) == ["waits"])
    order: tuple[QWidget, ...] = (lists.switch.button(Level.THIRD), lists.filter, lists.number, lists.queue)
    order[0].setFocus()
    for before, after in pairwise(order):
        QTest.keyClick(before, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is after


def take(menu: QMenu, text: str, *, last: bool = False) -> None:
    """Open the menu and choose the line."""
    menu.aboutToShow.emit()
    found = [action for action in menu.actions() if action.text() == text]
    assert found, [action.text() for action in menu.actions()]
    found[-1 if last else 0].trigger()


def test_a_case_is_opened_by_its_number_wherever_it_is(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    """Solved by somebody else, so it stands in no list."""
    draft, view = centre.escalate("gone from here"), bench[0]
    solved = {"case_id": draft.id, "solution": "done"}
    other = centre.seeded.expert
    centre.claim(other)
    centre.do(SolveCase(id=new_id(), by=other.id, at=datetime.now(UTC), **solved))  # type: ignore[arg-type]
    warned = bench[1].notifier.warned
    bench_rig.press(qtbot, view, Qt.Key.Key_F)
    field = view.lists.number
    assert field.hasFocus()
    QTest.keyClicks(field, "2222-2222")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(warned) == 1)
    assert "“2222-2222”" in warned[0] and field.selectedText() == "2222-2222"
    QTest.keyClicks(field, draft.number.lower().replace("-", ""))
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.case.shown is not None and view.case.shown.id == draft.id)
