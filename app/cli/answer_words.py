"""`firstline-admin answers vocabulary`: the editors' synonyms and stop words."""

from pathlib import Path
from typing import Annotated

import typer

from app.adapters import word_file
from app.cli.common import checked_database, database_option, print_faults, refuse_faults, say
from app.domain.errors import NotAllowed
from app.i18n import plural, tr
from app.services.words import Words


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("Synonyms and stop words of the search."), no_args_is_help=True)

    @group.command(
        "import",
        help=tr("Make the words of a file all there are. Without --apply it only says what would change."),
    )
    def _import(
        file: Annotated[Path, typer.Argument(help=tr("A .csv file: a group a row, “synonyms” or “stop words” first."))],
        database: Annotated[str, database_option()] = "",
        apply: Annotated[bool, typer.Option("--apply", help=tr("Publish, if there is no fault."))] = False,
    ) -> None:
        import_words(file, database, apply=apply)

    @group.command("export", help=tr("Write all words to a file, exactly as import takes them."))
    def _export(
        file: Annotated[Path, typer.Argument(help=tr("The .csv file to write."))],
        database: Annotated[str, database_option()] = "",
        replace: Annotated[bool, typer.Option("--replace", help=tr("Replace a file that is there."))] = False,
    ) -> None:
        export_words(file, database, is_replacing=replace)

    return group


def import_words(file: Path, url: str, *, apply: bool) -> None:
    """Report what the file would change, and publish it if asked to; with any fault nothing is written."""
    with checked_database(url) as database:
        words = Words(database)
        reading = word_file.read(file)
        print_faults(reading.faults)
        changes = words.compare(reading.groups)
        say(tr("{new} new, {removed} removed, {unchanged} unchanged.",
               new=changes.new_count, removed=changes.removed_count, unchanged=changes.kept_count))  # fmt: skip
        refuse_faults(reading.faults)
        if apply:
            words.replace(reading.groups)
            say(tr("The words are published. Desks use them within seconds."))
        else:
            say(tr("Nothing was written. To publish this, give the same command with --apply."))


def export_words(file: Path, url: str, *, is_replacing: bool) -> None:
    """Write all groups into a file."""
    if file.exists() and not is_replacing:
        raise NotAllowed(tr("There is a file {path} already. Give --replace to replace it.", path=file))
    with checked_database(url) as database:
        groups = Words(database).all()
    word_file.write(groups, file)
    say(plural(len(groups), "1 group was written to {path}.", "{n} groups were written to {path}.", path=file))
