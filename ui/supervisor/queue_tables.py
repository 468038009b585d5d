"""The lists of queues and of what first level needs: each row is a figure too, and opens what it was counted from."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtGui import QColor

from app.domain.board import Board, CaseNow
from app.domain.board_figures import Figure, Measure, value
from app.domain.cases import CaseState, EscalationReason, Level, Priority
from app.domain.metrics.backlog import BacklogAge, backlog_age
from app.i18n import tr
from ui.labels import age_text, label
from ui.models.records import RIGHT, Column, RecordModel
from ui.supervisor.figure_words import value_text
from ui.supervisor.moment import Moment
from ui.theme import colours


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row that stands for a figure, with the texts of its columns; `is_late` paints its `late` column in red."""

    id: Figure
    texts: tuple[str, ...]
    is_late: bool = False
    since: datetime | None = None  # of the oldest that waits
    priority: Priority | None = None


def call_queues(board: Board, now: datetime) -> Iterator[Line]:
    """The queues that calls came to today, or that have rules of their own."""
    for queue in sorted({*board.tallies, *board.rules, *(call.queue for call in board.calls_now)}):
        figures = [
            Figure(measure=measure, queue=queue)
            for measure in (Measure.CALLS_WAITING, Measure.LONGEST_WAIT, Measure.SERVICE_LEVEL, Measure.ABANDONMENT)
        ]
        shown = tuple(value_text(value(board, figure, now)) for figure in figures)
        yield Line(id=figures[2], texts=(queue or tr("without a queue"), *shown))


def levels(board: Board, now: datetime) -> Iterator[Line]:
    """What first level has, then second and third level, each with its priorities that have cases."""
    yield _first_level(board, now)
    for level in (Level.SECOND, Level.THIRD):
        here = replace(board, cases=tuple(case for case in board.cases if case.level is level))
        yield _level(here, now, label(level), level, None)
        by_priority: dict[Priority, list[CaseNow]] = defaultdict(list)
        for case in here.cases:
            if case.state is not CaseState.OPEN:
                by_priority[case.priority].append(case)
        for priority, cases in sorted(by_priority.items()):
            yield _level(replace(board, cases=tuple(cases)), now, label(priority), level, priority)


def reasons(board: Board, now: datetime) -> Iterator[Line]:
    """Why cases were escalated today, the most frequent first."""
    counts = {
        reason: tuple(_number(value(board, Figure(measure=measure, reason=reason), now)) for measure in _ESCALATED)
        for reason in EscalationReason
    }
    for reason, (lately, today) in sorted(counts.items(), key=lambda item: (-item[1][1], item[0])):
        figure = Figure(measure=Measure.ESCALATED_DAY, reason=reason)
        yield Line(id=figure, texts=(label(reason), str(lately), str(today)))


def levels_model(moment: Moment) -> RecordModel[Line]:
    columns = (
        _text(0, lambda: tr("Level"), stretches=True, colour=_priority_colour),
        _number_column(1, lambda: tr("Waiting"), 74),
        _number_column(2, lambda: tr("Due soon"), 98),
        _number_column(3, lambda: tr("Overdue"), 92, colour=lambda line: _late_colour(line, moment)),
        _number_column(4, lambda: tr("In progress"), 126),
        _number_column(5, lambda: tr("Oldest"), 112),
    )
    return RecordModel[Line](columns)


def ages_model() -> RecordModel[Line]:
    """How old what waits is."""
    columns = (
        _text(0, lambda: tr("Level"), stretches=True, colour=_priority_colour),
        *(_number_column(i + 1, title, 66) for i, title in enumerate(_BUCKETS)),
        _number_column(6, lambda: tr("Median"), 96),
    )
    return RecordModel[Line](columns)


def call_queues_model() -> RecordModel[Line]:
    columns = (
        _text(0, lambda: tr("Queue"), stretches=True),
        _number_column(1, lambda: tr("Waiting"), 84),
        _number_column(2, lambda: tr("Longest"), 84),
        _number_column(3, lambda: tr("Service level"), 112),
        _number_column(4, lambda: tr("Given up"), 112),
    )
    return RecordModel[Line](columns)


def reasons_model() -> RecordModel[Line]:
    columns = (
        _text(0, lambda: tr("Why it was escalated"), stretches=True),
        _number_column(1, lambda: tr("In 1 h"), 80),
        _number_column(2, lambda: tr("Today"), 80),
    )
    return RecordModel[Line](columns)


def ages(board: Board, now: datetime) -> Iterator[Line]:
    """The ages of what waits, by level and priority."""
    waiting = [case for case in board.cases if case.state is CaseState.WAITING]
    for level in (Level.SECOND, Level.THIRD):
        here = [case for case in waiting if case.level is level]
        for priority in (None, *sorted({case.priority for case in here})):
            known = backlog_age((case.opened_at for case in here if priority in (None, case.priority)), now)
            words = label(level) if priority is None else label(priority)
            figure = Figure(measure=Measure.CASES_WAITING, level=level, priority=priority)
            yield Line(id=figure, texts=(words, *map(str, known.buckets), _median(known)), priority=priority)


def _level(board: Board, now: datetime, words: str, level: Level, priority: Priority | None) -> Line:
    """Of a board that has the cases of this level and priority alone."""
    measures = (Measure.CASES_WAITING, Measure.CASES_DUE_SOON, Measure.CASES_OVERDUE, Measure.CASES_CLAIMED)
    figures = [Figure(measure=measure, level=level, priority=priority) for measure in measures]
    counts = [_number(value(board, figure, now)) for figure in figures]
    since = min((case.level_since for case in board.cases if case.state is CaseState.WAITING), default=None)
    oldest = age_text((now - since).total_seconds()) if since else "–"
    texts = (words, *map(str, counts), oldest)
    return Line(id=figures[0], texts=texts, is_late=counts[2] > 0, since=since, priority=priority)


def _first_level(board: Board, now: datetime) -> Line:
    """Cases that were opened there and kept, or returned: nobody waits for them in a queue."""
    figure = Figure(measure=Measure.CASES_CLAIMED, level=Level.FIRST)
    texts = (label(Level.FIRST), "–", "–", "–", str(_number(value(board, figure, now))), "–")
    return Line(id=figure, texts=texts)


_ESCALATED = (Measure.ESCALATED_HOUR, Measure.ESCALATED_DAY)
_BUCKETS: tuple[Callable[[], str], ...] = (
    lambda: tr("< 4 h"),
    lambda: tr("< 1 d"),
    lambda: tr("1–3 d"),
    lambda: tr("3–7 d"),
    lambda: tr("> 7 d"),
)


def _median(known: BacklogAge) -> str:
    return age_text(known.median.total_seconds()) if known.median is not None else "–"


def _number(shown: object) -> int:
    return shown if isinstance(shown, int) else 0


def _text(
    place: int,
    title: Callable[[], str],
    *,
    stretches: bool = False,
    colour: Callable[[Line], QColor | None] | None = None,
) -> Column[Line]:
    return Column[Line](title=title, text=lambda line: line.texts[place], stretches=stretches, colour=colour)


def _number_column(
    place: int, title: Callable[[], str], width: int, *, colour: Callable[[Line], QColor | None] | None = None
) -> Column[Line]:
    return Column[Line](title=title, text=lambda line: line.texts[place], alignment=RIGHT, width=width, colour=colour)


def _priority_colour(line: Line) -> QColor | None:
    return None if line.priority is None else colours().priority(line.priority)


def _late_colour(line: Line, moment: Moment) -> QColor | None:
    """Danger, when a promise is broken; the column's title and the number say it without colour."""
    if not line.is_late:
        return None
    return colours().muted if moment.is_old else colours().danger
