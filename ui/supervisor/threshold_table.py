"""What is watched, as rows: the figure, its thresholds, the hours, and who set them."""

from dataclasses import dataclass
from fractions import Fraction

from app.domain import alerts
from app.domain.alerts import AlertKey, AlertRule
from app.domain.board_figures import SHARES, Measure
from app.i18n import tr
from ui.labels import percent_text
from ui.models.records import RIGHT, Column
from ui.supervisor import formula_words
from ui.widgets.elapsed import duration_text


@dataclass(frozen=True, slots=True)
class Watched:
    """A rule as a row; `is_own` says that it is not as the program has it."""

    rule: AlertRule
    is_own: bool

    @property
    def id(self) -> AlertKey:
        """There is one rule for each."""
        return self.rule.key


def order(row: Watched) -> tuple[int, int, str]:
    """As the figures stand on the board; of each that of all queues first."""
    return list(Measure).index(row.id.measure), int(row.id.level or 0), row.id.queue or ""


def columns() -> tuple[Column[Watched], ...]:
    """Of the table."""
    return (
        Column(title=lambda: tr("Figure"), text=lambda row: formula_words.title(row.id.figure), stretches=True),
        Column(
            title=lambda: tr("Alert from"), text=lambda row: _value(row, row.rule.raise_at), alignment=RIGHT, width=124
        ),
        Column(
            title=lambda: tr("Over from"), text=lambda row: _value(row, row.rule.clear_at), alignment=RIGHT, width=124
        ),
        Column(title=lambda: tr("Watched"), text=_when_words, width=250),
        Column(
            title=lambda: tr("Set by"),
            text=lambda row: tr("the centre") if row.is_own else tr("the program"),
            width=130,
        ),
    )


def _value(row: Watched, number: Fraction) -> str:
    if row.id.measure in SHARES:
        return percent_text(number)
    if row.id.measure is Measure.LONGEST_WAIT:
        return duration_text(float(number))
    return f"{float(number):g}"


def _when_words(row: Watched) -> str:
    rule, hours = row.rule, row.rule.hours
    if not rule.is_on:
        return tr("not watched")
    clock = tr("all day") if hours.opens == hours.closes else f"{hours.opens:%H:%M}–{hours.closes:%H:%M}"
    if set(hours.days) == set(alerts.ALL_DAYS):
        return tr("daily, {clock}", clock=clock)
    return tr("{n} days a week, {clock}", n=len(set(hours.days)), clock=clock)
