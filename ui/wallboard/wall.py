"""The wallboard's window: one widget that paints a page, so nothing is made anew in weeks of running.

Letters are as high as a two-hundredth of the distance from which they are read: at ten metres 5 cm, which on a
television of 55 inches is a thirteenth of its height.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.domain.errors import FirstlineError
from app.domain.wall import WallNow
from app.i18n import tr
from ui import icons
from ui.background import Background
from ui.labels import clock_text
from ui.refresh import Refresher
from ui.theme import Tone, colours
from ui.wallboard.pages import Cell, Page, WallRow, pages_of
from ui.widgets.elapsed import utc_now

READ_MS, TURN_MS, TICK_MS = 3_000, 15_000, 1_000
LETTER = 1 / 13  # of the height: words; numbers are larger

_NAME_SHARE = 0.37  # of the width
_WORD_SHARE = 0.9  # of its column: words stand apart


class Wall(QWidget):
    """Reads by itself, turns its pages by itself; grey, and since when, while the database is away."""

    def __init__(
        self,
        background: Background,
        lane: Executor,
        read: Callable[[], WallNow],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        self._now = now
        self.wall: WallNow | None = None
        self.lost_at: datetime | None = None
        self._place = 0
        self.setWindowTitle(tr("Wallboard"))
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._refresher = Refresher(background, lane, read, self._show, self)
        self._refresher.failed.connect(self._on_failed)
        self._every(READ_MS, self._refresher.refresh)
        self._every(TURN_MS, self.turn)
        self._every(TICK_MS, self.update)
        self._refresher.refresh()

    @property
    def page(self) -> Page | None:
        """What is painted now."""
        if self.wall is None:
            return None
        pages = pages_of(self.wall, self.lost_at or self._now())
        return pages[self._place % len(pages)]

    def turn(self) -> None:
        """The next page."""
        self._place += 1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, for who sets it up."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, words, rows, and of when it is."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().surface)
        page, edge = self.page, self.height() * 0.05
        letter = self.height() * LETTER
        place = QRectF(edge, edge, self.width() - 2 * edge, letter * 1.6)
        self._text(painter, place, page.title if page else "Firstline", letter * 1.1, colours().text, is_bold=True)
        self._text(painter, place, self._state(), letter * 0.62, self._state_ink(), Qt.AlignmentFlag.AlignRight)
        if page is None:
            return
        columns = _columns(place, len(page.words))
        top = place.bottom() + letter * 0.3
        size = min(
            self._fitting(word, letter * 0.62, column.width() * _WORD_SHARE)
            for column, word in zip(columns, page.words, strict=True)
        )
        for column, word in zip(columns, page.words, strict=True):
            spot = QRectF(column.x(), top, column.width(), letter)
            self._text(painter, spot, word, size, colours().muted, Qt.AlignmentFlag.AlignRight)
        height = (self.height() - top - letter - edge) / max(len(page.rows), 2)
        for number, row in enumerate(page.rows):
            self._row(painter, row, columns, top + letter + number * height, height)

    def _row(self, painter: QPainter, row: WallRow, columns: list[QRectF], top: float, height: float) -> None:
        edge = self.height() * 0.05
        painter.setPen(colours().line)
        painter.drawLine(int(edge), int(top), int(self.width() - edge), int(top))
        letter = self.height() * LETTER
        name = QRectF(edge, top, self.width() * _NAME_SHARE - edge, height)
        self._text(painter, name, row.name, letter, self._ink(Tone.NEUTRAL))
        for column, cell in zip(columns, row.cells, strict=True):
            self._cell(painter, cell, QRectF(column.x(), top, column.width(), height), min(height * 0.62, letter * 1.9))

    def _cell(self, painter: QPainter, cell: Cell, place: QRectF, size: float) -> None:
        ink = self._ink(cell.tone)
        width = self._text(painter, place, cell.text, size, ink, Qt.AlignmentFlag.AlignRight, is_bold=True)
        if cell.tone is Tone.DANGER:
            side = size * 0.6
            mark = QRectF(place.right() - width - side * 1.3, place.center().y() - side / 2, side, side)
            icons.paint(painter, mark, "warning", ink)

    def _text(
        self, painter: QPainter, place: QRectF, text: str, size: float, ink: QColor,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft, *, is_bold: bool = False,
    ) -> float:  # fmt: skip
        """Paint it, smaller where it would be cut; the width."""
        font = QFont(self.font())
        font.setBold(is_bold)
        font.setPixelSize(int(self._fitting(text, size, place.width(), is_bold=is_bold)))
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, text)
        return QFontMetricsF(font).horizontalAdvance(text)

    def _fitting(self, text: str, size: float, width: float, *, is_bold: bool = False) -> float:
        """The size, or a smaller one with which the text is not wider; one pixel at least."""
        font = QFont(self.font())
        font.setBold(is_bold)
        font.setPixelSize(max(int(size), 1))
        needed = QFontMetricsF(font).horizontalAdvance(text)
        return max(size if needed <= width else size * width / needed, 1.0)

    def _ink(self, tone: Tone) -> QColor:
        """What is of a time gone by is grey."""
        if self.lost_at is not None:
            return colours().faint
        return colours().text if tone is Tone.NEUTRAL else colours().tone(tone)[0]

    def _state(self) -> str:
        if self.lost_at is not None:
            return tr("No connection since {time}", time=clock_text(self.lost_at))
        return clock_text(self._now()) if self.wall else tr("Connecting …")

    def _state_ink(self) -> QColor:
        return colours().danger if self.lost_at is not None else colours().muted

    def _show(self, wall: WallNow) -> None:
        self.wall, self.lost_at = wall, None
        self.update()

    def _on_failed(self, _: FirstlineError) -> None:
        if self.lost_at is None:
            self.lost_at = self._now()
        self.update()

    def _every(self, interval_ms: int, work: Callable[[], None]) -> None:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(work)
        timer.start()


def _columns(place: QRectF, count: int) -> list[QRectF]:
    left = place.x() + place.width() * _NAME_SHARE
    width = (place.right() - left) / count
    return [QRectF(left + i * width, 0, width * 0.96, 0) for i in range(count)]
