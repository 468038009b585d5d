"""A window of its own beside the work: it covers no call and takes no key from it."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.bootstrap import Desk
from app.domain.history.kept import CouncilMode, Look, StoredThing
from app.i18n import tr
from ui.about_me.words import thing_text, why_text
from ui.context import ScreenContext
from ui.labels import clock_text, date_text
from ui.models.records import RIGHT, Column, RecordModel
from ui.refresh import Refresher
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable
from ui.widgets.unread import Unread


@dataclass(frozen=True, slots=True)
class Stored:
    """All that the window shows, of one read."""

    things: tuple[StoredThing, ...]
    looks: tuple[Look, ...]
    mode: CouncilMode


@dataclass(frozen=True, slots=True)
class ThingRow:
    """A kind of thing, as a row of the table."""

    id: str
    thing: StoredThing


class AboutMe(QDialog):
    """Reads when it is opened."""

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("What is stored about me"))
        self.resize(scaled(1060), scaled(640))
        self.mode = PlainLabel()
        self.mode.setWordWrap(True)
        self.listening = PlainLabel(
            tr("Firstline records no conversation, and nobody can listen to one with it."), kind="muted"
        )
        self.unread = Unread(lambda: self._refresher.refresh())
        self.things = RecordTable(
            RecordModel(_thing_columns()), lambda: self._if_read(tr("Nothing is stored about you."))
        )
        self.things.setAccessibleName(tr("Stored about you"))
        self.looks = RecordTable(
            RecordModel(_look_columns()),
            lambda: self._if_read(tr("Nobody looked at your figures. Whoever does must say why, here.")),
        )
        self.looks.setAccessibleName(tr("Who looked at your figures"))
        self._lay_out()
        self._refresher = Refresher(
            context.background, context.desk.lanes.queries, partial(_read, context.desk), self._show, self
        )
        self._refresher.failed.connect(self.unread.show_error)
        self._refresher.refresh()

    def _show(self, stored: Stored) -> None:
        self.unread.hide()
        self.mode.setText(_mode_text(stored.mode))
        self.things.records.replace(ThingRow(thing.what, thing) for thing in stored.things if thing.count)
        self.looks.records.replace(stored.looks)

    def _if_read(self, nothing: str) -> str:
        return nothing if self._refresher.last_success_at else tr("No data yet")

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        edge = scaled(12)
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(scaled(10))
        layout.addWidget(self.unread)
        layout.addWidget(self.mode)
        for title, table, share in (
            (tr("Stored about you"), self.things, 3),
            (tr("Who looked at your figures"), self.looks, 2),
        ):
            card = Card(title, is_padded=False)
            card.body.addWidget(table)
            layout.addWidget(card, share)
        layout.addWidget(self.listening)


def _read(desk: Desk) -> Stored:
    """In a lane."""
    records, person = desk.past.records, desk.person
    return Stored(records.stored_about(person), records.looks_at(person), desk.past.council.mode())


def _mode_text(mode: CouncilMode) -> str:
    sentence = (
        tr("Supervisors see figures of groups of five people or more. Your own figures are seen only by who says why.")
        if mode.is_on
        else tr("Groups of fewer than five people are told apart too, so figures may be yours alone.")
    )
    if mode.at is None:
        return sentence
    changed = tr("Changed at {time} by {name}: {reason}", time=clock_text(mode.at), name=mode.by_name,
                 reason=mode.reason)  # fmt: skip
    return f"{sentence} {changed}"


def _thing_columns() -> tuple[Column[ThingRow], ...]:
    return (
        Column(title=lambda: tr("What"), text=lambda row: thing_text(row.thing.what), width=430),
        Column(title=lambda: tr("How many"), text=lambda row: str(row.thing.count), width=100, alignment=RIGHT),
        Column(
            title=lambda: tr("Oldest one"),
            text=lambda row: date_text(row.thing.first_at.astimezone().date()) if row.thing.first_at else "–",
            width=120,
        ),
        Column(title=lambda: tr("What for"), text=lambda row: why_text(row.thing.what), stretches=True),
    )


def _look_columns() -> tuple[Column[Look], ...]:
    return (
        Column(title=lambda: tr("When"), text=lambda look: clock_text(look.at), width=150),
        Column(title=lambda: tr("Who"), text=lambda look: look.by_name, width=150),
        Column(
            title=lambda: tr("Days looked at"),
            text=lambda look: f"{date_text(look.first)} – {date_text(look.last)}",
            width=200,
        ),
        Column(title=lambda: tr("Why"), text=lambda look: look.purpose, stretches=True),
    )
