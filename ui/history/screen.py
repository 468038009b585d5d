"""The past: a period, a view of it as chart and table side by side, and what can be saved."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QBuffer, QIODevice, QSize, QTimer, QTimeZone, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from app.adapters.sheet_files import write_csv, write_whole
from app.bootstrap import Desk
from app.domain.errors import FirstlineError, NotAllowed
from app.domain.history.behind import Opened, lines_behind, opened
from app.domain.history.requests import Answer, Days, Group
from app.domain.history.sheets import Sheet, SheetRow, backlog_sheet, behind_sheet
from app.i18n import tr
from ui.context import ScreenContext
from ui.history import chart
from ui.history.bar import PeriodBar
from ui.history.panel import SheetPanel
from ui.history.pdf import write_pdf
from ui.history.views import VIEWS, Shape, View, level_words, reason_words
from ui.labels import clock_text
from ui.refresh import Refresher
from ui.theme import Tone, row_px, scaled
from ui.widgets.banner import Banner
from ui.widgets.busy import Busy
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.widgets.unread import Unread


@dataclass(frozen=True, slots=True)
class Shown:
    """What one question gave."""

    view: View
    answer: Answer
    sheet: Sheet
    opened: Opened | None
    groups: tuple[dict[str, str], dict[str, str]]
    rolled_up_at: datetime | None


class HistoryScreen(QWidget):
    """Asks one question at a time; the newest answer is shown."""

    saved = Signal(str)
    """The path of a file that was written."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self.sheet: Sheet | None = None
        self._shown: Shown | None = None
        self._path: list[Opened] = []  # of figures that are looked behind, one behind the other
        self._pg: Any = None
        self.bar = PeriodBar(_zone_of_here())
        self.views = QListWidget()
        self.views.setAccessibleName(tr("What is shown"))
        self.views.addItems([view.title() for view in VIEWS])
        self.views.setFixedWidth(scaled(196))
        for place in range(self.views.count()):
            self.views.item(place).setSizeHint(QSize(0, row_px() + scaled(4)))
        self.one_person = KeyButton(tr("Figures of one person"), kind="ghost", icon_name="user")
        self.strip, self.unread = Banner(), Unread(lambda: self._refresher.refresh())
        self.panel = SheetPanel()
        self.age = PlainLabel(kind="muted")
        self._lay_out()
        self._busy = Busy(self.panel)
        lane = context.desk.lanes.queries
        nothing: Callable[[], Shown | None] = _nothing
        self._refresher = Refresher(context.background, lane, nothing, self._show, self)
        self._refresher.failed.connect(self._on_failed)
        self.views.setCurrentRow(0)
        self.views.currentRowChanged.connect(lambda _: self._begin())
        self.bar.changed.connect(self._begin)
        self.panel.opened.connect(self.open_figure)
        self.panel.closed.connect(self.close_figure)
        self.bar.csv_asked.connect(partial(self._choose_file, "csv"))
        self.bar.pdf_asked.connect(partial(self._choose_file, "pdf"))
        self.bar.picture_asked.connect(partial(self._choose_file, "png"))

    @property
    def view(self) -> View:
        """The one that is chosen."""
        return VIEWS[max(self.views.currentRow(), 0)]

    def show_view(self, key: str) -> None:
        """Choose a view."""
        self.views.setCurrentRow(next(i for i, view in enumerate(VIEWS) if view.key == key))

    def ask(self) -> None:
        """Read what period bar and list say now."""
        try:
            days = self.bar.days
        except NotAllowed as error:
            self._refresher.ask(_nothing)  # else what is under way would take the sentence away
            self.strip.show_message(Tone.WARNING, str(error))
            return
        self._busy.start()
        behind = self._path[-1] if self._path else None
        self._refresher.ask(partial(_read, self._context.desk, self.view, days, self.bar.only, behind))

    def open_figure(self, row: SheetRow, place: int) -> None:
        """Show what the figure of this row was counted from."""
        shown = self._shown
        if shown is None or shown.opened is not (self._path[-1] if self._path else None):
            return  # something else is on its way
        figure = shown.sheet.headings[place].figure or (shown.opened.figure if shown.opened else None)
        if figure is None:
            return
        behind = opened(shown.answer.request, row.id, row.name, figure)
        if shown.opened is None or behind.request != shown.opened.request:  # else there is no more behind it
            self._path.append(behind)
            self.ask()

    def close_figure(self) -> None:
        """Back to where the figure stands."""
        if self._path:
            self._path.pop()
            self.ask()

    def _begin(self) -> None:
        """Something else is to be shown."""
        self._path.clear()
        self.ask()

    def save(self, path: Path) -> None:
        """Write what is shown, as the name's ending says: csv, pdf or png; returns at once."""
        if self.sheet is None:
            return
        match path.suffix.lower():
            case ".pdf":
                work = partial(write_pdf, self.sheet, path, datetime.now(UTC))
            case ".png":
                work = partial(write_whole, path, self._picture())
            case _:
                work = partial(write_csv, self.sheet, path)
        self._context.background.run(
            self._context.desk.lanes.queries, work, owner=self, done=lambda _: self._on_saved(path)
        )

    def showEvent(self, event: QShowEvent) -> None:
        """What happened while nobody looked."""
        super().showEvent(event)
        self.bar.follow_today()
        self.ask()
        QTimer.singleShot(0, self, self._load_charts)  # the screen stands first

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The list of views has the focus."""
        super().focusInEvent(event)
        self.views.setFocus(event.reason())

    def _show(self, shown: Shown | None) -> None:
        self._busy.stop()
        self.unread.hide()
        if shown is None:
            return
        self._shown, self.sheet = shown, shown.sheet
        self.bar.offer(*shown.groups)
        self.panel.show_sheet(shown.sheet, shown.view, is_behind=shown.opened is not None)
        if shown.rolled_up_at is None:
            sentence = tr("Nothing was summed up yet. Run: firstline-admin history roll-up")
            self.strip.show_message(Tone.WARNING, sentence)
            self.age.setText("")
            return
        self.strip.hide()
        self.age.setText(tr("Summed up at {time}", time=clock_text(shown.rolled_up_at)))

    def _on_failed(self, error: FirstlineError) -> None:
        self._busy.stop()
        self.unread.show_error(error)

    def _load_charts(self) -> None:
        if self._pg is None:
            self._pg = chart.load()
            self.panel.use_charts(self._pg)

    def _on_saved(self, path: Path) -> None:
        self._context.notifier.confirm(tr("Saved: {path}", path=path))
        self.saved.emit(str(path))

    def _choose_file(self, ending: str) -> None:
        if self._shown is None:
            return
        days = self._shown.answer.request.days  # what is saved; the bar may say another period by now
        name = f"{self._shown.view.key}-{days.first}-{days.last}.{ending}"
        path = Path.home() / name
        while chosen := QFileDialog.getSaveFileName(self, tr("Save as"), str(path), f"*.{ending}")[0]:
            path = _ending_in(chosen, f".{ending}")
            if path == Path(chosen) or not path.exists():  # else the dialog asks whether that file is to be replaced
                self.save(path)
                return

    def _picture(self) -> bytes:
        """Of the chart, or of the table where there is none."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.panel.picture().save(buffer, "PNG")
        return bytes(buffer.data().data())

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        edge = scaled(12)
        layout.setContentsMargins(edge, scaled(10), edge, edge)
        layout.setSpacing(scaled(8))
        layout.addWidget(self.bar)
        layout.addWidget(self.strip)
        layout.addWidget(self.unread)
        row = QHBoxLayout()
        row.setSpacing(scaled(10))
        side = QVBoxLayout()
        side.addWidget(self.views, 1)
        side.addWidget(self.one_person)
        row.addLayout(side)
        row.addWidget(self.panel, 1)
        layout.addLayout(row, 1)
        layout.addWidget(self.age)  # confirmations stand at the right


def _ending_in(chosen: str, ending: str) -> Path:
    """The name that was typed, whatever points are in it, with the ending that says what is in the file."""
    return Path(chosen if chosen.lower().endswith(ending) else chosen + ending)


def _nothing() -> None:
    return None


def _read(desk: Desk, view: View, days: Days, only: tuple[Group, str] | None, behind: Opened | None) -> Shown:
    """In a lane: the answer as a sheet, and what can be chosen."""
    answer = desk.past.ask(behind.request if behind else view.request(days, only))
    if behind:
        view = replace(view, by=answer.request.by, shape=Shape.TABLE)
        sheet = behind_sheet(lines_behind(answer, behind), behind.figure, behind.name, reason_words())
    elif view.key == "backlog":
        now = datetime.now(UTC)
        sheet = backlog_sheet(desk.past.histories.backlog(now), now, level_words())
    else:
        sheet = view.sheet(answer)
    groups = tuple(dict(desk.past.histories.groups(group)) for group in (Group.QUEUE, Group.TEAM))
    return Shown(view, answer, sheet, behind, (groups[0], groups[1]), answer.rolled_up_at)


def _zone_of_here() -> ZoneInfo:
    try:
        return ZoneInfo(bytes(QTimeZone.systemTimeZoneId().data()).decode())
    except (ValueError, OSError, KeyError):
        return ZoneInfo("UTC")
