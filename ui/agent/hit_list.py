"""The answers found, steered from the search field."""

from collections import deque
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

from app.domain.answers import Hit
from app.i18n import tr
from ui.agent.hit_model import HIT_ROLE, HitModel, HitRow
from ui.agent.hit_paint import HitDelegate

READ_S = 0.15  # a list that stands shorter than this, nobody has read


@dataclass(frozen=True, slots=True)
class _Shown:
    """A list of hits, by what text it was found and since when it stands there."""

    text: str
    since_s: float  # of the monotonic clock
    chosen: HitRow | None = None  # when it went


class HitList(QListView):
    """It never has the focus itself."""

    taken = Signal(object)  # Hit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hits = HitModel(self)
        self._now = _Shown("", monotonic())
        self._before: deque[_Shown] = deque(maxlen=4)
        self.setModel(self.hits)
        self.setItemDelegate(HitDelegate(self))
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setAccessibleName(tr("Answers found"))
        self.clicked.connect(lambda index: self._take(index.data(HIT_ROLE)))

    @property
    def text(self) -> str:
        """What the hits were found by."""
        return self._now.text

    def show_hits(self, hits: tuple[Hit, ...], text: str) -> None:
        """The hits of `text`: with the first one chosen, or where the same text stands there already, unmoved."""
        if text == self._now.text and text:
            self.hits.merge(hits)
            self._choose_first()
            return
        self._before.append(_Shown(self._now.text, self._now.since_s, self._chosen()))
        self._now = _Shown(text, monotonic())
        self.hits.replace(hits)
        self._choose_first()
        self.scrollToTop()

    def add_similar(self, hits: tuple[Hit, ...]) -> None:
        """What was found by meaning, below."""
        self.hits.merge(hits, are_similar=True)
        self._choose_first()

    def step(self, rows: int) -> None:
        """Move the choice."""
        count = self.hits.rowCount()
        if count:
            row = max(0, min(count - 1, self.currentIndex().row() + rows))
            self.setCurrentIndex(self.hits.index(row))

    def take(self, row: int | None = None) -> None:
        """Open the chosen hit, or the one in this row."""
        row = self.currentIndex().row() if row is None else row
        if 0 <= row < len(self.hits.rows):
            self.setCurrentIndex(self.hits.index(row))
            self._take(self.hits.rows[row])

    def take_answer(self, id_: UUID) -> None:
        """Open this one, wherever it stands."""
        self.take(next((place for place, row in enumerate(self.hits.rows) if row.answer.id == id_), -1))

    def take_as_seen(self, text: str, at_s: float) -> bool:
        """Open what was chosen when Return went down at `at_s`; False when that is still to be found.

        Hits may have come between the key and this call: they are not what the person saw. A list for the beginning of
        `text` counts as seen when it stood long enough to be read.
        """
        seen = self._seen_at(at_s)
        was_read = seen.text and text.startswith(seen.text) and at_s - seen.since_s >= READ_S
        if seen is self._now and (seen.text == text or (was_read and self._chosen())):
            self.take()
        elif seen.chosen and (seen.text == text or was_read):
            self._take(seen.chosen)
        elif self._now.text == text:
            self.take()
        else:
            return False
        return True

    def _choose_first(self) -> None:
        if self.hits.rows and not self.currentIndex().isValid():
            self.setCurrentIndex(self.hits.index(0))

    def _seen_at(self, at_s: float) -> _Shown:
        if at_s >= self._now.since_s or not self._before:
            return self._now
        return next((shown for shown in reversed(self._before) if shown.since_s <= at_s), self._before[0])

    def _chosen(self) -> HitRow | None:
        row = self.currentIndex().row()
        return self.hits.rows[row] if 0 <= row < len(self.hits.rows) else None

    def _take(self, row: HitRow) -> None:
        if not row.is_gone:
            self.taken.emit(row.hit)
