"""The opened desk in its window: state line, one of the screens, what is wrong, look and language."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app import settings
from app.bootstrap import Desk
from app.desk.journal import Refused
from app.desk.outbox import ClaimAnswer, OutboxStatus
from app.domain.commands import EscalateCase, RecordCall, ReturnCase, SolveCase, SolveWithAnswer
from app.domain.errors import FirstlineError
from app.domain.ids import case_number
from app.domain.people import Role
from app.i18n import language, tr
from app.telephony.source import SourceStatus
from ui import theme
from ui.agent.screen import AgentScreen
from ui.background import Background
from ui.bridge import Bridge
from ui.call_desk import CallDesk
from ui.context import ScreenContext
from ui.labels import clock_text
from ui.language import choose_language
from ui.shortcuts import Shortcut, install
from ui.state_line import StateLine
from ui.supervisor.screen import SupervisorBoard
from ui.theme import Scheme, Tone
from ui.window import Window
from ui.workbench.screen import Workbench

_SCREENS: tuple[tuple[frozenset[Role], Callable[[], str], str, Shortcut], ...] = (
    (frozenset({Role.FIRST_LEVEL}), lambda: tr("Calls"), "headset", Shortcut.SCREEN_AGENT),
    (frozenset({Role.SECOND_LEVEL, Role.THIRD_LEVEL}), lambda: tr("Cases"), "queue", Shortcut.SCREEN_QUEUE),
    (frozenset({Role.SUPERVISOR}), lambda: tr("Board"), "board", Shortcut.SCREEN_BOARD),
)


class Shell(QObject):
    """Owns what lives as long as the desk is open; builds the screens, anew when the language changes."""

    opened = Signal()

    def __init__(self, window: Window, desk: Desk, background: Background) -> None:
        super().__init__(window)
        self.window_ = window
        self.desk = desk
        self.background = background
        self.bridge = Bridge(background, self)
        self.calls = CallDesk(desk, background, self.bridge, self)
        self._context = ScreenContext(desk, background, self.bridge, window)
        self._line_status: SourceStatus | None = None
        self._outbox_status: OutboxStatus | None = None
        self._lost_since: datetime | None = None
        self._refused: tuple[Refused, ...] = ()
        self._read_refusals: set[UUID] = set()  # news on its way may still speak of them
        self._connect()
        self.build()

    def start(self) -> None:
        """Begin to work: threads first, then what came back from the journal."""
        self.desk.start(self.bridge)
        self.background.run(self.desk.lanes.journal, self.desk.journal.kept_work, owner=self, done=self._on_kept)

    def stop(self) -> None:
        """Sign out and end the desk; what is not delivered stays in the journal."""
        self.calls.sign_out()
        self.background.close()
        self.desk.stop()

    def build(self) -> None:
        """Make state line and screens in the current language and put them in."""
        roles = self.desk.person.roles
        rows = [row for row in _SCREENS if row[0] & roles] or list(_SCREENS[:1])
        self.line = StateLine([(text(), icon) for _, text, icon, _ in rows], self.desk.person.name)
        self.screens = QStackedWidget()
        self.agent_screen: AgentScreen | None = None
        for row in rows:
            screen = self._make_screen(row[0])
            self.screens.addWidget(screen)
            if isinstance(screen, AgentScreen):
                self.agent_screen = screen
            elif self.agent_screen:
                install(screen, {Shortcut.ANSWER_CALL: self._answer_from_elsewhere})
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.line)
        layout.addWidget(self.screens, 1)
        self._connect_line()
        install(
            content,
            {
                Shortcut.HELP: self.window_.help.toggle,
                Shortcut.NEXT_SCREEN: self._next_screen,
                Shortcut.LARGER_FONT: partial(self._change_font, 1),
                Shortcut.SMALLER_FONT: partial(self._change_font, -1),
                **{row[3]: partial(self.show_screen, number) for number, row in enumerate(rows)},
            },
        )
        if self.calls.presence.is_agent:
            install(content, {Shortcut.AGENT_STATE: self.line.open_state_menu})
        else:
            self.line.hide_agent()
        self.window_.show_content(content)
        self.show_screen(0)
        self._show_status()

    def show_screen(self, number: int) -> None:
        """Bring a screen to the front."""
        self.screens.setCurrentIndex(number)
        self.line.show_screen(number)
        if screen := self.screens.widget(number):
            screen.setFocus(Qt.FocusReason.OtherFocusReason)

    def switch_language(self) -> None:
        """German or English, at once; the work goes on where it was."""
        choose_language(_app(), "en" if language() == "de" else "de")
        self._remember(language=language())
        self._build_anew()

    def switch_theme(self) -> None:
        """Light or dark, at once."""
        scheme = Scheme.LIGHT if theme.colours().is_dark else Scheme.DARK
        theme.apply(_app(), scheme, theme.font_px())
        self._remember(theme=str(scheme))

    def _make_screen(self, roles: frozenset[Role]) -> QWidget:
        if Role.SECOND_LEVEL in roles:
            return Workbench(self._context)
        if Role.SUPERVISOR in roles:
            return SupervisorBoard(self._context)
        return AgentScreen(self._context, self.calls)

    def _connect(self) -> None:
        self.bridge.source_status.connect(self._on_line)
        self.bridge.outbox_changed.connect(self._on_outbox)
        self.bridge.contact_changed.connect(self._on_contact)
        self.bridge.journal_changed.connect(self._on_journal)
        self.bridge.claim_answered.connect(self._on_claim)
        self.calls.presence.changed.connect(lambda agent: self.line.show_agent(agent))
        self.background.error_raised.connect(self._on_error)
        self.background.crashed.connect(self._on_crash)
        self.window_.refused_read.connect(self._on_refused_read)

    def _connect_line(self) -> None:
        self.line.screen_chosen.connect(self.show_screen)
        self.line.state_chosen.connect(self.calls.presence.choose)
        self.line.language_asked.connect(self.switch_language)
        self.line.theme_asked.connect(self.switch_theme)
        self.line.help_asked.connect(self.window_.help.toggle)

    def _show_status(self) -> None:
        self.line.show_agent(self.calls.presence.agent)
        if self._line_status:
            self.line.show_line(self._line_status)
        if self._outbox_status:
            self.line.show_outbox(self._outbox_status)
        self._show_trouble()

    def _next_screen(self) -> None:
        self.show_screen((self.screens.currentIndex() + 1) % self.screens.count())

    def _change_font(self, step: int) -> None:
        theme.apply(_app(), Scheme.DARK if theme.colours().is_dark else Scheme.LIGHT, theme.font_px() + step)
        self._remember(font_px=theme.font_px())
        self._build_anew()

    def _build_anew(self) -> None:
        """The screens in another language or size, each where the agent was in it."""
        number = self.screens.currentIndex()
        place = self.agent_screen.place if self.agent_screen else None
        self.build()
        self.show_screen(number)
        if place and self.agent_screen:
            self.agent_screen.go_to(place)

    def _answer_from_elsewhere(self) -> None:
        if self.calls.ringing:
            self.show_screen(0)
            self.calls.line.answer()

    def _remember(self, **changes: str | int) -> None:
        """Keep a choice for the next start; a settings file that cannot be written only loses the choice."""
        self.background.run(
            self.desk.lanes.journal, partial(_save, changes), owner=self, done=lambda _: None, failed=lambda _: None
        )

    def _on_kept(self, kept: tuple[object, ...]) -> None:
        if self.calls.begin(kept):  # type: ignore[arg-type]
            self.window_.warn(
                tr("Firstline was closed during a call. Your note is back; please finish the wrap-up."), Tone.INFO
            )
        self.opened.emit()

    def _on_line(self, status: SourceStatus) -> None:
        self._line_status = status
        self.line.show_line(status)
        self._show_trouble()

    def _on_outbox(self, status: OutboxStatus) -> None:
        self._outbox_status = status
        self.line.show_outbox(status)
        if status.refused_count:
            self.background.run(self.desk.lanes.journal, self.desk.journal.refused, owner=self, done=self._on_refused)

    def _on_refused(self, all_refused: tuple[Refused, ...]) -> None:
        """Tell what the database said no to, with what was typed; it is in the journal until that was read."""
        sentences = []
        refused = tuple(one for one in all_refused if one.command.id not in self._read_refusals)
        for one in refused:
            self.calls.outcome.reopen(one.command.id)
            text = _typed_text(one)
            sentence = f"{one.reason}\n{text}" if text else one.reason
            sentences.append(tr("Not done: {sentence}", sentence=sentence))
        self._refused = refused
        if sentences:
            self.window_.show_refused("\n".join(dict.fromkeys(sentences)))

    def _on_refused_read(self) -> None:
        self._read_refusals.update(one.command.id for one in self._refused)
        for one in self._refused:
            self.desk.lanes.journal.submit(partial(self.desk.outbox.dismiss, one.command.id))
        self._refused = ()

    def _on_contact(self, is_there: bool) -> None:
        self._lost_since = None if is_there else self._lost_since or datetime.now(UTC)
        self._show_trouble()

    def _show_trouble(self) -> None:
        sentences = []
        if self._lost_since:
            sentences.append(
                tr(
                    "No connection to the database since {time}. Search, notes and escalations go on;"
                    " they are delivered when it is back.",
                    time=clock_text(self._lost_since),
                )
            )
        if self._line_status and self._line_status.sentence:
            sentences.append(self._line_status.sentence)
        self.window_.show_trouble("  ".join(sentences))

    def _on_journal(self, sentence: str) -> None:
        if sentence:
            self.window_.warn(sentence, Tone.DANGER)

    def _on_claim(self, answer: ClaimAnswer) -> None:
        """What was told as not claimed, and was after all."""
        if answer.is_late and answer.case_id:
            number = case_number(answer.case_id)
            self.window_.warn(
                tr("Case {number} is yours: it was claimed before the connection broke.", number=number), Tone.INFO
            )

    def _on_error(self, error: FirstlineError) -> None:
        self.window_.warn(str(error))

    def _on_crash(self, kind: str) -> None:
        self.window_.warn(
            tr("Firstline made a mistake ({kind}). Your work is kept; please tell your administrator.", kind=kind)
        )


def _save(changes: Mapping[str, Any]) -> None:
    settings.save(replace(settings.load(), **changes))


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def _typed_text(refused: Refused) -> str:
    command = refused.command
    match command:
        case EscalateCase():
            return f"{command.case.number}: {command.hand_over.note}"
        case SolveWithAnswer():
            return f"{command.case.number}: {command.note}"
        case RecordCall():
            return command.note
        case SolveCase():
            return command.solution
        case ReturnCase():
            return command.reason
    return ""
