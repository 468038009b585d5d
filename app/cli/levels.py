"""`firstline-admin levels`: whether second and third level are one queue."""

from typing import Annotated

import typer

from app.cli.common import checked_database, database_option, say
from app.i18n import plural, tr
from app.services.levels import Levels


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("Second and third level as one queue, or as two."), no_args_is_help=True)

    @group.command("show", help=tr("Say whether they are one."))
    def _show(database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            say(_standing(is_merged=Levels(opened).are_merged()))

    @group.command(
        "merge",
        help=tr("Make them one, on a running centre: third level's cases come to second level with whoever has them."),
    )
    def _merge(database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            moved = Levels(opened).merge()
        say(_standing(is_merged=True))
        say(plural(moved, "1 case came down.", "{n} cases came down."))

    @group.command(
        "split",
        help=tr("Make them two again: what came down and was not touched goes back up, the rest stays."),
    )
    def _split(database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            moved = Levels(opened).split()
        say(_standing(is_merged=False))
        say(plural(moved, "1 case went back up.", "{n} cases went back up."))

    return group


def _standing(*, is_merged: bool) -> str:
    if is_merged:
        return tr("Second and third level are one queue.")
    return tr("Second and third level are two queues.")
