"""The tiles of the board: a group of figures, each a number with its word that opens what it was counted from."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout

from app.domain.board_figures import Figure
from ui import icons
from ui.theme import Tone, colours, scaled
from ui.widgets.card import Card
from ui.widgets.plain_label import ElidedLabel, PlainLabel

_ICON_PX = 18
_CORNER_PX = 6


class Number(PlainLabel):
    """A large number in the colour of its tone, an icon before it; "–" while nothing is known."""

    def __init__(self) -> None:
        super().__init__("–", kind="figure")
        self._tone = Tone.NEUTRAL
        self._icon_name = ""
        self.is_old = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def tone(self) -> Tone:
        """The tone shown."""
        return Tone.NEUTRAL if self.is_old else self._tone

    def show_number(self, number: str, tone: Tone, icon_name: str) -> None:
        """Show another number."""
        if (number, tone, icon_name) == (self.text(), self._tone, self._icon_name):
            return
        self._tone, self._icon_name = tone, icon_name
        self.setText(number)
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


class FigureControl(QAbstractButton):
    """A number above its word; a click, Return or the space bar opens the rows that it was counted from."""

    def __init__(self, figure: Figure, word: str) -> None:
        super().__init__()
        self.figure = figure
        self.number = Number()
        self.word = ElidedLabel(word, kind="muted")
        self.setCheckable(True)  # while its rows are shown
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._column = column = QVBoxLayout(self)
        edge = scaled(5)
        column.setContentsMargins(edge, scaled(2), edge, scaled(4))
        column.setSpacing(0)
        for label in (self.number, self.word):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        self.name_as("")

    def name_as(self, title: str) -> None:
        """What a screen reader says: the tile, the word and the number."""
        self.setAccessibleName(" ".join(filter(None, (title, self.word.text(), self.number.text()))))

    def sizeHint(self) -> QSize:
        """That of its labels."""
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """A cut number is a wrong number."""
        return self._column.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return too; a button of Qt's own takes only the space bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        """Checked by the board alone: while the rows of this figure are shown."""

    def enterEvent(self, event: QEnterEvent) -> None:
        """Look as what can be clicked."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """As before."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the ring; the labels paint themselves."""
        del event
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = scheme.accent_soft if self.isChecked() else scheme.sunken if self.underMouse() else None
        painter.setPen(QPen(scheme.accent, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(ground or Qt.BrushStyle.NoBrush)
        if ground is not None or self.hasFocus():
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _CORNER_PX, _CORNER_PX)


class Tile(Card):
    """Figures that belong together, with a quiet remark and the age of the data beside the title."""

    opened = Signal(object)
    """The Figure whose rows are asked for."""

    def __init__(self, title: str, *figures: tuple[Figure, str]) -> None:
        super().__init__(title)
        self.figures = tuple(FigureControl(figure, word) for figure, word in figures)
        self.remark = PlainLabel(kind="muted")
        self.age = PlainLabel(kind="age")
        self.header.addWidget(self.remark)
        self.header.addWidget(self.age)
        row = QHBoxLayout()
        row.setSpacing(scaled(4))
        for control in self.figures:
            row.addWidget(control, 1)
            control.clicked.connect(self._on_clicked)
        self.body.setSpacing(0)
        self.body.setContentsMargins(scaled(7), scaled(2), scaled(7), scaled(6))
        self.body.addLayout(row)

    def show_number(self, place: int, number: str, tone: Tone, icon_name: str) -> None:
        """Show one of the figures."""
        control = self.figures[place]
        control.number.show_number(number, tone, icon_name)
        control.name_as(self.title)

    def show_age(self, text: str, tool_tip: str) -> None:
        """How old the figures are, or since when they are not of now."""
        self.age.setText(text)
        self.age.setToolTip(tool_tip)

    def set_old(self, is_old: bool) -> None:
        """The figures are of a time gone by, or of now again."""
        for control in self.figures:
            control.number.set_old(is_old)

    def mark(self, figure: Figure | None) -> None:
        """Show whose rows are on the screen."""
        for control in self.figures:
            control.setChecked(control.figure == figure)

    def _on_clicked(self) -> None:
        control = self.sender()
        if isinstance(control, FigureControl):
            self.opened.emit(control.figure)
