"""`firstline-admin radar` and `four-eyes`: what is settled for all desks by one word or number; it holds at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import typer

from app.cli.common import checked_database, database_option, say
from app.domain.radar import RadarSettings
from app.i18n import tr
from app.services.centre_rules import FOUR_EYES, CentreRules
from app.services.radar_settings import RadarRule

_MINUTE = timedelta(minutes=1)


def add_to(program: typer.Typer) -> None:
    """Add both groups."""
    program.add_typer(_radar(), name="radar")
    program.add_typer(_four_eyes(), name="four-eyes")


def _radar() -> typer.Typer:
    group = typer.Typer(help=tr("From when on many who ask the same are a candidate."), no_args_is_help=True)

    @group.command("show", help=tr("Say how it is set."))
    def _show(database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            say(_radar_text(RadarRule(opened).now()))

    @group.command("set", help=tr("Set it like this; what is not given stays."))
    def _set(
        count: Annotated[
            int | None, typer.Option("--count", help=tr("So many alike, of so many customers; 0: the radar is off."))
        ] = None,
        minutes: Annotated[int | None, typer.Option("--minutes", help=tr("Within so many minutes."))] = None,
        rest: Annotated[
            int | None, typer.Option("--rest", help=tr("So many minutes nothing like what was dismissed."))
        ] = None,
        database: Annotated[str, database_option()] = "",
    ) -> None:
        with checked_database(database) as opened:
            rule = RadarRule(opened)
            wanted = rule.now()
            wanted = wanted if count is None else replace(wanted, case_count=count)
            wanted = wanted if minutes is None else replace(wanted, window=minutes * _MINUTE)
            wanted = wanted if rest is None else replace(wanted, rest=rest * _MINUTE)
            rule.set(wanted)
        say(_radar_text(wanted))

    return group


def _four_eyes() -> typer.Typer:
    group = typer.Typer(help=tr("Whether who wrote an answer may publish it."), no_args_is_help=True)

    @group.command("show", help=tr("Say whether another editor is needed."))
    def _show(database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            say(_four_eyes_text(is_on=CentreRules(opened).is_on(FOUR_EYES)))

    @group.command("on", help=tr("Another editor publishes what one has written."))
    def _on(database: Annotated[str, database_option()] = "") -> None:
        _settle(database, is_on=True)

    @group.command("off", help=tr("Each editor publishes what they have written."))
    def _off(database: Annotated[str, database_option()] = "") -> None:
        _settle(database, is_on=False)

    return group


def _settle(url: str, *, is_on: bool) -> None:
    with checked_database(url) as opened:
        CentreRules(opened).settle(FOUR_EYES, is_on=is_on)
    say(_four_eyes_text(is_on=is_on))


def _radar_text(settings: RadarSettings) -> str:
    if not settings.case_count:
        return tr("The radar is off.")
    return tr(
        "{count} alike within {minutes} minutes raise a candidate; what was dismissed rests for {rest} minutes.",
        count=settings.case_count,
        minutes=settings.window // _MINUTE,
        rest=settings.rest // _MINUTE,
    )


def _four_eyes_text(*, is_on: bool) -> str:
    if is_on:
        return tr("Four eyes: whoever wrote an answer does not publish it.")
    return tr("Two eyes are enough: editors publish what they wrote.")
