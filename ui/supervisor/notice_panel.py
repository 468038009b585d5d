"""Tell the desks something: to a team or all, until when; what stands now, and how many have read it."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.commands import BroadcastNotice, WithdrawNotice
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.notices import NOTICE_LENGTH, Notice
from app.domain.people import Team
from app.domain.topics import Topic
from app.domain.typed_text import typed
from app.i18n import plural, tr
from ui.context import ScreenContext
from ui.kept_field import KeptField
from ui.labels import clock_text
from ui.models.records import RIGHT, Column, RecordModel
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, install
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.choice_row import ChoiceRow
from ui.widgets.key_button import KeyButton
from ui.widgets.record_table import RecordTable


class Span(Enum):
    """How long a notice stands."""

    HOUR = timedelta(hours=1)
    HALF_DAY = timedelta(hours=4)
    DAY = timedelta(hours=12)
    WEEK = timedelta(days=7)


class NoticePanel(QWidget):
    """Stands in the place of the lists; the tiles above go on."""

    closed = Signal()
    """The person goes back to the lists."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._desk, self._notifier, self._background = context.desk, context.notifier, context.background
        self.field = QLineEdit()
        self._kept = KeptField(context.desk, self.field, "notice")
        self._is_sending = False
        self.team = QComboBox()
        self.span = ChoiceRow(tr("For how long?"), [(span, _span_words(span)) for span in Span])
        self.span.choose(Span.HOUR)
        self.send_button = KeyButton(tr("Tell the desks"), Shortcut.SEND.key, kind="primary", icon_name="users")
        self.back = KeyButton(tr("Back to the lists"), Shortcut.HIDE_CARD.key)
        self.withdraw_button = KeyButton(tr("Withdraw"))
        self.table = RecordTable(_model(), lambda: tr("No notice stands on the desks."))
        self._lay_out()
        self._kept.show_case(context.desk.person.id)  # a notice is about no case
        self._connect(context)

    def open(self) -> None:
        """To the field; what was typed before is still there."""
        self._refresher.refresh()
        self._teams.refresh()
        self.field.setFocus()

    def send(self) -> None:
        """Tell it, unless nothing is typed; it stays typed until it is safe on this desk's disk."""
        text = typed(self.field.text()).strip()
        if not text:
            self.field.setFocus()
            return
        if self._is_sending:
            return
        self._is_sending = True
        now = datetime.now(UTC)
        span = self.span.value or Span.HOUR
        team_id: UUID | None = self.team.currentData()
        by = self._desk.person.id
        sent = self._desk.send(
            BroadcastNotice(id=new_id(), by=by, at=now, text=text, until=now + span.value, team_id=team_id)
        )
        self._background.run(
            self._desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            sent.result,
            owner=self,
            done=lambda _: self._on_sent(text),
            failed=self._on_not_sent,
        )

    def _on_sent(self, text: str) -> None:
        self._is_sending = False
        self._kept.forget(self._desk.person.id, text)
        self._notifier.confirm(tr("The desks are told."))

    def _on_not_sent(self, error: FirstlineError) -> None:
        """The disk does not take it: it is still to be sent."""
        self._is_sending = False
        self._background.error_raised.emit(error)

    def withdraw(self) -> None:
        """The notice that is chosen goes from all desks."""
        notice = self.table.current()
        if notice is not None:
            now = datetime.now(UTC)
            self._desk.send(WithdrawNotice(id=new_id(), by=self._desk.person.id, at=now, notice_id=notice.id))

    def _show_teams(self, teams: tuple[Team, ...]) -> None:
        chosen = self.team.currentData()
        self.team.clear()
        self.team.addItem(tr("All desks"), None)
        for team in teams:
            self.team.addItem(tr("Team {name}", name=team.name), team.id)
        self.team.setCurrentIndex(max(0, self.team.findData(chosen)))

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.NOTICES in topics and self.isVisible():
            self._refresher.refresh()

    def _connect(self, context: ScreenContext) -> None:
        lane, background = context.desk.lanes.queries, context.background
        standing = partial(_standing, context)
        self._refresher = Refresher(background, lane, standing, self.table.records.replace, self)
        self._teams = Refresher(background, lane, context.desk.supervision.people.teams, self._show_teams, self)
        for refresher in (self._refresher, self._teams):
            refresher.failed.connect(lambda error: context.notifier.warn(str(error)))
        context.bridge.topics_changed.connect(self._on_topics)
        self.send_button.clicked.connect(self.send)
        self.withdraw_button.clicked.connect(self.withdraw)
        self.back.clicked.connect(self.closed)
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        install(self, {Shortcut.HIDE_CARD: self.closed.emit, Shortcut.SEND: self.send}, inside)

    def _lay_out(self) -> None:
        self.field.setPlaceholderText(tr("What shall the desks know?"))
        self.field.setAccessibleName(tr("What shall the desks know?"))
        self.field.setMaxLength(NOTICE_LENGTH)
        self.team.setAccessibleName(tr("To whom"))
        self.team.addItem(tr("All desks"), None)
        write = Card(tr("Notice to desks"))
        write.body.addWidget(self.field)
        row = QHBoxLayout()
        row.setSpacing(scaled(12))
        row.addWidget(self.team)
        row.addWidget(self.span)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.send_button)
        write.body.addLayout(row)
        stands = Card(tr("On the desks now"), is_padded=False)
        stands.header.addWidget(self.withdraw_button)
        stands.body.addWidget(self.table)
        self.table.setAccessibleName(tr("On the desks now"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(8))
        column.addWidget(write)
        column.addWidget(stands, 1)


def _standing(context: ScreenContext) -> tuple[Notice, ...]:
    return context.desk.supervision.notices.standing(datetime.now(UTC))


def _span_words(span: Span) -> str:
    hours = int(span.value / timedelta(hours=1))
    return plural(hours // 24, "{n} day", "{n} days") if hours >= 24 else plural(hours, "{n} hour", "{n} hours")


def _model() -> RecordModel[Notice]:
    return RecordModel[Notice](
        (
            Column[Notice](title=lambda: tr("Notice"), text=lambda notice: notice.text, stretches=True),
            Column[Notice](
                title=lambda: tr("To whom"), text=lambda notice: notice.team_name or tr("All desks"), width=150
            ),
            Column[Notice](title=lambda: tr("By"), text=lambda notice: notice.by_name, width=150),
            Column[Notice](title=lambda: tr("Until"), text=lambda notice: clock_text(notice.until), width=160),
            Column[Notice](
                title=lambda: tr("Read by"), text=lambda notice: str(notice.seen_count), alignment=RIGHT, width=112
            ),
        )
    )
