"""Search as you type: the caret stays in the field, arrows move through the hits, Return takes what was seen on top."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QWidget

from app.bootstrap import Desk
from app.domain.answers import Hit
from app.domain.search_trail import Search, follow, left
from app.domain.work import with_shown
from app.i18n import plural, tr
from app.services.problem_copy import with_problems
from ui.agent.copy_label import CopyLabel
from ui.agent.hit_list import HitList
from ui.agent.key_clock import KeyClock
from ui.agent.late_problem import LateProblem
from ui.background import Background
from ui.call_desk import CallDesk
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, key_text
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState

_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_TEXT_LIMIT = 2_000  # characters searched for; more is a text pasted by mistake
_FIRST = 5  # hits before those that are similar in meaning; so these are in sight, and come without moving any
_MEANS_FROM = 8  # characters of a text that may mean something


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
    taken = Signal(float)
    """When Return went down, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        super().__init__()
        self._clock = KeyClock()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Page Up, Page Down and Return are the list's; all else is the line's."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -6, Qt.Key.Key_PageDown: 6}
        pressed_at_s = self._clock.pressed_at(event)
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() in _PLAIN:
            self.taken.emit(pressed_at_s)
        else:
            super().keyPressEvent(event)


class AnswersPane(Card):
    """The search over the published answers on this desk."""

    taken = Signal(object, str)
    """The hit that was opened, and the text by which it was found."""

    left = Signal(object)
    """A Search that was made and left without opening an answer."""

    def __init__(self, desk: CallDesk, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(tr("Answers"), parent, is_padded=False)
        self._desk = desk
        self._shown = _Found(_Asked(), ())
        self._asked = _Asked()
        self._trail: Search | None = None
        self._takes_when_found = False
        self.field = SearchField()
        self.field.setMaxLength(_TEXT_LIMIT)
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(tr("What is it about?  {key}", key=key_text(Shortcut.SEARCH_ANSWERS.key)))
        self.field.setAccessibleName(tr("Search the answers"))
        self.list = HitList()
        self.late_problem = LateProblem()
        self.copy_label = CopyLabel(desk.desk, background)
        self._empty = EmptyState("search", "")
        self._refresher = Refresher(
            background, desk.desk.lanes.queries, partial(_search, desk.desk, self._asked), self._show, self
        )
        self._similar = Refresher(
            background, desk.desk.lanes.meaning, partial(_similar, desk.desk, self._asked), self._show_similar, self
        )
        self._similar.failed.connect(background.error_raised)
        self._similar.failed.connect(lambda _: self._show_rest())
        self._lay_out()
        self.field.textChanged.connect(self._on_typed)
        self.field.stepped.connect(self.list.step)
        self.field.taken.connect(self._on_return)
        self.list.taken.connect(self._on_taken)
        self.late_problem.clicked.connect(self.take_problem)
        self.copy_label.changed.connect(self._show_emptiness)
        self._show(self._shown)

    @property
    def text(self) -> str:
        """What is searched for now."""
        return self.field.text().strip()

    @property
    def shown_text(self) -> str:
        """What the hits in the list were found by."""
        return self._shown.asked.text

    def _note_shown(self) -> None:
        """The answers that stand first were shown, whatever becomes of them."""
        if self._desk.work:
            ids = (row.answer.id for row in self.list.hits.rows[:_FIRST])
            self._desk.update(with_shown(self._desk.work, ids))

    def focus(self) -> None:
        """Ctrl+K: the old search is chosen, so that typing replaces it."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def take(self, row: int) -> None:
        """Ctrl+1 ... Ctrl+9."""
        self.list.take(row)

    def take_problem(self) -> None:
        """Ctrl+0: open the known problem that came while this search stood."""
        if self.late_problem.hit:
            self.list.take_answer(self.late_problem.hit.answer.id)

    def clear(self) -> None:
        """A new call: a new search. What was searched before belongs to no call any more."""
        self._trail = None
        self.field.clear()

    def leave(self) -> None:
        """The call goes on to something else: what stands in the field was a search."""
        search, self._trail = left(self._trail), None
        if search:
            self._note_shown()
            self.left.emit(search)

    def follow_caller(self) -> None:
        """Search again if another caller brings another order; hits that stand there stay in their places."""
        if self._wanted() != self._asked:
            self._ask()

    def search_again(self) -> None:
        """The answers changed."""
        self.copy_label.look()
        self._ask()

    def _on_typed(self) -> None:
        self._takes_when_found = False
        self._ask()

    def _ask(self) -> None:
        self._asked = self._wanted()
        self._refresher.ask(partial(_search, self._desk.desk, self._asked))

    def _wanted(self) -> _Asked:
        customer = self._desk.work.customer if self._desk.work else None
        if customer is None:
            return _Asked(self.text)
        return _Asked(self.text, customer.language, frozenset(c.product.code for c in customer.contracts))

    def _show(self, found: _Found) -> None:
        self._shown = found
        text = found.asked.text
        self._trail, gone = follow(self._trail, Search(text=text, has_found=bool(found.hits)))
        if gone:
            self._note_shown()
            self.left.emit(gone)
        asks_meaning = text != self.list.text and self._means_something(text)
        self.list.show_hits(found.hits[:_FIRST] if asks_meaning else found.hits, text)
        self.late_problem.show_of(found.hits, self.list.hits.rows)
        if asks_meaning:
            self._similar.ask(partial(_similar, self._desk.desk, found.asked))
        self.copy_label.show_count(plural(len(found.hits), "{n} hit", "{n} hits") if text else "")
        self._show_emptiness()
        if self._takes_when_found and text == self.text:
            self._takes_when_found = False
            self.list.take()

    def _means_something(self, text: str) -> bool:
        return self._desk.desk.meaning is not None and len(text) >= _MEANS_FROM and " " in text

    def _show_similar(self, similar: _Found) -> None:
        """Those found by meaning, and then the other hits: all below, so that nothing moves."""
        if similar.asked == self._shown.asked:
            self.list.add_similar(similar.hits)
            self._show_rest()

    def _show_rest(self) -> None:
        if self.list.text == self._shown.asked.text:
            self.list.show_hits(self._shown.hits, self.list.text)
        self._show_emptiness()

    def _show_emptiness(self) -> None:
        """Why there is no hit: nothing to search in yet, nothing asked for, or nothing found."""
        self._stack.setCurrentIndex(1 if self.list.hits.rows else 0)
        if lack := self.copy_label.lack:
            self._empty.set_state("search", *lack)
        elif self._shown.asked.text:
            self._empty.set_state(
                "search", tr("No answer has these words."), tr("Try fewer or other words, or escalate.")
            )
        else:
            self._empty.set_state(
                "search", tr("Type what the customer says."), tr("A few words will do, in German or English.")
            )

    def _on_return(self, pressed_at_s: float) -> None:
        """Return takes what the person saw on top; before anything is there, the first as soon as it is."""
        if self.text and not self.list.take_as_seen(self.text, pressed_at_s):
            self._takes_when_found = True

    def _on_taken(self, hit: Hit) -> None:
        self._trail = None
        self._note_shown()
        self.taken.emit(hit, self._shown.asked.text)

    def _lay_out(self) -> None:
        self.header.addWidget(self.copy_label)
        line = QHBoxLayout()
        line.setContentsMargins(scaled(12), 0, scaled(12), 0)
        line.addWidget(self.field, 1)
        line.addWidget(self.late_problem)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.list)
        self.body.addLayout(line)
        self.body.addWidget(pages, 1)


def _search(desk: Desk, asked: _Asked) -> _Found:
    signals = desk.answers.signals
    hits = desk.index.search(asked.text, language=asked.language, products=asked.products, signals=signals)
    problems = desk.known_problems.hits(asked.text, asked.products, asked.language)
    return _Found(asked, with_problems(hits, problems))


def _similar(desk: Desk, asked: _Asked) -> _Found:
    return _Found(asked, desk.meaning.search(asked.text, language=asked.language) if desk.meaning else ())
