"""No text of the window came past the translation, and in German none is cut."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QPushButton, QTableView, QWidget

from app.domain.people import AgentState, Choice, PauseCode, Person
from app.i18n import PSEUDO, set_language
from app.telephony.numbers import readable
from tests import builders
from tests.builders import LONE_NUMBER, SHARED_NUMBER
from tests.patience import LIMIT_S
from tests.ui.console import ANSWERS, CERTAIN, HOSTILE, RESTART, UNKNOWN, Centre, Console
from tests.ui.texts import unwrapped
from ui.keys import wait_until
from ui.shortcuts import Shortcut, key_text
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import ElidedLabel

OpenConsole = Callable[..., Console]

# What is no text of the program: names of keys, of this program and its two languages, forms of dates.
NAMES = {
    "Firstline", *(key_text(key) for shortcut in Shortcut for key in shortcut.keys),
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
}  # fmt: skip


def data_of(centre: Centre, person: Person, case_number: str = "") -> set[str]:
    """What stands in the database and may be read as it is."""
    found = {person.name, case_number, "Router", "EN", "DE", "en", "de", "P1", "P2", "P3", "P4", "P5"}
    for customer in (centre.voss, centre.seeded.berg, centre.seeded.kranz, centre.seeded.meyer):
        found |= {customer.name, customer.company, customer.number, customer.city}
        found |= {contract.number for contract in customer.contracts}
        found |= {contract.serial for contract in customer.contracts}
    for product in (centre.seeded.router, centre.seeded.printer):
        found |= {product.name, product.code}
    for team in (centre.seeded.network, centre.seeded.office):
        found.add(team.name)
    for one in (centre.seeded.agent, centre.seeded.expert, centre.seeded.lead, centre.all_roles):
        found.add(one.name)
    for answer in ANSWERS:
        found |= {answer.key, answer.title, *answer.keywords, *answer.steps, ", ".join(answer.products)}
    found |= {readable(number) for number in (CERTAIN, SHARED_NUMBER, LONE_NUMBER, UNKNOWN)}
    return found - {""}


def test_every_text_came_through_the_translation(call_centre: Centre, open_console: OpenConsole) -> None:
    set_language(PSEUDO)
    agent = open_console(person=call_centre.all_roles, undo_s=30.0)
    seen: dict[str, list[str]] = {}

    def look(state: str) -> None:
        number = agent.calls.work.case_number if agent.calls.work else ""
        data = (
            data_of(call_centre, call_centre.all_roles, number) | NAMES | {"typed by the agent", "restart", "hostile"}
        )
        if left := unwrapped(agent.window, data):
            seen[state] = left

    look("no call")
    agent.press("F8")
    look("nothing to escalate")
    agent.ring(SHARED_NUMBER)
    look("ringing, two candidates")
    agent.press("F2")
    agent.wait(lambda: agent.calls.work is not None)
    look("in a call")
    agent.ring(LONE_NUMBER)
    look("another rings")
    agent.read(RESTART, "restart")
    look("an answer with gaps")
    agent.calls.choose_customer(agent.desk.customers.find("voss")[0])
    agent.read(HOSTILE, "hostile")
    agent.note("typed by the agent")
    agent.press("F3")
    look("on hold")
    agent.press("F8")
    look("escalation")
    agent.press("3", "2", "1", "Ctrl+Return")
    look("escalated")
    agent.press("F4", "F1")
    look("wrap-up and keys")
    agent.press("Esc", "Ctrl+Shift+Q")
    look("cases")
    agent.press("Ctrl+Shift+B")
    look("board")
    assert seen == {}


PAGES = ("Shift+F5", "Ctrl+Shift+R", "Ctrl+Shift+P", "Ctrl+Shift+K", "Ctrl+N", "Ctrl+Shift+M", "Ctrl+Shift+U")


def is_cut(widget: QWidget) -> bool:
    """Whether a part of the text of a label or button has no room."""
    if isinstance(widget, ElidedLabel):
        return widget.fontMetrics().horizontalAdvance(widget.text()) > widget.contentsRect().width()
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return widget.height() < widget.heightForWidth(widget.width())
        return widget.width() < widget.fontMetrics().horizontalAdvance(widget.text())
    if isinstance(widget, KeyButton):
        return widget.width() < widget.sizeHint().width()
    if isinstance(widget, QPushButton):
        icon = widget.iconSize().width() + 4 if not widget.icon().isNull() else 0
        return widget.width() < widget.fontMetrics().horizontalAdvance(widget.text().replace("&", "")) + icon + 8
    return False


def cut_texts(window: QWidget) -> list[str]:
    found = [w.text() for w in window.findChildren(QLabel) if w.isVisible() and w.text() and is_cut(w)]
    found += [w.text() for w in window.findChildren(QPushButton) if w.isVisible() and w.text() and is_cut(w)]
    for table in (t for t in window.findChildren(QTableView) if t.horizontalHeader().isVisible()):
        header, model = table.horizontalHeader(), table.model()
        for column in (c for c in range(model.columnCount()) if not table.isColumnHidden(c)):
            title = str(model.headerData(column, header.orientation()))
            if header.fontMetrics().horizontalAdvance(title) + 12 > header.sectionSize(column):
                found.append(title)
    return found


def hard_cut_texts(window: QWidget) -> list[str]:
    """What ends in the middle of a letter, without "…"."""
    found: list[QLabel | QPushButton] = [
        *(w for w in window.findChildren(QLabel) if not isinstance(w, ElidedLabel)), *window.findChildren(QPushButton)
    ]  # fmt: skip
    shown = [w for w in found if w.isVisible() and w.text() and not w.visibleRegion().isEmpty()]
    return [w.text() for w in shown if is_cut(w) or w.mapTo(window, w.rect().topRight()).x() > window.width()]


def test_in_the_smallest_window_no_german_text_ends_in_a_letter(open_console: OpenConsole) -> None:
    set_language("de")
    agent = open_console(undo_s=30.0)
    agent.window.resize(agent.window.minimumSize())
    cut: dict[str, list[str]] = {}

    def look(state: str) -> None:
        if not wait_until(lambda: hard_cut_texts(agent.window) == [], LIMIT_S):
            cut[state] = hard_cut_texts(agent.window)

    agent.take_call(CERTAIN)
    agent.calls.presence.choose(Choice(state=AgentState.PAUSED, pause_code=PauseCode.BREAK))
    look("talking, then a break")
    agent.note("Lampe ist rot")
    agent.press("F8")
    look("escalation")
    agent.press("3", "2", "1", "Ctrl+Return")
    look("escalated")
    agent.hang_up()
    look("wrap-up")
    agent.press("F1")
    look("keys")
    assert cut == {} and agent.window.size() == agent.window.minimumSize()


def test_no_german_text_is_cut(call_centre: Centre, open_console: OpenConsole) -> None:
    set_language("de")
    agent = open_console(person=call_centre.all_roles, undo_s=30.0)
    cut: dict[str, list[str]] = {}

    def look(state: str) -> None:
        agent.wait(lambda: agent.window.width() == 1280)
        if not wait_until(lambda: cut_texts(agent.window) == [], LIMIT_S):  # layouts follow the texts
            cut[state] = cut_texts(agent.window)

    look("no call")
    agent.ring(SHARED_NUMBER)
    look("ringing")
    agent.press("F2")
    agent.wait(lambda: agent.calls.work is not None)
    agent.calls.choose_customer(agent.desk.customers.find("voss")[0])
    agent.read(RESTART, "restart")
    look("an answer")
    agent.press("F3")
    agent.wait(lambda: agent.work.call.held_since is not None)
    look("on hold")
    agent.press("F8")
    look("escalation")
    agent.press("3", "2", "1", "Ctrl+Return")
    look("escalated")
    agent.hang_up()
    look("wrap-up")
    agent.press("Ctrl+Shift+Q")
    look("cases")
    agent.press("Ctrl+Shift+B")
    look("board")
    for key in PAGES:
        agent.press(key)
        look(key)
        agent.press("Esc")
    assert cut == {}


def test_the_pseudo_language_finds_a_planted_text(call_centre: Centre, open_console: OpenConsole) -> None:
    set_language(PSEUDO)
    agent = open_console()
    agent.screen.card._who.setText("Planted by hand")
    data = data_of(call_centre, call_centre.seeded.agent) | NAMES
    assert unwrapped(agent.window, data) == ["Planted by hand"]
    assert builders.NOW.tzinfo is not None
