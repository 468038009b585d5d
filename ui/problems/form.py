"""The words of a problem: read by all, written by second and third level and editors."""

import json
from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from app.bootstrap import Desk
from app.domain.problems import TITLE_LIMIT, VERSIONS_LIMIT, ProblemWords
from app.domain.typed_text import typed
from app.i18n import tr
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel

_NAMES = tuple(field.name for field in fields(ProblemWords))
_NEW = '{"new": true'  # how the text of a problem begins that is not made yet
_LINES = {"symptoms": 3, "cause": 2, "workaround": 4}


class ProblemForm(QWidget):
    """What is typed is kept on this desk for its problem; a change elsewhere never touches the fields typed in."""

    edited = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._of: UUID | None = None
        self._new: set[UUID] = set()
        self._stored = ProblemWords(title="")
        self.title, self.products, self.versions = QLineEdit(), QLineEdit(), QLineEdit()
        self.title.setMaxLength(TITLE_LIMIT)
        self.versions.setMaxLength(VERSIONS_LIMIT)
        self.products.setPlaceholderText(tr("Codes, with commas: LINK-200, LINK-400"))
        self.texts = {name: QPlainTextEdit() for name in _LINES}
        self.texts["symptoms"].setPlaceholderText(tr("What customers say and see. Nothing that names one of them."))
        self.texts["workaround"].setPlaceholderText(tr("What helps until it is solved, a step a line"))
        self._lay_out()
        for line in (self.title, self.products, self.versions):
            line.textChanged.connect(self._on_edited)
        for text in self.texts.values():
            text.setTabChangesFocus(True)
            text.textChanged.connect(self._on_edited)

    @property
    def words(self) -> ProblemWords:
        """As they stand in the fields."""
        return ProblemWords(
            title=typed(self.title.text()).strip(),
            symptoms=typed(self.texts["symptoms"].toPlainText()).strip(),
            cause=typed(self.texts["cause"].toPlainText()).strip(),
            workaround=typed(self.texts["workaround"].toPlainText()).strip(),
            products=_codes(self.products.text()),
            versions=typed(self.versions.text()).strip(),
        )

    @property
    def is_edited(self) -> bool:
        """Something stands there that is not stored."""
        return self.words != self._stored

    def begun(self, sent: Collection[UUID]) -> UUID | None:
        """The new problem that something is typed for and that was not `sent`: no list has it."""
        texts = self._desk.case_texts.items()
        return next((of for of, text in texts if text.startswith(_NEW) and of not in sent), None)

    def show_words(self, problem_id: UUID, words: ProblemWords, *, is_new: bool = False) -> tuple[str, ...]:
        """Show a problem's words with what is typed for it: a field that is typed in stays, the others follow.

        The fields, by name, in which somebody else has written meanwhile, too.
        """
        (self._new.add if is_new else self._new.discard)(problem_id)
        is_other = problem_id != self._of
        edits = self._kept(problem_id) if is_other else self.edits
        before = words if is_other else self._stored
        both = tuple(name for name in edits if getattr(words, name) != getattr(before, name))
        self._stored, self._of = words, problem_id
        if is_other:
            self._fill(ProblemWords(title=""))  # nothing of what was typed there stays, not even a comma
        self._fill(replace(words, **edits))
        self.edited.emit()
        return both

    def label_of(self, name: str) -> str:
        """A field as the person reads it."""
        return self._labels[name].text()

    def set_stored(self) -> None:
        """What stands there is sent; it is kept until `forget`."""
        self._stored = self.words
        self.edited.emit()

    def forget(self, problem_id: UUID, sent: ProblemWords) -> None:
        """What was sent is safe on this desk's disk; what was typed since stays."""
        if problem_id != self._of:
            if replace(sent, **self._kept(problem_id)) == sent:
                self._keep(problem_id, {})
        elif self.words == sent:
            self._stored = sent
            self._desk.keep_case_text(problem_id, "")

    def take_back(self, problem_id: UUID, stored: ProblemWords, sent: dict[str, Any]) -> None:
        """The fields that were `sent` were not taken: they are typed, whatever was shown meanwhile, or are kept."""
        if problem_id == self._of:
            typed_since, self._stored = self.edits, stored
            self._fill(replace(stored, **sent | typed_since))
            self._on_edited()
        elif sent:
            self._keep(problem_id, sent | self._kept(problem_id))

    def set_writable(self, *, can_name: bool, can_explain: bool) -> None:
        """Who may write title and symptoms, and who cause and workaround."""
        for line in (self.title, self.products, self.versions):
            line.setReadOnly(not can_name)
        self.texts["symptoms"].setReadOnly(not can_name)
        for name in ("cause", "workaround"):
            self.texts[name].setReadOnly(not can_explain)

    def _fill(self, words: ProblemWords) -> None:
        of, self._of = self._of, None  # what is shown is not typed
        for line, text in ((self.title, words.title), (self.versions, words.versions)):
            if line.text().strip() != text:
                line.setText(text)
        if _codes(self.products.text()) != words.products:
            self.products.setText(", ".join(words.products))
        for name, field in self.texts.items():
            text = getattr(words, name)
            if field.toPlainText().strip() != text:
                field.setPlainText(text)
        self._of = of

    def _on_edited(self) -> None:
        if self._of is None:
            return
        self._keep(self._of, self.edits)
        self.edited.emit()

    def _keep(self, problem_id: UUID, edits: dict[str, Any]) -> None:
        mark = {"new": True} if problem_id in self._new else {}
        self._desk.keep_case_text(problem_id, json.dumps(mark | edits) if edits else "")

    @property
    def edits(self) -> dict[str, Any]:
        """The fields that are other than stored, by name."""
        words = self.words
        return {name: getattr(words, name) for name in _NAMES if getattr(words, name) != getattr(self._stored, name)}

    def _kept(self, problem_id: UUID) -> dict[str, Any]:
        """What was typed for a problem before."""
        edits: dict[str, Any] = json.loads(self._desk.case_texts.get(problem_id, "") or "{}")
        edits.pop("new", None)
        return edits | ({"products": tuple(edits["products"])} if "products" in edits else {})

    def _lay_out(self) -> None:
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(scaled(6))
        layout.setHorizontalSpacing(scaled(12))
        line = self.fontMetrics().lineSpacing()
        for name, count in _LINES.items():
            self.texts[name].setFixedHeight(line * count + scaled(14))
        rows: tuple[tuple[str, str, QWidget], ...] = (
            ("title", tr("Title"), self.title),
            ("symptoms", tr("Symptoms"), self.texts["symptoms"]),
            ("cause", tr("Cause"), self.texts["cause"]),
            ("workaround", tr("Workaround"), self.texts["workaround"]),
            ("products", tr("Products"), self.products),
            ("versions", tr("Versions"), self.versions),
        )
        self._labels: dict[str, PlainLabel] = {}
        for name, text, field in rows:
            self._labels[name] = label = PlainLabel(text, kind="muted")
            label.setBuddy(field)
            field.setAccessibleName(text)
            layout.addRow(label, field)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (code.strip() for code in text.split(","))))
