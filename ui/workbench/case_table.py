"""A list of cases in two-line rows: title above, number and customer below, so that nothing is cut to a stump."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

from PySide6.QtCore import Signal

from app.domain.cases import CaseSummary
from app.i18n import tr
from ui.models.records import Column, RecordModel
from ui.theme import scaled
from ui.widgets.elapsed import utc_now
from ui.widgets.record_table import RecordTable
from ui.workbench.cells import CaseCell, CaseLines, PriorityCell
from ui.workbench.words import priority_words

ROW_PX = 44

TimeWords = Callable[[CaseSummary, datetime], str]


class CaseTable(RecordTable[CaseSummary]):
    """Cases by urgency; a refresh keeps the choice and never chooses a case by itself."""

    opened = Signal(object)
    """The CaseSummary that the person chose."""

    def __init__(
        self,
        empty_text: Callable[[], str],
        time_words: TimeWords,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """
        Args:
            time_words: what stands at the right, for a case and the time now.
        """
        super().__init__(RecordModel(_columns(time_words, now)), empty_text)
        self._is_marking = False
        self._time_words = time_words
        self._now = now
        self.setItemDelegateForColumn(0, PriorityCell(self))
        self.setItemDelegateForColumn(1, CaseCell(self._lines, self))
        self.horizontalHeader().hide()
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

    def _size_rows(self) -> None:
        """Two lines need their height at every font."""
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_PX))

    def _lines(self, case: CaseSummary) -> CaseLines:
        now = self._now()
        return CaseLines(
            title=case.title,
            details=_details(case),
            time=self._time_words(case, now),
            is_late=case.is_overdue(now),
            is_warned=case.is_warned(now),
            is_suspended=case.waits_for is not None,
        )

    def _on_current(self, case: CaseSummary | None) -> None:
        # Qt chooses the neighbour of a row that goes; the person did not.
        if case is not None and not self._is_marking:
            self.opened.emit(case)


def _columns(time_words: TimeWords, now: Callable[[], datetime]) -> tuple[Column[CaseSummary], ...]:
    return (
        Column[CaseSummary](
            title=lambda: tr("Priority"),
            text=lambda case: case.priority.name,
            tool_tip=priority_words,
            width=52,
        ),
        Column[CaseSummary](
            title=lambda: tr("Case"),
            text=lambda case: f"{case.title}, {_details(case)}, {time_words(case, now())}",
            tool_tip=lambda case: case.title,
            stretches=True,
        ),
    )


def _details(case: CaseSummary) -> str:
    return " · ".join(filter(None, (case.number, case.customer_name)))
