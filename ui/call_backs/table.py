"""The list of call-backs, the most urgent first."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtGui import QColor

from app.domain.call_backs import CallBack
from app.i18n import tr
from app.telephony.numbers import readable
from ui.labels import age_text, clock_text, label
from ui.models.records import Column, RecordModel
from ui.theme import Tone, colours
from ui.widgets.elapsed import utc_now
from ui.widgets.record_table import RecordTable


class CallBackTable(RecordTable[CallBack]):
    """One row a customer; what is due is said in words, too."""

    def __init__(self, is_read: Callable[[], bool]) -> None:
        """
        Args:
            is_read: it is known that nobody waits, where the list is empty.
        """
        super().__init__(RecordModel(_columns()), lambda: _nobody_waits(is_known=is_read()))
        self.setAccessibleName(tr("Call-backs"))


def _nobody_waits(*, is_known: bool) -> str:
    return tr("Nobody waits for a call.") if is_known else tr("No data yet")


def due_text(one: CallBack, now: datetime) -> str:
    """When it is due, or since when."""
    if not one.is_due(now):
        return clock_text(one.due_at)
    return tr("due for {age}", age=age_text((now - one.due_at).total_seconds()))


def who_text(one: CallBack) -> str:
    return one.name or readable(one.number)


def _columns() -> tuple[Column[CallBack], ...]:
    return (
        Column[CallBack](
            title=lambda: tr("Due"), text=lambda one: due_text(one, utc_now()), colour=_due_colour, width=150
        ),
        Column[CallBack](title=lambda: tr("Who"), text=lambda one: one.name or tr("Unknown caller"), stretches=True),
        Column[CallBack](title=lambda: tr("Number"), text=lambda one: readable(one.number), width=160),
        Column[CallBack](title=lambda: tr("Why"), text=lambda one: label(one.kind), width=180),
        Column[CallBack](title=lambda: tr("Attempts"), text=_attempts, width=150),
        Column[CallBack](
            title=lambda: tr("Whose"), text=lambda one: tr("Mine") if one.person_id else tr("Anyone's"), width=100
        ),
    )


def _due_colour(one: CallBack) -> QColor | None:
    return colours().tone(Tone.DANGER)[0] if one.is_due(utc_now()) else None


def _attempts(one: CallBack) -> str:
    if not one.attempted_at:
        return ""
    return tr("{count}, last at {time}", count=one.attempt_count, time=clock_text(one.attempted_at))
