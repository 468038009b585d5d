"""`firstline-admin answers`: import and export of the scripted answers."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from app.adapters import answer_files
from app.adapters.answer_files import Fault
from app.cli.common import checked_database, console, database_option, say
from app.domain.answers import Answer, Audience
from app.domain.errors import NotAllowed
from app.i18n import plural, tr
from app.services.answers import Answers


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("Import and export scripted answers."), no_args_is_help=True)

    @group.command(
        "import",
        help=tr("Publish the answers of a file. Without --apply it only says what would change. "
                "Answers that are not in the file stay as they are."),
    )  # fmt: skip
    def _import(
        file: Annotated[Path, typer.Argument(help=tr("A .csv, .json or .md file, or a folder of .md files."))],
        database: Annotated[str, database_option()] = "",
        apply: Annotated[bool, typer.Option("--apply", help=tr("Publish, if there is no fault."))] = False,
    ) -> None:
        import_answers(file, database, apply=apply)

    @group.command("export", help=tr("Write all published answers to a file, exactly as import takes them."))
    def _export(
        file: Annotated[Path, typer.Argument(help=tr("The file to write; for Markdown a new folder."))],
        format: Annotated[
            Format | None, typer.Option("--format", help=tr("Without it the ending of the file name decides."))
        ] = None,
        database: Annotated[str, database_option()] = "",
        replace: Annotated[bool, typer.Option("--replace", help=tr("Replace a file that is there."))] = False,
    ) -> None:
        export_answers(file, database, format, is_replacing=replace)

    return group


def import_answers(file: Path, url: str, *, apply: bool) -> None:
    """Report what the file would change, and publish it if asked to; with any fault nothing is written."""
    with checked_database(url) as database:
        answers = Answers(database)
        reading = answer_files.read(file, product_codes=answers.product_codes())
        _print_faults(reading.faults)
        published = {answer.id: answer for answer in answers.published(frozenset(Audience))}
        _print_counts(reading.answers, published)
        if reading.faults:
            sentence = plural(
                len(reading.faults),
                "There is 1 fault, so nothing is written. Correct it and try again.",
                "There are {n} faults, so nothing is written. Correct them and try again.",
            )
            raise NotAllowed(sentence)
        if apply:
            count = answers.publish(reading.answers)
            say(plural(count, "1 answer was published.", "{n} answers were published."))
        else:
            say(tr("Nothing was written. To publish this, give the same command with --apply."))


def export_answers(file: Path, url: str, form: Format | None, *, is_replacing: bool) -> None:
    """Write all published answers, of every level, into a file or folder."""
    if file.is_file() and not is_replacing:
        raise NotAllowed(tr("There is a file {path} already. Give --replace to replace it.", path=file))
    with checked_database(url) as database:
        answers = Answers(database).published(frozenset(Audience))
    answer_files.write(answers, file, format=form or "")
    say(plural(len(answers), "1 answer was written to {path}.", "{n} answers were written to {path}.", path=file))


def _print_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        console().print(Text.assemble((f"{fault.place}: ", "bold"), fault.reason))


def _print_counts(answers: Sequence[Answer], published: dict[Any, Answer]) -> None:
    known = [answer for answer in answers if answer.id in published]
    unchanged = sum(replace(published[answer.id], version=answer.version) == answer for answer in known)
    counts = (len(answers) - len(known), len(known) - unchanged, unchanged)
    say(tr("{new} new, {changed} changed, {unchanged} unchanged.",
            new=counts[0], changed=counts[1], unchanged=counts[2]))  # fmt: skip
