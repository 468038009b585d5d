"""The tables of the knowledge screen."""

from datetime import date

from PySide6.QtGui import QColor, QIcon

from app.domain.knowledge import AnswerLine, AnswerState
from app.i18n import tr
from app.services.gap_groups import GapGroup
from ui import icons
from ui.labels import date_text, label
from ui.models.records import CENTRE, RIGHT, Column, RecordModel
from ui.theme import Tone, colours
from ui.widgets.record_table import RecordTable

_TONES = {
    AnswerState.DRAFT: Tone.INFO,
    AnswerState.REVIEW: Tone.WARNING,
    AnswerState.PUBLISHED: Tone.GOOD,
    AnswerState.RETIRED: Tone.NEUTRAL,
}
_ICONS = {
    AnswerState.DRAFT: "note",
    AnswerState.REVIEW: "clock",
    AnswerState.PUBLISHED: "check",
    AnswerState.RETIRED: "close",
}


def tone_of(state: AnswerState) -> Tone:
    return _TONES.get(state, Tone.NEUTRAL)


def icon_of(state: AnswerState) -> str:
    return _ICONS.get(state, "info")


class LineTable(RecordTable[AnswerLine]):
    def __init__(self) -> None:
        super().__init__(RecordModel(_line_columns()), lambda: tr("No answer is like that."))
        self.setAccessibleName(tr("Answers and drafts"))


class GapTable(RecordTable[GapGroup]):
    """Return makes a draft of the chosen one."""

    def __init__(self) -> None:
        super().__init__(RecordModel(_gap_columns()), lambda: tr("Nothing was searched in vain in the last 30 days."))
        self.setAccessibleName(tr("Gaps"))


def _line_columns() -> tuple[Column[AnswerLine], ...]:
    return (
        Column[AnswerLine](
            title=lambda: tr("Title"), text=lambda line: line.title, stretches=True, tool_tip=_tool_tip, icon=_icon
        ),
        Column[AnswerLine](title=lambda: "", text=lambda line: line.language, width=42, alignment=CENTRE),
        Column[AnswerLine](
            title=lambda: tr("State"),
            text=_standing,
            width=118,
            colour=_state_colour,
            tool_tip=_tool_tip,
        ),
        Column[AnswerLine](title=lambda: tr("Solved"), text=_solved_text, width=70, alignment=RIGHT),
    )


def _gap_columns() -> tuple[Column[GapGroup], ...]:
    return (
        Column[GapGroup](title=lambda: tr("Times"), text=lambda gap: str(gap.count), width=70, alignment=RIGHT),
        Column[GapGroup](
            title=lambda: tr("Searched in vain"),
            text=lambda gap: gap.texts[0],
            stretches=True,
            tool_tip=lambda gap: "\n".join(gap.texts[:12]),
        ),
        Column[GapGroup](title=lambda: "", text=lambda gap: gap.language, width=42, alignment=CENTRE),
        Column[GapGroup](title=lambda: tr("Product"), text=lambda gap: ", ".join(gap.products), width=84),
        Column[GapGroup](title=lambda: tr("Last"), text=lambda gap: date_text(gap.last_on), width=104),
    )


def _icon(line: AnswerLine) -> QIcon | None:
    return icons.icon(icon_of(line.state), colours().tone(tone_of(line.state))[0])


def _standing(line: AnswerLine) -> str:
    matter = _matter(line)
    return matter[:1].upper() + matter[1:] or label(line.state)


def _state_colour(line: AnswerLine) -> QColor | None:
    if line.flag_count:
        return colours().danger
    return colours().warning if _matter(line) else colours().tone(tone_of(line.state))[0]


def _solved_text(line: AnswerLine) -> str:
    return f"{line.solved_count}/{line.read_count}" if line.read_count else "–"


def _matter(line: AnswerLine) -> str:
    """What wants attention more than the state, which the icon says, too."""
    if line.flag_count:
        return tr("flagged")
    return tr("review due") if line.is_review_overdue(date.today()) else ""


def _pair(line: AnswerLine) -> str:
    if line.pair == "missing":
        return tr("no pair")
    return tr("pair older") if line.pair == "older" else ""


def _tool_tip(line: AnswerLine) -> str:
    version = tr("version {n}", n=line.version) if line.version else ""
    stands = ", ".join(filter(None, (label(line.state), _matter(line), _pair(line))))
    return "\n".join(filter(None, (line.title, line.key, version, stands, ", ".join(line.products), line.writer)))
