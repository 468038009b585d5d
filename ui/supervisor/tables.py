"""The lists of the board: agents, calls, answers and searches in vain as they are now."""

from PySide6.QtGui import QColor, QIcon

from app.domain.board import AgentNow, AnswerNow, CallNow, GapNow
from app.domain.board_agents import AgentGroup
from app.domain.people import AgentState
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
                icon=lambda agent: icons.icon(AGENT_LOOKS[agent.state][1], _state_colour(agent.state, moment)),
                colour=lambda agent: _state_colour(agent.state, moment),
                width=170,
            ),
            Column[AgentNow](
                title=lambda: tr("Time"),
                text=lambda agent: duration_text((moment() - agent.since).total_seconds()),
                alignment=RIGHT,
                width=88,
            ),
            Column[AgentNow](
                title=lambda: tr("Reason"),
                text=lambda agent: label(agent.pause_code) if agent.pause_code else "",
                stretches=True,
            ),
            Column[AgentNow](title=lambda: tr("Team"), text=lambda agent: agent.team_name, width=90),
        )
    )


def agent_groups_model(moment: Moment) -> RecordModel[AgentGroup]:
    """How many agents are in each state; nobody is told apart."""
    return RecordModel[AgentGroup](
        (
            Column[AgentGroup](
                title=lambda: tr("State"),
                text=group_text,
                icon=lambda group: _group_icon(group, moment),
                colour=lambda group: _state_colour(group.state, moment) if group.state else None,
                tool_tip=lambda group: "" if group.state else tr("In which states, is told of five agents or more."),
                stretches=True,
            ),
            Column[AgentGroup](
                title=lambda: tr("Agents"), text=lambda group: str(group.count), alignment=RIGHT, width=90
            ),
            Column[AgentGroup](
                title=lambda: tr("Time, median"),
                text=lambda group: median_text(group, moment),
                tool_tip=lambda _: tr("Half of them are in this state for longer; told of five agents or more."),
                alignment=RIGHT,
                width=130,
            ),
        )
    )


def group_text(group: AgentGroup) -> str:
    """The state of the group; of fewer than five agents at work only that they are."""
    return label(group.state) if group.state else tr("At work")


def _group_icon(group: AgentGroup, moment: Moment) -> QIcon:
    if group.state is None:
        return icons.icon("users", colours().muted)
    return icons.icon(AGENT_LOOKS[group.state][1], _state_colour(group.state, moment))


def median_text(group: AgentGroup, moment: Moment) -> str:
    """How long half of the group are in their state; “–” where that would be the time of one of a few."""
    return duration_text((moment() - group.median_since).total_seconds()) if group.median_since else "–"


def calls_model(moment: Moment) -> RecordModel[CallNow]:
    """Calls that are not closed, longest first."""
    return RecordModel[CallNow](
        (
            Column[CallNow](title=lambda: tr("Caller"), text=lambda call: call.caller, stretches=True),
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
                width=88,
            ),
            Column[CallNow](title=lambda: tr("Agent"), text=lambda call: call.agent_name, width=132),
            Column[CallNow](title=lambda: tr("Queue"), text=lambda call: call.queue, width=128),
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


def _state_colour(state: AgentState, moment: Moment) -> QColor:
    return colours().muted if moment.is_old else colours().tone(AGENT_LOOKS[state][0])[0]


def _call_colour(call: CallNow, moment: Moment) -> QColor:
    return colours().muted if moment.is_old else colours().tone(CALL_LOOKS[call.state][0])[0]


def _duration_meaning(call: CallNow) -> str:
    return tr("Time since the call was answered") if call.answered_at else tr("Time since the call began to wait")
