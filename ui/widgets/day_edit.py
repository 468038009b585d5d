"""A field for a day, written as people write it, with a calendar to choose from."""

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit

from app.i18n import language


class DayEdit(QDateEdit):
    def __init__(self, name: str) -> None:
        """
        Args:
            name: what a screen reader says.
        """
        super().__init__()
        self.setAccessibleName(name)
        self.setDisplayFormat("dd.MM.yyyy" if language() == "de" else "d MMM yyyy")
        self.setCalendarPopup(True)

    @property
    def day(self) -> date:
        """The day shown."""
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())

    def show_day(self, day: date) -> None:
        """Show another day."""
        self.setDate(QDate(day.year, day.month, day.day))
