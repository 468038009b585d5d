"""What a person can read in a desk's window, as plain values for the test in another process."""

from typing import Any

from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel, QTableView, QWidget

from ui.agent.screen import AgentScreen
from ui.alarm_words import step_words
from ui.call_backs import CallBackScreen
from ui.knowledge import KnowledgeScreen
from ui.knowledge.suggestion import SuggestionPage
from ui.problems import ProblemScreen
from ui.shell import Shell
from ui.state_line import StateLine
from ui.supervisor.alarm_list import AlarmList
from ui.supervisor.screen import SupervisorBoard
from ui.widgets.banner import Banner
from ui.widgets.facts import Facts
from ui.window import Window
from ui.workbench.screen import Workbench

Seen = dict[str, Any]


def look(window: Window, shell: Shell | None) -> Seen:
    """All that is visible now; a screen that is not in front gives nothing."""
    seen: Seen = {
        "banners": [banner.text for banner in window.findChildren(Banner) if banner.isVisible()],
        "focus": _focus(),
        "is_open": False,
    }
    if shell is None:
        return seen | {"window": texts(window)}
    line = [text for line in window.findChildren(StateLine) for text in texts(line)]
    seen |= {
        "is_open": "Signed out" not in line and shell.desk.index.count() > 0,
        "line": line,
        # Asked in the lane that writes there, so that what was sent before this look is counted.
        "not_delivered": shell.desk.lanes.journal.submit(shell.desk.journal.waiting_count).result(),
        "kept_notes": [work.note for work in shell.desk.journal.kept_work()],
        "sip_port": getattr(shell.desk.source, "sip_port", None),
    }
    if shell.strips.hand is not None and shell.strips.hand.isVisible():
        seen["my_hand"] = texts(shell.strips.hand)
    seen["screens"] = [type(shell.screens.widget(number)).__name__ for number in range(shell.screens.count())]
    screen = shell.screens.currentWidget()
    if isinstance(screen, AgentScreen):
        seen |= _agent(screen)
    elif isinstance(screen, Workbench):
        seen |= _workbench(screen)
    elif isinstance(screen, SupervisorBoard):
        seen |= _board(screen)
    elif isinstance(screen, ProblemScreen):
        seen |= _problems(screen)
    elif isinstance(screen, CallBackScreen):
        seen["call_backs"] = rows(screen.table)
    elif isinstance(screen, KnowledgeScreen):
        editor = screen.editor
        said = editor.notice.text if editor.notice.isVisible() else ""
        shown = {"state": editor._state.text(), "title": editor._title.text(), "said": said}
        seen |= {"lines": rows(screen.lists.lines), "editor": shown, "preview": texts(editor.preview)}
    elif isinstance(screen, SuggestionPage):
        made = screen.working.answer
        seen["page"] = {"title": made.title, "variants": list(made.variants), "body": made.body}
    return seen


def texts(parent: QWidget) -> list[str]:
    """The texts of labels and buttons that are visible."""
    found = [widget for widget in parent.findChildren(QWidget) if isinstance(widget, QLabel | QAbstractButton)]
    return [widget.text() for widget in found if widget.isVisible() and widget.text()]


def rows(table: QTableView) -> list[list[str]]:
    """The texts of a table's cells; nothing when it is not to be seen."""
    model = table.model()
    if not table.isVisible():
        return []
    cells = range(model.columnCount())
    return [[str(model.data(model.index(row, cell)) or "") for cell in cells] for row in range(model.rowCount())]


def _alarms(listed: AlarmList) -> list[str]:
    """Whose promise, and what of it: as rows or, where there is no room for them, in one line."""
    if not (listed.table.isVisible() or listed.summary.isVisible()):
        return []
    return [f"{alarm.number} {step_words(alarm)}" for alarm in listed.table.records.records]


def _agent(screen: AgentScreen) -> Seen:
    boxes = [box for box in screen.reading.findChildren(QCheckBox) if box.isVisible()]
    return {
        "card": texts(screen.card),
        "known_problem": texts(screen.problem),
        "customer": texts(screen.customer),
        "consent": texts(screen.consent),
        "candidates": [row for table in screen.customer.findChildren(QTableView) for row in rows(table)],
        "search": screen.answers.field.text(),
        "found_by": screen.answers.shown_text,
        "hits": [hit.answer.title for hit in screen.answers.list.hits.hits],
        "reading": texts(screen.reading),
        "steps": [[box.accessibleName(), box.isChecked()] for box in boxes],
        "note": screen.note.field.toPlainText(),
        "can_type_note": screen.note.field.isEnabled(),
        "escalation": texts(screen.escalation),
        "preview": screen.escalation.preview_text(),
        "confirmation": texts(screen.confirmation),
        "wrap_up": texts(screen.wrap_up),
        "watched": rows(screen.watched.table),
        "asked_back": texts(screen.asked_back),
    }


def _workbench(screen: Workbench) -> Seen:
    return {
        "queue": rows(screen.lists.queue),
        "own": rows(screen.lists.own),
        "claim": screen.lists.claim.sentence.text(),
        "questions": rows(screen.lists.questions.table),
        "filter": screen.lists.filter.text(),
        "filters": [kept.name for kept in screen.lists.filter.saved],
        "absent": screen.lists.absent.text() if screen.lists.absent.isVisible() else "",
        "levels": texts(screen.lists.switch) if screen.lists.switch.isVisible() else [],
        "said": screen.case.strip.sentence.text(),
        "case": _case(screen),
    }


def _case(screen: Workbench) -> Seen:
    view = screen.case
    if view.shown is None or not view.page.isVisible():
        return {}
    card = view.page.hand_over
    return {
        "number": view.header.number.text(),
        "title": view.header.title_line.text(),
        "state": view.header.state.text(),
        "priority": view.header.priority.text(),
        "place": view.header.place.text(),
        "caller": _facts(card.caller),
        "problem": _facts(card.problem),
        "note": card.note.text(),
        "searches": texts(card._searches)[1:],  # without the heading
        "answers": texts(card._answers)[1:],
        "timeline": texts(view.page.timeline),
        "onlookers": view.onlookers.text(),
        "typed": view.strip.editor.toPlainText(),
        "can": texts(view.strip),
        "clocks": texts(view.clocks),
        "cards": [text for card in view.page.cards for text in texts(card)],
    }


def _problems(screen: ProblemScreen) -> Seen:
    page = screen.page
    return {
        "problems": rows(screen.table),
        "problem": texts(page),
        "problem_cases": rows(page.cases),
        "to_call": rows(page.calls),
    }


def _board(screen: SupervisorBoard) -> Seen:
    return {
        "tiles": {name: texts(getattr(screen.tiles, name)) for name in ("calls", "agents", "second", "today")},
        "calls": rows(screen.lists.calls),
        "agents": rows(screen.lists.agents),
        "queues": rows(screen.lists.queues),
        "hands": rows(screen.hands.table),
        "said": list(screen.hands.lines.texts),
        "notices": rows(screen.notice_panel.table),
        "alarms": _alarms(screen.alarms),
    }


def _facts(facts: Facts) -> dict[str, str]:
    shown = texts(facts)
    return dict(zip(shown[::2], shown[1::2], strict=True))


def _focus() -> str:
    widget = QApplication.focusWidget()
    return f"{type(widget).__name__}: {widget.accessibleName()}" if widget else ""
