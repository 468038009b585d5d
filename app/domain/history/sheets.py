"""What is shown of an answer: the same rows and values for table, chart, CSV and PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction

from app.domain.cases import Level
from app.domain.history.figures import Definition, Figure, Unit, Value, definition, figures_by
from app.domain.history.parts import WITHHELD
from app.domain.history.requests import Answer, Group
from app.domain.history.tallies import Tally
from app.domain.metrics.backlog import BUCKET_LIMITS, BacklogAge
from app.domain.metrics.handle_times import bucket
from app.i18n import language, plural, tr


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its name, unit and formula in the language of the moment."""

    name: str
    unit: Unit
    formula: str
    figure: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """
    Attributes:
        short: the name as it stands below a chart, where it is not short enough.
        is_provisional: some of the first contacts may still come back.
    """

    id: str
    name: str
    values: tuple[Value, ...]
    short: str = ""
    is_provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    Attributes:
        total, before: of the whole period, and of the period before; () where there is none.
        notes: what must be known to read it rightly.
    """

    title: str
    subtitle: str
    headings: tuple[Heading, ...]
    rows: tuple[SheetRow, ...]
    total: tuple[Value, ...] = ()
    before: tuple[Value, ...] = ()
    notes: tuple[str, ...] = ()


def sheet_of(answer: Answer, title: str, figures: Sequence[Figure] = (), words: "Words | None" = None) -> Sheet:
    """The lines of an answer with these figures, or with all that can be told apart so."""
    shown = tuple(definition(figure) for figure in figures) or figures_by(answer.request.by)
    return Sheet(
        title=title,
        subtitle=_period_text(answer),
        headings=tuple(Heading(one.name(), one.unit, one.formula(), one.figure) for one in shown),
        rows=tuple(
            SheetRow(
                id=line.key,
                name=_name(line.key, line.name, answer, words or {}),
                values=_values(shown, line.tally),
                short=_short(line.key, answer),
                is_provisional=line.tally.contacts.is_provisional,
            )
            for line in answer.lines
        ),
        total=_values(shown, answer.total),
        before=_values(shown, answer.before),
        notes=_notes(answer, has_contacts=any(one.figure is Figure.FIRST_CONTACT for one in shown)),
    )


def behind_sheet(answer: Answer, figure: Figure, name: str, words: "Words | None" = None) -> Sheet:
    """What a figure was counted from, `name` being the line that it stands in: of each finer line what is divided by
    what, and the value; the total is the figure."""
    one = definition(figure)
    is_divided = one.pieces(answer.total)[1] is not None
    units = one.piece_units if is_divided else ()
    pieces = zip((tr("Numerator"), tr("Denominator")), units, strict=False)
    headings = [Heading(one.name(), one.unit, one.formula(), figure)]

    def values(tally: Tally) -> tuple[Value, ...]:
        return (one.value(tally), *one.pieces(tally)) if is_divided else (one.value(tally),)

    return Sheet(
        title=f"{one.name()} · {name}",
        subtitle=_period_text(answer),
        headings=(*headings, *(Heading(title, unit, one.formula()) for title, unit in pieces)),
        rows=tuple(
            SheetRow(
                id=line.key,
                name=_name(line.key, line.name, answer, words or {}),
                values=values(line.tally),
                is_provisional=line.tally.contacts.is_provisional,
            )
            for line in answer.lines
        ),
        total=values(answer.total),
        notes=_notes(answer, has_contacts=figure is Figure.FIRST_CONTACT),
    )


def handle_time_sheet(answer: Answer) -> Sheet:
    """How the handle times of the period are spread."""
    times, formula = answer.total.handle_times, tr(
        "Handled calls by talk + hold + after-call work, counted in fixed buckets: from the lower limit on, below the "
        "upper one."
    )  # fmt: skip
    counts = Heading(tr("Calls"), Unit.COUNT, formula)
    share = Heading(tr("Share"), Unit.SHARE, tr("Calls of the bucket / handled calls."))
    rows = tuple(
        SheetRow(id=str(place), name=_bucket_name(place), values=(count, _of(count, times.handled)), short=_from(place))
        for place, count in enumerate(times.counts)
    )
    total = (times.handled, _of(times.handled, times.handled))
    return Sheet(
        title=tr("Handle time"), subtitle=_period_text(answer), headings=(counts, share), rows=rows, total=total,
        notes=_notes(answer),
    )  # fmt: skip


def backlog_sheet(ages: dict[Level, BacklogAge], now: datetime, words: "Words") -> Sheet:
    """How old the open cases of each level are."""
    names = [tr("under 4 h"), tr("4 h to 1 day"), tr("1 to 3 days"), tr("3 to 7 days"), tr("7 days and more")]
    short = [tr("< 4 h"), tr("< 1 d"), tr("1–3 d"), tr("3–7 d"), tr("> 7 d")]
    formula = tr("Open cases by now − opened, by the clock on the wall. COPC-2000, aging.")
    rows = tuple(
        SheetRow(
            id=str(place), name=name, values=tuple(age.buckets[place] for age in ages.values()), short=short[place]
        )
        for place, name in enumerate(names[: len(BUCKET_LIMITS) + 1])
    )
    return Sheet(
        title=tr("Backlog by age"),
        subtitle=tr("as of {time}", time=now.astimezone().strftime("%H:%M")),
        headings=tuple(Heading(words[level], Unit.COUNT, formula) for level in ages),
        rows=rows,
        total=tuple(age.count for age in ages.values()),
    )


Words = dict[Enum, str]


def text_of(value: Value, unit: Unit) -> str:
    """For people: "81.3 %", "4:07", "1,204"; "–" where there is nothing to have a share or a mean of."""
    if value is None:
        return "–"
    if unit is Unit.SHARE:
        return f"{_decimal(f'{float(value * 100):.1f}')} %"
    if unit is Unit.SECONDS:
        minutes, seconds = divmod(round(value), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{int(value):,}".replace(",", "." if language() == "de" else ",")


def change_text(now: Value, before: Value, unit: Unit) -> str:
    """How much more or less than in the period before; empty where one of them is not there."""
    if now is None or before is None:
        return ""
    difference = Fraction(now) - Fraction(before)
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    if unit is Unit.SHARE:
        return tr("{change} points", change=f"{sign}{_decimal(f'{float(abs(difference) * 100):.1f}')}")
    return f"{sign}{text_of(abs(difference), unit)}"


def _values(shown: Sequence[Definition], tally: Tally) -> tuple[Value, ...]:
    return tuple(one.value(tally) for one in shown)


def _of(part: int, whole: int) -> Value:
    return Fraction(part, whole) if whole else None


def _decimal(text: str) -> str:
    return text.replace(".", ",") if language() == "de" else text


def _name(key: str, name: str, answer: Answer, words: Words) -> str:
    by = answer.request.by
    if key == WITHHELD:
        return tr("Not told apart")
    if by is Group.DAY:
        return day_text(date.fromisoformat(key))
    if by is Group.INTERVAL:
        if key == "-":
            return tr("Not told apart")
        return datetime.fromisoformat(key).astimezone(answer.zone).strftime("%H:%M")
    if key == "":
        return {
            Group.TEAM: tr("Nobody answered"), Group.PRODUCT: tr("Without a product"), Group.REASON: tr("Not escalated")
        }.get(by, tr("Without a queue"))  # fmt: skip
    return next((word for enum, word in words.items() if enum.value == name), name)


def day_text(day: date) -> str:
    """A day with its week day, short."""
    names = (tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun"))
    form = "%d.%m.%Y" if language() == "de" else "%d %b %Y"
    return f"{names[day.weekday()]} {day.strftime(form)}"


def _short(key: str, answer: Answer) -> str:
    if answer.request.by is not Group.DAY:
        return ""
    return date.fromisoformat(key).strftime("%d.%m." if language() == "de" else "%d %b")


def _from(place: int) -> str:
    """The lower limit of a bucket."""
    return text_of(Fraction(int(bucket(place).start.total_seconds())), Unit.SECONDS)


def _bucket_name(place: int) -> str:
    span, start = bucket(place), _from(place)
    if span.end is None:
        return tr("{start} and more", start=start)
    return f"{start} – {text_of(Fraction(int(span.end.total_seconds())), Unit.SECONDS)}"


def _period_text(answer: Answer) -> str:
    days = answer.request.days
    if days.first == days.last:
        return tr("{day}, {zone}", day=day_text(days.first), zone=answer.zone.key)
    return tr("{first} to {last}, {zone}", first=day_text(days.first), last=day_text(days.last), zone=answer.zone.key)


def _notes(answer: Answer, *, has_contacts: bool = False) -> tuple[str, ...]:
    notes = []
    if answer.is_council_mode:
        notes.append(
            tr(
                "Each figure tells of five people or more. What would tell of fewer is put together as “Not told "
                "apart”, and is in the totals."
            )
        )
    if answer.withheld_days:
        notes.append(
            plural(
                answer.withheld_days,
                "1 day is in no figure, as fewer than five people worked.",
                "{n} days are in no figure, as fewer than five people worked.",
            )
        )
    provisional = answer.total.contacts.provisional if has_contacts else 0
    if provisional:
        notes.append(
            plural(
                provisional,
                "First contact resolution is provisional: 1 contact may still come back.",
                "First contact resolution is provisional: {n} contacts may still come back.",
            )
        )
    return tuple(notes)
