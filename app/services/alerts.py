"""Alerts: what is watched, what is raised once however many boards watch, and who saw it."""

import time as clock
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from threading import Lock
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select, update

from app.db.engine import Database
from app.db.one_statement import Decision, insert_into
from app.db.rows import PersonRow
from app.db.supervisor_rows import AlertRow
from app.domain import alerts
from app.domain.alerts import Alert, AlertKey, AlertRule, Watch, Wish, number_of
from app.domain.board import Board
from app.domain.board_figures import value
from app.domain.commands import SeeAlert
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.services.alert_rules import AlertRules, key_of, same
from app.services.once import Attempt, apply_once, tell

SHOWN_FOR = timedelta(hours=12)  # an alert that ended before anybody saw it
RULES_REST_S = 5.0  # how soon a changed rule holds

_THOUSAND = 1_000


class Alerts:
    """Of the board of one person, who is a supervisor."""

    def __init__(self, database: Database, person_id: UUID, zone: ZoneInfo) -> None:
        """
        Args:
            zone: of the service hours of rules that nobody has set.
        """
        self.rules = AlertRules(database, zone)
        self._database = database
        self._person_id = person_id
        self._lock = Lock()
        self._watches: dict[AlertKey, Watch] = {}
        self._rules: Mapping[AlertKey, AlertRule] = {}
        self._rules_read_at_s = float("-inf")

    def follow(self, board: Board) -> tuple[Alert, ...]:
        """Look at a board's figures, raise and end what is to be, and give the alerts to show, the newest first."""
        with self._lock:
            now = board.read_at
            known = self.shown(now)
            wishes = {key: self._wish(rule, board) for key, rule in self._known_rules().items()}
            is_open = {alert.key for alert in known if alert.ended_at is None}
            wanted = [key for key, wish in wishes.items() if wish is Wish.RAISE and key not in is_open]
            over = [alert for alert in known if alert.ended_at is None and wishes.get(alert.key, Wish.END) is Wish.END]
            if not wanted and not over:
                return known
            done = [self._raise(key, board) for key in wanted] + [self._end(alert, now) for alert in over]
            return self.shown(now) if any(done) else known

    def shown(self, now: datetime) -> tuple[Alert, ...]:
        """Those that go on, and those that ended lately before anybody saw them."""
        row = AlertRow
        is_shown = or_(row.ended_at.is_(None), (row.ended_at > now - SHOWN_FOR) & row.seen_by.is_(None))
        query = (
            select(row.__table__, PersonRow.name.label("seen_by_name"))
            .outerjoin(PersonRow, PersonRow.id == row.seen_by)
            .where(is_shown)
            .order_by(row.raised_at.desc(), row.id)
        )
        with self._database.read() as session:
            return tuple(map(_alert, session.execute(query)))

    def _known_rules(self) -> Mapping[AlertKey, AlertRule]:
        if clock.monotonic() >= self._rules_read_at_s + RULES_REST_S:
            self._rules = self.rules.all()
            self._rules_read_at_s = clock.monotonic()
        return self._rules

    def _wish(self, rule: AlertRule, board: Board) -> Wish:
        number = number_of(value(board, rule.key.figure, board.read_at))
        watch = self._watches.get(rule.key, Watch()).follow(rule, number, board.read_at)
        self._watches[rule.key] = watch
        return watch.wish(rule, board.read_at)

    def _raise(self, key: AlertKey, board: Board) -> bool:
        """Whether this board was the first; two at once meet the index of open alerts."""
        number = number_of(value(board, key.figure, board.read_at))
        id_ = new_id()
        values = {
            "id": id_,
            "measure": key.measure,
            "queue": key.queue or "",
            "level": int(key.level or 0),
            "value_milli": round((number or Fraction(0)) * _THOUSAND),
            "raised_at": board.read_at,
            "raised_by": self._person_id,
        }
        last = select(AlertRow.ended_at).where(*same(AlertRow, key)).order_by(AlertRow.raised_at.desc()).limit(1)
        with self._database.write() as session:
            newest = session.execute(last).one_or_none()
            is_open = newest is not None and newest.ended_at is None
            ended_at = newest.ended_at if newest else None
            if not alerts.may_raise(is_open, ended_at, self._rules[key], board.read_at):
                return False
            raised = insert_into(session.get_bind().dialect.name, AlertRow).values(**values).on_conflict_do_nothing()
            if session.scalar(raised.returning(AlertRow.id)) is None:
                return False
            tell(session, Topic.ALERTS, id_)
        return True

    def _end(self, alert: Alert, now: datetime) -> bool:
        with self._database.write() as session:
            ended = (
                update(AlertRow)
                .where(AlertRow.id == alert.id, AlertRow.ended_at.is_(None))
                .values(ended_at=now)
                .returning(AlertRow.id)
            )
            if session.scalar(ended) is None:
                return False
            tell(session, Topic.ALERTS, alert.id)
        return True


def see(database: Database, command: SeeAlert) -> UUID | None:
    """The first who sees it has acknowledged it; whoever comes later changes nothing."""
    return apply_once(database, command, _see)


def _see(attempt: Attempt[SeeAlert]) -> UUID | None:
    command = attempt.command
    values = {"of_alert": command.alert_id, "by_person": command.by, "at_time": command.at}
    seen = attempt.write(Topic.ALERTS, Decision(statement=_seeing(), values=values))
    if seen is None:
        attempt.note()  # somebody was first
    return seen


@cache
def _seeing() -> Any:
    known = AlertRow.__table__.c
    return (
        update(AlertRow)
        .where(known.id == bindparam("of_alert", type_=known.id.type), known.seen_by.is_(None))
        .values(
            seen_by=bindparam("by_person", type_=known.seen_by.type),
            seen_at=bindparam("at_time", type_=known.seen_at.type),
        )
        .returning(known.id)
    )


def _alert(row: Any) -> Alert:
    return Alert(
        id=row.id,
        key=key_of(row),
        raised_at=row.raised_at,
        value=Fraction(row.value_milli, _THOUSAND),
        ended_at=row.ended_at,
        seen_by=row.seen_by_name or "",
        seen_at=row.seen_at,
    )
