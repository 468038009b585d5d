"""The lists of the screen: problems, cases of one, customers to call back."""

from PySide6.QtGui import QColor

from app.domain.problems import Link, ProblemCase, ProblemLine, ToCallBack
from app.i18n import tr
from app.telephony.numbers import readable
from ui.labels import clock_text, label
from ui.models.records import Column, RecordModel
from ui.problem_looks import STATE_LOOKS
from ui.theme import Tone, colours
from ui.widgets.record_table import RecordTable


def problem_table() -> RecordTable[ProblemLine]:
    columns = (
        Column[ProblemLine](title=lambda: tr("Problem"), text=lambda one: one.problem.name, width=78),
        Column[ProblemLine](title=lambda: tr("Title"), text=lambda one: one.problem.words.title, stretches=True),
        Column[ProblemLine](
            title=lambda: tr("State"), text=lambda one: label(one.problem.state), colour=_state_colour, width=94
        ),
        Column[ProblemLine](title=lambda: tr("Cases"), text=_cases_text, width=62, tool_tip=_cases_tip),
    )
    table = RecordTable(RecordModel(columns), lambda: tr("No known problem yet."))
    table.setAccessibleName(tr("Known problems"))
    return table


def case_table() -> RecordTable[ProblemCase]:
    columns = (
        Column[ProblemCase](title=lambda: tr("Case"), text=lambda one: one.number, width=92),
        Column[ProblemCase](title=lambda: tr("Title"), text=lambda one: one.title, stretches=True),
        Column[ProblemCase](title=lambda: tr("State"), text=_case_state, width=320),
    )
    table = RecordTable(RecordModel(columns), lambda: tr("No case that you see is attached."))
    table.setAccessibleName(tr("Cases of the problem"))
    return table


def call_table() -> RecordTable[ToCallBack]:
    columns = (
        Column[ToCallBack](title=lambda: tr("Customer"), text=_who, stretches=True),
        Column[ToCallBack](title=lambda: tr("Number"), text=lambda one: readable(one.number), width=150),
        Column[ToCallBack](title=lambda: tr("Case"), text=lambda one: one.case_number, width=92),
        Column[ToCallBack](
            title=lambda: tr("Call-back"), text=lambda one: tr("Promised") if one.is_promised else "–", width=110
        ),
    )
    table = RecordTable(RecordModel(columns), lambda: tr("Nobody is to be called."))
    table.setAccessibleName(tr("Customers to call back"))
    return table


def _state_colour(one: ProblemLine) -> QColor | None:
    tone = STATE_LOOKS[one.problem.state][0]
    return colours().tone(tone)[0] if tone is not Tone.NEUTRAL else colours().muted


def _cases_text(one: ProblemLine) -> str:
    return f"{one.case_count} +{one.suggested_count}" if one.suggested_count else str(one.case_count)


def _cases_tip(one: ProblemLine) -> str:
    return tr(
        "{attached} attached, {waiting} of them not solved with it; {suggested} suggested by the radar",
        attached=one.case_count,
        waiting=one.waiting_count,
        suggested=one.suggested_count,
    )


def _case_state(one: ProblemCase) -> str:
    if one.link is Link.SUGGESTED:
        return tr("suggested by the radar")
    if one.solved_at:
        return tr("solved with it, {time}", time=clock_text(one.solved_at))
    return " · ".join(filter(None, (label(one.level), label(one.state), one.owner_name)))


def _who(one: ToCallBack) -> str:
    return ", ".join(filter(None, (one.name, one.company)))
