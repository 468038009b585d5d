"""How the cells of a list of cases are painted."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.cases import CaseSummary
from ui import icons
from ui.labels import label
from ui.models.records import RECORD_ROLE
from ui.theme import colours, font_px, scaled

_TINT = 0.14  # of the priority's colour in the ground of its pill

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Lines:
    """One line above, a quieter one below; with a `colour` both have it, and an icon stands before the first."""

    first: str
    second: str
    colour: QColor | None = None
    icon_name: str = ""


class PriorityCell(QStyledItemDelegate):
    """The priority as a small pill."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground of the row, pill, word."""
        drawn = _paint_ground(self, painter, option, index)
        case: CaseSummary = index.data(RECORD_ROLE)
        colour = colours().priority(case.priority)
        height = scaled(20)
        top = drawn.rect.center().y() - height / 2 + 0.5
        pill = QRectF(drawn.rect.left() + scaled(10), top, scaled(34), height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_blend(colour, colours().raised))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(colour)
        painter.setFont(_bold(drawn.font))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, label(case.priority))
        painter.restore()


class LinesCell(QStyledItemDelegate):
    """A cell of two lines."""

    def __init__(self, lines: Callable[[CaseSummary], Lines], parent: QObject) -> None:
        super().__init__(parent)
        self._lines = lines

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground of the row, then what fits of each line."""
        drawn = _paint_ground(self, painter, option, index)
        lines = self._lines(index.data(RECORD_ROLE))
        is_chosen = bool(drawn.state & QStyle.StateFlag.State_Selected)
        scheme = colours()
        place = drawn.rect.adjusted(scaled(10), scaled(4), -scaled(8), -scaled(4))
        upper = QRect(place.left(), place.top(), place.width(), place.height() // 2)
        lower = QRect(place.left(), upper.bottom() + 1, place.width(), place.height() // 2)
        ink = lines.colour or (scheme.on_selection if is_chosen else scheme.text)
        quiet = lines.colour or (scheme.on_selection if is_chosen else scheme.muted)
        painter.save()
        if lines.icon_name:
            upper.setLeft(upper.left() + _paint_icon(painter, upper, lines.icon_name, ink))
        _draw(painter, upper, lines.first, _bold(drawn.font) if lines.colour else drawn.font, ink)
        _draw(painter, lower, lines.second, _small(drawn.font), quiet)
        painter.restore()


def _paint_ground(
    delegate: QStyledItemDelegate, painter: QPainter, option: QStyleOptionViewItem, index: Index
) -> QStyleOptionViewItem:
    """Let the style paint the row as it looks without content; what it painted is the answer."""
    drawn = QStyleOptionViewItem(option)
    delegate.initStyleOption(drawn, index)
    drawn.text = ""
    drawn.icon = QIcon()
    drawn.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, drawn, painter, drawn.widget)
    return drawn


def _paint_icon(painter: QPainter, line: QRect, name: str, colour: QColor) -> int:
    """The room that the icon takes from the line."""
    size = scaled(14)
    icons.paint(painter, QRectF(line.left(), line.center().y() - size / 2 + 0.5, size, size), name, colour)
    return size + scaled(5)


def _draw(painter: QPainter, place: QRect, text: str, font: QFont, colour: QColor) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(max(10, font_px() - 1))
    return small


def _blend(colour: QColor, ground: QColor) -> QColor:
    return QColor(
        round(_TINT * colour.red() + (1 - _TINT) * ground.red()),
        round(_TINT * colour.green() + (1 - _TINT) * ground.green()),
        round(_TINT * colour.blue() + (1 - _TINT) * ground.blue()),
    )
