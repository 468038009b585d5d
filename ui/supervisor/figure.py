"""The tiles of the board: a group of figures, each a number with its word."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import icons
from ui.theme import Tone, colours, scaled
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel

_ICON_PX = 18


class Number(PlainLabel):
    """A large number in the colour of its tone, an icon before it; "–" while nothing is known."""

    def __init__(self) -> None:
        super().__init__("–", kind="number")
        self._tone = Tone.NEUTRAL
        self._icon_name = ""
        self.is_old = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def tone(self) -> Tone:
        """The tone shown."""
        return Tone.NEUTRAL if self.is_old else self._tone

    def show_number(self, number: int, tone: Tone, icon_name: str) -> None:
        """Show another number."""
        self._tone, self._icon_name = tone, icon_name
        self.setText(str(number))
        self.updateGeometry()
        self.update()

    def set_old(self, is_old: bool) -> None:
        """Grey, and readable still: the number is of a time gone by."""
        self.is_old = is_old
        self.update()

    def sizeHint(self) -> QSize:
        """Icon and digits."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + self._icon_room() + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """A cut number is a wrong number."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon, digits."""
        del event
        scheme = colours()
        painter = QPainter(self)
        plain = scheme.muted if self.is_old else scheme.text
        ink = plain if self.tone is Tone.NEUTRAL else scheme.tone(self.tone)[0]
        if self._icon_name:
            size = scaled(_ICON_PX)
            place = QRectF(0, (self.height() - size) / 2, size, size)
            icons.paint(painter, place, self._icon_name, scheme.muted if self.tone is Tone.NEUTRAL else ink)
        painter.setPen(ink)
        place_of_text = self.rect().adjusted(self._icon_room(), 0, 0, 0)
        painter.drawText(place_of_text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())

    def _icon_room(self) -> int:
        return scaled(_ICON_PX) + scaled(6) if self._icon_name else 0


class Figure(QWidget):
    """A number above its word."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.number = Number()
        self.word = PlainLabel(word, kind="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.number)
        column.addWidget(self.word)


class Tile(Card):
    """Figures that belong together, with a quiet remark beside the title."""

    def __init__(self, title: str, *words: str) -> None:
        super().__init__(title)
        self.figures = tuple(Figure(word) for word in words)
        self.remark = PlainLabel(kind="muted")
        self.header.addWidget(self.remark)
        row = QHBoxLayout()
        row.setSpacing(scaled(16))
        for figure in self.figures:
            row.addWidget(figure, 1)
        self.body.setSpacing(0)
        self.body.setContentsMargins(scaled(12), scaled(4), scaled(12), scaled(10))
        self.body.addLayout(row)

    def show_number(self, place: int, number: int, tone: Tone, icon_name: str) -> None:
        """Show one of the figures."""
        self.figures[place].number.show_number(number, tone, icon_name)

    def set_old(self, is_old: bool) -> None:
        """The figures are of a time gone by, or of now again."""
        for figure in self.figures:
            figure.number.set_old(is_old)
