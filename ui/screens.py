"""The screens of the console, from left to right: who has them, their name, icon and key, and how they are made."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.domain.people import Role
from app.i18n import tr
from ui.agent.screen import AgentScreen
from ui.call_backs.screen import CallBackScreen
from ui.call_desk import CallDesk
from ui.context import ScreenContext
from ui.history.screen import HistoryScreen
from ui.knowledge import KnowledgeScreen
from ui.problems.screen import ProblemScreen
from ui.shortcuts import Shortcut
from ui.supervisor.screen import SupervisorBoard
from ui.widgets.empty_state import EmptyState
from ui.workbench.screen import Workbench


@dataclass(frozen=True, slots=True)
class Screen:
    """One tab; it is made anew when the language changes."""

    roles: frozenset[Role]
    text: Callable[[], str]
    icon: str
    key: Shortcut
    make: Callable[[ScreenContext, CallDesk], QWidget]


_TAKES_CALLS = frozenset({Role.FIRST_LEVEL})
_TAKES_CASES = frozenset({Role.SECOND_LEVEL, Role.THIRD_LEVEL})
_WRITES = _TAKES_CASES | {Role.EDITOR}
_LEADS = frozenset({Role.SUPERVISOR})

SCREENS = (
    Screen(_TAKES_CALLS, lambda: tr("Calls"), "headset", Shortcut.SCREEN_AGENT, AgentScreen),
    Screen(_TAKES_CALLS, lambda: tr("Call-backs"), "clock", Shortcut.SCREEN_CALL_BACKS, lambda c, _: CallBackScreen(c)),
    Screen(_TAKES_CASES, lambda: tr("Cases"), "queue", Shortcut.SCREEN_QUEUE, lambda c, _: Workbench(c)),
    Screen(_WRITES, lambda: tr("Knowledge"), "file", Shortcut.SCREEN_KNOWLEDGE, lambda c, _: KnowledgeScreen(c)),
    Screen(_LEADS, lambda: tr("Board"), "board", Shortcut.SCREEN_BOARD, lambda c, _: SupervisorBoard(c)),
    Screen(_WRITES | _LEADS, lambda: tr("Problems"), "flag", Shortcut.SCREEN_PROBLEMS, lambda c, _: ProblemScreen(c)),
    Screen(_LEADS, lambda: tr("History"), "chart", Shortcut.SCREEN_HISTORY, lambda c, _: HistoryScreen(c)),
)


def no_screen() -> EmptyState:
    """For whoever has no screen: an administrator alone."""
    return EmptyState(
        "key",
        tr("Your role has no screen here."),
        tr("Administrators work with firstline-admin, at the command line. Other roles give you their screens."),
    )
