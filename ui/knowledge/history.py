"""Who did what to an answer, and what two versions of it differ in."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.bootstrap import Desk
from app.domain.answers import Answer
from app.domain.knowledge import AnswerEvent, AnswerVersion, HistoryLine, differences, field_name, with_content
from app.i18n import tr
from ui.context import ScreenContext
from ui.knowledge.difference_view import DifferenceView
from ui.knowledge.work import DraftWork
from ui.labels import clock_text, label
from ui.models.records import RIGHT, Column, RecordModel
from ui.refresh import Refresher
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable
from ui.widgets.unread import Unread


@dataclass(frozen=True, slots=True)
class _Read:
    lines: tuple[HistoryLine, ...]
    versions: tuple[AnswerVersion, ...]


class HistoryPage(QWidget):
    """Above what was done, below what the chosen version changed; on top of the versions stands what is typed now."""

    taken = Signal()
    """The text of the chosen version is written on from."""

    def __init__(self, context: ScreenContext, work: DraftWork) -> None:
        super().__init__()
        self._work = work
        self._answer_id: UUID | None = None
        self._versions: tuple[AnswerVersion, ...] = ()
        self._compared: tuple[Answer, Answer, str] | None = None  # shown until a version is chosen
        self._is_read = False  # else that there is nothing is not known
        self.notice = Unread(lambda: self._refresher.refresh())
        self.events = RecordTable(
            RecordModel(_event_columns()), lambda: tr("Nothing was done yet.") if self._is_read else tr("No data yet")
        )
        self.events.setAccessibleName(tr("History"))
        self.versions = RecordTable(
            RecordModel(_version_columns()),
            lambda: tr("No version is published yet.") if self._is_read else tr("No data yet"),
        )
        self.versions.setAccessibleName(tr("Versions"))
        self.versions.current_record.connect(lambda _: self._on_chosen())
        self._caption = PlainLabel(kind="heading")
        self._caption.setWordWrap(True)
        self.view = DifferenceView()
        self.take = QPushButton(tr("Write on from this version"))
        self.take.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.take.clicked.connect(self._on_take)
        self.take.hide()
        work.changed.connect(self._offer)
        head = QHBoxLayout()
        head.addWidget(self._caption, 1)
        head.addWidget(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(8))
        layout.addWidget(self.notice)
        layout.addWidget(self.events, 3)
        layout.addWidget(self.versions, 2)
        layout.addLayout(head)
        layout.addWidget(self.view, 4)
        self._refresher = Refresher(
            context.background, context.desk.lanes.queries, lambda: _Read((), ()), self._on_read, self
        )
        self._refresher.failed.connect(self.notice.show_error)
        self._desk = context.desk

    def show_answer(self, answer_id: UUID) -> None:
        if answer_id != self._answer_id:
            self._is_read = False
            self.notice.hide()
            self._show(_Read((), ()))  # nothing of the answer before stands under this one's title
        self._answer_id, self._compared = answer_id, None
        self._refresher.ask(partial(_read, self._desk, answer_id))

    def compare(self, old: Answer, new: Answer, caption: str) -> None:
        """What two texts differ in, such as mine and theirs, whatever of the history is read meanwhile."""
        self._compared = (old, new, caption)
        self._show_version()

    def _on_read(self, read: _Read) -> None:
        self._is_read = True
        self.notice.hide()
        self._show(read)

    def _show(self, read: _Read) -> None:
        self._versions = read.versions
        self.events.records.replace(read.lines)
        had_choice, compared = self.versions.current() is not None, self._compared
        self.versions.records.replace(read.versions)
        if read.versions and not had_choice:
            self.versions.choose(read.versions[0].id)
        self._compared = compared  # no person has chosen
        self._show_version()

    def _on_chosen(self) -> None:
        self._compared = None
        self._show_version()

    def _on_take(self) -> None:
        chosen, work = self.versions.current(), self._work
        if chosen and work.working and not work.is_dirty:
            work.edit(with_content(chosen.answer, work.working.answer))
            work.loaded.emit()
            self.taken.emit()

    def _offer(self) -> None:
        """Of an older version, as long as nothing is typed that its text would take the place of."""
        chosen = self.versions.current()
        is_older = chosen is not None and chosen not in self._versions[:1] and not self._compared
        self.take.setVisible(is_older and self._work.may(AnswerEvent.CHANGED) and not self._work.is_dirty)

    def _show_version(self) -> None:
        self._show_difference()
        self._offer()

    def _show_difference(self) -> None:
        chosen = self.versions.current()
        if self._compared:
            self._put(*self._compared)
            return
        if chosen is None:
            self._caption.setText("")
            self.view.show_differences(())
            return
        before = next((one for one in self._versions if one.id < chosen.id), None)
        if before is None:
            nothing = Answer(key=chosen.answer.key, language=chosen.answer.language, title="")
            self._put(nothing, chosen.answer, tr("Version {n} is the first that is kept.", n=chosen.id))
            return
        caption = tr("What version {n} changed", n=chosen.id)
        self._put(before.answer, chosen.answer, f"{caption}  {chosen.note}".strip())

    def _put(self, old: Answer, new: Answer, caption: str) -> None:
        self._caption.setText(caption)
        self.view.show_differences(differences(old, new))


def _read(desk: Desk, answer_id: UUID) -> _Read:
    return _Read(desk.knowledge.history(answer_id), desk.knowledge.versions(answer_id))


def _event_columns() -> tuple[Column[HistoryLine], ...]:
    return (
        Column[HistoryLine](title=lambda: tr("When"), text=lambda one: clock_text(one.at), width=126),
        Column[HistoryLine](title=lambda: tr("Who"), text=lambda one: one.by, width=130),
        Column[HistoryLine](title=lambda: tr("What"), text=lambda one: label(one.event), width=146),
        Column[HistoryLine](title=lambda: tr("Details"), text=_details, stretches=True),
    )


def _details(line: HistoryLine) -> str:
    """Of a change the fields, in words; of the rest what the person wrote."""
    return ", ".join(field_name(name) for name in line.text.split(", ")) if line.text else ""


def _version_columns() -> tuple[Column[AnswerVersion], ...]:
    return (
        Column[AnswerVersion](title=lambda: tr("Version"), text=lambda v: str(v.id), width=76, alignment=RIGHT),
        Column[AnswerVersion](
            title=lambda: tr("Published"),
            text=lambda v: clock_text(v.answer.published_at) if v.answer.published_at else "",
            width=130,
        ),
        Column[AnswerVersion](title=lambda: tr("By"), text=lambda v: v.published_by or tr("from a file"), width=130),
        Column[AnswerVersion](title=lambda: tr("Title"), text=lambda v: v.answer.title, stretches=True),
    )
