"""Paints a hit: title with the matching words marked and the answer's state; a line of text, products, language."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.answers import Answer, Audience
from app.i18n import tr
from app.search.marking import marks
from ui.agent.hit_model import HIT_ROLE, HitRow
from ui.shortcuts import HIT_COUNT
from ui.theme import Tone, colours, scaled

_NEW_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Badge:
    text: str
    tone: Tone


class HitDelegate(QStyledItemDelegate):
    """Two lines a hit; marked words are bold and underlined, so that colour is not needed to see them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(scaled(100), scaled(46))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: HitRow = index.data(HIT_ROLE)
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
        _paint_number(painter, rect, index.row())
        text = rect.adjusted(scaled(34), scaled(5), -scaled(10), -scaled(5))
        half = text.height() // 2
        upper = QRect(text.left(), text.top(), text.width(), half)
        lower = QRect(text.left(), text.top() + half, text.width(), half)
        _draw_marked(painter, _left_of(_paint_badges(painter, upper, row), upper), row.answer.title, row,
                     scheme.muted if row.is_gone else scheme.text)  # fmt: skip
        _draw_marked(painter, _left_of(_paint_about(painter, lower, row.answer), lower), row.hit.excerpt, row,
                     scheme.muted)  # fmt: skip
        painter.restore()


def badges(row: HitRow, now: datetime) -> list[_Badge]:
    """What is special about the answer, the most important first."""
    answer = row.answer
    if row.is_gone:
        return [_Badge(tr("withdrawn"), Tone.NEUTRAL)]
    found = []
    if answer.known_problem:
        found.append(_Badge(tr("Problem {name}", name=answer.known_problem), Tone.WARNING))
    if row.is_similar:
        found.append(_Badge(tr("similar"), Tone.NEUTRAL))
    if answer.audience is Audience.SECOND:
        found.append(_Badge(tr("2nd level"), Tone.ACCENT))
    if answer.published_at is not None and now - answer.published_at < _NEW_FOR:
        found.append(_Badge(tr("new") if answer.version == 1 else tr("changed"), Tone.ACCENT))
    return found


def about(answer: Answer) -> str:
    """Product (and how many more) and language: short, because the line belongs to the words that matched."""
    first, others = answer.products[:1], len(answer.products) - 1
    products = " ".join((*first, f"+{others}" if others > 0 else "")).strip()
    return " · ".join(filter(None, (products, answer.language.upper())))


def _paint_number(painter: QPainter, rect: QRect, row: int) -> None:
    if row < HIT_COUNT:
        painter.setPen(colours().muted)
        place = QRect(rect.left() + scaled(4), rect.top(), scaled(26), rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(row + 1))


def _paint_badges(painter: QPainter, place: QRect, row: HitRow) -> int:
    """Rounded words from the right; the width they take."""
    shown = badges(row, datetime.now(UTC))
    if not shown:
        return 0
    font = QFont(painter.font())
    small = QFont(font)
    small.setPixelSize(scaled(11))
    painter.setFont(small)
    metrics = QFontMetrics(small)
    right = place.right()
    for badge in reversed(shown):
        line, ground = colours().tone(badge.tone)
        width = metrics.horizontalAdvance(badge.text) + scaled(12)
        box = QRect(right - width + 1, place.top() + (place.height() - scaled(16)) // 2, width, scaled(16))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(line)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, badge.text)
        right -= width + scaled(4)
    painter.setFont(font)
    return place.right() - right


def _paint_about(painter: QPainter, place: QRect, answer: Answer) -> int:
    text = about(answer)
    painter.setPen(colours().muted)
    painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
    return painter.fontMetrics().horizontalAdvance(text)


def _left_of(width: int, place: QRect) -> QRect:
    return place.adjusted(0, 0, -(width + scaled(8)) if width else 0, 0)


def _draw_marked(painter: QPainter, rect: QRect, text: str, row: HitRow, colour: QColor) -> None:
    plain = painter.font()
    metrics = painter.fontMetrics()
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - scaled(12))
    painter.setPen(colour)
    left, base = rect.left(), rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) // 2
    end = 0
    for start, stop in marks(text, row.hit.words):
        painter.drawText(left, base, text[end:start])
        left += metrics.horizontalAdvance(text[end:start])
        painter.setFont(_strong(plain))
        painter.drawText(left, base, text[start:stop])
        left += painter.fontMetrics().horizontalAdvance(text[start:stop])
        painter.setFont(plain)
        end = stop
    painter.drawText(left, base, text[end:])


def _strong(font: QFont) -> QFont:
    strong = QFont(font)
    strong.setBold(True)
    strong.setUnderline(True)
    return strong
