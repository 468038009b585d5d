"""From when on a figure is an alert: all that is watched, and the thresholds of one. Holds for all boards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout

from app.bootstrap import Desk
from app.desk.journal import Refused
from app.domain import alerts
from app.domain.alerts import AlertKey, AlertRule
from app.domain.board_figures import SHARES, Measure
from app.domain.commands import AnyCommand, ForgetAlertRule, SetAlertRule
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.metrics.figures import seconds
from app.domain.topics import Topic
from app.i18n import tr
from ui.context import ScreenContext
from ui.models.records import RecordModel
from ui.pages import Page
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, install
from ui.supervisor import formula_words
from ui.supervisor.threshold_form import ThresholdForm
from ui.supervisor.threshold_table import Watched, columns, order
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable
from ui.widgets.unread import Unread

_BY_QUEUE = frozenset({*SHARES, Measure.LONGEST_WAIT, Measure.CALLS_WAITING, Measure.CALLS_CONNECTED})


@dataclass(frozen=True, slots=True)
class _Known:
    rules: Mapping[AlertKey, AlertRule]
    own: frozenset[AlertKey]
    queues: tuple[str, ...]


class ThresholdPage(Page):
    """In the place of the screen; for supervisors and administrators."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context)
        self._chosen: AlertKey | None = None
        self._shown: AlertRule | None = None
        self._sent: UUID | None = None  # a command of which it is not known yet what became
        self._sent_for: AlertKey | None = None  # what the fields were sent for, unless another is shown in them since
        self.unread = Unread(lambda: self._refresher.refresh())
        self.table = RecordTable(RecordModel(columns()), lambda: tr("No data yet"))
        self.table.setAccessibleName(tr("What is watched"))
        self.form = ThresholdForm()
        self.queue = QComboBox()
        self.queue.setAccessibleName(tr("Of this queue alone"))
        self.queue.setMinimumWidth(scaled(190))
        self.hint = PlainLabel(kind="muted")
        self.save_button = KeyButton(tr("Save"), Shortcut.SEND.key, kind="primary")
        self.forget_button = KeyButton(tr("As the program has it"))
        self._lay_out()
        self._connect()
        self._refresher.refresh()

    def focus(self) -> None:
        """To the list: arrows choose what is set."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Set the rule, or say what is wrong with a field."""
        key = self._key()
        if key is None or self._sent:
            return
        try:
            rule = self.form.rule(key)
            alerts.check(rule)
        except NotAllowed as error:
            self._show_hint(str(error), is_wrong=True)
            return
        self._send(_setting(rule, self._context.desk), key)

    def forget(self) -> None:
        """Watch as the program does by itself; a rule of one queue is not there any more."""
        if self._chosen is None or self._sent or not self.forget_button.isEnabled():
            return
        desk, key = self._context.desk, self._chosen
        about = {"measure": key.measure, "queue": key.queue or "", "level": int(key.level or 0)}
        self._send(ForgetAlertRule(id=new_id(), by=desk.person.id, at=datetime.now(UTC), **about), key)  # type: ignore[arg-type]

    def _key(self) -> AlertKey | None:
        """What the fields are for: the figure that is chosen, of the queue that is."""
        if self._chosen is None or self._chosen.measure not in _BY_QUEUE:
            return self._chosen
        return AlertKey(measure=self._chosen.measure, queue=self.queue.currentData())

    def _send(self, command: SetAlertRule | ForgetAlertRule, key: AlertKey) -> None:
        """Nothing else is sent before it is known what became of it."""
        desk = self._context.desk
        self._sent, self._sent_for = command.id, key
        self.form.keep()
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(command).result,
            owner=self,
            done=lambda _: None,
            failed=lambda error: self._give_back(str(error)),
        )
        if self.save_button.hasFocus() or self.forget_button.hasFocus():
            self.focus()  # what is disabled would give the focus away
        for button in (self.save_button, self.forget_button):
            button.setEnabled(False)

    def _show(self, known: _Known) -> None:
        self.unread.hide()
        rows = [Watched(rule, key in known.own) for key, rule in known.rules.items()]
        self.table.records.replace(sorted(rows, key=order))
        self._show_queues({*known.queues, *(key.queue or "" for key in known.rules)})
        if self._chosen in known.rules:
            self.table.choose(self._chosen)
        if not self._sent:
            self._on_chosen(self.table.current() or self._first())
        self._allow()

    def _first(self) -> Watched | None:
        rows = self.table.records.records
        if rows:
            self.table.choose(rows[0].id)
        return self.table.current()

    def _show_queues(self, queues: set[str]) -> None:
        """Those of the rules too: a rule of a queue that no call came to would be shown, and saved, for all queues."""
        chosen: str | None = self.queue.currentData()
        self.queue.clear()
        self.queue.addItem(tr("All queues"), None)
        for name in sorted(filter(None, {*queues, chosen or ""})):
            self.queue.addItem(name, name)
        self.queue.setCurrentIndex(max(0, self.queue.findData(chosen)))

    def _on_chosen(self, row: Watched | None) -> None:
        """Another rule is shown in the fields, or the same as it is now, where nothing was typed meanwhile."""
        if row is None or (row.id == self._chosen and (row.rule == self._shown or self.form.is_edited or self._sent)):
            return
        self._sent_for = None
        self._shown = row.rule
        self._chosen = row.id
        self.form.show_rule(row.rule)
        self.queue.setCurrentIndex(max(0, self.queue.findData(row.id.queue)))
        self._title.set_title(formula_words.title(row.id.figure))
        self._show_hint("")
        self._allow()

    def _allow(self) -> None:
        row = self.table.current()
        self.form.setEnabled(row is not None)
        self.queue.setEnabled(row is not None and row.id.measure in _BY_QUEUE)
        self.save_button.setEnabled(row is not None and not self._sent)
        self.forget_button.setEnabled(row is not None and row.is_own and not self._sent)

    def _show_hint(self, sentence: str, *, is_wrong: bool = False) -> None:
        said = tr(
            "An alert ends at another value than it begins: between the two it stays as it is. Holds for all boards."
        )
        self.hint.setText(sentence or said)
        self.hint.set_kind("warning" if is_wrong else "muted")

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.ALERTS in topics:
            self._refresher.refresh()

    def _on_delivered(self, command: AnyCommand) -> None:
        if command.id == self._sent:
            self._sent = None
            self._chosen = self._sent_for or self._chosen
            self._refresher.overtake()  # what is under way may be from before

    def _on_refused(self, refused: Refused) -> None:
        if refused.command.id == self._sent:
            self._give_back(refused.reason)

    def _give_back(self, reason: str) -> None:
        """What was typed stays in the fields, with the reason beside it."""
        self._sent = None
        if self._sent_for is not None:
            self.form.give_back()
        self._allow()
        self._show_hint(reason, is_wrong=True)

    def _connect(self) -> None:
        context = self._context
        lane, known = context.desk.lanes.queries, partial(_known, context.desk)
        self._refresher = Refresher(context.background, lane, known, self._show, self)
        self._refresher.failed.connect(self.unread.show_error)
        context.bridge.topics_changed.connect(self._on_topics)
        context.bridge.delivered.connect(self._on_delivered)
        context.bridge.refused.connect(self._on_refused)
        self.table.current_record.connect(self._on_chosen)
        self.save_button.clicked.connect(self.save)
        self.forget_button.clicked.connect(self.forget)
        install(self, {Shortcut.SEND: self.save}, Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Alert thresholds"), kind="title"), 1)
        head.addWidget(self.back)
        watched = Card(tr("What is watched"), is_padded=False)
        watched.body.addWidget(self.table)
        self._title = Card(" ")
        self._title.header.addWidget(self.queue)
        self.hint.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(scaled(8))
        buttons.addWidget(self.hint, 1)
        buttons.addWidget(self.forget_button)
        buttons.addWidget(self.save_button)
        self._title.body.addWidget(self.form)
        self._title.body.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addLayout(head)
        layout.addWidget(self.unread)
        layout.addWidget(watched, 1)
        layout.addWidget(self._title)
        self._show_hint("")
        self._allow()


def _known(desk: Desk) -> _Known:
    """In a lane."""
    rules = desk.supervision.alerts.rules
    return _Known(rules.all(), rules.own(), desk.supervision.queues.names())


def _setting(rule: AlertRule, desk: Desk) -> SetAlertRule:
    return SetAlertRule(
        id=new_id(),
        by=desk.person.id,
        at=datetime.now(UTC),
        measure=rule.key.measure,
        queue=rule.key.queue or "",
        level=int(rule.key.level or 0),
        raise_milli=round(rule.raise_at * 1_000),
        clear_milli=round(rule.clear_at * 1_000),
        hold_s=int(seconds(rule.hold)),
        quiet_s=int(seconds(rule.quiet)),
        days=rule.hours.days,
        opens=rule.hours.opens.isoformat("minutes"),
        closes=rule.hours.closes.isoformat("minutes"),
        zone=rule.hours.zone.key,
        is_on=rule.is_on,
    )
