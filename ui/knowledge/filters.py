"""Which lines of the editors' list are shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.knowledge import AnswerLine, AnswerState
from app.i18n import LANGUAGES, tr
from ui.labels import label, language_name
from ui.theme import scaled


class Concern(StrEnum):
    """What an editor looks for."""

    ALL = "all"
    REVIEW_OVERDUE = "review_overdue"
    FLAGGED = "flagged"
    UNUSED = "unused"  # in force, and nobody has opened it in 90 days
    PAIR = "pair"  # the other language is missing or older


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Empty: all."""

    text: str = ""
    state: AnswerState | None = None
    language: str = ""
    product: str = ""
    concern: Concern = Concern.ALL

    def takes(self, line: AnswerLine, today: date) -> bool:
        """Whether the line is shown."""
        words = self.text.casefold().split()
        about = f"{line.title} {line.key}".casefold()
        return (
            (self.state is None or line.state is self.state)
            and self.language in ("", line.language)
            and (not self.product or self.product in line.products)
            and all(word in about for word in words)
            and _concerns(self.concern, line, today)
        )


def shown(lines: Iterable[AnswerLine], chosen: Filter, today: date) -> tuple[AnswerLine, ...]:
    return tuple(line for line in lines if chosen.takes(line, today))


def _concerns(concern: Concern, line: AnswerLine, today: date) -> bool:
    match concern:
        case Concern.REVIEW_OVERDUE:
            return line.is_review_overdue(today)
        case Concern.FLAGGED:
            return line.flag_count > 0
        case Concern.UNUSED:
            return line.is_in_force and line.read_count == 0
        case Concern.PAIR:
            return line.pair in ("missing", "older")
    return True


class FilterBar(QWidget):
    """Text, state, language, product, and what is the matter."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = QLineEdit()
        self.text.setClearButtonEnabled(True)
        self.text.setPlaceholderText(tr("Title or key"))
        self.text.setAccessibleName(tr("Title or key"))
        self.text.textChanged.connect(self.changed)
        self.state = self._box(tr("State"), [(tr("All states"), None), *((label(s), s) for s in _STATES)])
        self.language = self._box(
            tr("Language"), [(tr("All languages"), ""), *((language_name(code), code) for code in sorted(LANGUAGES))]
        )
        self.product = self._box(tr("Product"), [(tr("All products"), "")])
        self.concern = self._box(tr("What is the matter"), [(word(), concern) for concern, word in _CONCERNS])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), 0, scaled(12), 0)
        layout.setSpacing(scaled(6))
        for row in ((self.text, self.concern), (self.state, self.language, self.product)):
            line = QHBoxLayout()
            line.setSpacing(scaled(6))
            for widget in row:
                line.addWidget(widget, 1)
            layout.addLayout(line)

    @property
    def chosen(self) -> Filter:
        return Filter(
            text=self.text.text(),
            state=self.state.currentData(),
            language=self.language.currentData(),
            product=self.product.currentData(),
            concern=Concern(self.concern.currentData()),
        )

    def offer_products(self, lines: Iterable[AnswerLine]) -> None:
        """The products that any answer names; the choice stays."""
        codes = sorted({code for line in lines for code in line.products})
        if codes == [self.product.itemData(row) for row in range(1, self.product.count())]:
            return
        chosen = self.product.currentData()
        self.product.blockSignals(True)
        self.product.clear()
        self.product.addItem(tr("All products"), "")
        for code in codes:
            self.product.addItem(code, code)
        self.product.setCurrentIndex(max(0, self.product.findData(chosen)))
        self.product.blockSignals(False)

    def _box(self, name: str, choices: Iterable[tuple[str, object]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setMinimumWidth(scaled(60))
        for text, value in choices:
            box.addItem(text, value)
        box.currentIndexChanged.connect(lambda _: self.changed.emit())
        return box


_STATES = (AnswerState.DRAFT, AnswerState.REVIEW, AnswerState.PUBLISHED, AnswerState.RETIRED)
_CONCERNS: tuple[tuple[Concern, Callable[[], str]], ...] = (
    (Concern.ALL, lambda: tr("Everything")),
    (Concern.REVIEW_OVERDUE, lambda: tr("Review overdue")),
    (Concern.FLAGGED, lambda: tr("Flagged by agents")),
    (Concern.UNUSED, lambda: tr("Not used in 90 days")),
    (Concern.PAIR, lambda: tr("Other language missing or older")),
)
