"""The works-council mode: what it is now and why, all decisions there were, and for administrators the next one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.desk.outbox import OutboxStatus
from app.domain.commands import ChangeCouncilMode
from app.domain.errors import FirstlineError
from app.domain.history.kept import CouncilMode
from app.domain.ids import new_id
from app.domain.people import Role
from app.domain.topics import Topic
from app.i18n import tr
from app.services.works_council import SHORTEST_REASON
from ui.context import ScreenContext
from ui.council.kept_line import KeptLine
from ui.labels import clock_text
from ui.models.records import Column, RecordModel
from ui.pages import Page
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, install
from ui.theme import Tone, scaled
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable
from ui.widgets.unread import Unread


@dataclass(frozen=True, slots=True)
class Decision:
    """One change of the mode, as a row of the table; the oldest has number 0."""

    id: int
    mode: CouncilMode


class CouncilModePage(Page):
    """In the place of the screen. Whoever is no administrator reads."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context)
        self._is_on = True
        self._may_decide = Role.ADMINISTRATOR in context.desk.person.roles
        self.state = Pill("", Tone.NEUTRAL, "users")
        self.why, self.meaning = PlainLabel(), PlainLabel(kind="muted")
        self.reason = KeptLine(context.desk, "council mode", tr("Why? For example which works agreement says so"))
        self.hint = PlainLabel(kind="muted")
        self.decide = KeyButton("", Shortcut.SEND.key)
        self.decide.setEnabled(False)  # nobody turns what is not known
        self.unread = Unread(lambda: self._refresher.refresh())
        self.decisions = RecordTable(RecordModel(_columns()), self._no_decision)
        self.decisions.setAccessibleName(tr("Decisions so far"))
        self._lay_out()
        self.decide.clicked.connect(self.send)
        self.reason.textChanged.connect(lambda _: self._show_hint(""))
        install(self, {Shortcut.SEND: self.send}, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        changes = context.desk.past.council.changes
        self._refresher = Refresher(context.background, context.desk.lanes.queries, changes, self._show, self)
        self._refresher.failed.connect(self.unread.show_error)
        context.bridge.topics_changed.connect(self._on_topics)
        context.bridge.outbox_changed.connect(self._on_outbox)
        self._refresher.refresh()

    def focus(self) -> None:
        """To the reason, or to what there is to read."""
        (self.reason if self._may_decide else self.decisions).setFocus(Qt.FocusReason.OtherFocusReason)

    def send(self) -> None:
        """Turn it on or off, unless the reason is too short to be one."""
        reason = self.reason.text().strip()
        if not self._may_decide or not self.decide.isEnabled():
            return
        if len(reason) < SHORTEST_REASON:
            self._show_hint(
                tr("Say why, in {n} characters or more: everybody can read it.", n=SHORTEST_REASON), is_wrong=True
            )
            self.reason.setFocus()
            return
        desk = self._context.desk
        command = ChangeCouncilMode(
            id=new_id(), by=desk.person.id, at=datetime.now(UTC), is_on=not self._is_on, reason=reason
        )
        self.decide.setEnabled(False)  # until it is known what became of it
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(command).result,
            owner=self,
            done=lambda _: self.reason.done(reason),
            failed=self._on_not_sent,
        )

    def _on_not_sent(self, error: FirstlineError) -> None:
        self.decide.setEnabled(True)
        self._show_hint(str(error), is_wrong=True)

    def _show(self, changes: tuple[CouncilMode, ...]) -> None:
        self.unread.hide()
        now = changes[0]
        self._is_on = now.is_on
        self.state.set_state(tr("On") if now.is_on else tr("Off"), Tone.GOOD if now.is_on else Tone.WARNING, "users")
        self.why.setText(_why(now))
        self.meaning.setText(_meaning(now.is_on))
        self.decide.setText(tr("Turn the mode off") if now.is_on else tr("Turn the mode on"))
        self.decide.set_kind("danger" if now.is_on else "primary")
        self.decide.setEnabled(True)
        self.decisions.records.replace(_decisions(changes))

    def _show_hint(self, sentence: str, *, is_wrong: bool = False) -> None:
        self.hint.setText(sentence or tr("Everybody can read the reason, under “What is stored about me”."))
        self.hint.set_kind("warning" if is_wrong else "muted")

    def _no_decision(self) -> str:
        return tr("It is on; nobody ever changed it.") if self._refresher.last_success_at else tr("No data yet")

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.RULES in topics:
            self._refresher.refresh()

    def _on_outbox(self, status: OutboxStatus) -> None:
        if not self.decide.isEnabled() and status.waiting_count == 0:  # done, or refused
            self._refresher.refresh()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Works-council mode"), kind="title"), 1)
        head.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addLayout(head)
        layout.addWidget(self.unread)
        layout.addWidget(self._now_card())
        card = Card(tr("Decisions so far"), is_padded=False)
        card.body.addWidget(self.decisions)
        layout.addWidget(card, 1)

    def _now_card(self) -> Card:
        card = Card(tr("Now"))
        card.header.addWidget(self.state)
        for label in (self.why, self.meaning, self.hint):
            label.setWordWrap(True)
        card.body.addWidget(self.why)
        card.body.addWidget(self.meaning)
        if not self._may_decide:
            card.body.addWidget(PlainLabel(tr("Administrators can change it."), kind="muted"))
            return card
        row = QHBoxLayout()
        row.setSpacing(scaled(8))
        row.addWidget(self.reason, 1)
        row.addWidget(self.decide)
        card.body.addLayout(row)
        card.body.addWidget(self.hint)
        self._show_hint("")
        return card


def _decisions(changes: tuple[CouncilMode, ...]) -> Iterator[Decision]:
    made = [change for change in changes if change.at]
    for place, change in enumerate(made):
        yield Decision(len(made) - 1 - place, change)


def _why(mode: CouncilMode) -> str:
    if mode.at is None:
        return tr("It is on, as everywhere at first; nobody ever changed it.")
    return tr("Since {time}, by {name}: {reason}", time=clock_text(mode.at), name=mode.by_name, reason=mode.reason)


def _meaning(is_on: bool) -> str:
    if is_on:
        return tr(
            "The board names no agent, and figures of the past tell of groups of five people or more. Figures of one "
            "person are seen only by supervisors who say what for, and the person reads that."
        )
    return tr(
        "The board says by name who is in which state and for how long, and figures of the past tell of groups of any "
        "size. Figures of one person are still seen only by supervisors who say what for."
    )


def _columns() -> tuple[Column[Decision], ...]:
    return (
        Column(title=lambda: tr("When"), text=lambda row: clock_text(row.mode.at) if row.mode.at else "", width=150),
        Column(title=lambda: tr("Mode"), text=lambda row: tr("On") if row.mode.is_on else tr("Off"), width=90),
        Column(title=lambda: tr("Who"), text=lambda row: row.mode.by_name, width=200),
        Column(title=lambda: tr("Why"), text=lambda row: row.mode.reason, stretches=True),
    )
