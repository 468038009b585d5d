"""The lists of the board: agents, calls, answers and searches in vain as they are now."""

from PySide6.QtGui import QColor

from app.domain.board import AgentNow, AnswerNow, CallNow, GapNow
from app.i18n import tr
from ui import icons
from ui.labels import label
from ui.looks import AGENT_LOOKS, CALL_LOOKS
from ui.models.records import RIGHT, Column, RecordModel
from ui.supervisor.moment import Moment
from ui.theme import colours
from ui.widgets.elapsed import duration_text


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
                width=168,
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


def answers_model() -> RecordModel[AnswerNow]:
    """What became of the answers that were opened today."""
    return RecordModel[AnswerNow](
        (
            Column[AnswerNow](title=lambda: tr("Answer"), text=lambda answer: answer.title, stretches=True),
            Column[AnswerNow](
                title=lambda: tr("Solved"), text=lambda answer: str(answer.solved_count), alignment=RIGHT, width=80
            ),
            Column[AnswerNow](
                title=lambda: tr("Escalated"),
                text=lambda answer: str(answer.escalated_count),
                alignment=RIGHT,
                width=108,
            ),
            Column[AnswerNow](
                title=lambda: tr("Only read"), text=lambda answer: str(answer.read_count), alignment=RIGHT, width=100
            ),
        )
    )


def gaps_model() -> RecordModel[GapNow]:
    """What was searched today in vain."""
    return RecordModel[GapNow](
        (
            Column[GapNow](title=lambda: tr("Searched for"), text=lambda gap: gap.text, stretches=True),
            Column[GapNow](title=lambda: tr("Result"), text=lambda gap: label(gap.kind), width=210),
            Column[GapNow](title=lambda: tr("Times"), text=lambda gap: str(gap.count), alignment=RIGHT, width=70),
        )
    )


def _agent_colour(agent: AgentNow, moment: Moment) -> QColor:
    return colours().muted if moment.is_old else colours().tone(AGENT_LOOKS[agent.state][0])[0]


def _call_colour(call: CallNow, moment: Moment) -> QColor:
    return colours().muted if moment.is_old else colours().tone(CALL_LOOKS[call.state][0])[0]


def _duration_meaning(call: CallNow) -> str:
    return tr("Time since the call was answered") if call.answered_at else tr("Time since the call began to wait")
