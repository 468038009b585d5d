"""`firstline-admin metrics`: check a figure against the calls it was made from; needs no database."""

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from app.adapters import call_files
from app.cli.common import say
from app.domain.errors import NotAllowed
from app.domain.metrics.call_figures import (
    Abandonment,
    CallTally,
    QueueRules,
    ServiceLevel,
    abandonment_rate,
    after_call_work,
    average_handle_time,
    average_speed_of_answer,
    service_level,
    tally,
)
from app.domain.metrics.figures import seconds
from app.i18n import tr

LIMIT_S = 86_400  # a threshold of more than a day is a slip

_RULES = QueueRules()


def add_to(program: typer.Typer) -> None:
    """Give the program this command, which is in no group."""
    answer_default, abandon_default = (str(seconds(time)) for time in (_RULES.answer_within, _RULES.short_abandon))

    @program.command(
        "metrics",
        help=tr("Work out the figures of the calls in a JSON file, and print them as JSON. The file is a list of "
                "objects with these fields: {fields}. Times are ISO times with their time zone.",
                fields=", ".join(call_files.FIELDS)),
    )  # fmt: skip
    def _metrics(
        file: Annotated[Path, typer.Argument(help=tr("The JSON file with the calls."))],
        threshold: Annotated[
            str, typer.Option("--threshold", help=tr("Answered within so many seconds is in time."))
        ] = answer_default,
        short_abandon: Annotated[
            str, typer.Option("--short-abandon", help=tr("Abandoned within so many seconds is a short abandon."))
        ] = abandon_default,
    ) -> None:
        rules = QueueRules(
            answer_within=seconds_of(threshold, "--threshold"),
            short_abandon=seconds_of(short_abandon, "--short-abandon"),
        )
        print_metrics(file, rules)


def print_metrics(file: Path, rules: QueueRules) -> None:
    """Print the figures of a file of calls. Shares are from 0 to 1, times in seconds; null where there is nothing."""
    try:
        values = figures(tally(call_files.read(file), rules))
    except OverflowError:
        sentence = tr("The times of these calls add up to more than can be counted. Correct their years.")
        raise NotAllowed(sentence) from None
    say(json.dumps({name: None if value is None else float(value) for name, value in values.items()}, indent=2))


def figures(calls: CallTally) -> Mapping[str, Fraction | None]:
    return {
        "service_level": service_level(calls).value,
        "service_level_of_offered": service_level(calls, ServiceLevel.OF_OFFERED).value,
        "service_level_of_answered": service_level(calls, ServiceLevel.OF_ANSWERED).value,
        "service_level_sl2": service_level(calls, ServiceLevel.SL2).value,
        "average_speed_of_answer_s": average_speed_of_answer(calls).value_s,
        "average_handle_time_s": average_handle_time(calls).value_s,
        "after_call_work_s": after_call_work(calls).value_s,
        "abandonment_rate_all": abandonment_rate(calls, Abandonment.ALL).value,
        "abandonment_rate": abandonment_rate(calls).value,
    }


def seconds_of(text: str, option: str) -> timedelta:
    """A threshold of the command line; read as a decimal number: as a float, 0.1 would be more than 0.1."""
    try:
        value = Decimal(text)
        is_allowed = 0 <= value <= LIMIT_S
    except InvalidOperation:  # no number, or NaN
        is_allowed = False
    if not is_allowed:
        raise typer.BadParameter(tr("{option} takes seconds from 0 to {limit}.", option=option, limit=LIMIT_S))
    return timedelta(microseconds=round(value * 1_000_000))
