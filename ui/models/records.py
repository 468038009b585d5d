"""The one list model of the program: frozen records in rows, what to show of them in columns."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon

from ui.plain_text import as_tool_tip


class Record(Protocol):
    """A frozen value with an id of its own that says it is the same thing when its other fields changed."""

    @property
    def id(self) -> Hashable: ...


R = TypeVar("R", bound=Record)

RECORD_ROLE = Qt.ItemDataRole.UserRole
"""`index.data(RECORD_ROLE)` is the record of the row."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter

_ROOT = QModelIndex()
_SERVED = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
        RECORD_ROLE,
    }
)


@dataclass(frozen=True, kw_only=True)  # no slots: `Column[Case](...)` could not note its type then (Python 3.11)
class Column(Generic[R]):
    """What a column shows; the callables are asked while painting, so they are quick and read nothing but the record.

    Attributes:
        title: e.g. `lambda: tr("Waiting")`, so that it follows the language.
        text: also what a screen reader says; give it even beside an icon.
        width: in pixels at the 13 px font; 0 leaves Qt's default.
        stretches: takes the room that is left; with none, the last column does.
    """

    title: Callable[[], str]
    text: Callable[[R], str]
    alignment: Qt.AlignmentFlag = LEFT
    icon: Callable[[R], QIcon | None] | None = None
    tool_tip: Callable[[R], str] | None = None
    colour: Callable[[R], QColor | None] | None = None
    width: int = 0
    stretches: bool = False


class RecordModel(QAbstractTableModel, Generic[R]):
    """A list of up to some thousand records that is replaced as a whole and changes only where it differs."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._records: list[R] = []

    @property
    def records(self) -> tuple[R, ...]:
        """The records as shown, from the top."""
        return tuple(self._records)

    def record(self, row: int) -> R:
        """The record of a row; IndexError when there is none."""
        if row < 0:
            raise IndexError(row)
        return self._records[row]

    def row_of(self, record_id: Hashable) -> int | None:
        """The row of the record with this id."""
        return next((row for row, record in enumerate(self._records) if record.id == record_id), None)

    def replace(self, records: Iterable[R]) -> None:
        """Show `records` from now on: selection, current row and scroll position follow the records' ids.

        Raises:
            ValueError: two records have the same id.
        """
        wanted = list(records)
        ids = [record.id for record in wanted]
        if len(set(ids)) != len(ids):
            raise ValueError("two records with one id")
        self._remove_others(set(ids))
        self._move_into_order(ids)
        self._insert_missing(wanted)
        self._update_changed(wanted)

    def retranslate(self) -> None:
        """Show titles and texts again, after the language or the scheme changed."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        if self._records:
            self._emit_changed(0, len(self._records) - 1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Rows of the table; a cell has none."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Columns of the table; a cell has none."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What Qt asks for, many times a repaint: most roles are not served and leave at once."""
        if role not in _SERVED or not index.isValid():
            return None
        record, column = self._records[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(record)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.alignment
        if role == Qt.ItemDataRole.DecorationRole:
            return column.icon(record) if column.icon else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return column.colour(record) if column.colour else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tool_tip(column.tool_tip(record) if column.tool_tip else column.text(record))
        return record

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles above, nothing at the side."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[section].alignment
        return None

    def _remove_others(self, kept: set[Hashable]) -> None:
        end = len(self._records)
        while end > 0:
            start = end
            while start > 0 and self._records[start - 1].id not in kept:
                start -= 1
            if start < end:
                self.beginRemoveRows(_ROOT, start, end - 1)
                del self._records[start:end]
                self.endRemoveRows()
            end = start - 1

    def _move_into_order(self, ids: list[Hashable]) -> None:
        """Bring what is there into the order of `ids`; the longest run that is in order already does not move."""
        now = {record.id: row for row, record in enumerate(self._records)}
        ordered = [record_id for record_id in ids if record_id in now]
        staying = _longest_rising([now[record_id] for record_id in ordered])
        before: Hashable | None = None
        for place, record_id in enumerate(ordered):
            if place not in staying:
                self._move_behind(record_id, before, is_first=place == 0)
            before = record_id

    def _move_behind(self, record_id: Hashable, before: Hashable | None, *, is_first: bool) -> None:
        source = self.row_of(record_id)
        behind = -1 if is_first else self.row_of(before)
        assert source is not None and behind is not None  # both are in the list by now
        target = behind + 1
        if source == target:
            return
        self.beginMoveRows(_ROOT, source, source, _ROOT, target)
        record = self._records.pop(source)
        self._records.insert(target - 1 if source < target else target, record)
        self.endMoveRows()

    def _insert_missing(self, wanted: list[R]) -> None:
        """Insert what is not there; what is there stands in its order already, so one walk meets each gap."""
        row = 0
        while row < len(wanted):
            end = row
            here = self._records[row].id if row < len(self._records) else None
            while end < len(wanted) and (row >= len(self._records) or wanted[end].id != here):
                end += 1
            if end > row:
                self.beginInsertRows(_ROOT, row, end - 1)
                self._records[row:row] = wanted[row:end]
                self.endInsertRows()
            row = end + 1

    def _update_changed(self, wanted: list[R]) -> None:
        changed = [row for row, record in enumerate(wanted) if record != self._records[row]]
        self._records[:] = wanted
        for first, last in _runs(changed):
            self._emit_changed(first, last)

    def _emit_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Neighbouring rows, as (first, last)."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def _longest_rising(values: list[int]) -> set[int]:
    """Places of a longest rising subsequence of distinct values (patience sorting)."""
    ends: list[int] = []  # the lowest value on which a rise of each length ends
    end_places: list[int] = []
    previous: list[int] = []
    for place, value in enumerate(values):
        length = bisect_left(ends, value)
        previous.append(end_places[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        end_places[length : length + 1] = [place]
    chosen: set[int] = set()
    place = end_places[-1] if end_places else -1
    while place >= 0:
        chosen.add(place)
        place = previous[place]
    return chosen
