"""What is watched on all boards, and from when on it is an alert: set by supervisors and administrators."""

from collections.abc import Mapping
from datetime import time, timedelta
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.supervisor_rows import AlertRow, AlertRuleRow
from app.domain import alerts
from app.domain.alerts import AlertKey, AlertRule, ServiceHours
from app.domain.cases import Level
from app.domain.commands import ForgetAlertRule, SetAlertRule
from app.domain.errors import NotAllowed, NotFound
from app.domain.metrics.figures import seconds
from app.domain.people import Role
from app.domain.topics import Topic
from app.i18n import tr
from app.services.once import NOBODY, apply_whole, tell
from app.services.people import roles_now
from app.services.upsert import put

_THOUSAND = 1_000
_SETTERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


class AlertRules:
    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        """
        Args:
            zone: of the service hours of rules that nobody has set.
        """
        self._database = database
        self._zone = zone

    def all(self) -> Mapping[AlertKey, AlertRule]:
        """What is watched: what was set, and for the rest what the program has."""
        with self._database.read() as session:
            rows = session.scalars(select(AlertRuleRow)).all()
        return {**alerts.default_rules(self._zone), **{rule.key: rule for rule in map(_rule, rows)}}

    def own(self) -> frozenset[AlertKey]:
        """What was set here."""
        with self._database.read() as session:
            return frozenset(map(key_of, session.scalars(select(AlertRuleRow))))

    def put(self, rule: AlertRule) -> None:
        """Watch like this from now on.

        Raises:
            NotAllowed: nothing can be watched like this, or the person may not set it.
        """
        with self._database.write() as session:
            _put(session, rule)

    def forget(self, key: AlertKey) -> None:
        """Watch as the program has it, or not at all where it has nothing."""
        with self._database.write() as session:
            _forget(session, key)


def apply(database: Database, command: SetAlertRule | ForgetAlertRule) -> UUID | None:
    """The same as a command of a desk, done once; a file of one desk knows no roles, so they are looked at here."""
    return apply_whole(database, command, partial(_do, command))


def _do(command: SetAlertRule | ForgetAlertRule, session: Session) -> UUID:
    if not _SETTERS & roles_now(session, command.by):
        raise NotAllowed(tr("Only supervisors and administrators may change this."))
    if isinstance(command, SetAlertRule):
        _put(session, command.rule)
    else:
        _forget(session, command.key)
    return NOBODY


def _put(session: Session, rule: AlertRule) -> None:
    alerts.check(rule)
    put(session, AlertRuleRow, _values(rule))
    tell(session, Topic.ALERTS, NOBODY)


def _forget(session: Session, key: AlertKey) -> None:
    done = delete(AlertRuleRow).where(*same(AlertRuleRow, key)).returning(AlertRuleRow.measure)
    if session.scalar(done) is None:
        raise NotFound(tr("Nothing of its own is set for this alert."))
    tell(session, Topic.ALERTS, NOBODY)


def same(row: type[AlertRow] | type[AlertRuleRow], key: AlertKey) -> tuple[Any, ...]:
    """The conditions that find the rows of a key."""
    return row.measure == key.measure, row.queue == (key.queue or ""), row.level == int(key.level or 0)


def key_of(row: Any) -> AlertKey:
    return AlertKey(measure=row.measure, queue=row.queue or None, level=Level(row.level) if row.level else None)


def _rule(row: AlertRuleRow) -> AlertRule:
    return AlertRule(
        key=key_of(row),
        raise_at=Fraction(row.raise_milli, _THOUSAND),
        clear_at=Fraction(row.clear_milli, _THOUSAND),
        hold=timedelta(seconds=row.hold_s),
        quiet=timedelta(seconds=row.quiet_s),
        hours=ServiceHours(
            days=row.days,
            opens=time.fromisoformat(row.opens),
            closes=time.fromisoformat(row.closes),
            zone=ZoneInfo(row.zone),
        ),
        is_on=row.is_on,
    )


def _values(rule: AlertRule) -> dict[str, object]:
    return {
        "measure": rule.key.measure,
        "queue": rule.key.queue or "",
        "level": int(rule.key.level or 0),
        "raise_milli": round(rule.raise_at * _THOUSAND),
        "clear_milli": round(rule.clear_at * _THOUSAND),
        "hold_s": int(seconds(rule.hold)),
        "quiet_s": int(seconds(rule.quiet)),
        "days": rule.hours.days,
        "opens": rule.hours.opens.isoformat("minutes"),
        "closes": rule.hours.closes.isoformat("minutes"),
        "zone": rule.hours.zone.key,
        "is_on": rule.is_on,
    }
