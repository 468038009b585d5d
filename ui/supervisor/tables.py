"""The lists of the board: agents, calls and queues as they are now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtGui import QColor

from app.domain.board import AgentNow, CallNow, QueueNow
from app.domain.cases import Level
from app.i18n import tr
from ui import icons
from ui.labels import age_text, label
from ui.looks import AGENT_LOOKS, CALL_LOOKS
from ui.models.records import RIGHT, Column, RecordModel
from ui.theme import colours
from ui.widgets.elapsed import duration_text


class Moment:
    """The time as of which the board is shown: now, or that of the last read while the database is away."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._stopped_at: datetime | None = None

    @property
    def is_old(self) -> bool:
        """Time stands still."""
        return self._stopped_at is not None

    def stop(self, at: datetime) -> None:
        """Show the board as of `at`."""
        self._stopped_at = at

    def go_on(self) -> None:
        """Show the board as of now."""
        self._stopped_at = None

    def __call__(self) -> datetime:
        return self._stopped_at or self._now()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A queue as a row, known by its level."""

    id: Level
    queue: QueueNow


def agents_model(moment: Moment) -> RecordModel[AgentNow]:
    """The present state of each agent, and nothing else of a person; what a wide window has left goes to the reason."""
    return RecordModel[AgentNow](
        (
            Column[AgentNow](title=lambda: tr("Name"), text=lambda agent: agent.name, width=152),
            Column[AgentNow](
                title=lambda: tr("State"),
                text=lambda agent: label(agent.state),
                icon=lambda agent: icons.icon(AGENT_LOOKS[agent.state][1], _agent_colour(agent, moment)),
                colour=lambda agent: _agent_colour(agent, moment),
                width=170,
            ),
            Column[AgentNow](
                title=lambda: tr("Time"),
                text=lambda agent: duration_text((moment() - agent.since).total_seconds()),
                alignment=RIGHT,
                width=74,
            ),
            Column[AgentNow](
                title=lambda: tr("Reason"),
                text=lambda agent: label(agent.pause_code) if agent.pause_code else "",
                stretches=True,
            ),
            Column[AgentNow](title=lambda: tr("Team"), text=lambda agent: agent.team_name, width=90),
        )
    )


def calls_model(moment: Moment) -> RecordModel[CallNow]:
    """Calls that are not closed, longest first."""
    return RecordModel[CallNow](
        (
            Column[CallNow](title=lambda: tr("Caller"), text=lambda call: call.caller, width=140),
            Column[CallNow](
                title=lambda: tr("State"),
                text=lambda call: label(call.state),
                icon=lambda call: icons.icon(CALL_LOOKS[call.state][1], _call_colour(call, moment)),
                colour=lambda call: _call_colour(call, moment),
                width=154,
            ),
            Column[CallNow](
                title=lambda: tr("Duration"),
                text=lambda call: duration_text((moment() - (call.answered_at or call.queued_at)).total_seconds()),
                tool_tip=_duration_meaning,
                alignment=RIGHT,
                width=78,
            ),
            Column[CallNow](title=lambda: tr("Agent"), text=lambda call: call.agent_name, stretches=True),
            Column[CallNow](title=lambda: tr("Queue"), text=lambda call: call.queue, width=122),
        )
    )


def queues_model(moment: Moment) -> RecordModel[QueueLine]:
    """Second and third level."""
    return RecordModel[QueueLine](
        (
            Column[QueueLine](title=lambda: tr("Level"), text=lambda line: label(line.id), stretches=True),
            Column[QueueLine](
                title=lambda: tr("Waiting"), text=lambda line: str(line.queue.waiting_count), alignment=RIGHT, width=84
            ),
            Column[QueueLine](
                title=lambda: tr("Overdue"),
                text=lambda line: str(line.queue.overdue_count),
                colour=lambda line: _late_colour(line, moment),
                alignment=RIGHT,
                width=98,
            ),
            Column[QueueLine](
                title=lambda: tr("In progress"),
                text=lambda line: str(line.queue.claimed_count),
                alignment=RIGHT,
                width=122,
            ),
            Column[QueueLine](
                title=lambda: tr("Oldest"), text=lambda line: _oldest(line, moment), alignment=RIGHT, width=104
            ),
        )
    )


def _agent_colour(agent: AgentNow, moment: Moment) -> QColor:
    return colours().muted if moment.is_old else colours().tone(AGENT_LOOKS[agent.state][0])[0]


def _call_colour(call: CallNow, moment: Moment) -> QColor:
    return colours().muted if moment.is_old else colours().tone(CALL_LOOKS[call.state][0])[0]


def _late_colour(line: QueueLine, moment: Moment) -> QColor | None:
    """Danger, when a promise is broken; the column's title and the number say it without colour."""
    if line.queue.overdue_count == 0:
        return None
    return colours().muted if moment.is_old else colours().danger


def _oldest(line: QueueLine, moment: Moment) -> str:
    since = line.queue.oldest_since
    return age_text((moment() - since).total_seconds()) if since else "–"


def _duration_meaning(call: CallNow) -> str:
    return tr("Time since the call was answered") if call.answered_at else tr("Time since the call began to wait")
