"""What is seen of an agent's console, what is done there often, and what the database has of it."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton

from app.db.rows import CallRow
from app.domain.answers import Answer, Hit
from app.domain.people import AgentState
from tests.ui.console import CERTAIN, Centre, Console
from ui.widgets.banner import Banner
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable

OpenConsole = Callable[..., Console]


def visible_texts(agent: Console, of: str) -> list[str]:
    labels = getattr(agent.screen, of).findChildren(PlainLabel)
    return [label.text() for label in labels if label.isVisible() and label.text()]


def banners(agent: Console) -> list[str]:
    return [b.text for b in agent.window.findChildren(Banner) if b.isVisible()]


def recorded(centre: Centre, call_id: UUID) -> CallRow:
    with centre.database.read() as session:
        return session.get_one(CallRow, call_id)


def focused() -> object:
    return QApplication.focusWidget()


def ask_for_escalation(agent: Console, digits: str = "") -> None:
    agent.press("F8")
    agent.wait(agent.screen.escalation.isVisible)
    agent.press(*digits)


def in_wrap_up(agent: Console, note: str = "") -> UUID:
    call_id = agent.take_call(CERTAIN)
    if note:
        agent.note(note)
    agent.hang_up()
    return call_id


def is_finished(agent: Console) -> bool:
    return agent.calls.work is None and agent.is_agent(AgentState.AVAILABLE)


def card_texts(agent: Console) -> list[str]:
    """What can be read on the card."""
    return visible_texts(agent, "card")


def button(agent: Console, text: str) -> QPushButton:
    return next(b for b in agent.screen.card.findChildren(QPushButton) if b.text() == text)


def picker(agent: Console) -> RecordTable:  # type: ignore[type-arg]
    return agent.child(RecordTable, "Who may be calling")


def candidates(agent: Console) -> list[list[str]]:
    """The rows of the list of those who may be calling."""
    model = picker(agent).records
    return [[model.data(model.index(row, column)) for column in (0, 1)] for row in range(model.rowCount())]


def titles(agent: Console) -> list[str]:
    return [hit.answer.title for hit in agent.screen.answers.list.hits.hits]


def boxes(agent: Console) -> list[QCheckBox]:
    """The boxes of the steps, as soon as they are laid out."""
    answer = agent.screen.reading.answer
    assert answer is not None

    def shown() -> list[QCheckBox]:
        return [box for box in agent.screen.reading.findChildren(QCheckBox) if box.isVisible()]

    agent.wait(lambda: len(shown()) == len(answer.steps))
    return shown()


def confirmation(agent: Console) -> list[str]:
    return visible_texts(agent, "confirmation")


def undo_button(agent: Console) -> QPushButton:
    return next(b for b in agent.screen.confirmation.findChildren(QPushButton) if b.text() == "Undo")


def opened(agent: Console) -> str:
    return agent.screen.reading.answer.title if agent.screen.reading.answer else ""


def hits(*answers: Answer) -> tuple[Hit, ...]:
    return tuple(Hit(answer=a, score=1.0, words=frozenset(), excerpt="") for a in answers)
