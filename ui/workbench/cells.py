"""How the cells of a list of cases are painted."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.cases import CaseSummary
from ui import icons
from ui.models.records import RECORD_ROLE
from ui.theme import colours, font_px, scaled

_TINT = 0.14  # of the priority's colour in the ground of its pill

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLines:
    """The title above; below it the details, and at the right the time: icon and colour say when it is late, about to
    be, or standing still."""

    title: str
    details: str
    time: str
    is_late: bool
    is_warned: bool = False
    is_suspended: bool = False

    @property
    def icon_name(self) -> str:
        """Beside the time, so that its colour is never alone."""
        if self.is_late:
            return "warning"
        return "clock" if self.is_warned else "pause" if self.is_suspended else ""


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
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, case.priority.name)
        painter.restore()


class CaseCell(QStyledItemDelegate):
    """A case in two lines."""

    def __init__(self, lines: Callable[[CaseSummary], CaseLines], parent: QObject) -> None:
        super().__init__(parent)
        self._lines = lines

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground of the row, then what fits of each line; the time always does."""
        drawn = _paint_ground(self, painter, option, index)
        lines = self._lines(index.data(RECORD_ROLE))
        is_chosen = bool(drawn.state & QStyle.StateFlag.State_Selected)
        scheme = colours()
        place = drawn.rect.adjusted(scaled(4), scaled(4), -scaled(11), -scaled(4))
        upper = QRect(place.left(), place.top(), place.width(), place.height() // 2)
        lower = QRect(place.left(), upper.bottom() + 1, place.width(), place.height() // 2)
        quiet = scheme.on_selection if is_chosen else scheme.muted
        painter.save()
        _draw(painter, upper, lines.title, drawn.font, scheme.on_selection if is_chosen else scheme.text)
        colour = scheme.danger if lines.is_late else scheme.warning if lines.is_warned else quiet
        taken = _paint_time(painter, lower, lines, _small(drawn.font), colour)
        lower.setRight(lower.right() - taken)
        _draw(painter, lower, lines.details, _small(drawn.font), quiet)
        painter.restore()


def _paint_time(painter: QPainter, line: QRect, lines: CaseLines, font: QFont, colour: QColor) -> int:
    """At the right end of the line; gives the room that it takes."""
    font = _bold(font) if lines.is_late or lines.is_warned else font
    width = QFontMetrics(font).horizontalAdvance(lines.time)
    place = QRect(line.right() - width, line.top(), width + 1, line.height())
    _draw(painter, place, lines.time, font, colour)
    if not lines.icon_name:
        return width + scaled(12)
    size = scaled(14)
    spot = QRectF(place.left() - size - scaled(4), line.center().y() - size / 2 + 0.5, size, size)
    icons.paint(painter, spot, lines.icon_name, colour)
    return width + size + scaled(16)


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
