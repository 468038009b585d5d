"""The screens of the console, from left to right: who has them, their name, icon and key."""

from collections.abc import Callable

from app.domain.people import Role
from app.i18n import tr
from ui.shortcuts import Shortcut
from ui.widgets.empty_state import EmptyState

_PROBLEM_ROLES = frozenset({Role.SECOND_LEVEL, Role.THIRD_LEVEL, Role.SUPERVISOR, Role.EDITOR})
_WRITERS = frozenset({Role.EDITOR, Role.SECOND_LEVEL, Role.THIRD_LEVEL})
SCREENS: tuple[tuple[frozenset[Role], Callable[[], str], str, Shortcut], ...] = (
    (frozenset({Role.FIRST_LEVEL}), lambda: tr("Calls"), "headset", Shortcut.SCREEN_AGENT),
    (frozenset({Role.FIRST_LEVEL}), lambda: tr("Call-backs"), "clock", Shortcut.SCREEN_CALL_BACKS),
    (frozenset({Role.SECOND_LEVEL, Role.THIRD_LEVEL}), lambda: tr("Cases"), "queue", Shortcut.SCREEN_QUEUE),
    (_WRITERS, lambda: tr("Knowledge"), "file", Shortcut.SCREEN_KNOWLEDGE),
    (frozenset({Role.SUPERVISOR}), lambda: tr("Board"), "board", Shortcut.SCREEN_BOARD),
    (_PROBLEM_ROLES, lambda: tr("Problems"), "flag", Shortcut.SCREEN_PROBLEMS),
    (frozenset({Role.SUPERVISOR}), lambda: tr("History"), "chart", Shortcut.SCREEN_HISTORY),
)


def no_screen() -> EmptyState:
    """For whoever has no screen: an administrator alone."""
    return EmptyState(
        "key",
        tr("Your role has no screen here."),
        tr("Administrators work with firstline-admin, at the command line. Other roles give you their screens."),
    )
