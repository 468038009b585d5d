"""The answers found: title with the matching words marked, a line of text, language and product."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.answers import Audience, Hit
from app.i18n import tr
from app.search.index import marks
from ui.shortcuts import HIT_COUNT
from ui.theme import colours, scaled

_HIT_ROLE = Qt.ItemDataRole.UserRole
_ROOT = QModelIndex()


class HitModel(QAbstractListModel):
    """At most 50 hits, replaced as a whole: the order is the search's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hits: tuple[Hit, ...] = ()

    def replace(self, hits: tuple[Hit, ...]) -> None:
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == _HIT_ROLE:
            return self.hits[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.hits[index.row()].answer.title
        return None


class HitList(QListView):
    """Steered from the search field: it never has the focus itself."""

    taken = Signal(object)  # Hit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hits = HitModel(self)
        self.setModel(self.hits)
        self.setItemDelegate(_HitDelegate(self))
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setAccessibleName(tr("Answers found"))
        self.clicked.connect(lambda index: self.taken.emit(index.data(_HIT_ROLE)))

    def show_hits(self, hits: tuple[Hit, ...], *, keeps_choice: bool = False) -> None:
        """Show them with the first one chosen, or with the one that was chosen if it is still there."""
        row = self.currentIndex().row()
        chosen = self.hits.hits[row].answer.id if keeps_choice and row > 0 else None
        self.hits.replace(hits)
        if hits:
            row = next((row for row, hit in enumerate(hits) if hit.answer.id == chosen), 0)
            self.setCurrentIndex(self.hits.index(row))
        self.viewport().update()

    def step(self, rows: int) -> None:
        """Move the choice."""
        count = self.hits.rowCount()
        if count:
            row = max(0, min(count - 1, self.currentIndex().row() + rows))
            self.setCurrentIndex(self.hits.index(row))

    def take(self, row: int | None = None) -> None:
        """Open the chosen hit, or the one in this row."""
        row = self.currentIndex().row() if row is None else row
        if 0 <= row < len(self.hits.hits):
            self.setCurrentIndex(self.hits.index(row))
            self.taken.emit(self.hits.hits[row])


class _HitDelegate(QStyledItemDelegate):
    """Two lines a hit; marked words are bold and underlined, so that colour is not needed to see them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(scaled(100), scaled(46))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit: Hit = index.data(_HIT_ROLE)
        scheme = colours()
        rect: QRect = option.rect
        state = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if is_chosen:
            painter.fillRect(rect, scheme.accent_soft)
            painter.fillRect(QRect(rect.left(), rect.top(), scaled(3), rect.height()), scheme.accent)
        painter.setPen(QPen(scheme.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        text = rect.adjusted(scaled(34), scaled(5), -scaled(10), -scaled(5))
        badge_width = self._paint_badge(painter, text, hit)
        self._paint_number(painter, rect, index.row())
        title = QRect(text.left(), text.top(), text.width() - badge_width - scaled(8), text.height() // 2)
        _draw_marked(painter, title, hit.answer.title, hit.words, scheme.text)
        below = QRect(text.left(), text.top() + text.height() // 2, text.width(), text.height() // 2)
        _draw_marked(painter, below, hit.excerpt, hit.words, scheme.muted)
        painter.restore()

    def _paint_number(self, painter: QPainter, rect: QRect, row: int) -> None:
        if row < HIT_COUNT:
            painter.setPen(colours().muted)
            painter.drawText(
                QRect(rect.left() + scaled(4), rect.top(), scaled(26), rect.height()),
                Qt.AlignmentFlag.AlignCenter,
                str(row + 1),
            )

    def _paint_badge(self, painter: QPainter, text: QRect, hit: Hit) -> int:
        words = [hit.answer.language.upper()]
        if hit.answer.audience is Audience.SECOND:
            words.append(tr("2nd level"))
        badge = " · ".join(words)
        painter.setPen(colours().muted)
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, badge)
        return painter.fontMetrics().horizontalAdvance(badge)


def _draw_marked(painter: QPainter, rect: QRect, text: str, words: frozenset[str], colour: QColor) -> None:
    plain = QFont(painter.font())
    strong = QFont(plain)
    strong.setBold(True)
    strong.setUnderline(True)
    text = QFontMetrics(plain).elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - scaled(12))
    painter.setPen(colour)
    left = rect.left()
    end = 0
    for start, stop in (*marks(text, words), (len(text), len(text))):
        for stretch, font in ((text[end:start], plain), (text[start:stop], strong)):
            painter.setFont(font)
            painter.drawText(
                left, rect.top(), rect.right() - left, rect.height(), Qt.AlignmentFlag.AlignVCenter, stretch
            )
            left += QFontMetrics(font).horizontalAdvance(stretch)
        end = stop
    painter.setFont(plain)
