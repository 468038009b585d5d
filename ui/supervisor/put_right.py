"""Puts right the state of an agent whose desk died: asked once more before it is done."""

from collections.abc import Iterable
from functools import partial
from itertools import groupby

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from app.domain.board import AgentNow
from app.domain.people import AgentState
from app.i18n import tr
from ui.widgets.key_button import KeyButton


class PutRight(KeyButton):
    """About the agent that is chosen in the list; where the list names nobody, it asks for the name first."""

    sign_out_asked = Signal(object)
    """The AgentNow whose desk died."""

    names_asked = Signal()
    """Who is signed in? To be answered with `offer()`."""

    def __init__(self) -> None:
        super().__init__("", kind="ghost")
        self._agent: AgentNow | None = None
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
        self._agent, self._is_asking = agent, False
        self._show()

    def offer(self, agents: Iterable[AgentNow]) -> None:
        """Let one be chosen by name, those of a team together."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for team_name, of_team in groupby(sorted(agents, key=_team_and_name), key=lambda agent: agent.team_name):
            menu.addSection(team_name)
            for agent in of_team:
                menu.addAction(agent.name.replace("&", "&&")).triggered.connect(partial(self._ask, agent))
        if menu.isEmpty():
            menu.addAction(tr("Nobody is signed in.")).setEnabled(False)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _ask(self, agent: AgentNow, _: bool = False) -> None:
        self._agent, self._is_asking = agent, True
        self._show()
        self.setFocus()

    def _on_clicked(self) -> None:
        agent = self._agent
        if agent is None:
            self.names_asked.emit()
        elif self._is_asking:
            self.choose(agent if self._names_agents else None)
            self.sign_out_asked.emit(agent)
        else:
            self._ask(agent)

    def _show(self) -> None:
        agent = self._agent
        is_asking = agent is not None and self._is_asking
        name = agent.name if agent else ""
        self.setText(tr("The desk is dead: sign out {name}?", name=name) if is_asking else tr("Put right …"))
        is_in = agent is not None and agent.state is not AgentState.SIGNED_OUT
        self.setEnabled(is_in or not self._names_agents)


def _team_and_name(agent: AgentNow) -> tuple[str, str]:
    return agent.team_name, agent.name
