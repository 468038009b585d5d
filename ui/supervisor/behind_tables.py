"""The rows behind a figure. They name a person only where it is the person's own state that is counted."""

from collections.abc import Callable
from datetime import datetime

from app.domain.board import AgentNow, AnswerNow, CallBackNow, CallNow, CaseNow, GapNow, StepNow, waits
from app.domain.board_figures import SHARES, Behind, Counted, Measure
from app.i18n import tr
from ui.labels import clock_text, label
from ui.models.records import RIGHT, Column
from ui.supervisor.figure_words import value_text
from ui.supervisor.moment import Moment
from ui.widgets.elapsed import duration_text

_Columns = tuple[Column[Counted], ...]


def columns_of(behind: Behind, moment: Moment) -> _Columns:
    """What is shown of the rows of this figure."""
    match behind.figure.measure:
        case Measure.AGENTS:
            return _agents(moment)
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
    counted = (_text(lambda: tr("Counted"), lambda row: _yes_or_no(row.part), width=100),) if is_share else ()
    return (
        _text(lambda: tr("Queued at"), lambda row: _call(row).queued_at.astimezone().strftime("%H:%M:%S"), width=100),
        _text(lambda: tr("Queue"), lambda row: _call(row).queue, width=150),
        _text(lambda: tr("Caller"), lambda row: _call(row).caller, stretches=True),
        _text(lambda: tr("State"), lambda row: label(_call(row).state), width=150),
        _text(lambda: tr("Waited"), lambda row: _waited(_call(row), moment()), width=90, is_number=True),
        _text(lambda: tr("What became of it"), lambda row: _outcome(_call(row)), width=170),
        *counted,
    )


def _agents(moment: Moment) -> _Columns:
    return (
        _text(lambda: tr("Name"), lambda row: _agent(row).name, stretches=True),
        _text(lambda: tr("State"), lambda row: label(_agent(row).state), width=130),
        _text(lambda: tr("Reason"), lambda row: _pause(_agent(row)), width=150),
        _text(lambda: tr("Team"), lambda row: _agent(row).team_name, width=150),
        _text(
            lambda: tr("Time"),
            lambda row: duration_text((moment() - _agent(row).since).total_seconds()),
            width=100,
            is_number=True,
        ),
    )


def _cases() -> _Columns:
    return (
        _text(lambda: tr("Case"), lambda row: _case(row).number, width=110),
        _text(lambda: tr("Priority"), lambda row: label(_case(row).priority), width=80),
        _text(lambda: tr("Title"), lambda row: _case(row).title, stretches=True),
        _text(lambda: tr("Opened"), lambda row: clock_text(_case(row).opened_at), width=140),
        _text(lambda: tr("Here since"), lambda row: clock_text(_case(row).level_since), width=140),
        _text(lambda: tr("Due"), lambda row: _due(_case(row)), width=140),
    )


def _steps(measure: Measure) -> _Columns:
    why = (_text(lambda: tr("Reason"), lambda row: _reason(_step(row)), width=220),)
    return (
        _text(lambda: tr("At"), lambda row: clock_text(_step(row).at), width=80),
        _text(lambda: tr("Case"), lambda row: _step(row).number, width=110),
        _text(lambda: tr("Title"), lambda row: _step(row).title, stretches=True),
        _text(lambda: tr("From"), lambda row: label(_step(row).from_level), width=120),
        _text(lambda: tr("To"), lambda row: label(_step(row).to_level), width=120),
        *(() if measure is Measure.SOLVED_DAY else why),
    )


def _call_backs() -> _Columns:
    return (
        _text(lambda: tr("Due"), lambda row: clock_text(_call_back(row).due_at), width=130),
        _text(lambda: tr("Customer"), lambda row: _call_back(row).name or _call_back(row).number, stretches=True),
        _text(lambda: tr("Number"), lambda row: _call_back(row).number, width=170),
        _text(lambda: tr("Why"), lambda row: label(_call_back(row).kind), width=200),
        _text(lambda: tr("Since"), lambda row: clock_text(_call_back(row).made_at), width=130),
    )


def _answers() -> _Columns:
    return (
        _text(lambda: tr("Answer"), lambda row: _answer(row).title, stretches=True),
        _text(lambda: tr("Solved"), lambda row: str(_answer(row).solved_count), width=90, is_number=True),
        _text(lambda: tr("Escalated"), lambda row: str(_answer(row).escalated_count), width=120, is_number=True),
        _text(lambda: tr("Only read"), lambda row: str(_answer(row).read_count), width=110, is_number=True),
    )


def _gaps() -> _Columns:
    return (
        _text(lambda: tr("Searched for"), lambda row: _gap(row).text, stretches=True),
        _text(lambda: tr("Result"), lambda row: label(_gap(row).kind), width=230),
        _text(lambda: tr("Times"), lambda row: str(_gap(row).count), width=90, is_number=True),
    )


def _text(
    title: Callable[[], str],
    text: Callable[[Counted], str],
    *,
    width: int = 0,
    stretches: bool = False,
    is_number: bool = False,
) -> Column[Counted]:
    if is_number:
        return Column[Counted](title=title, text=text, width=width, stretches=stretches, alignment=RIGHT)
    return Column[Counted](title=title, text=text, width=width, stretches=stretches)


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


def _pause(agent: AgentNow) -> str:
    return label(agent.pause_code) if agent.pause_code else ""


def _due(case: CaseNow) -> str:
    return clock_text(case.due_at) if case.due_at else ""


def _reason(step: StepNow) -> str:
    return label(step.reason) if step.reason else ""


def _call(row: Counted) -> CallNow:
    assert isinstance(row.record, CallNow)
    return row.record


def _agent(row: Counted) -> AgentNow:
    assert isinstance(row.record, AgentNow)
    return row.record


def _case(row: Counted) -> CaseNow:
    assert isinstance(row.record, CaseNow)
    return row.record


def _step(row: Counted) -> StepNow:
    assert isinstance(row.record, StepNow)
    return row.record


def _call_back(row: Counted) -> CallBackNow:
    assert isinstance(row.record, CallBackNow)
    return row.record


def _answer(row: Counted) -> AnswerNow:
    assert isinstance(row.record, AnswerNow)
    return row.record


def _gap(row: Counted) -> GapNow:
    assert isinstance(row.record, GapNow)
    return row.record
