"""Notices on the desks: told by supervisors, read by each person of a team, or by all."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Integer, bindparam, func, or_, select, update

from app.db.engine import Database
from app.db.one_statement import Decision, NewRow
from app.db.rows import PersonRow, TeamRow
from app.db.supervisor_rows import NoticeRow, NoticeSeenRow
from app.domain.commands import BroadcastNotice, SeeNotice, WithdrawNotice
from app.domain.notices import NOTICE_LENGTH, Notice, check_until, checked_text
from app.domain.people import Person
from app.domain.topics import Topic
from app.services.once import Attempt, apply_once


class Notices:
    def __init__(self, database: Database) -> None:
        self._database = database

    def unread(self, person: Person, now: datetime) -> tuple[Notice, ...]:
        """What this person is told and has not read, the newest first."""
        seen = select(NoticeSeenRow.notice_id).where(NoticeSeenRow.person_id == person.id)
        query = _notices(now).where(
            or_(NoticeRow.team_id.is_(None), NoticeRow.team_id == person.team_id), NoticeRow.id.not_in(seen)
        )
        with self._database.read() as session:
            return tuple(map(_notice, session.execute(query)))

    def standing(self, now: datetime) -> tuple[Notice, ...]:
        """All that desks show now, with how many have read each; for supervisors."""
        seen = _seen_counts(now, is_sqlite=self._database.is_sqlite)
        count = func.coalesce(seen.c.seen_count, 0).label("seen_count")
        with self._database.read() as session:
            query = _notices(now, count).outerjoin(seen, seen.c.notice_id == NoticeRow.id)
            return tuple(map(_notice, session.execute(query)))

    def broadcast(self, command: BroadcastNotice) -> UUID | None:
        """Raises NotAllowed: there is no text, it is too long, or it would stand for too long or not at all."""
        return apply_once(self._database, command, _broadcast)

    def withdraw(self, command: WithdrawNotice) -> UUID | None:
        return apply_once(self._database, command, _withdraw)

    def see(self, command: SeeNotice) -> UUID | None:
        return apply_once(self._database, command, _see)


def _broadcast(attempt: Attempt[BroadcastNotice]) -> UUID:
    command = attempt.command
    check_until(command.until, command.at)
    values = {
        "id": command.id,
        "by": command.by,
        "at": command.at,
        "until": command.until,
        "team_id": command.team_id,
        "text": checked_text(command.text, NOTICE_LENGTH),
    }
    return attempt.write_about(Topic.NOTICES, command.id, NewRow(row=NoticeRow, values=values))


def _withdraw(attempt: Attempt[WithdrawNotice]) -> UUID | None:
    command = attempt.command
    decision = Decision(statement=_ending(), values={"of_notice": command.notice_id, "at_time": command.at})
    ended = attempt.write(Topic.NOTICES, decision)
    if ended is None:
        attempt.note()
    return ended


def _see(attempt: Attempt[SeeNotice]) -> UUID:
    command = attempt.command
    values = {"notice_id": command.notice_id, "person_id": command.by, "at": command.at}
    return attempt.write_about(Topic.NOTICES, command.notice_id, NewRow(row=NoticeSeenRow, values=values, keeps=True))


@cache
def _ending() -> Any:
    known = NoticeRow.__table__.c
    at = bindparam("at_time", type_=known.until.type)
    return (
        update(NoticeRow)
        .where(known.id == bindparam("of_notice", type_=known.id.type), known.until > at)
        .values(until=at)
        .returning(known.id)
    )


def _notices(now: datetime, *more: Any) -> Any:
    row = NoticeRow
    by, team = PersonRow.name.label("by_name"), TeamRow.name.label("team_name")
    return (
        select(row.id, row.at, row.until, row.text, by, team, *more)
        .join(PersonRow, PersonRow.id == row.by)
        .outerjoin(TeamRow, TeamRow.id == row.team_id)
        .where(row.until > now, row.at <= now)
        .order_by(row.at.desc(), row.id)
    )


def _seen_counts(now: datetime, *, is_sqlite: bool) -> Any:
    """By how many people, and on PostgreSQL for nobody to read by whom."""
    if is_sqlite:
        row = NoticeSeenRow
        counts = select(row.notice_id, func.count().label("seen_count")).group_by(row.notice_id)
        return counts.subquery("seen")
    moment = bindparam("moment", now, type_=NoticeRow.__table__.c.until.type)
    columns = Column("notice_id", NoticeRow.__table__.c.id.type), Column("seen_count", Integer())
    return func.firstline.notices_seen(moment).table_valued(*columns, name="seen")


def _notice(row: Any) -> Notice:
    values = dict(row._mapping)
    return Notice(**{**values, "team_name": values["team_name"] or ""})
