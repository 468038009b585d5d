"""The fields of one alert: from when on, until when, in which hours it is watched. What is wrong is said at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from PySide6.QtCore import QLocale, Qt, QTime
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QTimeEdit, QWidget

from app.domain.alerts import ALL_DAYS, AlertKey, AlertRule, ServiceHours
from app.domain.board_figures import SHARES, Measure
from app.domain.errors import NotAllowed
from app.domain.metrics.figures import seconds
from app.i18n import language, tr
from ui.theme import scaled, set_kind
from ui.widgets.plain_label import PlainLabel

_FIELD_PX = 84
_LARGEST = 1_000_000
_STEPS = 1_000  # a threshold is kept in thousandths of its unit
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Number:
    """A field for a number, and what it is called in a sentence."""

    name: str
    field: QLineEdit
    unit: PlainLabel


class ThresholdForm(QWidget):
    """Of the rule that was shown last, until something is changed in it."""

    def __init__(self) -> None:
        super().__init__()
        self._key: AlertKey | None = None
        self._hours: ServiceHours | None = None
        self.is_on = QCheckBox(tr("Watch this figure"))
        self.raise_at, self.clear_at = _number(tr("Alert from")), _number(tr("Over from"))
        self.hold, self.quiet = _number(tr("Sure after")), _number(tr("Quiet for"))
        self.days = [_day_button(number) for number in range(1, 8)]
        self.opens, self.closes = _clock(tr("From")), _clock(tr("Until"))
        self._known: tuple[object, ...] = self._state()
        self._lay_out()

    @property
    def fields(self) -> tuple[QLineEdit, ...]:
        """Those that a number is typed in, in their order."""
        return tuple(one.field for one in self._numbers())

    def show_rule(self, rule: AlertRule) -> None:
        """Fill the fields with a rule."""
        self._key, self._hours = rule.key, rule.hours
        is_share = rule.key.measure in SHARES
        factor, unit = (100, "%") if is_share else (1, "s" if rule.key.measure is Measure.LONGEST_WAIT else "")
        for one, value in ((self.raise_at, rule.raise_at), (self.clear_at, rule.clear_at)):
            one.field.setText(_text(value * factor))
            one.unit.setText(unit)
        self.hold.field.setText(_text(seconds(rule.hold)))
        self.quiet.field.setText(_text(Fraction(rule.quiet / _MINUTE).limit_denominator(60)))
        self.is_on.setChecked(rule.is_on)
        for number, button in enumerate(self.days, start=1):
            button.setChecked(str(number) in rule.hours.days)
        for field, clock in ((self.opens, rule.hours.opens), (self.closes, rule.hours.closes)):
            field.setTime(QTime(clock.hour, clock.minute))
        self._mark(None)
        self.keep()

    @property
    def is_edited(self) -> bool:
        """Something is other than it was shown, or kept."""
        return self._state() != self._known

    def keep(self) -> None:
        """What the fields say is known elsewhere now."""
        self._known = self._state()

    def give_back(self) -> None:
        """What the fields say is known nowhere else: it was not taken."""
        self._known = ()

    def rule(self, key: AlertKey) -> AlertRule:
        """What the fields say, for this figure.

        Raises:
            NotAllowed: a field holds no number that can be meant; it is marked, and the sentence names it.
        """
        assert self._hours is not None
        self._mark(None)
        factor = 100 if key.measure in SHARES else 1
        days = "".join(day for day, button in zip(ALL_DAYS, self.days, strict=True) if button.isChecked())
        if not days:
            raise NotAllowed(tr("Choose at least one day on which it is watched."))
        return AlertRule(
            key=key,
            raise_at=self._value(self.raise_at, _STEPS // factor) / factor,
            clear_at=self._value(self.clear_at, _STEPS // factor) / factor,
            hold=timedelta(seconds=int(self._value(self.hold, 1))),
            quiet=timedelta(seconds=int(self._value(self.quiet, 60) * 60)),
            hours=ServiceHours(days=days, opens=_time(self.opens), closes=_time(self.closes), zone=self._hours.zone),
            is_on=self.is_on.isChecked(),
        )

    def _state(self) -> tuple[object, ...]:
        days = (button.isChecked() for button in self.days)
        times = (self.opens.text(), self.closes.text())
        return (*(field.text() for field in self.fields), *times, *days, self.is_on.isChecked())

    def _value(self, one: _Number, steps: int) -> Fraction:
        """The number typed, in `steps`-ths of its unit."""
        text = one.field.text().strip()
        try:
            number = Fraction(Decimal(text.replace(",", ".")))
        except (InvalidOperation, ValueError, OverflowError):  # no number at all, or none with an end
            raise self._refusal(
                one, tr("{field} takes a number; “{text}” is none.", field=one.name, text=text)
            ) from None
        if not 0 <= number <= _LARGEST:
            raise self._refusal(one, tr("{field} is from 0 to {most}.", field=one.name, most=_LARGEST))
        if (number * steps).denominator != 1:
            exact = {1: tr("a whole number"), 60: tr("whole seconds"), 10: tr("at most one digit after the point")}
            said = exact.get(steps, tr("at most three digits after the point"))
            raise self._refusal(one, tr("{field} takes {exact}.", field=one.name, exact=said))
        return number

    def _refusal(self, one: _Number, sentence: str) -> NotAllowed:
        self._mark(one)
        return NotAllowed(sentence)

    def _mark(self, wrong: _Number | None) -> None:
        for one in self._numbers():
            set_kind(one.field, "true" if one is wrong else "false", "invalid")
        if wrong is not None:
            wrong.field.setFocus(Qt.FocusReason.OtherFocusReason)
            wrong.field.selectAll()

    def _numbers(self) -> Iterator[_Number]:
        yield from (self.raise_at, self.clear_at, self.hold, self.quiet)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(10))
        grid.setVerticalSpacing(scaled(8))
        self.hold.unit.setText("s")
        self.quiet.unit.setText("min")
        for place, one in enumerate(self._numbers()):
            row, column = divmod(place, 2)
            grid.addWidget(PlainLabel(one.name, kind="muted"), row, 3 * column)
            grid.addWidget(one.field, row, 3 * column + 1)
            grid.addWidget(one.unit, row, 3 * column + 2)
        grid.addWidget(PlainLabel(tr("Watched"), kind="muted"), 2, 0)
        grid.addLayout(self._when(), 2, 1, 1, 6)
        grid.addWidget(self.is_on, 3, 1, 1, 6)
        grid.setColumnStretch(6, 1)

    def _when(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(scaled(4))
        for button in self.days:
            row.addWidget(button)
        row.addSpacing(scaled(8))
        row.addWidget(self.opens)
        row.addWidget(PlainLabel("–", kind="muted"))
        row.addWidget(self.closes)
        row.addWidget(PlainLabel(tr("00:00 to 00:00 is all day"), kind="muted"))
        row.addStretch(1)
        return row


def _number(name: str) -> _Number:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setFixedWidth(scaled(_FIELD_PX))
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    return _Number(name, field, PlainLabel(kind="muted"))


def _day_button(number: int) -> QPushButton:
    locale = QLocale(language())
    button = QPushButton(locale.dayName(number, QLocale.FormatType.ShortFormat).rstrip("."))
    button.setAccessibleName(locale.dayName(number, QLocale.FormatType.LongFormat))
    button.setCheckable(True)
    button.setProperty("kind", "choice")
    return button


def _clock(name: str) -> QTimeEdit:
    field = QTimeEdit()
    field.setAccessibleName(name)
    field.setDisplayFormat("HH:mm")
    field.lineEdit().setTextMargins(scaled(7), 0, 0, 0)  # as in other fields; a style sheet cannot say it here
    return field


def _time(field: QTimeEdit) -> time:
    shown = field.time()
    return time(shown.hour(), shown.minute())


def _text(number: Fraction) -> str:
    """Short, and with a decimal comma where that is written."""
    text = f"{float(number):g}"
    return text.replace(".", ",") if language() == "de" else text
