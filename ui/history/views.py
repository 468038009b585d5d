"""What the screen can show: each view asks for some lines, and shows some figures of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from app.domain.cases import EscalationReason, Level
from app.domain.history.figures import Figure
from app.domain.history.requests import Answer, Days, Group, Request
from app.domain.history.sheets import Sheet, Words, handle_time_sheet, sheet_of
from app.i18n import tr
from ui.labels import label


class Shape(Enum):
    """How a sheet is drawn."""

    VOLUME = "volume"  # first column as bars, second as a line of shares above
    LINE = "line"  # shares over time
    BARS = "bars"  # counts by bucket
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    Attributes:
        by: Group.DAY also stands for intervals where the period is one day.
        figures: () shows all that can be told apart so.
        limit: a line above which a share is told in words too.
    """

    key: str
    title: Callable[[], str]
    by: Group
    shape: Shape
    figures: tuple[Figure, ...] = ()
    limit: float | None = None

    def request(self, days: Days, only: tuple[Group, str] | None) -> Request:
        by = Group.INTERVAL if self.has_intervals and days.count == 1 else self.by
        return Request(days=days, by=by, only=(only,) if only else ())

    @property
    def has_intervals(self) -> bool:
        return self.key in ("volume", "occupancy")

    def sheet(self, answer: Answer) -> Sheet:
        """The rows that table, chart and export show."""
        if self.key == "handle_time":
            return handle_time_sheet(answer)
        return sheet_of(answer, self.title(), self.figures, reason_words())


VIEWS: tuple[View, ...] = (
    View(
        key="volume",
        title=lambda: tr("Service level and volume"),
        by=Group.DAY,
        shape=Shape.VOLUME,
        figures=(Figure.OFFERED, Figure.SERVICE_LEVEL, Figure.ANSWERED, Figure.ABANDONED, Figure.ABANDONMENT,
                 Figure.SPEED_OF_ANSWER),
    ),
    View(
        key="handle_time",
        title=lambda: tr("Handle times"),
        by=Group.DAY,
        shape=Shape.BARS,
    ),
    View(
        key="first_contact",
        title=lambda: tr("First contact resolution"),
        by=Group.DAY,
        shape=Shape.LINE,
        figures=(Figure.FIRST_CONTACT, Figure.ANSWERED),
    ),
    View(
        key="escalations",
        title=lambda: tr("Escalation rate"),
        by=Group.DAY,
        shape=Shape.LINE,
        figures=(Figure.ESCALATIONS, Figure.RETURNS, Figure.FIRST_LEVEL, Figure.OPENED),
    ),
    View(
        key="answers",
        title=lambda: tr("Answers to cases"),
        by=Group.DAY,
        shape=Shape.LINE,
        figures=(Figure.LINKED, Figure.REUSED, Figure.NEW_ANSWERS, Figure.OPENED),
    ),
    View(
        key="occupancy",
        title=lambda: tr("Occupancy"),
        by=Group.DAY,
        shape=Shape.LINE,
        figures=(Figure.OCCUPANCY,),
        limit=0.85,
    ),
    View(key="backlog", title=lambda: tr("Backlog by age"), by=Group.DAY, shape=Shape.BARS),
    View(key="queue", title=lambda: tr("By queue"), by=Group.QUEUE, shape=Shape.TABLE),
    View(key="team", title=lambda: tr("By team"), by=Group.TEAM, shape=Shape.TABLE),
    View(key="product", title=lambda: tr("By product"), by=Group.PRODUCT, shape=Shape.TABLE),
    View(key="reason", title=lambda: tr("By reason to escalate"), by=Group.REASON, shape=Shape.TABLE),
)  # fmt: skip


class Span(Enum):
    """The periods that one chooses with one key."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    OTHER = "other"


def span_text(span: Span) -> str:
    return {
        Span.TODAY: tr("Today"),
        Span.YESTERDAY: tr("Yesterday"),
        Span.WEEK: tr("Last 7 days"),
        Span.MONTH: tr("Last 28 days"),
        Span.QUARTER: tr("Last 90 days"),
        Span.YEAR: tr("Last 365 days"),
        Span.OTHER: tr("Other period"),
    }[span]


_LENGTHS = {Span.WEEK: 7, Span.MONTH: 28, Span.QUARTER: 90, Span.YEAR: 365}


def days_of(span: Span, zone: ZoneInfo, now: datetime | None = None) -> tuple[date, date]:
    """First and last day; periods of more than a day end yesterday, as today is not over."""
    today = (now or datetime.now(UTC)).astimezone(zone).date()
    if span is Span.TODAY:
        return today, today
    return today - timedelta(days=_LENGTHS.get(span, 1)), today - timedelta(days=1)


def reason_words() -> Words:
    return {reason: label(reason) for reason in EscalationReason}


def level_words() -> Words:
    return {level: label(level) for level in Level}
