"""Puts right the state of an agent whose desk died: asked once more before it is done."""

from collections.abc import Iterable
from functools import partial
from itertools import groupby

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QMenu

from app.domain.board import AgentNow, DeadDesk
from app.domain.people import AgentState
from app.i18n import tr
from ui.plain_text import in_menu
from ui.widgets.key_button import KeyButton

_STAYS_HERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class PutRight(KeyButton):
    """About the agent that is chosen in the list; where the list names nobody, it asks for the name first."""

    sign_out_asked = Signal(object)
    """The DeadDesk."""

    asking = Signal(bool)
    """Whether it asks now: the question needs room."""

    names_asked = Signal()
    """Whose desk can it be? To be answered with `offer()`."""

    def __init__(self) -> None:
        super().__init__("", kind="ghost")
        self._desk: DeadDesk | None = None
        self._is_in = False
        self._is_asking = False
        self._names_agents = False
        self.setToolTip(tr("Sign out an agent whose desk died and shows a state that is not true any more"))
        self.clicked.connect(self._on_clicked)
        self._show()

    def set_naming(self, names_agents: bool) -> None:
        """Whether the list says who is in which state."""
        if names_agents is not self._names_agents:
            self._names_agents = names_agents
            self.choose(None)

    def choose(self, agent: AgentNow | None) -> None:
        """Another one is chosen, or the same in another state: nothing is asked any more."""
        self._desk = None
        if agent is not None:
            self._desk = DeadDesk(id=agent.id, name=agent.name, team_name=agent.team_name, told_until=agent.since)
        self._is_in = agent is not None and agent.state is not AgentState.SIGNED_OUT
        self._is_asking = False
        self._show()

    def offer(self, desks: Iterable[DeadDesk]) -> None:
        """Let one be chosen by name, those of a team together."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for team_name, of_team in groupby(sorted(desks, key=_team_and_name), key=lambda desk: desk.team_name):
            sub = menu.addMenu(in_menu(team_name))
            for desk in of_team:
                sub.addAction(in_menu(desk.name)).triggered.connect(partial(self._ask, desk))
        if menu.isEmpty():
            menu.addAction(tr("Nobody takes calls here.")).setEnabled(False)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape: not that one."""
        if event.key() == Qt.Key.Key_Escape and self._is_asking:
            self._withdraw()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who goes on to something else has not said yes; another window in front says nothing."""
        super().focusOutEvent(event)
        if self._is_asking and event.reason() not in _STAYS_HERE:
            self._withdraw()

    def _withdraw(self) -> None:
        self._is_asking = False
        if not self._names_agents:
            self._desk = None
        self._show()

    def _ask(self, desk: DeadDesk, _: bool = False) -> None:
        self._desk, self._is_asking = desk, True
        self._show()
        self.setFocus()

    def _on_clicked(self) -> None:
        desk = self._desk
        if desk is None:
            self.names_asked.emit()
        elif self._is_asking:
            self._withdraw()
            self.sign_out_asked.emit(desk)
        else:
            self._ask(desk)

    def _show(self) -> None:
        desk = self._desk
        is_asking = desk is not None and self._is_asking
        name = desk.name if desk else ""
        self.setText(tr("The desk is dead: sign out {name}?", name=name) if is_asking else tr("Put right …"))
        self.setEnabled(self._is_in or not self._names_agents)
        self.asking.emit(is_asking)


def _team_and_name(desk: DeadDesk) -> tuple[str, str]:
    return desk.team_name, desk.name
