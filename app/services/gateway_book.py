"""What the active gateway reads and writes in the database, all of it on the very connection that holds its lock.

Who loses that connection has lost the lock, and can write nothing any more: so two gateways never both record.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert

from app.db.announcer import channel_of
from app.db.engine import Database
from app.db.errors import errors_translated
from app.db.locks import Lock
from app.db.rows import ChangeRow
from app.domain.call_backs import closed_kinds, for_abandoned
from app.domain.calls import Call
from app.domain.errors import NotAllowed
from app.domain.lines import ORDER_LIMIT_S, GatewayPhase, LineOrder, OrderAnswer, OrderState, Refusal
from app.domain.topics import Topic
from app.i18n import tr
from app.services import gateway_rows as rows
from app.services import gateway_statements as sql
from app.telephony.ledger import Batch, LedgerCall

HUNG_S = 6.0  # a gateway that holds the lock and says nothing for so long is taken off it

_NAME = "main"

_log = logging.getLogger("firstline.gateway")


class GatewayBook:
    """For one thread. Every method raises Unavailable when the connection is lost, and the lock with it."""

    def __init__(self, database: Database, holder: str) -> None:
        """
        Raises:
            NotAllowed: the database is none that several programs share, or is reached through a pooler.
        """
        if database.is_sqlite:
            raise NotAllowed(
                tr("The gateway needs PostgreSQL. One desk with a database file connects to the telephone system"
                   " itself: line = \"ami\" in its settings.")
            )  # fmt: skip
        if database.is_pooled:
            raise NotAllowed(_needs_direct())
        self._database = database
        self._holder = holder
        self._connection: Connection | None = None
        self._leads = False
        self._logins: dict[str, UUID] = {}
        self._people: dict[str, UUID] = {}  # telephone -> whose it is
        self._pauses: dict[str, tuple[bool, str]] = {}  # telephone -> as it was written last

    def try_lead(self) -> bool:
        """Become the active gateway, or find that another one is."""
        with errors_translated():
            connection = self._connected()
            with connection.begin():
                is_ours, backend = connection.execute(sql.TRY_LOCK, {"lock": Lock.GATEWAY}).one()
            if backend != connection.connection.driver_connection.info.backend_pid:  # type: ignore[union-attr]
                raise NotAllowed(_needs_direct())
            if not is_ours:
                self._unseat_if_hung(connection)
                return False
        self._leads = True
        return True

    def restored(self) -> list[LedgerCall]:
        """The calls that the gateway before recorded as live; learns who has which telephone."""
        with self._transaction() as connection:
            self._logins = {row.login.lower(): row.id for row in connection.execute(sql.PEOPLE)}
            self._people = {row.interface: row.person_id for row in connection.execute(sql.TELEPHONES)}
            calls = connection.execute(sql.LIVE_CALLS).all()
            rings = connection.execute(sql.RINGS_OF, {"ids": [row.id for row in calls]}).all()
        interfaces = {person_id: interface for interface, person_id in self._people.items()}
        return [rows.restored(row, [r for r in rings if r.call_id == row.id], interfaces) for row in calls]

    def recorded(self, ids: Sequence[UUID]) -> list[LedgerCall]:
        """The calls among `ids` that any gateway has recorded; in any thread, so not on the connection of the lock."""
        if not ids:
            return []
        interfaces = {person_id: interface for interface, person_id in list(self._people.items())}
        with self._database.read() as session:
            found = session.execute(sql.CALLS_OF, {"ids": list(ids)}).all()
        return [rows.restored(row, (), interfaces) for row in found]

    def telephone_of(self, person_id: UUID) -> str:
        """Empty: no telephone is known to be this person's."""
        return next((interface for interface, owner in self._people.items() if owner == person_id), "")

    def learn_telephones(self) -> None:
        """Who has which telephone may have been changed by an administrator."""
        with self._transaction() as connection:
            self._people = {row.interface: row.person_id for row in connection.execute(sql.TELEPHONES)}

    def write(self, batch: Batch, answers: Sequence[tuple[OrderAnswer, UUID]] = ()) -> None:
        """Record what changed and answer orders (each with who gave it) in one transaction; wake whom it concerns."""
        concerned = {person_id for _, person_id in answers}
        with self._transaction() as connection:
            concerned |= self._write_telephones(connection, batch)
            concerned |= self._write_calls(connection, batch)
            _answer(connection, [answer for answer, _ in answers])
            _tell(connection, _changes(batch, concerned))
        if concerned:
            with self._transaction() as connection:
                connection.execute(sql.WAKE, {"channels": [channel_of(one) for one in concerned]})
        if batch:
            self._database.announce()

    def beat(
        self,
        phase: GatewayPhase,
        since: datetime,
        waiting: Sequence[datetime] = (),
        capabilities: Iterable[str] = (),
    ) -> None:
        """Say that the gateway lives, and how its line is."""
        values = {
            "name": _NAME,
            "holder": self._holder,
            "phase": phase,
            "since": since,
            "waiting_count": len(waiting),
            "waiting_since": min(waiting, default=None),
            "capabilities": sorted(capabilities),
        }
        with self._transaction() as connection:
            connection.execute(sql.BEAT, values)

    def take_orders(self) -> tuple[list[LineOrder], list[tuple[OrderAnswer, UUID]]]:
        """The orders to do now, and answers for those that came too late."""
        with self._transaction() as connection:
            found = connection.execute(sql.TAKE_ORDERS).all()
        late = [row for row in found if abs(row.age) > timedelta(seconds=ORDER_LIMIT_S)]
        refused = [(_refused(row.id, Refusal.TOO_LATE), row.by) for row in late]
        return [_order(row) for row in found if row not in late], refused

    def left_orders(self) -> list[tuple[OrderAnswer, UUID]]:
        """Answers for what the gateway before had begun; nobody knows whether it was done, so it is not repeated."""
        with self._transaction() as connection:
            found = connection.execute(sql.LEFT_ORDERS).all()
        return [(_refused(row.id, Refusal.INTERRUPTED), row.by) for row in found]

    def tidy(self) -> None:
        """Close wrap-ups that nobody finishes, remove old orders; every minute or so."""
        with self._transaction() as connection:
            connection.execute(sql.CLOSE_OLD_WRAP_UP)
            connection.execute(sql.REMOVE_OLD_ORDERS)

    def resign(self) -> None:
        """Say good-bye and let the next one lead."""
        if self._leads:
            self.beat(GatewayPhase.STOPPED, datetime.now(UTC))
            with self._transaction() as connection:
                connection.execute(sql.UNLOCK)
        self.close()

    def close(self) -> None:
        """Let go of the connection, and so of the lock."""
        self._leads = False
        if self._connection is not None:
            self._connection.invalidate()  # not back to the pool: the lock belongs to it
            self._connection.close()
            self._connection = None

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._database.engine.connect()
            with self._connection.begin():  # so that the server notices a machine that is gone
                for setting in ("tcp_keepalives_idle = 3", "tcp_keepalives_interval = 2", "tcp_keepalives_count = 2"):
                    self._connection.exec_driver_sql(f"SET {setting}")
        return self._connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        assert self._connection is not None  # only who leads reads and writes
        with errors_translated(), self._connection.begin():
            yield self._connection

    def _unseat_if_hung(self, connection: Connection) -> None:
        """One that is stopped but not dead keeps its lock; the server ends its connection for us."""
        with connection.begin():
            age_s = connection.scalar(sql.BEAT_AGE)
        if age_s is None or age_s < HUNG_S:
            return
        _log.warning("the active gateway says nothing for %.0f s and is taken off", age_s)
        try:
            with errors_translated(), connection.begin():
                connection.execute(sql.UNSEAT, {"lock": Lock.GATEWAY})
        except NotAllowed:
            _log.error("the lock of the gateway is held by another database role than this one's")

    def _write_telephones(self, connection: Connection, batch: Batch) -> set[UUID]:
        """Whom a pause concerns; how a telephone is else, is only read by boards."""
        if not batch.telephones:
            return set()
        now, taken = datetime.now(UTC), set(self._people.values())
        told = []
        for one in batch.telephones:
            person_id = self._people.get(one.interface) or self._logins.get(one.name.lower())
            if one.interface not in self._people and person_id:
                person_id = None if person_id in taken else person_id
                if person_id:
                    self._people[one.interface] = person_id
                    taken.add(person_id)
            told.append(
                {
                    "interface": one.interface[:80],
                    "person_id": person_id,
                    "name": one.name[:100],
                    "device": one.device,
                    "is_paused": one.is_paused,
                    "pause_reason": one.pause_reason[:100],
                    "told_at": now,
                }
            )
        connection.execute(sql.RECORD_TELEPHONE, told)
        pauses = {one.interface: (one.is_paused, one.pause_reason) for one in batch.telephones}
        changed = [interface for interface, pause in pauses.items() if self._pauses.get(interface) != pause]
        self._pauses |= pauses
        return {self._people[interface] for interface in changed if interface in self._people}

    def _write_calls(self, connection: Connection, batch: Batch) -> set[UUID]:
        """Who is concerned."""
        if not batch.calls:
            return set()
        now, people = datetime.now(UTC), self._people
        connection.execute(sql.RECORD_CALL, [{**rows.call_values(one, people), "told_at": now} for one in batch.calls])
        rings = [
            rows.ring_values(ring, people[ring.interface])
            for one in batch.calls
            for ring in one.rings
            if ring.interface in people
        ]
        if rings:
            connection.execute(sql.RECORD_RING, rings)
        _write_call_backs(connection, [one.call for one in batch.calls])
        return {people[i] for one in batch.calls for i in one.interfaces if i in people}


def _write_call_backs(connection: Connection, calls: Sequence[Call]) -> None:
    opened = [one for call in calls if (one := for_abandoned(call))]
    if opened:
        connection.execute(sql.OPEN_CALL_BACK, [rows.call_back_values(one) for one in opened])
    spoken = [call for call in calls if closed_kinds(call)]
    if spoken:
        connection.execute(sql.SETTLE_CALL_BACKS, [rows.settling_values(call) for call in spoken])


def _changes(batch: Batch, concerned: set[UUID]) -> list[tuple[Topic, UUID]]:
    changes = [(Topic.LINE, person_id) for person_id in concerned]
    changes += [(Topic.CALLS, one.call.id) for one in batch.calls]
    changes += [(Topic.CALL_BACKS, one.id) for each in batch.calls if (one := for_abandoned(each.call))]
    changes += [(Topic.CALL_BACKS, each.call.id) for each in batch.calls if closed_kinds(each.call)]
    return changes


def _tell(connection: Connection, changes: Sequence[tuple[Topic, UUID]]) -> None:
    now = datetime.now(UTC)
    if changes:
        told = [{"topic": topic, "subject_id": subject_id, "at": now} for topic, subject_id in changes]
        connection.execute(insert(ChangeRow).inline(), told)


def _answer(connection: Connection, answers: Sequence[OrderAnswer]) -> None:
    if answers:
        connection.execute(
            sql.ANSWER_ORDER,
            [
                {"order_id": one.order_id, "new_state": one.state, "why": one.refusal, "words": one.detail[:200]}
                for one in answers
            ],
        )


def _refused(order_id: UUID, why: Refusal) -> OrderAnswer:
    return OrderAnswer(order_id=order_id, state=OrderState.REFUSED, refusal=why)


def _order(row: Row[Any]) -> LineOrder:
    return LineOrder(id=row.id, by=row.by, at=row.at, action=row.action, call_id=row.call_id, text=row.text)


def _needs_direct() -> str:
    return tr(
        "The gateway needs a connection of its own to PostgreSQL, not through PgBouncer."
        " Give it the server's own address."
    )
