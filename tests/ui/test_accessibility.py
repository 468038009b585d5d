"""Every control has a name for a screen reader, is reached by Tab, and shows when it has the focus."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication, QComboBox, QScrollArea, QWidget

from tests.builders import SHARED_NUMBER
from tests.ui.console import RESTART, Centre, Console

OpenConsole = Callable[..., Console]


def controls(window: QWidget) -> Iterator[QWidget]:
    """What can have the focus now; not the inner parts of Qt's own widgets."""
    for widget in window.findChildren(QWidget):
        is_inner = widget.objectName().startswith("qt_") or isinstance(widget.parentWidget(), QComboBox)
        takes_focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus.value
        if takes_focus and widget.isVisible() and widget.isEnabled() and not is_inner and not widget.focusProxy():
            yield widget


def described(widget: QWidget) -> str:
    return f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"


def nameless(window: QWidget) -> list[str]:
    found = []
    for widget in controls(window):
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name).strip():
            found.append(described(widget))
    return found


def stages(agent: Console) -> Iterator[str]:
    """A call from ringing to wrap-up, and the other screens."""
    yield "no call"
    agent.ring(SHARED_NUMBER)
    yield "ringing"
    agent.press("F2")
    agent.wait(lambda: agent.calls.work is not None)
    yield "a caller to choose"
    agent.press("F8")
    yield "escalation with everything to ask"
    agent.press("Esc")
    agent.calls.choose_customer(agent.desk.customers.find("voss")[0])
    agent.read(RESTART, "restart")
    agent.wait(lambda: any(type(w).__name__ == "QCheckBox" for w in controls(agent.window)))
    yield "an answer"
    agent.press("F9")
    agent.hang_up()
    yield "wrap-up"


def test_every_control_has_a_name(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(person=call_centre.all_roles, undo_s=30.0)
    found = {stage: names for stage in stages(agent) if (names := nameless(agent.window))}
    for keys in ("Ctrl+Shift+Q", "Ctrl+Shift+B"):
        agent.press(keys)
        if names := nameless(agent.window):
            found[keys] = names
    assert found == {}


def test_tab_reaches_every_control(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(person=call_centre.all_roles, undo_s=30.0)
    missed: dict[str, list[str]] = {}
    for stage in stages(agent):
        wanted = {w for w in controls(agent.window) if not isinstance(w, QScrollArea)}
        seen = set()
        agent.press("Ctrl+K")
        for _ in range(2 * len(wanted) + 10):
            seen.add(QApplication.focusWidget())
            agent.press("Tab")
        if left := wanted - seen:
            missed[stage] = sorted(described(w) for w in left)
        agent.press("Ctrl+K")
    assert missed == {}


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_focus_can_be_seen(call_centre: Centre, open_console: OpenConsole, is_dark: bool) -> None:
    agent = open_console(person=call_centre.all_roles, undo_s=30.0)
    if is_dark:
        agent.shell.switch_theme()
    invisible: dict[str, list[str]] = {}
    for stage in stages(agent):
        same = []
        for widget in [w for w in controls(agent.window) if not isinstance(w, QScrollArea)]:
            if not widget.isVisible() or type(widget).__name__ == "AnswerText":  # a text with its own caret
                continue
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            with_focus = picture(widget)
            agent.window.setFocus()
            if picture(widget) == with_focus:
                same.append(described(widget))
        if same:
            invisible[stage] = same
        agent.press("Ctrl+K")
    assert invisible == {}
