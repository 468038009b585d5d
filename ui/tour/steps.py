"""What the tour does and what it checks, in order. A step gives the claim that must come true."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from app.domain.calls import CallState
from app.domain.cases import CaseState, Level
from app.domain.people import AgentState
from app.domain.work import Outcome
from app.i18n import language
from app.search.text import query_words
from ui.agent.screen import AgentScreen
from ui.shortcuts import Shortcut
from ui.supervisor.screen import SupervisorBoard
from ui.tour.driver import Tour
from ui.workbench.screen import Workbench

Claim = Callable[[], bool]


def _agent(tour: Tour) -> AgentScreen:
    return next(s for s in _screens(tour) if isinstance(s, AgentScreen))


def _workbench(tour: Tour) -> Workbench:
    return next(s for s in _screens(tour) if isinstance(s, Workbench))


def _board(tour: Tour) -> SupervisorBoard:
    return next(s for s in _screens(tour) if isinstance(s, SupervisorBoard))


def _screens(tour: Tour) -> list[object]:
    return [tour.shell.screens.widget(number) for number in range(tour.shell.screens.count())]


def _state_is(tour: Tour, state: CallState) -> Claim:
    return lambda: tour.shell.calls.work is not None and tour.shell.calls.work.call.state is state


def open_console(tour: Tour) -> Claim:
    return lambda: tour.shell.calls.presence.agent.state is AgentState.AVAILABLE and tour.desk.index.count() > 0


def call_rings(tour: Tour) -> Claim:
    tour.press(Shortcut.NEXT_DEMO_CALL.key)
    calls = tour.shell.calls
    return lambda: calls.ringing is not None and len(calls.matches) > 0


def answer_call(tour: Tour) -> Claim:
    tour.press(Shortcut.ANSWER_CALL.key)
    return _state_is(tour, CallState.CONNECTED)


def choose_caller(tour: Tour) -> Claim:
    """Two customers have this number: the agent asked, and takes the first."""
    _agent(tour).customer.focus_choice()
    tour.press("Return")
    return lambda: tour.shell.calls.work is not None and tour.shell.calls.work.customer is not None


def search(tour: Tour) -> Claim:
    """The agent types what the caller says: the words of the last sentence that mean something."""
    tour.press(Shortcut.SEARCH_ANSWERS.key)
    work = tour.shell.calls.work
    last_sentence = work.call.announcement.split(". ")[-1] if work else ""
    text = " ".join(query_words(last_sentence)[:5])
    tour.type(text)
    hits = _agent(tour).answers.list.hits
    return lambda: len(hits.hits) > 0 and _agent(tour).answers.field.text() == text


def read_answer(tour: Tour) -> Claim:
    tour.press("Return")
    top = _agent(tour).answers.list.hits.hits[0].answer
    return lambda: _agent(tour).reading.answer == top


def tick_steps(tour: Tour) -> Claim:
    boxes = [box for box in _agent(tour).reading.findChildren(QCheckBox) if box.isVisible()]
    for box in boxes[:2]:
        box.setFocus(Qt.FocusReason.TabFocusReason)
        tour.press("Space")

    def are_kept() -> bool:
        work = tour.shell.calls.work
        return work is not None and len(work.answers[-1].steps_tried) == min(2, len(boxes))

    return are_kept


def write_note(tour: Tour) -> Claim:
    tour.press(Shortcut.NOTE.key)
    text = _note_text()
    tour.type(text)

    def is_kept() -> bool:
        kept = tour.desk.journal.kept_work()
        return bool(kept) and kept[-1].note == text and kept[-1].note == _agent(tour).note.field.toPlainText()

    return is_kept


def solve(tour: Tour) -> Claim:
    tour.press(Shortcut.SOLVED.key)
    calls = tour.shell.calls
    return lambda: calls.work is not None and calls.work.outcome is Outcome.SOLVED and calls.outcome.is_delivered


def hang_up(tour: Tour) -> Claim:
    tour.press(Shortcut.HANG_UP.key)
    return _state_is(tour, CallState.WRAP_UP)


def wrap_up_by_digit(tour: Tour) -> Claim:
    tour.press(Shortcut.WRAP_UP.key)
    tour.press("1")
    return lambda: tour.shell.calls.work is None and tour.shell.calls.presence.agent.state is AgentState.AVAILABLE


def second_call(tour: Tour) -> Claim:
    tour.press(Shortcut.NEXT_DEMO_CALL.key)
    calls = tour.shell.calls

    def is_connected() -> bool:
        if calls.ringing:
            tour.press(Shortcut.ANSWER_CALL.key)
        return calls.work is not None and calls.work.call.state is CallState.CONNECTED

    return is_connected


def hold(tour: Tour) -> Claim:
    tour.press(Shortcut.HOLD_CALL.key)
    return _state_is(tour, CallState.HELD)


def resume(tour: Tour) -> Claim:
    tour.press(Shortcut.HOLD_CALL.key)
    return _state_is(tour, CallState.CONNECTED)


def open_escalation(tour: Tour) -> Claim:
    tour.press(Shortcut.NOTE.key)
    tour.type(_note_text())
    tour.press(Shortcut.ESCALATE.key)
    panel = _agent(tour).escalation
    return lambda: panel.isVisible() and panel.preview_text().find(_note_text()) >= 0


def choose_reason(tour: Tour) -> Claim:
    panel = _agent(tour).escalation
    panel.reason.setFocus(Qt.FocusReason.TabFocusReason)
    for digit in "323":
        tour.press(digit)
    return lambda: None not in (panel.reason.value, panel.impact.value, panel.urgency.value)


def escalate(tour: Tour) -> Claim:
    calls = tour.shell.calls
    before = calls.work
    tour.press("Ctrl+Return")

    def is_in_queue() -> bool:
        if before is None or not calls.outcome.is_delivered:
            return False
        return any(case.id == before.case_id for case in tour.desk.cases.queue(Level.SECOND))

    return is_in_queue


def finish_second_call(tour: Tour) -> Claim:
    tour.press(Shortcut.HANG_UP.key)

    def is_finished() -> bool:
        work = tour.shell.calls.work
        if work and work.call.state is CallState.WRAP_UP:
            tour.press(Shortcut.WRAP_UP.key)
            tour.press(Shortcut.WRAP_UP.key)
        return tour.shell.calls.work is None

    return is_finished


def claim_case(tour: Tour) -> Claim:
    tour.press(Shortcut.SCREEN_QUEUE.key)
    tour.press(Shortcut.CLAIM_NEXT.key)
    me = tour.desk.person

    def is_mine() -> bool:
        shown = _workbench(tour).case
        is_claimed = any(case.state is CaseState.CLAIMED for case in tour.desk.cases.owned_by(me.id))
        return is_claimed and shown.strip.can_solve

    return is_mine


def solve_case(tour: Tour) -> Claim:
    before = {case.id for case in tour.desk.cases.owned_by(tour.desk.person.id)}
    bench = _workbench(tour)
    bench.focus_answer()
    tour.type(_solution_text())
    tour.press(Shortcut.RESOLVE_CASE.key)
    return lambda: len({case.id for case in tour.desk.cases.owned_by(tour.desk.person.id)} & before) < len(before)


def show_board(tour: Tour) -> Claim:
    tour.press(Shortcut.SCREEN_BOARD.key)
    return lambda: _board(tour).isVisible() and _board(tour).is_showing_data


def pause(tour: Tour) -> Claim:
    tour.press(Shortcut.SCREEN_AGENT.key)
    tour.press(Shortcut.AGENT_STATE.key)
    tour.press("Down")
    tour.press("Down")
    tour.press("Return")
    return lambda: tour.shell.calls.presence.agent.state is AgentState.PAUSED


def show_keys(tour: Tour) -> Claim:
    tour.press(Shortcut.HELP.key)
    return lambda: tour.window.help.isVisible()


def _note_text() -> str:
    if language() == "de":
        return "Alles probiert, Gerät steht im Büro im 2. Stock. Fehler tritt täglich auf, größte Störung morgens."
    return "Tried everything; the device stands in the office on the 2nd floor. Happens daily, worst in the morning."


def _solution_text() -> str:
    return "Gerät neu eingerichtet, läuft." if language() == "de" else "Set the device up again, it runs."


# name, what is done, what is checked, how
STEPS: tuple[tuple[str, str, str, Callable[[Tour], Claim]], ...] = (
    ("Console", "open the console", "agent available, answers on the desk", open_console),
    ("Call rings", "F5", "card with all who may be calling", call_rings),
    ("Answered", "F2", "call connected", answer_call),
    ("Caller", "Return on the first who may be calling", "the record of the customer", choose_caller),
    ("Search", "Ctrl+K, words of the caller", "answers found", search),
    ("Answer read", "Return", "the hit on top is open", read_answer),
    ("Steps", "Space on two steps", "steps are part of the case", tick_steps),
    ("Note", "F7, a note with umlauts", "the journal has every character", write_note),
    ("Solved", "F9", "case solved in the database", solve),
    ("Wrap-up", "F4", "call in wrap-up", hang_up),
    ("Finished", "F10, 1", "agent available again", wrap_up_by_digit),
    ("Second call", "F5, F2", "call connected", second_call),
    ("On hold", "F3", "call held", hold),
    ("Resumed", "F3", "call connected", resume),
    ("Hand-over", "F7, note, F8", "hand-over holds the note", open_escalation),
    ("Reason", "digits", "reason, impact and urgency chosen", choose_reason),
    ("Escalated", "Ctrl+Return", "case waits in the second-level queue", escalate),
    ("Second finished", "F4, F10, F10", "no call any more", finish_second_call),
    ("Claimed", "Ctrl+Shift+Q, Ctrl+L", "a case is mine", claim_case),
    ("Case solved", "solution, Ctrl+D", "the case is solved", solve_case),
    ("Board", "Ctrl+Shift+B", "figures are there", show_board),
    ("Paused", "F6 and the menu", "agent paused", pause),
    ("Keys", "F1", "the sheet of keys is open", show_keys),
)
