"""What happened to a case, newest first, along a line."""

from collections.abc import Collection

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.cases import TimelineEntry
from app.i18n import tr
from ui import icons
from ui.labels import clock_text, label
from ui.looks import EVENT_LOOKS
from ui.theme import colours, scaled
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel

_DISC_PX = 24


class TimelineCard(Card):
    """Entries are only ever added, so a longer timeline of the same case keeps its rows."""

    def __init__(self) -> None:
        super().__init__(tr("Timeline"))
        self.body.setSpacing(0)
        self._entries: tuple[TimelineEntry, ...] = ()
        self._rows: list[TimelineRow] = []

    @property
    def entries(self) -> tuple[TimelineEntry, ...]:
        """What is shown, oldest first."""
        return self._entries

    def show_timeline(self, entries: tuple[TimelineEntry, ...], seen: Collection[str] = ()) -> None:
        """Show these entries.

        Args:
            entries: oldest first.
            seen: texts that stand on the same page already and are not shown twice.
        """
        if entries == self._entries:
            return
        known = len(self._entries)
        if entries[:known] != self._entries:
            self._clear()
            known = 0
        self._entries = entries
        for entry in entries[known:]:
            row = TimelineRow(entry, "" if entry.text in seen else entry.text, is_oldest=entry is entries[0])
            self._rows.append(row)
            self.body.insertWidget(0, row)

    def _clear(self) -> None:
        for row in self._rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows.clear()


class TimelineRow(QWidget):
    """One event: icon on the line, word and person, time at the right, the text that was left."""

    def __init__(self, entry: TimelineEntry, said: str, *, is_oldest: bool) -> None:
        super().__init__()
        self._entry = entry
        self._is_oldest = is_oldest
        head = QHBoxLayout()
        head.setSpacing(scaled(8))
        head.addWidget(PlainLabel(label(entry.waits_for or entry.event), kind="heading"))
        head.addWidget(PlainLabel(entry.person_name), 1)
        head.addWidget(PlainLabel(clock_text(entry.at), kind="muted"))
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(_DISC_PX + 10), scaled(3), 0, scaled(5 if is_oldest else 16))
        column.setSpacing(scaled(2))
        column.addLayout(head)
        if said:
            text = PlainLabel(said)
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line down to the next event, and the icon on its disc."""
        del event
        scheme = colours()
        tone, icon_name = EVENT_LOOKS[self._entry.event]
        line, ground = scheme.tone(tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc, size = scaled(_DISC_PX), scaled(14)
        if not self._is_oldest:
            painter.fillRect(QRectF(disc / 2 - 0.5, disc + 2, 1, self.height() - disc - 4), scheme.line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(QRectF(0, 0, disc, disc))
        edge = (disc - size) / 2
        icons.paint(painter, QRectF(edge, edge, size, size), icon_name, line)
