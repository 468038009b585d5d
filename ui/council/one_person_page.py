"""The figures of one person, for a supervisor who says what for: the look is written down, and the person reads it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout

from app.adapters.time_zone import name_of_zone
from app.bootstrap import Desk
from app.domain.errors import FirstlineError, NotAllowed
from app.domain.history.figures import Figure, figures_by
from app.domain.history.kept import Look
from app.domain.history.requests import Days, Group
from app.domain.history.sheets import text_of
from app.domain.history.tallies import Tally
from app.domain.people import Person, Role
from app.i18n import tr
from app.services.person_records import SHORTEST_PURPOSE
from ui.context import ScreenContext
from ui.council.kept_line import KeptLine
from ui.labels import clock_text, date_text
from ui.models.records import RIGHT, Column, RecordModel
from ui.pages import Page
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, install
from ui.theme import row_px, scaled
from ui.widgets.busy import Busy
from ui.widgets.card import Card
from ui.widgets.day_edit import DayEdit
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable
from ui.widgets.unread import Unread

_DAYS = 28
_SIDE_PX = 370
_FIGURE_ROWS = 13


@dataclass(frozen=True, slots=True)
class Known:
    """What the page knows before anybody looks: whom there is, and the looks so far."""

    people: tuple[Person, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of one person, in words."""

    id: Figure
    name: str
    value: str
    formula: str


class OnePersonPage(Page):
    """In the place of the screen. Nothing is shown before it is said what for."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context)
        self.person = QComboBox()
        self.first, self.last = DayEdit(tr("First day")), DayEdit(tr("Last day"))
        self.purpose = KeptLine(context.desk, "purpose of a look", tr("What for? For example the talk of this quarter"))
        self.hint = PlainLabel(kind="warning")
        self.look_button = KeyButton(tr("Look at the figures"), Shortcut.SEND.key, kind="primary", icon_name="user")
        self.figures = RecordTable(RecordModel(_figure_columns()), lambda: tr("Choose whom, and say what for."))
        self.looks = RecordTable(RecordModel(_look_columns()), self._no_look)
        self.unread = Unread(lambda: self._refresher.refresh())
        self._shown = Card(tr("Figures"), is_padded=False)
        self._lay_out()
        self._busy = Busy(self.figures.viewport())
        self.look_button.clicked.connect(self.look)
        self.purpose.textChanged.connect(lambda _: self.hint.hide())
        install(self, {Shortcut.SEND: self.look}, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        known = partial(_known, context.desk)
        self._refresher = Refresher(context.background, context.desk.lanes.queries, known, self._show_known, self)
        self._refresher.failed.connect(self.unread.show_error)
        self._refresher.refresh()

    def focus(self) -> None:
        """To whom it is about."""
        self.person.setFocus(Qt.FocusReason.OtherFocusReason)

    def look(self) -> None:
        """Read the figures, which writes down that somebody looked."""
        person: Person | None = self.person.currentData()
        purpose, desk = self.purpose.text().strip(), self._context.desk
        if person is None or not self.look_button.isEnabled():
            return
        if len(purpose) < SHORTEST_PURPOSE:
            self._hint(tr("Say what for, in {n} characters or more: the person can read it.", n=SHORTEST_PURPOSE))
            self.purpose.setFocus()
            return
        try:
            days = Days(first=self.first.day, last=self.last.day, zone=ZoneInfo(name_of_zone()))
        except NotAllowed as error:
            self._hint(str(error))
            return
        self.look_button.setEnabled(False)
        self._busy.start()
        self._context.background.run(
            desk.lanes.queries,
            partial(desk.past.records.figures_of, person.id, days, purpose, desk.person),
            owner=self,
            done=partial(self._show, person, days, purpose),
            failed=self._on_failed,
            ended=self._on_ended,
        )

    def _show(self, person: Person, days: Days, purpose: str, tally: Tally) -> None:
        span = f"{date_text(days.first)} – {date_text(days.last)}"
        self._shown.set_title(tr("{name}, {days}: {purpose}", name=person.name, days=span, purpose=purpose))
        self.figures.records.replace(_rows(tally))
        self.purpose.done(purpose)
        self._refresher.refresh()

    def _no_look(self) -> str:
        return tr("You looked at nobody's figures so far.") if self._refresher.last_success_at else tr("No data yet")

    def _show_known(self, known: Known) -> None:
        self.unread.hide()
        if self.person.count() == 0:
            for one in known.people:
                self.person.addItem(f"{one.name} · {one.team_name}", one)
        self.look_button.setEnabled(self.person.count() > 0)
        self.looks.records.replace(known.looks)

    def _hint(self, sentence: str) -> None:
        self.hint.setText(sentence)
        self.hint.show()

    def _on_failed(self, error: FirstlineError) -> None:
        self._hint(str(error))

    def _on_ended(self) -> None:
        self._busy.stop()
        self.look_button.setEnabled(True)

    def _lay_out(self) -> None:
        today = datetime.now(UTC).astimezone().date()
        self.first.show_day(today - timedelta(days=_DAYS - 1))
        self.last.show_day(today)
        self.figures.setAccessibleName(tr("Figures"))
        self.looks.setAccessibleName(tr("Your looks so far"))
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Figures of one person"), kind="title"), 1)
        head.addWidget(self.back)
        row = QHBoxLayout()
        row.setSpacing(scaled(10))
        row.addWidget(self._ask_card())
        row.addWidget(self._shown, 1)
        self._shown.body.addWidget(self.figures)
        looks = Card(tr("Your looks so far"), is_padded=False)
        looks.body.addWidget(self.looks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addLayout(head)
        layout.addWidget(self.unread)
        layout.addLayout(row)
        layout.addWidget(looks, 1)
        self.figures.setFixedHeight(_FIGURE_ROWS * row_px() + scaled(12))

    def _ask_card(self) -> Card:
        card = Card(tr("Whose, and what for?"))
        card.setFixedWidth(scaled(_SIDE_PX))
        told = PlainLabel(
            tr("Each look is written down. The person reads who looked, when, at which days and what for."),
            kind="muted",
        )
        self.person.setAccessibleName(tr("Whose figures"))
        days = QHBoxLayout()
        days.setSpacing(scaled(6))
        days.addWidget(self.first, 1)
        days.addWidget(PlainLabel("–"))
        days.addWidget(self.last, 1)
        for label in (told, self.hint):
            label.setWordWrap(True)
        self.hint.hide()
        card.body.addWidget(told)
        card.body.addWidget(self.person)
        card.body.addLayout(days)
        for part in (self.purpose, self.look_button, self.hint):
            card.body.addWidget(part)
        card.body.addStretch(1)
        return card


def _known(desk: Desk) -> Known:
    """In a lane."""
    people = desk.supervision.people.with_role(Role.FIRST_LEVEL)
    return Known(people, desk.past.records.looks_by(desk.person))


def _rows(tally: Tally) -> tuple[FigureRow, ...]:
    """Whether somebody else was called again says nothing of a person, so that figure is left out."""
    shown = (one for one in figures_by(Group.QUEUE) if one.figure is not Figure.FIRST_CONTACT)
    return tuple(FigureRow(one.figure, one.name(), text_of(one.value(tally), one.unit), one.formula()) for one in shown)


def _figure_columns() -> tuple[Column[FigureRow], ...]:
    return (
        Column(title=lambda: tr("Figure"), text=lambda row: row.name, width=200),
        Column(title=lambda: tr("Value"), text=lambda row: row.value, width=90, alignment=RIGHT),
        Column(
            title=lambda: tr("Formula"), text=lambda row: row.formula, tool_tip=lambda row: row.formula, stretches=True
        ),
    )


def _look_columns() -> tuple[Column[Look], ...]:
    return (
        Column(title=lambda: tr("When"), text=lambda look: clock_text(look.at), width=150),
        Column(title=lambda: tr("Whose figures"), text=lambda look: look.person_name, width=200),
        Column(
            title=lambda: tr("Days looked at"),
            text=lambda look: f"{date_text(look.first)} – {date_text(look.last)}",
            width=220,
        ),
        Column(title=lambda: tr("What for"), text=lambda look: look.purpose, stretches=True),
    )
