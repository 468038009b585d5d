"""`firstline-admin history`: sums of the past, the works-council mode, and how long people stay in the facts."""

import signal
import threading
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.adapters.time_zone import name_of_zone
from app.cli.common import checked_database, database_option, say
from app.db.engine import Database
from app.domain.errors import NotAllowed, Unavailable
from app.domain.history.figures import Figure, figures_by
from app.domain.history.kept import CouncilMode
from app.domain.history.requests import Days, Group
from app.domain.history.sheets import text_of
from app.i18n import plural, tr
from app.services.anonymising import Anonymising
from app.services.people import People
from app.services.person_records import PersonRecords
from app.services.roll_ups import RollUps
from app.services.works_council import WorksCouncil


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("The past: sum it up, check it, and say who may see what of it."), no_args_is_help=True)
    _define_roll_up(group)

    @group.command("works-council", help=tr("Say whether groups of fewer than five people are withheld, since when and "
                                            "why; or change it, as an administrator and with a reason."))  # fmt: skip
    def _works_council(
        mode: Annotated[str, typer.Argument(help=tr("“on” or “off”; without it, nothing is changed."))] = "",
        reason: Annotated[str, typer.Option("--reason", help=tr("Why. Everybody can read it."))] = "",
        login: Annotated[str, typer.Option("--login", help=tr("Who decides, in a SQLite file."))] = "",
        database: Annotated[str, database_option()] = "",
    ) -> None:
        works_council(database, mode, reason, login)

    @group.command("anonymise", help=tr("Take people out of all calls and cases that are over and began before a day. "
                                        "Every count stays as it is."))  # fmt: skip
    def _anonymise(
        before: Annotated[datetime, typer.Option("--before", formats=["%Y-%m-%d"], help=tr("The first day to keep."))],
        database: Annotated[str, database_option()] = "",
    ) -> None:
        anonymise(database, before.date())

    _define_person(group)
    return group


def _define_person(group: typer.Typer) -> None:
    @group.command("person", help=tr("The calls of one person as figures, for a supervisor who says what for. The "
                                     "person can read who looked, when and why."))  # fmt: skip
    def _person(
        login: Annotated[str, typer.Argument(help=tr("Whose figures."))],
        purpose: Annotated[str, typer.Option("--purpose", help=tr("What for. The person can read it."))],
        first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help=tr("The first day."))],
        last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help=tr("The last day."))],
        supervisor: Annotated[str, typer.Option("--login", help=tr("Who looks, in a SQLite file."))] = "",
        database: Annotated[str, database_option()] = "",
    ) -> None:
        show_person(database, login, purpose, first.date(), last.date(), supervisor)


def show_person(url: str, login: str, purpose: str, first: date, last: date, supervisor: str) -> None:
    """A line for each figure, with its formula."""
    with checked_database(url) as database:
        people = People(database)
        by = people.by_login(supervisor if database.is_sqlite else _who_signs_in(database))
        days = Days(first=first, last=last, zone=ZoneInfo(name_of_zone()))
        tally = PersonRecords(database).figures_of(people.by_login(login).id, days, purpose, by)
    for one in figures_by(Group.QUEUE):
        if one.figure is not Figure.FIRST_CONTACT:  # whether somebody else was called again says nothing of a person
            say("\t".join((one.name(), text_of(one.value(tally), one.unit), one.formula())))


def _define_roll_up(group: typer.Typer) -> None:
    @group.command("roll-up", help=tr("Sum up the days that changed since the last time."))
    def _roll_up(
        zone: Annotated[
            str, typer.Option("--zone", help=tr("The time zone whose days they are, like Europe/Berlin."))
        ] = "",
        rebuild: Annotated[bool, typer.Option("--rebuild", help=tr("Sum up all days anew."))] = False,
        check: Annotated[
            bool, typer.Option("--check", help=tr("Compare the sums with the facts, change none."))
        ] = False,
        every: Annotated[
            float,
            typer.Option("--every", min=0, help=tr("Go on until stopped, with so many seconds between two times.")),
        ] = 0.0,
        database: Annotated[str, database_option()] = "",
    ) -> None:
        with checked_database(database) as opened:
            if check:
                check_sums(opened)
            else:
                roll_up(opened, zone, rebuilds=rebuild, every_s=every)


def roll_up(database: Database, zone: str, *, rebuilds: bool, every_s: float) -> None:
    """Once, or again and again until a signal; a database that is away is tried again then."""
    stopping = threading.Event()
    if every_s:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
    while True:
        try:
            report = RollUps(database).run(
                datetime.now(UTC), zone=zone, rebuilds=rebuilds, is_patient=bool(every_s) and not rebuilds
            )
        except Unavailable as error:
            if not every_s:
                raise
            say(str(error))
        else:
            done = plural(report.days, "1 sum of a day was made.", "{n} sums of days were made.")
            left = plural(report.left, "1 is due later.", "{n} are due later.") if report.left else ""
            say(" ".join(filter(None, (done, left))))
            rebuilds = False
        if not every_s or stopping.wait(every_s):
            return


def check_sums(database: Database) -> None:
    """Say each day whose sums are not those of its facts."""
    found = RollUps(database).differences()
    for sentence in found:
        say(sentence)
    if found:
        raise NotAllowed(tr("Sum these days up anew with: firstline-admin history roll-up --rebuild"))
    say(tr("All sums are those of the facts."))


def works_council(url: str, mode: str, reason: str, login: str) -> None:
    """Show the mode, or change it in the name of who signs in."""
    if mode not in ("", "on", "off"):
        raise NotAllowed(tr("Say “on” or “off”."))
    with checked_database(url) as database:
        council = WorksCouncil(database)
        if mode:
            who = login if database.is_sqlite else _who_signs_in(database)
            council.change(People(database).by_login(who).id, is_on=mode == "on", reason=reason)
        for change in council.changes():
            say(_told(change))


def anonymise(url: str, before: date) -> None:
    with checked_database(url) as database:
        done = Anonymising(database).run(before, datetime.now(UTC))
        say(
            tr(
                "People are out of {calls} calls, {cases} cases and {lines} lines of timelines. Sums are as they were.",
                calls=done.calls,
                cases=done.cases,
                lines=done.lines,
            )
        )


def _who_signs_in(database: Database) -> str:
    with database.direct() as connection:
        return str(connection.exec_driver_sql("SELECT session_user").scalar())


def _told(change: CouncilMode) -> str:
    word = tr("on") if change.is_on else tr("off")
    if change.at is None:
        return tr("The works-council mode is on; nobody ever changed it.")
    time = change.at.astimezone().strftime("%Y-%m-%d %H:%M")
    return tr(
        "{word} since {time}, by {name}: {reason}", word=word, time=time, name=change.by_name, reason=change.reason
    )
