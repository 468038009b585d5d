"""The rows of the answers found: while the same is searched for, no row moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from app.domain.answers import Answer, Audience, Hit
from app.i18n import tr
from ui.labels import language_name

HIT_ROLE = Qt.ItemDataRole.UserRole
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    """A hit in its place. `is_similar`: found by meaning, not by words; `is_gone`: not to be opened any more."""

    hit: Hit
    is_similar: bool = False
    is_gone: bool = False

    @property
    def answer(self) -> Answer:
        return self.hit.answer


class HitModel(QAbstractListModel):
    """At most some hundred hits, best first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[HitRow, ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The hits in the order of the rows."""
        return tuple(row.hit for row in self.rows)

    def replace(self, hits: Iterable[Hit]) -> None:
        """Another search: all rows anew, in the search's order."""
        self.beginResetModel()
        self.rows = tuple(HitRow(hit=hit) for hit in hits)
        self.endResetModel()

    def merge(self, hits: Sequence[Hit], *, are_similar: bool = False) -> None:
        """The same search once more: who stands, stays in its place; what is new comes below; what is gone is said."""
        found = {hit.answer.id: hit for hit in hits}
        kept = tuple(_again(row, found) if row.is_similar is are_similar else row for row in self.rows)
        known = {row.answer.id for row in kept}
        added = tuple(HitRow(hit=hit, is_similar=are_similar) for hit in hits if hit.answer.id not in known)
        self.rows = kept
        if kept:
            self.dataChanged.emit(self.index(0), self.index(len(kept) - 1))
        if added:
            self.beginInsertRows(QModelIndex(), len(kept), len(kept) + len(added) - 1)
            self.rows = kept + added
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == HIT_ROLE:
            return self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows[index.row()].answer.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _said(self.rows[index.row()])
        return None


def _again(row: HitRow, found: Mapping[UUID, Hit]) -> HitRow:
    hit = found.get(row.answer.id)
    return replace(row, is_gone=True) if hit is None else replace(row, hit=hit, is_gone=False)


def _said(row: HitRow) -> str:
    """All that the row shows, for who cannot see it."""
    answer = row.answer
    parts = (
        answer.title,
        tr("withdrawn") if row.is_gone else "",
        tr("known problem {name} in force", name=answer.known_problem) if answer.known_problem else "",
        tr("similar in meaning") if row.is_similar else "",
        tr("2nd level") if answer.audience is Audience.SECOND else "",
        language_name(answer.language),
        *answer.products,
    )
    return ", ".join(filter(None, parts))
