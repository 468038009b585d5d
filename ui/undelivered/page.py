"""The page of what is not delivered: the outbox at the left, the chosen command with its text at the right."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from app.desk.journal import Entry
from app.i18n import tr
from ui import icons
from ui.context import ScreenContext
from ui.labels import clock_text
from ui.models.records import Column, RecordModel
from ui.pages import Page
from ui.refresh import Refresher
from ui.theme import scaled
from ui.undelivered.words import reason_of, state_of, text_of, title_of
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable


class UndeliveredPage(Page):
    """Read again whenever the outbox changes; the choice stays."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context)
        self._shown: Entry | None = None
        journal = context.desk.journal
        self._refresher = Refresher(
            context.background, context.desk.lanes.journal, journal.entries, self._show_entries, self
        )
        self.table = RecordTable(RecordModel(_columns()), lambda: tr("All is delivered."))
        self.table.setAccessibleName(tr("Not delivered"))
        self.table.current_record.connect(self._show)
        self.title = PlainLabel(kind="heading")
        self.reason = PlainLabel(kind="muted")
        self.reason.setWordWrap(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("What was typed"))
        self.copy = self._button("copy", tr("Copy the text"), self._on_copy)
        self.again = self._button("refresh", tr("Send again"), self._on_again)
        self.discard = self._button("close", tr("Throw away"), self._on_discard)
        self.card = Card()
        self._lay_out()
        context.bridge.outbox_changed.connect(lambda _: self._refresher.refresh())
        self._show(None)
        self._refresher.refresh()

    def focus(self) -> None:
        """The list has the focus, and with it the arrows."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_first(self) -> None:
        """What was refused stands on top."""
        if self.table.records.rowCount():
            self.table.choose(self.table.records.record(0).id)

    def _show_entries(self, entries: Iterable[Entry]) -> None:
        """Refused ones first: they wait for the person."""
        self.table.records.replace(sorted(entries, key=lambda entry: entry.reason is None))
        if self.table.current() is None and self.table.records.rowCount():
            self.table.step(1)
        self._show(self.table.current())

    def _show(self, entry: Entry | None) -> None:
        self._shown = entry
        is_refused = entry is not None and entry.reason is not None
        self.card.setVisible(entry is not None)
        self.title.setText(title_of(entry) if entry else "")
        self.reason.setText(reason_of(entry) if entry else "")
        self.reason.set_kind("danger" if is_refused else "muted")
        text = text_of(entry) if entry else ""
        if self.text.toPlainText() != text:  # else a selection would be lost at each news
            self.text.setPlainText(text)
        self.text.setVisible(bool(text))
        self.copy.setVisible(bool(text))
        self.again.setVisible(is_refused and entry is not None and entry.command is not None)
        self.discard.setVisible(is_refused)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._context.notifier.confirm(tr("The text is copied."))

    def _on_again(self) -> None:
        if self._shown:
            self._run(partial(self._context.desk.outbox.retry, self._shown.id))

    def _on_discard(self) -> None:
        """Thrown away, and back again as long as the confirmation stands."""
        if self._shown:
            outbox, entry = self._context.desk.outbox, self._shown
            self._run(partial(outbox.dismiss, entry.id))
            undo = partial(self._run, partial(outbox.restore, entry))
            self._context.notifier.confirm(tr("Thrown away: {what}", what=title_of(entry)), undo=undo, seconds=10.0)

    def _run(self, work: "partial[None]") -> None:
        self._context.background.run(self._context.desk.lanes.journal, work, owner=self, done=lambda _: None)

    def _button(self, icon_name: str, text: str, action: object) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.put(button, icon_name)
        button.clicked.connect(action)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Not delivered"), kind="title"))
        head.addStretch(1)
        head.addWidget(self.back)
        buttons = QHBoxLayout()
        buttons.setSpacing(scaled(8))
        for button in (self.again, self.copy, self.discard):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inside = self.card.body
        inside.setSpacing(scaled(8))
        for widget in (self.title, self.reason, self.text):
            inside.addWidget(widget)
        inside.setStretchFactor(self.text, 1)
        inside.addLayout(buttons)
        inside.addStretch(0)
        columns = QHBoxLayout()
        columns.setSpacing(scaled(12))
        columns.addWidget(self.table, 5)
        columns.addWidget(self.card, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addLayout(head)
        layout.addLayout(columns, 1)


def _columns() -> tuple[Column[Entry], ...]:
    return (
        Column[Entry](title=lambda: tr("What"), text=title_of, stretches=True),
        Column[Entry](title=lambda: tr("Since"), text=lambda entry: clock_text(entry.since), width=130),
        Column[Entry](title=lambda: tr("State"), text=state_of, width=90),
    )
