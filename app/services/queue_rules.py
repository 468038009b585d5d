"""How each queue is measured: set by supervisors and administrators, used by board, history and alerts alike."""

from datetime import timedelta

from sqlalchemy import delete, select, text

from app.db.engine import Database
from app.db.rows import CallRow
from app.db.supervisor_rows import QueueRuleRow
from app.domain import queue_rules
from app.domain.errors import NotFound
from app.domain.metrics.call_figures import QueueRules
from app.i18n import tr
from app.services import board_statements as statements
from app.services.upsert import put

_MILLISECOND = timedelta(milliseconds=1)
_QUEUE_NAMES = text("SELECT firstline.queue_names()")


class Queues:
    def __init__(self, database: Database) -> None:
        self._database = database

    def rules(self) -> dict[str, QueueRules]:
        """Of the queues that have some of their own; the others are measured by `QueueRules()`."""
        with self._database.read() as session:
            return statements.rules(session)

    def names(self) -> tuple[str, ...]:
        """Queues that calls came to, or that have rules."""
        with self._database.read() as session:
            known = select(CallRow.queue).distinct() if self._database.is_sqlite else _QUEUE_NAMES
            called = session.scalars(known).all()
            ruled = session.scalars(select(QueueRuleRow.queue)).all()
        return tuple(sorted({*called, *ruled}))

    def set_rules(self, queue: str, rules: QueueRules) -> None:
        """Measure the queue like this from now on, its past too.

        Raises:
            NotAllowed: the rules are none, or the person may not set them.
        """
        queue_rules.check(queue, rules)
        values = {
            "queue": queue,
            "answer_within_ms": rules.answer_within // _MILLISECOND,
            "short_abandon_ms": rules.short_abandon // _MILLISECOND,
            "goal_percent": int(rules.goal * 100),
            "service_level": rules.service_level,
            "abandonment": rules.abandonment,
        }
        with self._database.write() as session:
            put(session, QueueRuleRow, values)

    def forget_rules(self, queue: str) -> None:
        """Measure the queue as all others."""
        with self._database.write() as session:
            done = delete(QueueRuleRow).where(QueueRuleRow.queue == queue).returning(QueueRuleRow.queue)
            if session.scalar(done) is None:
                raise NotFound(tr("The queue “{queue}” has no rules of its own.", queue=queue))
