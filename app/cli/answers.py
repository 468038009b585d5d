"""`firstline-admin answers`: import, export and retiring of the scripted answers."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.adapters import answer_files
from app.cli import answer_reports, answer_words
from app.cli.common import checked_database, database_option, print_faults, refuse_faults, say
from app.domain.answers import Answer, Audience
from app.domain.errors import NotAllowed
from app.i18n import plural, tr
from app.services.answers import Answers


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("Import, export and examine scripted answers."), no_args_is_help=True)

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

    @group.command("retire", help=tr("Take answers from all desks. Importing one again brings it back."))
    def _retire(
        keys: Annotated[list[str], typer.Argument(help=tr("The keys of the answers, such as link-restart."))],
        language: Annotated[str, typer.Option("--only", help=tr("Only in this language, such as “de”."))] = "",
        database: Annotated[str, database_option()] = "",
    ) -> None:
        retire_answers(keys, language, database)

    group.add_typer(answer_words.commands(), name="vocabulary")
    answer_reports.add_to(group)
    return group


def import_answers(file: Path, url: str, *, apply: bool) -> None:
    """Report what the file would change, and publish it if asked to; with any fault nothing is written."""
    with checked_database(url) as database:
        answers = Answers(database)
        reading = answer_files.read(file, product_codes=answers.product_codes())
        print_faults(reading.faults)
        published = {answer.id: answer for answer in answers.published(frozenset(Audience))}
        _print_counts(reading.answers, published)
        refuse_faults(reading.faults)
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


def retire_answers(keys: Sequence[str], language: str, url: str) -> None:
    """Retire all of these answers or, when one of the keys is not known, none."""
    with checked_database(url) as database:
        answers = Answers(database)
        published = [a for a in answers.published(frozenset(Audience)) if language in ("", a.language)]
        if unknown := [key for key in keys if key not in {answer.key for answer in published}]:
            raise NotAllowed(tr("There is no published answer “{key}”. Nothing was changed.", key=unknown[0][:60]))
        count = answers.retire([answer.id for answer in published if answer.key in keys])
        say(plural(count, "1 answer was retired.", "{n} answers were retired."))


def _print_counts(answers: Sequence[Answer], published: dict[Any, Answer]) -> None:
    known = [answer for answer in answers if answer.id in published]
    unchanged = sum(replace(published[answer.id], version=answer.version) == answer for answer in known)
    counts = (len(answers) - len(known), len(known) - unchanged, unchanged)
    say(tr("{new} new, {changed} changed, {unchanged} unchanged.",
            new=counts[0], changed=counts[1], unchanged=counts[2]))  # fmt: skip
