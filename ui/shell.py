"""The opened desk in its window: state line, one of the screens, what is wrong, look and language."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.bootstrap import Desk
from app.domain.answers import Answer
from app.i18n import language, tr
from app.telephony.source import SourceStatus
from ui import theme
from ui.about_me import AboutMe
from ui.agent.screen import AgentScreen
from ui.alarm_bell import AlarmBell
from ui.application import running
from ui.background import Background
from ui.bridge import Bridge
from ui.call_backs.screen import CallBackScreen
from ui.call_desk import CallDesk
from ui.context import ScreenContext
from ui.delivery import Delivery
from ui.history.screen import HistoryScreen
from ui.knowledge.suggestion import SuggestionPage
from ui.language import choose_language
from ui.messages import MessageBell, MessagesPage
from ui.pages import Page, Pages
from ui.person_pages import PERSON_PAGES, OnePersonPage, ThresholdPage, pages_of
from ui.remember import remember
from ui.ring_alerts import RingAlerts
from ui.screens import SCREENS, no_screen
from ui.shortcuts import Shortcut, install
from ui.state_line import StateLine, outside_text
from ui.strips import Strips, stack
from ui.suggestions import Suggestions
from ui.supervisor.screen import SupervisorBoard
from ui.switches import Group, Switches, kept_switches
from ui.theme import Scheme, Tone
from ui.undelivered import UndeliveredPage
from ui.window import Window

_KEPT_PAGES: tuple[type[Page], ...] = (UndeliveredPage, MessagesPage, *PERSON_PAGES)  # in another language too


class Shell(QObject):
    """Owns what lives as long as the desk is open; builds the screens, anew when the language changes."""

    opened = Signal()

    sign_out_asked = Signal(bool)
    """The person leaves; whether their password is to be forgotten too."""

    def __init__(self, window: Window, desk: Desk, background: Background) -> None:
        super().__init__(window)
        self.window_ = window
        self.desk = desk
        self.background = background
        self.bridge = Bridge(background, self)
        self.calls = CallDesk(desk, background, self.bridge, self)
        self._alerts = RingAlerts(window, self.calls)
        self._context = ScreenContext(desk, background, self.bridge, window)
        self._line_status: SourceStatus | None = None
        reopen = self.calls.outcome.reopen
        self.delivery = Delivery(window, desk, background, self.bridge, reopen, self)
        self._alarm_bell = AlarmBell(self._context, self)
        self._bell = MessageBell(self._context, self, lambda: isinstance(self._pages.shown, MessagesPage))
        self.suggestions = Suggestions(self._context, self.calls, self)
        self._connect()
        self.build()

    def start(self) -> None:
        """Begin to work: threads first, then what came back from the journal."""
        self.desk.start(self.bridge)
        self.background.run(self.desk.lanes.queries, kept_switches, owner=self, done=self._use_switches)
        self.background.run(self.desk.lanes.journal, self.desk.journal.kept_work, owner=self, done=self._on_kept)

    def stop(self) -> None:
        """Sign out and end the desk; what is not delivered stays in the journal."""
        self.leave()
        self.desk.stop()

    def leave(self) -> None:
        """The part of `stop` that belongs to the window: afterwards nothing comes back from the desk."""
        self.calls.sign_out()
        self.background.close()

    def build(self) -> None:
        """Make state line and screens in the current language and put them in."""
        roles = self.desk.person.roles
        had = [one for one in SCREENS if one.roles & roles]
        self.line = StateLine([(one.text(), one.icon) for one in had], self.desk.person.name)
        self.screens = QStackedWidget()
        self._pages = Pages(self.screens)
        self.agent_screen: AgentScreen | None = None
        self.board: SupervisorBoard | None = None
        for one in had:
            self._add_screen(one.make(self._context, self.calls))
        if not had:
            self.screens.addWidget(no_screen())
        content = QWidget()
        self.strips = Strips(self._context, lambda: self.calls.shown)
        stack(content, self.line, self.strips, self.screens)
        self._connect_line()
        install(content, self._keys([one.key for one in had]))
        if self.calls.presence.is_agent:
            install(content, {Shortcut.AGENT_STATE: self.line.open_state_menu})
        else:
            self.line.hide_agent()
        self.window_.show_content(content)
        self.show_screen(0)
        self._show_status()

    def show_screen(self, number: int) -> None:
        """Bring a screen to the front."""
        self._pages.close()
        self.screens.setCurrentIndex(number)
        self.line.show_screen(number)
        if screen := self.screens.widget(number):
            screen.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_page(self, kind: type[Page], page: Page | None = None) -> None:
        """A page in the place of the screen; the same a second time goes back."""
        if isinstance(self._pages.shown, kind):
            self.show_screen(self._pages.before)
            return
        page = page or kind(self._context)
        page.left.connect(lambda: self.show_screen(self._pages.before))
        if isinstance(page, MessagesPage):
            page.answer_asked.connect(self._read_answer)
        self._pages.show(page)
        self.line.show_screen(-1)

    def switch_language(self) -> None:
        """German or English, at once; the work goes on where it was."""
        choose_language(running(), "en" if language() == "de" else "de")
        remember(self._context, self, language=language())
        self._build_anew()

    def switch_theme(self) -> None:
        """Light or dark, at once."""
        scheme = Scheme.LIGHT if theme.colours().is_dark else Scheme.DARK
        theme.apply(running(), scheme, theme.font_px())
        remember(self._context, self, theme=str(scheme))

    def _keys(self, screens: list[Shortcut]) -> dict[Shortcut, Callable[[], object]]:
        """What is bound on every screen; `screens` have the keys that lead to them."""
        return {
            Shortcut.HELP: self.window_.help.toggle,
            Shortcut.NEXT_SCREEN: self._next_screen,
            Shortcut.UNDELIVERED: partial(self.show_page, UndeliveredPage),
            Shortcut.MESSAGES: partial(self.show_page, MessagesPage),
            Shortcut.SUGGEST_ANSWER: self._suggest,
            **self.strips.keys,
            Shortcut.LARGER_FONT: partial(self._change_font, 1),
            Shortcut.SMALLER_FONT: partial(self._change_font, -1),
            **{key: partial(self.show_screen, number) for number, key in enumerate(screens)},
        }

    def _add_screen(self, screen: QWidget) -> None:
        number = self.screens.addWidget(screen)
        if isinstance(screen, AgentScreen):
            self.agent_screen = screen
        elif self.agent_screen:
            install(screen, {Shortcut.ANSWER_CALL: self._answer_from_elsewhere})
        if isinstance(screen, CallBackScreen):
            screen.due_changed.connect(partial(self.line.show_count, number))
        elif isinstance(screen, SupervisorBoard):
            self.board = screen
            screen.thresholds_button.clicked.connect(lambda: self.show_page(ThresholdPage))
        elif isinstance(screen, HistoryScreen):
            screen.one_person.clicked.connect(lambda: self.show_page(OnePersonPage))

    def _connect(self) -> None:
        self.bridge.source_status.connect(self._on_line)
        self.delivery.changed.connect(lambda status: self.line.show_outbox(status))
        self.delivery.reading_asked.connect(self._read_refused)
        self.calls.presence.changed.connect(lambda agent: self.line.show_agent(agent))
        self.calls.presence.moved_from_outside.connect(lambda pause: self.window_.confirm(outside_text(pause)))
        self._bell.counted.connect(lambda count: self.line.show_messages(count))
        self.suggestions.made.connect(lambda page: self.show_page(SuggestionPage, page))
        self.background.error_raised.connect(lambda error: self.window_.warn(str(error)))
        self.background.crashed.connect(self._on_crash)

    def _connect_line(self) -> None:
        self.line.screen_chosen.connect(self.show_screen)
        self.line.state_chosen.connect(self.calls.presence.choose)
        self.line.language_asked.connect(self.switch_language)
        self.line.theme_asked.connect(self.switch_theme)
        self.line.outbox_asked.connect(partial(self.show_page, UndeliveredPage))
        self.line.about_me_asked.connect(lambda: AboutMe(self._context, self.window_).show())
        pages = pages_of(self.desk.person.roles)
        self.line.person_pages = tuple((text, partial(self.show_page, kind)) for text, kind in pages)
        self.line.messages_asked.connect(partial(self.show_page, MessagesPage))
        self.line.sign_out_asked.connect(self.sign_out_asked)
        self.line.switched.connect(self._on_switched)
        used = {Group.RING: self.calls.presence.is_agent, Group.ALERT: self.board is not None}
        self.line.switch_groups = tuple(group for group in Group if used[group])
        self._show_switches()
        self.line.help_asked.connect(self.window_.help.toggle)

    def _show_status(self) -> None:
        self.line.show_agent(self.calls.presence.agent)
        if self._line_status:
            self.line.show_line(self._line_status)
        if self.delivery.status:
            self.line.show_outbox(self.delivery.status)
        self.line.show_messages(self._bell.unread_count)
        self.delivery.show_trouble()

    def _read_refused(self) -> None:
        if isinstance(page := self._pages.shown, UndeliveredPage):
            page.choose_first()
        else:
            self.show_page(UndeliveredPage)

    def _read_answer(self, answer: Answer) -> None:
        """Where it is read in a call, too."""
        if self.agent_screen:
            self.show_screen(self.screens.indexOf(self.agent_screen))
            self.agent_screen.reading.open(answer, "")

    def _suggest(self) -> None:
        if self.agent_screen:
            self.agent_screen.answers.leave()  # what stands in the field was a search
        self.suggestions.suggest()

    def _next_screen(self) -> None:
        self._pages.close()
        self.show_screen((self.screens.currentIndex() + 1) % self.screens.count())

    def _change_font(self, step: int) -> None:
        theme.apply(running(), Scheme.DARK if theme.colours().is_dark else Scheme.LIGHT, theme.font_px() + step)
        remember(self._context, self, font_px=theme.font_px())
        self._build_anew()

    def _build_anew(self) -> None:
        """The screens in another language or size, each where the agent was in it."""
        page = next((kind for kind in _KEPT_PAGES if isinstance(self._pages.shown, kind)), None)
        number = self._pages.before if self._pages.shown else self.screens.currentIndex()
        place = self.agent_screen.place if self.agent_screen else None
        self.build()
        self.show_screen(number)
        if place and self.agent_screen:
            self.agent_screen.go_to(place)
        if page:
            self.show_page(page)

    def _answer_from_elsewhere(self) -> None:
        if self.calls.ringing:
            self.show_screen(0)
            self.calls.line.answer()

    def _on_switched(self, name: str, is_on: bool) -> None:
        self._use_switches(replace(self._alerts.switches, **{name: is_on}))
        remember(self._context, self, **{name: is_on})

    def _use_switches(self, switches: Switches) -> None:
        self._alerts.use(switches)
        self._show_switches()

    def _show_switches(self) -> None:
        self.line.switches = self._alerts.switches
        if self.board:
            self.board.bell.switches = self._alerts.switches

    def _on_kept(self, kept: tuple[object, ...]) -> None:
        if self.calls.begin(kept):  # type: ignore[arg-type]
            self.window_.warn(
                tr("Firstline was closed during a call. Your note is back; please finish the wrap-up."), Tone.INFO
            )
        self.delivery.say_how_it_opened()
        self.opened.emit()

    def _on_line(self, status: SourceStatus) -> None:
        self._line_status = status
        self.line.show_line(status)
        self.delivery.show_line_trouble(status.sentence)

    def _on_crash(self, kind: str) -> None:
        self.window_.warn(
            tr("Firstline made a mistake ({kind}). Your work is kept; please tell your administrator.", kind=kind)
        )
