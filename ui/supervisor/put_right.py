"""Puts right the state of an agent whose desk died: asked once more before it is done."""

from collections.abc import Iterable
from functools import partial
from itertools import groupby

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from app.domain.board import AgentNow, DeadDesk
from app.domain.people import AgentState
from app.i18n import tr
from ui.widgets.key_button import KeyButton


class PutRight(KeyButton):
    """About the agent that is chosen in the list; where the list names nobody, it asks for the name first."""

    sign_out_asked = Signal(object)
    """The DeadDesk."""

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
            sub = menu.addMenu(team_name.replace("&", "&&"))
            for desk in of_team:
                sub.addAction(desk.name.replace("&", "&&")).triggered.connect(partial(self._ask, desk))
        if menu.isEmpty():
            menu.addAction(tr("Nobody takes calls here.")).setEnabled(False)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _ask(self, desk: DeadDesk, _: bool = False) -> None:
        self._desk, self._is_asking = desk, True
        self._show()
        self.setFocus()

    def _on_clicked(self) -> None:
        desk = self._desk
        if desk is None:
            self.names_asked.emit()
        elif self._is_asking:
            self._desk, self._is_asking = desk if self._names_agents else None, False
            self._show()
            self.sign_out_asked.emit(desk)
        else:
            self._ask(desk)

    def _show(self) -> None:
        desk = self._desk
        is_asking = desk is not None and self._is_asking
        name = desk.name if desk else ""
        self.setText(tr("The desk is dead: sign out {name}?", name=name) if is_asking else tr("Put right …"))
        self.setEnabled(self._is_in or not self._names_agents)


def _team_and_name(desk: DeadDesk) -> tuple[str, str]:
    return desk.team_name, desk.name
