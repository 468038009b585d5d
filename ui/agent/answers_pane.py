"""Search as you type: the caret stays in the field, arrows move through the hits, Return takes what was on top."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from app.domain.answers import Hit
from app.i18n import plural, tr
from app.search.index import AnswerIndex
from ui.agent.hit_list import HitList
from ui.background import Background
from ui.call_desk import CallDesk
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, key_text
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.plain_label import PlainLabel

_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_TEXT_LIMIT = 2_000  # characters searched for; more is a text pasted by mistake


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was searched for, and for whom."""

    text: str = ""
    language: str = ""
    products: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Found:
    asked: _Asked
    hits: tuple[Hit, ...]


class SearchField(QLineEdit):
    """A line whose arrows, Return and Page keys steer the list below."""

    stepped = Signal(int)
    taken = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Page Up, Page Down and Return are the list's; all else is the line's."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -6, Qt.Key.Key_PageDown: 6}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() in _PLAIN:
            self.taken.emit()
        else:
            super().keyPressEvent(event)


class AnswersPane(Card):
    """The search over the published answers on this desk."""

    taken = Signal(object, str)
    """The hit that was opened, and the text by which it was found."""

    def __init__(self, desk: CallDesk, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(tr("Answers"), parent, is_padded=False)
        self._desk = desk
        self._shown = _Asked()
        self._asked = _Asked()
        self._takes_when_found = False
        self.field = SearchField()
        self.field.setMaxLength(_TEXT_LIMIT)
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(tr("What is it about?  {key}", key=key_text(Shortcut.SEARCH_ANSWERS.key)))
        self.field.setAccessibleName(tr("Search the answers"))
        self.list = HitList()
        self._count = PlainLabel(kind="muted")
        self._empty = EmptyState("search", "")
        index = desk.desk.index
        self._refresher = Refresher(
            background, desk.desk.lanes.queries, partial(_search, index, self._asked), self._show, self
        )
        self._lay_out()
        self.field.textChanged.connect(self._on_typed)
        self.field.stepped.connect(self.list.step)
        self.field.taken.connect(self._on_return)
        self.list.taken.connect(self._on_taken)
        self._show(_Found(self._asked, ()))

    @property
    def text(self) -> str:
        """What is searched for now."""
        return self.field.text().strip()

    @property
    def shown_text(self) -> str:
        """What the hits in the list were found by."""
        return self._shown.text

    def focus(self) -> None:
        """Ctrl+K: the old search is chosen, so that typing replaces it."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def take(self, row: int) -> None:
        """Ctrl+1 ... Ctrl+9."""
        self.list.take(row)

    def clear(self) -> None:
        """A new call: a new search."""
        self.field.clear()

    def follow_caller(self) -> None:
        """Search again if another caller brings another order; else the list and the choice in it stay."""
        if self._wanted() != self._asked:
            self._ask()

    def search_again(self) -> None:
        """The answers changed."""
        self._ask()

    def _on_typed(self) -> None:
        self._takes_when_found = False
        self._ask()

    def _ask(self) -> None:
        self._asked = self._wanted()
        self._refresher.ask(partial(_search, self._desk.desk.index, self._asked))

    def _wanted(self) -> _Asked:
        customer = self._desk.work.customer if self._desk.work else None
        if customer is None:
            return _Asked(self.text)
        return _Asked(self.text, customer.language, frozenset(c.product.code for c in customer.contracts))

    def _show(self, found: _Found) -> None:
        is_same_search = found.asked.text == self._shown.text
        self._shown = found.asked
        self.list.show_hits(found.hits, keeps_choice=is_same_search)
        text = found.asked.text
        self._count.setText(plural(len(found.hits), "{n} hit", "{n} hits") if text else "")
        if text and not found.hits:
            self._empty.set_state(
                "search", tr("No answer has these words."), tr("Try fewer or other words, or escalate.")
            )
        else:
            self._empty.set_state(
                "search", tr("Type what the customer says."), tr("A few words will do, in German or English.")
            )
        self._stack.setCurrentIndex(1 if found.hits else 0)
        if self._takes_when_found and text == self.text:
            self._takes_when_found = False
            self.list.take()

    def _on_return(self) -> None:
        """Return before the hits are there takes the first as soon as they are."""
        if self._shown.text == self.text:
            self.list.take()
        else:
            self._takes_when_found = True

    def _on_taken(self, hit: Hit) -> None:
        self.taken.emit(hit, self._shown.text)

    def _lay_out(self) -> None:
        self.header.addWidget(self._count)
        line = QVBoxLayout()
        line.setContentsMargins(scaled(12), 0, scaled(12), 0)
        line.addWidget(self.field)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.list)
        self.body.addLayout(line)
        self.body.addWidget(pages, 1)


def _search(index: AnswerIndex, asked: _Asked) -> _Found:
    return _Found(asked, index.search(asked.text, language=asked.language, products=asked.products))
