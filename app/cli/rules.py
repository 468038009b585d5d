"""`firstline-admin calendar`, `promises` and `prices`: what is set for the whole centre, a text file each."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app import settings
from app.adapters.text_files import Fault, read_text
from app.cli.common import checked_database, database_option, say
from app.db.engine import Database
from app.domain.errors import NotAllowed
from app.domain.rules.rulebook import Rulebook, RuleKind
from app.i18n import plural, tr
from app.services.reckoning import Reckoning
from app.services.rules import Rules

AGAIN_AFTER_S = 20.0  # longer than a desk takes to hear of it, and a statement under way to end


def add_to(program: typer.Typer) -> None:
    """Add a group for each kind of rules."""
    program.add_typer(
        _commands(RuleKind.CALENDARS, tr("Service hours, holidays and time zones of teams and contracts.")),
        name="calendar",
    )
    program.add_typer(
        _commands(RuleKind.PROMISES, tr("Times to own and to resolve, what contracts include, who is told when.")),
        name="promises",
    )
    program.add_typer(_commands(RuleKind.PRICES, tr("The price list, with tax and rounding.")), name="prices")


def _commands(kind: RuleKind, about: str) -> typer.Typer:
    group = typer.Typer(help=about, no_args_is_help=True)

    @group.command("import", help=tr("Put a file into force. Without --apply it only says what it would be."))
    def _import(
        file: Annotated[Path, typer.Argument(help=tr("A text file, as show prints it."))],
        database: Annotated[str, database_option()] = "",
        apply: Annotated[bool, typer.Option("--apply", help=tr("Put it into force, if there is no fault."))] = False,
    ) -> None:
        import_rules(kind, file, database, apply=apply)

    @group.command("show", help=tr("Print what is in force, exactly as import takes it."))
    def _show(database: Annotated[str, database_option()] = "") -> None:
        show_rules(kind, database)

    return group


def import_rules(kind: RuleKind, file: Path, url: str, *, apply: bool, again_after_s: float = AGAIN_AFTER_S) -> None:
    """Put the file into force and make the clocks of all open cases right."""
    text = read_text(file)
    if isinstance(text, Fault):
        raise NotAllowed(f"{text.place}: {text.reason}")
    with checked_database(url) as database:
        rules = Rules(database)
        try:
            book = rules.replace(kind, text, settings.load().login) if apply else rules.check(kind, text)
        except NotAllowed as error:
            raise NotAllowed(f"{file}: {error}") from None
        _describe(kind, book)
        if not apply:
            say(tr("Nothing was written. To put this into force, give the same command with --apply."))
            return
        say(tr("This is in force. Desks use it within seconds."))
        if kind is not RuleKind.PRICES:
            _reckon(database, again_after_s)


def show_rules(kind: RuleKind, url: str) -> None:
    """Print the text in force; what is to be known of it stands behind #."""
    with checked_database(url) as database:
        rules = Rules(database)
        text, book = rules.text(kind), rules.current()
    if not text:
        say(tr("Nothing is set. The program’s own holds: round the clock, nothing sold."))
        return
    typer.echo(text.rstrip("\n"))
    if kind is RuleKind.CALENDARS:
        for sentence in book.gaps(datetime.now(UTC).date()):
            typer.echo(f"# {sentence}")


def _describe(kind: RuleKind, book: Rulebook) -> None:
    match kind:
        case RuleKind.CALENDARS:
            for one in book.calendars:
                years = ", ".join(map(str, one.years)) or "–"
                teams = ", ".join(one.teams) or "–"
                say(tr("{name}: {zone}; teams: {teams}; holidays of {years}.",
                       name=one.name, zone=one.calendar.zone.key, teams=teams, years=years))  # fmt: skip
            for sentence in book.gaps(datetime.now(UTC).date()):
                say(sentence)
        case RuleKind.PROMISES:
            steps = ", ".join(f"{step.name} ({step.who.value})" for step in book.promises.steps)
            say(tr("Supervisors are told at: {steps}.", steps=steps or "–"))
        case RuleKind.PRICES:
            say(plural(len(book.prices), "1 price.", "{n} prices."))


def _reckon(database: Database, again_after_s: float) -> None:
    """Twice: what a desk escalated by the old rules in these seconds is made right too."""
    reckoning = Reckoning(database)
    count = reckoning.all()
    say(plural(count, "1 open case is reckoned anew.", "{n} open cases are reckoned anew."))
    say(tr("Once more in {seconds} s, for what desks just passed on by the old rules …", seconds=round(again_after_s)))
    time.sleep(again_after_s)
    reckoning.all()
    say(tr("Done."))
