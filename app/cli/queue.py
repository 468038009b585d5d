"""`firstline-admin queue`: how each queue is measured."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from app.cli.common import checked_database, database_option, say
from app.cli.metrics import seconds_of
from app.domain.metrics.call_figures import Abandonment, QueueRules, ServiceLevel
from app.domain.metrics.figures import seconds
from app.domain.queue_rules import goal as goal_of
from app.i18n import tr
from app.services.queue_rules import Queues


def commands() -> typer.Typer:
    group = typer.Typer(
        help=tr("How each queue is measured: thresholds, goal and formula, for board, history and alerts."),
        no_args_is_help=True,
    )
    name = typer.Argument(help=tr("The queue's name, as calls have it."))

    _add_set(group)

    @group.command("list", help=tr("Each queue and how it is measured, one a line."))
    def _list(database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            queues = Queues(opened)
            rules = queues.rules()
            for queue in queues.names():
                say(_line(queue, rules.get(queue, QueueRules())))

    @group.command("forget", help=tr("Measure a queue as all that have no rules of their own."))
    def _forget(queue: Annotated[str, name], database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            Queues(opened).forget_rules(queue)
        say(_line(queue, QueueRules()))

    return group


def _add_set(group: typer.Typer) -> None:
    name = typer.Argument(help=tr("The queue's name, as calls have it."))

    @group.command("set", help=tr("Measure a queue like this; what is not given stays. It holds for its past too."))
    def _set(
        queue: Annotated[str, name],
        threshold: Annotated[
            str, typer.Option("--threshold", help=tr("Answered within so many seconds is in time."))
        ] = "",
        short_abandon: Annotated[
            str,
            typer.Option("--short-abandon", help=tr("Abandoned within so many seconds is a short abandon.")),
        ] = "",
        goal: Annotated[int | None, typer.Option("--goal", help=tr("The service level to reach, in per cent."))] = None,
        service_level: Annotated[
            ServiceLevel | None, typer.Option("--service-level", help=tr("The formula of the service level."))
        ] = None,
        abandonment: Annotated[
            Abandonment | None, typer.Option("--abandonment", help=tr("The formula of the abandonment rate."))
        ] = None,
        database: Annotated[str, database_option()] = "",
    ) -> None:
        given = {
            "answer_within": seconds_of(threshold, "--threshold") if threshold else None,
            "short_abandon": seconds_of(short_abandon, "--short-abandon") if short_abandon else None,
            "goal": None if goal is None else goal_of(goal),
            "service_level": service_level,
            "abandonment": abandonment,
        }
        with checked_database(database) as opened:
            queues = Queues(opened)
            before = queues.rules().get(queue, QueueRules())
            changed: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
            rules = replace(before, **changed)
            queues.set_rules(queue, rules)
        say(_line(queue, rules))


def _line(queue: str, rules: QueueRules) -> str:
    return tr(
        "{queue}: answered within {threshold} s, short abandon {short} s, goal {goal} %, service level {formula}, "
        "abandonment {abandonment}",
        queue=queue or "–",
        threshold=f"{float(seconds(rules.answer_within)):g}",
        short=f"{float(seconds(rules.short_abandon)):g}",
        goal=int(rules.goal * 100),
        formula=rules.service_level,
        abandonment=rules.abandonment,
    )
