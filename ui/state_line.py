"""The line that is always visible: screens, agent state and time in it, the line, what is not delivered, the look."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from app.desk.outbox import OutboxStatus
from app.domain.people import CHOSEN_PAUSES, Agent, AgentState, Choice
from app.i18n import plural, tr
from app.telephony.source import OutsidePause, SourceState, SourceStatus
from ui import icons
from ui.labels import clock_text, label
from ui.looks import AGENT_LOOKS
from ui.shortcuts import Shortcut, key_text
from ui.switches import DEFAULT_SWITCHES, Group, add_switches, group_title
from ui.theme import Tone, scaled
from ui.widgets.elapsed import Elapsed
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import ElidedLabel

_LINE_TONES = {
    SourceState.STARTING: Tone.NEUTRAL,
    SourceState.READY: Tone.GOOD,
    SourceState.LOST: Tone.DANGER,
    SourceState.STOPPED: Tone.NEUTRAL,
}
_MOST_WORDED_TABS = 4  # of who has more screens only the one that is shown has its name there; the others have icons
_OUTBOX_PATIENCE_MS = 1_500  # what is delivered at once need not be told


class StateLine(QFrame):
    """Words, icons and colours for what is now; menus for what the agent can change."""

    screen_chosen = Signal(int)
    state_chosen = Signal(object)  # Choice
    switched = Signal(str, bool)  # name of the setting
    language_asked = Signal()
    theme_asked = Signal()
    help_asked = Signal()
    outbox_asked = Signal()
    about_me_asked = Signal()
    messages_asked = Signal()
    sign_out_asked = Signal(bool)  # whether the password is to be forgotten too

    def __init__(self, screens: Sequence[tuple[str, str]], person_name: str, parent: QWidget | None = None) -> None:
        """
        Args:
            screens: (text, icon name) of each screen.
        """
        super().__init__(parent)
        self.setProperty("card", "flat")
        self._texts = [text for text, _ in screens]
        self._counts = [0] * len(screens)
        self._tabs = [self._tab(number, text, icon) for number, (text, icon) in enumerate(screens)]
        self.state_button = KeyButton("", Shortcut.AGENT_STATE.key, icon_name="user")
        self.state_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.state_button.clicked.connect(self.open_state_menu)
        self._state_time = Elapsed()
        self._next = ElidedLabel(kind="muted")
        self._line = Pill("", Tone.NEUTRAL, "phone")
        self._waiting = Pill("", Tone.WARNING, "queue")
        self._waiting_time = Elapsed(kind="muted")
        self._waiting.hide()
        self._waiting_time.hide()
        self.outbox = QPushButton()
        self.outbox.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.outbox.clicked.connect(self.outbox_asked)
        icons.put(self.outbox, "clock")
        self.outbox.hide()
        self._outbox_late = QTimer(self, singleShot=True, interval=_OUTBOX_PATIENCE_MS)
        self._outbox_late.timeout.connect(self.outbox.show)
        self.messages = QPushButton()
        self.messages.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.messages.clicked.connect(self.messages_asked)
        icons.put(self.messages, "message")
        self.messages.hide()
        self.person_pages: tuple[tuple[str, Callable[[], object]], ...] = ()
        self.switches = DEFAULT_SWITCHES
        self.switch_groups: tuple[Group, ...] = ()  # of who takes calls, of who is told of alerts
        self.person = QPushButton(person_name)
        self.person.setProperty("kind", "ghost")
        self.person.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.person.setAccessibleName(tr("Signed in: {name}", name=person_name))
        self.person.clicked.connect(self.open_person_menu)
        icons.put(self.person, "user")
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # however much a screen asks for

    def show_screen(self, number: int) -> None:
        """Mark the tab of the screen that is shown."""
        for tab, button in enumerate(self._tabs):
            button.setChecked(tab == number)
            self._write_tab(tab)

    def show_count(self, number: int, count: int) -> None:
        """How many things wait on a screen; none is not said."""
        self._counts[number] = count
        self._write_tab(number)

    def hide_agent(self) -> None:
        """The person takes no calls: there is no state to show or to change."""
        for widget in (self.state_button, self._state_time, self._next):
            widget.hide()

    def show_agent(self, agent: Agent) -> None:
        """State, time in it, and what comes next."""
        tone, icon_name = AGENT_LOOKS[agent.state]
        words = [label(agent.state), *([label(agent.pause_code)] if agent.pause_code else [])]
        self.state_button.setText(" · ".join(words))
        self.state_button.set_icon(icon_name)
        self.state_button.setProperty("tone", tone.value)
        self.state_button.updateGeometry()
        self._state_time.set_since(agent.since)
        is_later = agent.then is not None and agent.then.state is not AgentState.AVAILABLE
        self._next.setText(tr("next: {state}", state=_choice_text(agent.then)) if agent.then and is_later else "")

    def show_line(self, status: SourceStatus) -> None:
        """The call source and how it is."""
        is_demo = status.name == "demo"
        text = tr("Demo line, invented calls") if is_demo else label(status.state)
        if status.state is SourceState.LOST:
            text = tr("Line lost since {time}", time=clock_text(status.since))
        tone = Tone.WARNING if is_demo and status.state is SourceState.READY else _LINE_TONES[status.state]
        self._line.set_state(text, tone, "phone" if status.state is SourceState.READY else "phone-off")
        self._line.setToolTip(status.sentence)
        waiting = plural(status.waiting_count, "{n} caller waits", "{n} callers wait")
        self._waiting.set_state(waiting, Tone.WARNING, "queue")
        self._waiting_time.set_since(status.waiting_since)
        for widget in (self._waiting, self._waiting_time):
            widget.setVisible(status.waiting_count > 0)

    def show_outbox(self, status: OutboxStatus) -> None:
        """What waits on this desk for the database, since when, and what was refused."""
        if status.refused_count:
            self._outbox_late.stop()
            self.outbox.show()
        elif status.waiting_count == 0:
            self._outbox_late.stop()
            self.outbox.hide()
        elif self.outbox.isHidden() and not self._outbox_late.isActive():
            self._outbox_late.start()
        self.outbox.setText(_outbox_text(status))
        self.outbox.setToolTip(status.hindrance)

    def show_messages(self, unread_count: int) -> None:
        """How many messages nobody has read yet; none are not worth a word."""
        self.messages.setText(plural(unread_count, "1 message", "{n} messages"))
        self.messages.setVisible(unread_count > 0)

    def open_state_menu(self) -> None:
        """F6."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choices = [
            Choice(state=AgentState.AVAILABLE),
            *(Choice(state=AgentState.PAUSED, pause_code=code) for code in CHOSEN_PAUSES),
            Choice(state=AgentState.SIGNED_OUT),
        ]
        for number, choice in enumerate(choices, start=1):
            action = menu.addAction(f"&{number}  {_choice_text(choice)}")
            icons.put(action, AGENT_LOOKS[choice.state][1])
            action.triggered.connect(lambda _=False, chosen=choice: self.state_chosen.emit(chosen))
        menu.popup(self.state_button.mapToGlobal(QPoint(0, self.state_button.height())))

    def open_person_menu(self) -> None:
        """What the person can do about being here."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, is_forgetting in ((tr("Sign out"), False), (tr("Sign out and forget the password"), True)):
            action = menu.addAction(text)
            action.triggered.connect(lambda _=False, forgets=is_forgetting: self.sign_out_asked.emit(forgets))
        menu.addAction(tr("What is stored about me")).triggered.connect(self.about_me_asked)
        for text, show in self.person_pages:
            menu.addAction(text).triggered.connect(lambda _=False, opens=show: opens())
        menu.addSeparator()
        for group in self.switch_groups:
            add_switches(menu.addMenu(group_title(group)), group, self.switches, self.switched.emit)
        menu.popup(self.person.mapToGlobal(QPoint(0, self.person.height())))

    def _tab(self, number: int, text: str, icon_name: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setProperty("kind", "tab")
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.put(button, icon_name)
        button.clicked.connect(lambda: self.screen_chosen.emit(number))
        return button

    def _write_tab(self, number: int) -> None:
        tab = self._tabs[number]
        has_name = tab.isChecked() or len(self._tabs) <= _MOST_WORDED_TABS
        words = [self._texts[number]] if has_name else []
        count = [str(self._counts[number])] if self._counts[number] else []
        tab.setText(" · ".join(words + count))

    def _tool(self, icon_name: str, text: str, signal: "Signal") -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "ghost")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(text)
        button.setAccessibleName(text)
        icons.put(button, icon_name)
        button.clicked.connect(signal)
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(scaled(8), scaled(5), scaled(8), scaled(5))
        line.setSpacing(scaled(6))
        for tab in self._tabs:
            line.addWidget(tab)
        line.addSpacing(scaled(10))
        for widget in (self.state_button, self._state_time, self._next):
            line.addWidget(widget)
        line.addStretch(1)
        told = (self._waiting, self._waiting_time, self.messages, self.outbox)
        rest: tuple[QWidget, ...] = (*told, self._line, self.person)
        for one in rest:
            line.addWidget(one)
        help_text = f"{Shortcut.HELP.text}  {key_text(Shortcut.HELP.key)}"
        line.addWidget(self._tool("language", tr("Deutsch / English"), self.language_asked))  # type: ignore[arg-type]
        line.addWidget(self._tool("moon", tr("Light or dark"), self.theme_asked))  # type: ignore[arg-type]
        line.addWidget(self._tool("keyboard", help_text, self.help_asked))  # type: ignore[arg-type]


def outside_text(pause: OutsidePause) -> str:
    """That somebody else changed the agent's state, in their own words."""
    if not pause.is_paused:
        return tr("The pause was ended at the telephone system.")
    if not pause.reason:
        return tr("You were paused at the telephone system.")
    return tr("You were paused at the telephone system: “{reason}”.", reason=pause.reason[:80])


def _choice_text(choice: Choice | None) -> str:
    if choice is None:
        return ""
    return " · ".join([label(choice.state), *([label(choice.pause_code)] if choice.pause_code else [])])


def _outbox_text(status: OutboxStatus) -> str:
    waiting = plural(status.waiting_count, "{n} not delivered", "{n} not delivered") if status.waiting_count else ""
    if waiting and status.waiting_since and status.hindrance:
        waiting = tr("{waiting} since {time}", waiting=waiting, time=clock_text(status.waiting_since))
    refused = plural(status.refused_count, "{n} refused", "{n} refused") if status.refused_count else ""
    return " · ".join(filter(None, (waiting, refused)))
