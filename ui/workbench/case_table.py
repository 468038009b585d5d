"""A list of cases in two-line rows: title above, number and customer below, so that nothing is cut to a stump."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

from PySide6.QtCore import QEvent, Signal

from app.domain.cases import CaseSummary
from app.i18n import tr
from ui.labels import label
from ui.models.records import Column, RecordModel
from ui.theme import colours, scaled
from ui.widgets.elapsed import utc_now
from ui.widgets.record_table import RecordTable
from ui.workbench.cells import Lines, LinesCell, PriorityCell
from ui.workbench.words import priority_words

ROW_PX = 44

TimeWords = Callable[[CaseSummary, datetime], tuple[str, str]]


class CaseTable(RecordTable[CaseSummary]):
    """Cases by urgency; a refresh keeps the choice and never chooses a case by itself."""

    opened = Signal(object)
    """The CaseSummary that the person chose."""

    def __init__(
        self,
        empty_text: Callable[[], str],
        time_title: Callable[[], str],
        time_words: TimeWords,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """
        Args:
            time_words: the two lines of the last column.
        """
        super().__init__(RecordModel(_columns(time_title, time_words, now)), empty_text)
        self._is_marking = False
        self._time_words = time_words
        self._now = now
        self.setItemDelegateForColumn(0, PriorityCell(self))
        self.setItemDelegateForColumn(1, LinesCell(_case_lines, self))
        self.setItemDelegateForColumn(2, LinesCell(self._time_lines, self))
        self._size_rows()
        self.current_record.connect(self._on_current)

    def show_cases(self, cases: Iterable[CaseSummary], chosen: Hashable) -> None:
        """Show `cases`; the one with the id `chosen` stays chosen, where it is in the list."""
        self._is_marking = True
        self.records.replace(cases)
        self.mark(chosen)

    def mark(self, chosen: Hashable) -> None:
        """Show which case is open, without opening it once more."""
        self._is_marking = True
        current = self.current()
        is_marked = self.selectionModel().hasSelection() and current is not None and current.id == chosen
        if not is_marked and not self.choose(chosen):
            self.selectionModel().clearSelection()
        self._is_marking = False

    def changeEvent(self, event: QEvent) -> None:
        """Two lines need their height at every font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._size_rows()

    def _size_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_PX))

    def _time_lines(self, case: CaseSummary) -> Lines:
        now = self._now()
        first, second = self._time_words(case, now)
        if case.is_overdue(now):
            return Lines(first, second, colours().danger, "warning")
        return Lines(first, second)

    def _on_current(self, case: CaseSummary | None) -> None:
        # Qt chooses the neighbour of a row that goes; the person did not.
        if case is not None and not self._is_marking:
            self.opened.emit(case)


def _columns(
    time_title: Callable[[], str], time_words: TimeWords, now: Callable[[], datetime]
) -> tuple[Column[CaseSummary], ...]:
    return (
        Column[CaseSummary](
            title=lambda: tr("Prio"),
            text=lambda case: label(case.priority),
            tool_tip=lambda case: priority_words(case.priority),
            width=56,
        ),
        Column[CaseSummary](
            title=lambda: tr("Case"), text=lambda case: f"{case.title}\n{_second_line(case)}", stretches=True
        ),
        Column[CaseSummary](title=time_title, text=lambda case: " ".join(time_words(case, now())), width=140),
    )


def _case_lines(case: CaseSummary) -> Lines:
    return Lines(case.title, _second_line(case))


def _second_line(case: CaseSummary) -> str:
    return " · ".join(filter(None, (case.number, case.customer_name)))
