"""The rows behind a figure. They name an agent only where it is the agents' own state that is counted, and may be."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt

from app.domain.board import AgentNow, AnswerNow, CallBackNow, CallNow, CaseNow, GapNow, StepNow, waits
from app.domain.board_agents import AgentGroup
from app.domain.board_figures import SHARES, Behind, Counted, Measure
from app.i18n import tr
from app.telephony.numbers import readable
from ui.labels import clock_text, label
from ui.models.records import LEFT, RIGHT, Column
from ui.supervisor.figure_words import value_text
from ui.supervisor.moment import Moment
from ui.supervisor.tables import group_text, median_text
from ui.widgets.elapsed import duration_text

R = TypeVar("R")

_Columns = tuple[Column[Counted], ...]


def columns_of(behind: Behind, moment: Moment, *, names_agents: bool) -> _Columns:
    """What is shown of the rows of this figure."""
    match behind.figure.measure:
        case Measure.AGENTS:
            return _agents(moment) if names_agents else _agent_groups(moment)
        case Measure.CALL_BACKS_DUE:
            return _call_backs()
        case Measure.ANSWERS:
            return _answers()
        case Measure.GAPS:
            return _gaps()
        case Measure.ESCALATED_HOUR | Measure.ESCALATED_DAY | Measure.SOLVED_DAY:
            return _steps(behind.figure.measure)
        case Measure.CASES_WAITING | Measure.CASES_DUE_SOON | Measure.CASES_OVERDUE | Measure.CASES_CLAIMED:
            return _cases()
    return _calls(moment, is_share=behind.figure.measure in SHARES)


def _calls(moment: Moment, *, is_share: bool) -> _Columns:
    column = partial(_column, CallNow)
    counted = Column[Counted](title=lambda: tr("Counted"), text=lambda row: _yes_or_no(row.part), width=84)
    return (
        column(lambda: tr("Queued at"), lambda call: call.queued_at.astimezone().strftime("%H:%M:%S"), 100),
        column(lambda: tr("Queue"), lambda call: call.queue, 128),
        column(lambda: tr("Caller"), lambda call: call.caller),
        column(lambda: tr("State"), lambda call: label(call.state), 150),
        column(lambda: tr("Waited"), lambda call: _waited(call, moment()), 90, RIGHT),
        column(lambda: tr("What became of it"), _outcome, 156),
        *((counted,) if is_share else ()),
    )


def _agents(moment: Moment) -> _Columns:
    column = partial(_column, AgentNow)
    return (
        column(lambda: tr("Name"), lambda agent: agent.name),
        column(lambda: tr("State"), lambda agent: label(agent.state), 150),
        column(lambda: tr("Reason"), lambda agent: _label(agent.pause_code), 150),
        column(lambda: tr("Team"), lambda agent: agent.team_name, 150),
        column(lambda: tr("Time"), lambda agent: duration_text((moment() - agent.since).total_seconds()), 100, RIGHT),
    )


def _agent_groups(moment: Moment) -> _Columns:
    column = partial(_column, AgentGroup)
    return (
        column(lambda: tr("State"), group_text),
        column(lambda: tr("Agents"), lambda group: str(group.count), 100, RIGHT),
        column(lambda: tr("Time, median"), lambda group: median_text(group, moment), 180, RIGHT),
    )


def _cases() -> _Columns:
    column = partial(_column, CaseNow)
    return (
        column(lambda: tr("Case"), lambda case: case.number, 110),
        column(lambda: tr("Priority"), lambda case: label(case.priority), 80),
        column(lambda: tr("Title"), lambda case: case.title),
        column(lambda: tr("Opened"), lambda case: clock_text(case.opened_at), 136),
        column(lambda: tr("Here since"), lambda case: clock_text(case.level_since), 136),
        column(lambda: tr("Due"), lambda case: clock_text(case.due_at) if case.due_at else "", 136),
    )


def _steps(measure: Measure) -> _Columns:
    column = partial(_column, StepNow)
    why = column(lambda: tr("Reason"), lambda step: _label(step.reason), 220)
    return (
        column(lambda: tr("At"), lambda step: clock_text(step.at), 80),
        column(lambda: tr("Case"), lambda step: step.number, 110),
        column(lambda: tr("Title"), lambda step: step.title),
        column(lambda: tr("From"), lambda step: label(step.from_level), 120),
        column(lambda: tr("To"), lambda step: label(step.to_level), 120),
        *(() if measure is Measure.SOLVED_DAY else (why,)),
    )


def _call_backs() -> _Columns:
    column = partial(_column, CallBackNow)
    return (
        column(lambda: tr("Due"), lambda one: clock_text(one.due_at), 158),
        column(lambda: tr("Customer"), lambda one: one.name or readable(one.number)),
        column(lambda: tr("Number"), lambda one: readable(one.number), 170),
        column(lambda: tr("Why"), lambda one: label(one.kind), 200),
        column(lambda: tr("Since"), lambda one: clock_text(one.made_at), 130),
    )


def _answers() -> _Columns:
    column = partial(_column, AnswerNow)
    return (
        column(lambda: tr("Answer"), lambda answer: answer.title),
        column(lambda: tr("Solved"), lambda answer: str(answer.solved_count), 90, RIGHT),
        column(lambda: tr("Escalated"), lambda answer: str(answer.escalated_count), 120, RIGHT),
        column(lambda: tr("Only read"), lambda answer: str(answer.read_count), 110, RIGHT),
    )


def _gaps() -> _Columns:
    column = partial(_column, GapNow)
    return (
        column(lambda: tr("Searched for"), lambda gap: gap.text),
        column(lambda: tr("Result"), lambda gap: label(gap.kind), 230),
        column(lambda: tr("Times"), lambda gap: str(gap.count), 90, RIGHT),
    )


def _column(
    kind: type[R],
    title: Callable[[], str],
    text: Callable[[R], str],
    width: int = 0,
    alignment: Qt.AlignmentFlag = LEFT,
) -> Column[Counted]:
    """Of rows of this kind; without a width it takes the room that is left."""

    def shown(row: Counted) -> str:
        assert isinstance(row.record, kind)
        return text(row.record)

    return Column[Counted](title=title, text=shown, width=width, stretches=not width, alignment=alignment)


def _yes_or_no(part: int) -> str:
    return tr("yes") if part else tr("no")


def _waited(call: CallNow, now: datetime) -> str:
    left_at = call.facts and (call.facts.answered_at or call.facts.abandoned_at or call.facts.flowed_out_at)
    return value_text(left_at - call.queued_at if left_at else waits(call, now))


def _outcome(call: CallNow) -> str:
    facts = call.facts
    if facts is None or not (facts.answered_at or facts.abandoned_at or facts.flowed_out_at):
        return ""
    if facts.answered_at:
        return tr("answered")
    return tr("given up") if facts.abandoned_at else tr("left the queue")


def _label(word: Enum | None) -> str:
    return label(word) if word else ""
