"""Every key of the program in one place: what it does, and where it stands on the F1 sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.i18n import tr

HIT_COUNT = 9


class Section(Enum):
    """A heading of the F1 sheet; the value is its text."""

    CALL = (lambda: tr("Call"),)
    CASE = (lambda: tr("Note and case"),)
    SEARCH = (lambda: tr("Search"),)
    CALL_BACKS = (lambda: tr("Call-backs"),)
    WORKBENCH = (lambda: tr("Workbench"),)
    PROBLEMS = (lambda: tr("Known problems"),)
    KNOWLEDGE = (lambda: tr("Answers and drafts"),)
    BOARD = (lambda: tr("Board"),)
    WINDOW = (lambda: tr("Window"),)

    @property
    def title(self) -> str:
        """In the current language."""
        return self.value[0]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A row of the table; `keys` in portable spelling, the first is the one that is shown."""

    section: Section
    keys: tuple[str, ...]
    text: Callable[[], str]
    repeats: bool = False  # holding the key down does it again


def _row(section: Section, *keys: str, text: Callable[[], str], repeats: bool = False) -> Binding:
    return Binding(section=section, keys=keys, text=text, repeats=repeats)


class Shortcut(Enum):
    """What a key can do. No Ctrl+Alt and no AltGr (they type characters on German keyboards), no bare letters."""

    ANSWER_CALL = _row(Section.CALL, "F2", text=lambda: tr("Answer the call"))
    HOLD_CALL = _row(Section.CALL, "F3", text=lambda: tr("Hold or resume the call"))
    HANG_UP = _row(Section.CALL, "F4", text=lambda: tr("Hang up"))
    TRANSFER = _row(Section.CALL, "Ctrl+T", text=lambda: tr("Transfer the call, or dial"))
    NEXT_DEMO_CALL = _row(Section.CALL, "F5", text=lambda: tr("Next demo call"))
    AGENT_STATE = _row(Section.CALL, "F6", text=lambda: tr("Change my state"))
    HIDE_CARD = _row(Section.CALL, "Esc", text=lambda: tr("Hide the call card, close this sheet"))

    NOTE = _row(Section.CASE, "F7", text=lambda: tr("Go to the note"))
    ESCALATE = _row(Section.CASE, "F8", text=lambda: tr("Escalate"))
    SOLVED = _row(Section.CASE, "F9", text=lambda: tr("This solved it"))
    WRAP_UP = _row(Section.CASE, "F10", text=lambda: tr("Finish wrap-up"))
    ATTACH_NUMBER = _row(Section.CASE, "Ctrl+M", text=lambda: tr("This number is the customer's"))
    CUSTOMER_AGREES = _row(Section.CASE, "Ctrl+Shift+Y", text=lambda: tr("The customer agrees to the price"))
    GOODWILL = _row(Section.CASE, "Ctrl+Shift+G", text=lambda: tr("Goodwill: charge nothing, and say why"))
    SEND = _row(Section.CASE, "Ctrl+Return", "Ctrl+Enter", text=lambda: tr("Send"))

    SEARCH_ANSWERS = _row(Section.SEARCH, "Ctrl+K", text=lambda: tr("Search the answers"))
    TAKE_HIT = _row(
        Section.SEARCH,
        *(f"Ctrl+{number}" for number in range(1, HIT_COUNT + 1)),
        text=lambda: tr("Take the first to ninth hit"),
    )
    TAKE_PROBLEM = _row(Section.SEARCH, "Ctrl+0", text=lambda: tr("Open the known problem that came during the search"))

    CALL_BACK_DIAL = _row(Section.CALL_BACKS, "Ctrl+J", text=lambda: tr("Call the customer back"))
    CALL_BACK_REACHED = _row(Section.CALL_BACKS, "Ctrl+E", text=lambda: tr("The customer was reached"))
    CALL_BACK_CHANGE = _row(Section.CALL_BACKS, "Ctrl+I", text=lambda: tr("Another time or number"))

    CLAIM_NEXT = _row(Section.WORKBENCH, "Ctrl+L", text=lambda: tr("Claim the next case"))
    FIND_CASE = _row(Section.WORKBENCH, "Ctrl+F", text=lambda: tr("Find a case by its number"))
    RESOLVE_CASE = _row(Section.WORKBENCH, "Ctrl+D", text=lambda: tr("Solve the case"))
    WAIT = _row(Section.WORKBENCH, "Ctrl+Shift+W", text=lambda: tr("The case waits for somebody, or goes on"))
    BOOK_TIME = _row(Section.WORKBENCH, "Ctrl+Shift+T", text=lambda: tr("Book the time that was worked"))
    RETURN_CASE = _row(Section.WORKBENCH, "Ctrl+B", text=lambda: tr("Return the case"))
    CLAIM_CASE = _row(Section.WORKBENCH, "Ctrl+Shift+L", text=lambda: tr("Claim this case"))
    ACCEPT_CASE = _row(Section.WORKBENCH, "Shift+F2", text=lambda: tr("Accept the hand-over"))
    ASK_BACK = _row(Section.WORKBENCH, "Shift+F7", text=lambda: tr("Ask back"))
    ANSWER_QUESTION = _row(Section.WORKBENCH, "Ctrl+Shift+Return", text=lambda: tr("Answer the question"))
    CONSULT = _row(Section.WORKBENCH, "Shift+F8", text=lambda: tr("Ask third level"))
    PASS_ON = _row(Section.WORKBENCH, "Ctrl+Shift+E", text=lambda: tr("Pass to third level"))
    ADVISE = _row(Section.WORKBENCH, "Shift+F9", text=lambda: tr("Give advice"))
    FIRST_COULD = _row(Section.WORKBENCH, "Shift+F4", text=lambda: tr("First level could have solved it"))
    SHOW_CONTACT = _row(Section.WORKBENCH, "Shift+F6", text=lambda: tr("Show or hide contact"))
    RELEASE_CASE = _row(Section.WORKBENCH, "Ctrl+Shift+X", text=lambda: tr("Release the case"))

    ATTACH_PROBLEM = _row(Section.PROBLEMS, "Ctrl+P", text=lambda: tr("This is the known problem, or not any more"))
    NEW_PROBLEM = _row(Section.PROBLEMS, "Ctrl+Shift+N", text=lambda: tr("New known problem"))
    CONFIRM_PROBLEM = _row(Section.PROBLEMS, "Ctrl+Shift+O", text=lambda: tr("Confirm the known problem"))
    SOLVE_PROBLEM = _row(Section.PROBLEMS, "Ctrl+Shift+D", text=lambda: tr("Solve the known problem and its cases"))
    PROMISE_CALLS = _row(Section.PROBLEMS, "Ctrl+Shift+J", text=lambda: tr("Promise its customers a call"))
    RAISE_HAND = _row(Section.WINDOW, "Ctrl+Shift+H", text=lambda: tr("Ask a supervisor for help, or not any more"))
    SEE_NOTICE = _row(Section.WINDOW, "Ctrl+Shift+I", text=lambda: tr("I have read the notice"))
    SEE_ALERTS = _row(Section.BOARD, "Ctrl+Shift+S", text=lambda: tr("I have seen the alerts"))
    ANSWER_HAND = _row(Section.BOARD, "Shift+F11", text=lambda: tr("Write to the raised hand"))
    TELL_DESKS = _row(Section.BOARD, "Shift+F12", text=lambda: tr("Tell the desks something"))

    WALK_SCRIPT = _row(Section.KNOWLEDGE, "Ctrl+G", text=lambda: tr("Go through the guided script, digits answer"))
    FLAG_ANSWER = _row(Section.KNOWLEDGE, "Ctrl+Shift+F", text=lambda: tr("This answer is wrong or outdated"))
    SUGGEST_ANSWER = _row(Section.KNOWLEDGE, "Shift+F5", text=lambda: tr("Suggest an answer"))
    NEW_DRAFT = _row(Section.KNOWLEDGE, "Ctrl+N", text=lambda: tr("New answer, or draft of the chosen gap"))
    SAVE_DRAFT = _row(Section.KNOWLEDGE, "Ctrl+S", text=lambda: tr("Save the draft"))

    HELP = _row(Section.WINDOW, "F1", text=lambda: tr("Show the keys"))
    NEXT_SCREEN = _row(Section.WINDOW, "Ctrl+Tab", text=lambda: tr("Next screen"), repeats=True)
    SCREEN_AGENT = _row(Section.WINDOW, "Ctrl+Shift+A", text=lambda: tr("Agent screen"))
    SCREEN_CALL_BACKS = _row(Section.WINDOW, "Ctrl+Shift+R", text=lambda: tr("Call-back screen"))
    SCREEN_QUEUE = _row(Section.WINDOW, "Ctrl+Shift+Q", text=lambda: tr("Queue screen"))
    SCREEN_PROBLEMS = _row(Section.WINDOW, "Ctrl+Shift+P", text=lambda: tr("Screen of known problems"))
    SCREEN_KNOWLEDGE = _row(Section.WINDOW, "Ctrl+Shift+K", text=lambda: tr("Knowledge screen"))
    MESSAGES = _row(Section.WINDOW, "Ctrl+Shift+M", text=lambda: tr("My messages"))
    SCREEN_BOARD = _row(Section.WINDOW, "Ctrl+Shift+B", text=lambda: tr("Board screen"))
    SCREEN_HISTORY = _row(Section.WINDOW, "Ctrl+Shift+V", text=lambda: tr("History screen"))
    UNDELIVERED = _row(Section.WINDOW, "Ctrl+Shift+U", text=lambda: tr("What is not delivered"))
    LARGER_FONT = _row(Section.WINDOW, "Ctrl++", "Ctrl+=", text=lambda: tr("Larger text"), repeats=True)
    SMALLER_FONT = _row(Section.WINDOW, "Ctrl+-", text=lambda: tr("Smaller text"), repeats=True)

    @property
    def text(self) -> str:
        """What it does, in the current language."""
        return self.value.text()

    @property
    def key(self) -> str:
        """The key to show on a `KeyButton`."""
        return self.keys[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that do it."""
        return self.value.keys


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSection:
    """One block of the F1 sheet: rows of (key as written on the keyboard, what it does)."""

    title: str
    rows: tuple[tuple[str, str], ...]


def install(
    owner: QWidget,
    actions: Mapping[Shortcut, Callable[[], object]],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> dict[Shortcut, list[QShortcut]]:
    """Bind keys; a shortcut that is disabled or whose `owner` is hidden lets the key pass.

    `TAKE_HIT` is not bound here but by `install_hits`, which says which hit.
    """
    made: dict[Shortcut, list[QShortcut]] = {}
    for shortcut, action in actions.items():
        if shortcut is Shortcut.TAKE_HIT:
            raise ValueError("use install_hits")
        made[shortcut] = [_bind(owner, key, action, context, shortcut.value.repeats) for key in shortcut.keys]
    return made


def install_hits(
    owner: QWidget,
    take: Callable[[int], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> list[QShortcut]:
    """Bind Ctrl+1 ... Ctrl+9 to `take(0)` ... `take(8)`."""

    def taking(place: int) -> Callable[[], object]:
        return lambda: take(place)

    return [_bind(owner, key, taking(place), context, False) for place, key in enumerate(Shortcut.TAKE_HIT.keys)]


def key_text(key: str) -> str:
    """A key as it is written on the person's keyboard, e.g. "Strg+K"."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def sheet() -> list[SheetSection]:
    """The rows of the F1 sheet in the current language."""
    return [
        SheetSection(
            title=section.title,
            rows=tuple(
                (_shown_keys(shortcut), shortcut.text) for shortcut in Shortcut if shortcut.value.section is section
            ),
        )
        for section in Section
    ]


def _bind(
    owner: QWidget, key: str, action: Callable[[], object], context: Qt.ShortcutContext, repeats: bool
) -> QShortcut:
    bound = QShortcut(QKeySequence(key), owner)
    bound.setContext(context)
    bound.setAutoRepeat(repeats)
    bound.activated.connect(lambda: action())
    return bound


def _shown_keys(shortcut: Shortcut) -> str:
    keys = shortcut.keys
    if shortcut is Shortcut.TAKE_HIT:
        return f"{key_text(keys[0])} … {keys[-1][-1]}"
    return key_text(keys[0])
