"""What became of an answer in calls, and what agents say is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.bootstrap import Desk
from app.desk.journal import Refused
from app.domain.answer_use import UseKind
from app.domain.commands import SettleFlag
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.knowledge import Flag
from app.domain.typed_text import typed
from app.i18n import tr
from ui.context import ScreenContext
from ui.labels import clock_text, label, percent_text
from ui.models.records import Column, RecordModel
from ui.refresh import Refresher
from ui.theme import scaled
from ui.widgets.facts import Facts
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable
from ui.widgets.unread import Unread


@dataclass(frozen=True, slots=True)
class _Read:
    flags: tuple[Flag, ...]
    uses: Mapping[UseKind, int] | None


class RemarksPage(QWidget):
    """Use and outcome of the last 90 days; flags with a line to settle the chosen one."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._answer_id: UUID | None = None
        self._of: UUID | None = None  # the flag that the line below is about
        self._settled: set[UUID] = set()  # sent
        self._is_read = False  # else that there is nothing is not known
        self.notice = Unread(lambda: self._refresher.refresh())
        self.use = Facts(use_facts(None))
        self.flags = RecordTable(
            RecordModel(_columns()),
            lambda: tr("No agent has flagged this answer.") if self._is_read else tr("No data yet"),
        )
        self.flags.setAccessibleName(tr("Flags"))
        self.flags.current_record.connect(self._on_current)
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self.reply = QLineEdit()
        self.reply.setAccessibleName(tr("What was done about it"))
        self.reply.setPlaceholderText(tr("What was done about it; the agent is told"))
        self.reply.textEdited.connect(self._on_typed)
        self.reply.returnPressed.connect(self.settle)
        self.done = QPushButton(tr("Settled"))
        self.done.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.done.clicked.connect(self.settle)
        self._lay_out()
        empty = _Read((), {})
        self._refresher = Refresher(context.background, context.desk.lanes.queries, lambda: empty, self._on_read, self)
        self._refresher.failed.connect(self.notice.show_error)
        context.bridge.refused.connect(self._on_refused)

    def show_answer(self, answer_id: UUID) -> None:
        if answer_id != self._answer_id:
            self._is_read = False
            self.notice.hide()
            self._show(_Read((), None))  # nothing of the answer before stands under this one's title
        self._answer_id = answer_id
        self._refresher.ask(partial(_read, self._context.desk, answer_id))

    def settle(self) -> None:
        """The chosen flag is dealt with; the line is kept on this desk until that is in the outbox."""
        flag_id, text = self._of, typed(self.reply.text()).strip()
        if flag_id is None or flag_id in self._settled:
            return
        desk = self._context.desk
        head = {"id": new_id(), "by": desk.person.id, "at": datetime.now(UTC)}
        self._settled.add(flag_id)
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(SettleFlag(**head, flag_id=flag_id, text=text)).result,  # type: ignore[arg-type]
            owner=self,
            done=lambda _: self._forget(flag_id),
            failed=partial(self._on_not_sent, flag_id),
        )

    def _forget(self, flag_id: UUID) -> None:
        if flag_id in self._context.desk.case_texts:
            self._context.desk.keep_case_text(flag_id, "")
        if flag_id == self._of:
            self.reply.clear()

    def _on_not_sent(self, flag_id: UUID, error: FirstlineError) -> None:
        self._settled.discard(flag_id)
        self._context.background.error_raised.emit(error)

    def _on_refused(self, refused: Refused) -> None:
        if isinstance(refused.command, SettleFlag):
            self._settled.discard(refused.command.flag_id)

    def _on_typed(self, text: str) -> None:
        if self._of and self._of not in self._settled and (text or self._of in self._context.desk.case_texts):
            self._context.desk.keep_case_text(self._of, text)

    def _on_read(self, read: _Read) -> None:
        self._is_read = True
        self.notice.hide()
        self._show(read)

    def _show(self, read: _Read) -> None:
        self.use.set_facts(use_facts(read.uses))
        had_choice = self.flags.current() is not None
        self.flags.records.replace(read.flags)
        if read.flags and not had_choice:
            self.flags.choose(read.flags[0].id)
        self._on_current(self.flags.current())

    def _on_current(self, flag: Flag | None) -> None:
        """Another flag brings its own line: what was typed about one is never said of another."""
        flag_id = flag.id if flag else None
        if flag_id != self._of:
            self._of = flag_id
            self.reply.setText(self._context.desk.case_texts.get(flag_id, "") if flag_id else "")
        self._text.setText(flag.text if flag else "")
        for widget in (self._text, self.reply, self.done):
            widget.setVisible(flag is not None)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.reply, 1)
        line.addWidget(self.done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(8))
        layout.addWidget(self.notice)
        layout.addWidget(PlainLabel(tr("Use in the last 90 days"), kind="heading"))
        layout.addWidget(self.use)
        layout.addSpacing(scaled(8))
        layout.addWidget(PlainLabel(tr("Flags of agents"), kind="heading"))
        layout.addWidget(self.flags, 1)
        layout.addWidget(self._text)
        layout.addLayout(line)


def use_facts(uses: Mapping[UseKind, int] | None) -> list[tuple[str, str | None]]:
    """Each kind of use with its count and its share of those that were read; without values while none are known."""
    if uses is None:
        return [(name, None) for name, _ in use_facts({})]
    read = sum(uses.get(kind, 0) for kind in (UseKind.READ, UseKind.SOLVED, UseKind.ESCALATED))

    def share(kind: UseKind) -> str:
        count = uses.get(kind, 0)
        return f"{count}  ({percent_text(Fraction(count, read))})" if read else str(count)

    return [
        (tr("Shown among the first hits"), str(uses.get(UseKind.SHOWN, 0))),
        (tr("Read"), str(read)),
        (tr("Solved the case"), share(UseKind.SOLVED)),
        (tr("Escalated all the same"), share(UseKind.ESCALATED)),
    ]


def _read(desk: Desk, answer_id: UUID) -> _Read:
    return _Read(desk.knowledge.flags(answer_id), desk.knowledge.uses(answer_id))


def _columns() -> tuple[Column[Flag], ...]:
    return (
        Column[Flag](title=lambda: tr("When"), text=lambda one: clock_text(one.at), width=130),
        Column[Flag](title=lambda: tr("Who"), text=lambda one: one.by, width=120),
        Column[Flag](title=lambda: tr("Version"), text=lambda one: str(one.version), width=76),
        Column[Flag](title=lambda: tr("What"), text=lambda one: label(one.kind), width=120),
        Column[Flag](title=lambda: tr("Text"), text=lambda one: one.text, stretches=True),
    )
