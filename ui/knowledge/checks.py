"""What is said below the fields while somebody writes: why it is not to be published yet, what is there already."""

from fractions import Fraction
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.adapters.answer_files.rules import normalised, reasons
from app.domain.answers import Answer
from app.domain.customers import Product
from app.i18n import tr
from app.search.duplicates import Duplicate, duplicates
from ui.context import ScreenContext
from ui.labels import percent_text
from ui.plain_text import as_tool_tip, in_menu
from ui.refresh import Refresher
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel

_PAUSE_MS = 250  # in typing, before it is looked for the same
_SHOWN = 3


class _Alike(QPushButton):
    """A sentence to press, no wider than there is room: the fields above do not grow with somebody's long title."""

    def __init__(self, sentence: str) -> None:
        super().__init__(in_menu(sentence))
        self.sentence = sentence
        self.setProperty("kind", "ghost")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(sentence)
        self.setToolTip(as_tool_tip(sentence))

    def sizeHint(self) -> QSize:
        """Of the whole sentence."""
        return QSize(self.fontMetrics().horizontalAdvance(self.sentence) + self._edges, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A few characters will do."""
        return QSize(scaled(80), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """End in "…" where the room ends."""
        super().resizeEvent(event)
        shown = self.fontMetrics().elidedText(
            self.sentence, Qt.TextElideMode.ElideRight, self.contentsRect().width() - self._edges
        )
        self.setText(in_menu(shown))

    @property
    def _edges(self) -> int:
        return scaled(26)


class Checks(QWidget):
    """Says it quietly: a draft may be as incomplete as it likes."""

    duplicate_opened = Signal(object)  # Answer

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._desk = context.desk
        self._codes: frozenset[str] | None = None  # None: not known, so not checked
        self._answer: Answer | None = None
        self.faults = PlainLabel(kind="warning")
        self.faults.setWordWrap(True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(scaled(4))
        self._layout.addWidget(self.faults)
        self._buttons: list[_Alike] = []
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._refresher = Refresher[tuple[Duplicate, ...]](
            context.background, context.desk.lanes.queries, tuple, self._show_duplicates, self
        )
        context.background.run(context.desk.lanes.queries, context.desk.products, owner=self, done=self._on_products)

    @property
    def similar(self) -> tuple[str, ...]:
        """The answers that say it already, as shown."""
        return tuple(button.sentence for button in self._buttons)

    def check(self, answer: Answer) -> None:
        """Faults at once, duplicates after a pause and away from the window's thread."""
        self._answer = answer
        found = dict.fromkeys(sentence for _, sentence in reasons(normalised(answer), self._codes))
        sentences = list(found)[:_SHOWN]
        self.faults.setText("\n".join(sentences))
        self.faults.setVisible(bool(sentences))
        self._pause.start()

    def _look(self) -> None:
        if self._answer is not None:
            self._refresher.ask(partial(duplicates, self._desk.index, self._answer))

    def _on_products(self, products: tuple[Product, ...]) -> None:
        self._codes = frozenset(product.code for product in products)
        if self._answer is not None:
            self.check(self._answer)

    def _show_duplicates(self, found: tuple[Duplicate, ...]) -> None:
        for button in self._buttons:
            button.setParent(None)
            button.deleteLater()
        self._buttons = [self._button(one) for one in found]

    def _button(self, one: Duplicate) -> _Alike:
        button = _Alike(
            tr("Says it already? {title} ({key}, {share} alike)", title=one.answer.title, key=one.answer.key,
               share=percent_text(Fraction(one.likeness)))
        )  # fmt: skip
        button.clicked.connect(lambda: self.duplicate_opened.emit(one.answer))
        self._layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return button
