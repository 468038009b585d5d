"""Above the figures: which days, which group, and what to save."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from app.domain.history.requests import Days, Group
from app.i18n import tr
from ui.history.views import Span, days_of, span_text
from ui.theme import scaled
from ui.widgets.day_edit import DayEdit
from ui.widgets.plain_label import PlainLabel


class PeriodBar(QWidget):
    """One row of controls; a change of any of them asks anew."""

    changed = Signal()
    csv_asked = Signal()
    pdf_asked = Signal()
    picture_asked = Signal()

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self.span = QComboBox()
        for span in Span:
            self.span.addItem(span_text(span), span)
        self.span.setCurrentIndex(list(Span).index(Span.MONTH))
        self.first, self.last = DayEdit(tr("First day")), DayEdit(tr("Last day"))
        self.group = QComboBox()
        self.group.addItem(tr("All queues and teams"), None)
        self.group.setMinimumWidth(scaled(190))
        self.csv, self.pdf, self.picture = (QPushButton(t) for t in (tr("CSV"), tr("PDF"), tr("Picture")))
        self._name_all()
        self._lay_out()
        self._show_days()
        self.span.currentIndexChanged.connect(self._on_span)
        for edit in (self.first, self.last):
            edit.dateChanged.connect(self._on_date)
        self.group.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.csv.clicked.connect(self.csv_asked)
        self.pdf.clicked.connect(self.pdf_asked)
        self.picture.clicked.connect(self.picture_asked)

    @property
    def days(self) -> Days:
        """NotAllowed, with a sentence, when they are none."""
        return Days(first=self.first.day, last=self.last.day, zone=self._zone)

    @property
    def only(self) -> tuple[Group, str] | None:
        """The group that is chosen; None: all."""
        chosen: tuple[Group, str] | None = self.group.currentData()
        return chosen

    def offer(self, queues: Mapping[str, str], teams: Mapping[str, str]) -> None:
        """What can be chosen alone; the choice stays where it still can."""
        chosen = self.only
        with QSignalBlocker(self.group):
            while self.group.count() > 1:
                self.group.removeItem(1)
            for group, names in ((Group.QUEUE, queues), (Group.TEAM, teams)):
                for key, name in names.items():
                    shown = tr("Queue {name}", name=name) if group is Group.QUEUE else tr("Team {name}", name=name)
                    self.group.addItem(shown, (group, key))
            place = next((i for i in range(self.group.count()) if self.group.itemData(i) == chosen), 0)
            self.group.setCurrentIndex(place)

    def choose(self, span: Span) -> None:
        """As with the mouse."""
        self.span.setCurrentIndex(list(Span).index(span))

    def follow_today(self) -> None:
        """The period that is chosen by its name is of the day that it is now."""
        if self.span.currentData() is not Span.OTHER:
            self._show_days()

    def _on_span(self, _: int) -> None:
        if self.span.currentData() is not Span.OTHER:
            self._show_days()
            self.changed.emit()

    def _on_date(self, _: QDate) -> None:
        with QSignalBlocker(self.span):
            self.span.setCurrentIndex(list(Span).index(Span.OTHER))
        self.changed.emit()

    def _show_days(self) -> None:
        first, last = days_of(self.span.currentData(), self._zone)
        for edit, day in ((self.first, first), (self.last, last)):
            with QSignalBlocker(edit):
                edit.show_day(day)

    def _name_all(self) -> None:
        self.span.setAccessibleName(tr("Period"))
        self.group.setAccessibleName(tr("Only this group"))
        self.csv.setToolTip(tr("Save the table as a CSV file"))
        self.pdf.setToolTip(tr("Save table and definitions as a PDF file"))
        self.picture.setToolTip(tr("Save the chart as a picture"))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(8))
        for widget in (self.span, self.first, PlainLabel("–"), self.last, self.group):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(PlainLabel(tr("Save as"), kind="muted"))
        for button in (self.csv, self.pdf, self.picture):
            row.addWidget(button)
