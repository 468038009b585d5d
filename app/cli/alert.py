"""`firstline-admin alert`: what is watched on the boards, and from when on it is an alert."""

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from app.adapters.time_zone import name_of_zone
from app.cli.common import checked_database, database_option, say
from app.cli.metrics import seconds_of
from app.db.engine import Database
from app.domain.alerts import AlertKey, AlertRule, ServiceHours
from app.domain.board_figures import SHARES, Measure
from app.domain.cases import Level
from app.domain.errors import NotAllowed
from app.domain.metrics.figures import seconds
from app.i18n import tr
from app.services.alert_rules import AlertRules


def commands() -> typer.Typer:
    group = typer.Typer(
        help=tr("What is watched on the boards, and from when on it is an alert."), no_args_is_help=True
    )

    @group.command("list", help=tr("Each alert and its thresholds, one a line."))
    def _list(database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            for rule in _rules(opened).all().values():
                say(_line(rule))

    _add_set(group)

    @group.command("forget", help=tr("Watch a figure as the program does by itself."))
    def _forget(
        figure: Annotated[Measure, _figure()],
        queue: Annotated[str, _queue()] = "",
        level: Annotated[int | None, _level()] = None,
        database: Annotated[str, database_option()] = "",
    ) -> None:
        with checked_database(database) as opened:
            _rules(opened).forget(_key(figure, queue, level))

    return group


def _add_set(group: typer.Typer) -> None:
    unit = tr("A count, seconds, or per cent.")

    @group.command("set", help=tr("Watch a figure like this; what is not given stays."))
    def _set(
        figure: Annotated[Measure, _figure()],
        queue: Annotated[str, _queue()] = "",
        level: Annotated[int | None, _level()] = None,
        raise_at: Annotated[str, typer.Option("--raise", help=unit)] = "",
        clear_at: Annotated[str, typer.Option("--clear", help=unit)] = "",
        hold: Annotated[str, typer.Option("--hold", help=tr("So many seconds beyond it until it is sure."))] = "",
        quiet: Annotated[str, typer.Option("--quiet", help=tr("So many seconds until the next one."))] = "",
        days: Annotated[str, typer.Option("--days", help=tr("On these days; Monday is 1: 12345."))] = "",
        hours: Annotated[str, typer.Option("--hours", help=tr("Between these times: 07:00-19:00."))] = "",
        is_on: Annotated[bool | None, typer.Option("--on/--off", help=tr("Whether it is watched at all."))] = None,
        database: Annotated[str, database_option()] = "",
    ) -> None:
        key = _key(figure, queue, level)
        given: dict[str, Any] = {
            "raise_at": _number(figure, raise_at),
            "clear_at": _number(figure, clear_at),
            "hold": seconds_of(hold, "--hold") if hold else None,
            "quiet": seconds_of(quiet, "--quiet") if quiet else None,
            "is_on": is_on,
        }
        with checked_database(database) as opened:
            rules = _rules(opened)
            known = rules.all().get(key) or _new(key, given)
            rule = replace(known, **{name: value for name, value in given.items() if value is not None})
            rule = replace(rule, hours=_hours(rule.hours, days, hours))
            rules.put(rule)
        say(_line(rule))


def _figure() -> Any:
    return typer.Argument(help=tr("The figure, as `alert list` names it."))


def _queue() -> Any:
    return typer.Option("--queue", help=tr("Of this queue alone."))


def _level() -> Any:
    return typer.Option("--level", min=2, max=3, help=tr("Of this level alone: 2 or 3."))


def _key(figure: Measure, queue: str, level: int | None) -> AlertKey:
    return AlertKey(measure=figure, queue=queue or None, level=Level(level) if level else None)


def _rules(database: Database) -> AlertRules:
    return AlertRules(database, _zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(name_of_zone())


def _new(key: AlertKey, given: dict[str, Any]) -> AlertRule:
    """A figure that nobody watched before needs both thresholds."""
    if given["raise_at"] is None or given["clear_at"] is None:
        raise NotAllowed(tr("Nobody watches this figure yet: give --raise and --clear."))
    hours = ServiceHours(zone=_zone())
    return AlertRule(key=key, raise_at=given["raise_at"], clear_at=given["clear_at"], hours=hours)


def _number(figure: Measure, text: str) -> Fraction | None:
    if not text:
        return None
    try:
        number = Fraction(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        raise typer.BadParameter(tr("“{text}” is no number.", text=text)) from None
    return number / 100 if figure in SHARES else number


def _hours(known: ServiceHours, days: str, hours: str) -> ServiceHours:
    if days:
        known = replace(known, days=days)
    if hours:
        try:
            opens, closes = map(time.fromisoformat, hours.split("-"))
        except ValueError:
            raise typer.BadParameter(tr("Give the hours as 07:00-19:00.")) from None
        known = replace(known, opens=opens, closes=closes)
    return known


def _line(rule: AlertRule) -> str:
    is_share, hours = rule.key.measure in SHARES, rule.hours
    thresholds = (f"{float(one * 100 if is_share else one):g}{' %' if is_share else ''}"
                  for one in (rule.raise_at, rule.clear_at))  # fmt: skip
    raised, cleared = thresholds
    of = " ".join(filter(None, (rule.key.queue, f"level {int(rule.key.level)}" if rule.key.level else "")))
    line = tr(
        "{figure}: raised at {raised} after {hold} s, ends at {cleared}, quiet for {quiet} s, days {days}, {hours}",
        figure=f"{rule.key.measure} {of}".strip(),
        raised=raised,
        cleared=cleared,
        hold=_s(rule.hold),
        quiet=_s(rule.quiet),
        days=hours.days,
        hours=f"{hours.opens:%H:%M}-{hours.closes:%H:%M} {hours.zone.key}",
    )
    return line if rule.is_on else tr("{line} (off)", line=line)


def _s(span: timedelta) -> str:
    return f"{float(seconds(span)):g}"
