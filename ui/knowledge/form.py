"""The fields of an answer, and what is wrong with them while they are typed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.answers import Answer, Audience
from app.domain.typed_text import typed
from app.i18n import LANGUAGES, tr
from ui.labels import date_text, day_of, label, language_name
from ui.theme import scaled, set_kind
from ui.widgets.plain_label import PlainLabel

_BODY_LINES = 7
_SOME_DAY = date(2027, 3, 31)  # shows how one is written


class AnswerForm(QScrollArea):
    """Fills itself from an answer and makes one of what stands in the fields; nothing is lost on the way."""

    edited = Signal()
    """A person typed something."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title, self.key = self._line(tr("Title")), self._line(tr("Key"))
        self.keywords, self.products = self._line(tr("Keywords")), self._line(tr("Products"))
        self.valid_from, self.valid_until = self._line(tr("Valid from")), self._line(tr("Valid until"))
        self.review_on = self._line(tr("Review on"))
        self._days = self.valid_from, self.valid_until, self.review_on
        for field in self._days:
            field.setPlaceholderText(date_text(_SOME_DAY))
        self.language = self._box(tr("Language"), [(language_name(code), code) for code in sorted(LANGUAGES)])
        self.audience = self._box(tr("For whom"), [(label(one), one) for one in Audience])
        self.variants = self._text(tr("Question variants"), 4, tr("One a line, in the customers' words"))
        self.body = self._text(tr("What the agent says"), _BODY_LINES, tr("**bold**, {customer.name}"))
        self.steps = self._text(tr("Steps for the customer"), 4, tr("One a line"))
        self.closing = self._text(tr("Closing"), 2, "")
        self._of: UUID | None = None
        self._lay_out()

    def fill(self, answer: Answer, *, can_edit: bool, is_new: bool) -> None:
        """Show an answer; a field that says it already is left alone, with its caret and a comma just typed."""
        is_same, self._of = self._of == answer.id, answer.id
        commas, lines = (partial(_parts, separator=mark) if is_same else str for mark in (",", "\n"))
        for line, text, means in (
            (self.title, answer.title, str),
            (self.key, answer.key, str),
            (self.keywords, ", ".join(answer.keywords), commas),
            (self.products, ", ".join(answer.products), commas),
        ):
            if means(line.text()) != means(text):
                _set(line, partial(_show_beginning, line), text)
        for area, text, means in (
            (self.variants, "\n".join(answer.variants), lines),
            (self.body, answer.body, str),
            (self.steps, "\n".join(answer.steps), lines),
            (self.closing, answer.closing, str),
        ):
            if means(area.toPlainText()) != means(text):
                _set(area, area.setPlainText, text)
        for line, day in zip(self._days, (answer.valid_from, answer.valid_until, answer.review_on), strict=True):
            _fill_day(line, day)
        for box, value in ((self.language, answer.language), (self.audience, answer.audience)):
            box.blockSignals(True)
            box.setCurrentIndex(box.findData(value))
            box.blockSignals(False)
        self.set_writable(can_edit=can_edit, is_new=is_new)

    def set_writable(self, *, can_edit: bool, is_new: bool) -> None:
        """Key and language only of what `is_new`."""
        for line in (self.title, self.keywords, self.products, *self._days):
            line.setReadOnly(not can_edit)
        for area in (self.variants, self.body, self.steps, self.closing):
            area.setReadOnly(not can_edit)
        self.audience.setEnabled(can_edit)
        self.language.setEnabled(can_edit and is_new)
        self.key.setReadOnly(not (can_edit and is_new))

    def answer(self, before: Answer) -> Answer:
        """What stands in the fields; what is in no field stays as it was. A date that is none stays too."""
        return replace(
            before,
            title=typed(self.title.text()),
            key=typed(self.key.text()).strip(),
            language=self.language.currentData(),
            audience=Audience(self.audience.currentData()),
            keywords=_parts(self.keywords.text(), ","),
            products=_parts(self.products.text(), ","),
            variants=_parts(self.variants.toPlainText(), "\n"),
            body=typed(self.body.toPlainText()),
            steps=_parts(self.steps.toPlainText(), "\n"),
            closing=typed(self.closing.toPlainText()),
            valid_from=_day(self.valid_from, before.valid_from),
            valid_until=_day(self.valid_until, before.valid_until),
            review_on=_day(self.review_on, before.review_on),
        )

    def complaint(self) -> str:
        """Which field holds no day, and how one is written; "" when all do."""
        wrong = next((field for field in self._days if _is_no_day(field)), None)
        if wrong is None:
            return ""
        wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        return tr("“{text}” is no day. {field} is written like {day}.",
                  text=wrong.text().strip(), field=wrong.accessibleName(), day=date_text(_SOME_DAY))  # fmt: skip

    def focus(self) -> None:
        """The caret into the title."""
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.textEdited.connect(lambda _: self.edited.emit())
        return field

    def _text(self, name: str, lines: int, hint: str) -> QPlainTextEdit:
        field = QPlainTextEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.setTabChangesFocus(True)
        field.setFixedHeight(scaled(22) + lines * field.fontMetrics().lineSpacing())
        field.textChanged.connect(self.edited)
        return field

    def _box(self, name: str, choices: list[tuple[str, object]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for text, value in choices:
            box.addItem(text, value)
        box.currentIndexChanged.connect(lambda _: self.edited.emit())
        return box

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, scaled(8), 0)
        column.setSpacing(scaled(6))
        for widgets in ((self.title,), (self.variants,), (self.body,), (self.steps,), (self.closing,)):
            column.addLayout(_row(*widgets))
        column.addLayout(_row(self.keywords, self.products))
        column.addLayout(_row(self.key, self.language, self.audience))
        column.addLayout(_row(self.valid_from, self.valid_until, self.review_on))
        column.addStretch(1)
        self.setWidget(page)


def _row(*fields: QLineEdit | QPlainTextEdit | QComboBox) -> QGridLayout:
    """Fields side by side, each with its name above."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(scaled(8))
    grid.setVerticalSpacing(scaled(2))
    for column, field in enumerate(fields):
        caption = PlainLabel(field.accessibleName(), kind="caption")
        caption.setBuddy(field)
        grid.addWidget(caption, 0, column)
        grid.addWidget(field, 1, column)
        grid.setColumnStretch(column, 1)
    return grid


def _set(field: QWidget, put: Callable[[str], None], text: str) -> None:
    field.blockSignals(True)
    put(text)
    field.blockSignals(False)


def _show_beginning(line: QLineEdit, text: str) -> None:
    line.setText(text)
    line.setCursorPosition(0)


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in typed(text).split(separator) if part.strip())


def _fill_day(field: QLineEdit, day: date | None) -> None:
    """A day that stands there already stays as it was written."""
    if day != day_of(field.text()) or _is_no_day(field):
        _set(field, field.setText, date_text(day) if day else "")
        set_kind(field, "false", "invalid")


def _day(field: QLineEdit, before: date | None) -> date | None:
    """The day that was typed; a field that holds none is marked, and what was there before counts."""
    is_none = _is_no_day(field)
    set_kind(field, "true" if is_none else "false", "invalid")
    return before if is_none else day_of(field.text())


def _is_no_day(field: QLineEdit) -> bool:
    return bool(field.text().strip()) and day_of(field.text()) is None


def script_hint() -> str:
    return tr("## start\nIs the lamp red?\n- Yes -> clean\n- No -> escalate\n\n## clean\nPlease wipe the sensor.\n"
              "- It works again -> solved\n- Still red -> escalate")  # fmt: skip
