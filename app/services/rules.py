"""The rules of the centre: kept as an administrator wrote them, and read by every desk that works with them."""

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, insert, literal_column, select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import PersonRow, ProductRow, TeamRow
from app.db.service_rows import RuleSetRow
from app.domain.errors import NotAllowed
from app.domain.rules import prices
from app.domain.rules.rulebook import Rulebook, RuleKind, rulebook
from app.domain.topics import Topic
from app.i18n import tr
from app.services.once import tell

MAX_AGE_S = 600.0  # a desk hears of new rules within seconds (`forget`), and other programs do not live so long
_log = logging.getLogger("firstline.rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The rules, and which team is in charge of what: enough to work out clocks without asking again."""

    book: Rulebook
    texts: dict[RuleKind, str]
    team_of_product: dict[UUID, str]
    team_of_person: dict[UUID, str] = field(default_factory=dict)


class Rules:
    """Keeps what it has read, so a command costs no trip more; safe from all threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._known: Known | None = None
        self._read_at_s = 0.0  # of the monotonic clock, which begins with the computer
        self._forgot_count = self._read_count = 0  # how often they were forgotten, and of which of these times they are

    def current(self) -> Rulebook:
        """The rules in force."""
        return self._current().book

    def texts(self) -> dict[RuleKind, str]:
        """The rules in force as they were written, for who works without the database."""
        return self._current().texts

    def team_of(self, product_id: UUID | None, person_id: UUID) -> str:
        """Name of the team that supports the product, else of the person's own; "" for a person nobody knows."""
        known = self._current()
        if product_id in known.team_of_product:
            return known.team_of_product[product_id]
        if person_id not in known.team_of_person:
            query = select(TeamRow.name).join(PersonRow, PersonRow.team_id == TeamRow.id)
            with self._database.read() as session:
                known.team_of_person[person_id] = session.scalar(query.where(PersonRow.id == person_id)) or ""
        return known.team_of_person[person_id]

    def forget(self) -> None:
        """They were changed: the next one who asks reads them again."""
        self._forgot_count += 1

    def text(self, kind: RuleKind) -> str:
        """The rules of a kind as they were written; "" where nothing is set."""
        with self._database.read() as session:
            return _texts(session)[0].get(kind, "")

    def check(self, kind: RuleKind, text: str) -> Rulebook:
        """All rules as they would be with this text; NotAllowed with what is wrong."""
        with self._database.read() as session:
            return _checked(session, kind, text)

    def replace(self, kind: RuleKind, text: str, login: str) -> Rulebook:
        """Put these rules into force. Clocks of open cases: `Reckoning.all` afterwards.

        `login` is kept with them in a file of one desk; a server knows who asks.
        """
        by = login if self._database.is_sqlite else literal_column("session_user")
        with self._database.write() as session:
            book = _checked(session, kind, text)
            row = {"kind": kind, "text": text, "at": datetime.now(UTC), "by": by}
            session.execute(insert(RuleSetRow).values(**row))
            tell(session, Topic.RULES, UUID(int=0))
        self.forget()
        return book

    def _current(self) -> Known:
        known = self._known
        is_new = self._read_count == self._forgot_count and time.monotonic() - self._read_at_s < MAX_AGE_S
        if known is not None and is_new:
            return known
        with self._lock:
            at_s, count = time.monotonic(), self._forgot_count  # what is forgotten while they are read is read again
            with self._database.read() as session:
                self._known = _read(session, known)
            self._read_at_s, self._read_count = at_s, count
            return self._known


def _read(session: Session, known: Known | None) -> Known:
    query = select(ProductRow.id, TeamRow.name).join(TeamRow, TeamRow.id == ProductRow.team_id)
    texts, version = _texts(session)
    teams: dict[UUID, str] = {row[0]: row[1] for row in session.execute(query)}
    book = known.book if known and known.book.version == version else _book(texts, version, known)
    return Known(book=book, texts=texts, team_of_product=teams)


def _book(texts: dict[RuleKind, str], version: int, known: Known | None) -> Rulebook:
    """What cannot be read was written for another version of the program: no case waits for that."""
    try:
        return rulebook(texts, version)
    except NotAllowed as error:
        _log.error("rules of version %d cannot be read: %s", version, error)
        return known.book if known else Rulebook()


def _texts(session: Session) -> tuple[dict[RuleKind, str], int]:
    """The newest text of each kind, and the newest version of all."""
    newest = select(func.max(RuleSetRow.version)).group_by(RuleSetRow.kind)
    rows = session.execute(
        select(RuleSetRow.kind, RuleSetRow.text, RuleSetRow.version).where(RuleSetRow.version.in_(newest))
    ).all()
    return {row.kind: row.text for row in rows}, max((row.version for row in rows), default=0)


def _checked(session: Session, kind: RuleKind, text: str) -> Rulebook:
    texts, version = _texts(session)
    book = rulebook({**texts, kind: text}, version)
    teams = set(session.scalars(select(TeamRow.name)))
    for calendar in book.calendars if kind is RuleKind.CALENDARS else ():
        for name in calendar.teams:
            if name not in teams:
                raise NotAllowed(tr("{calendar}: there is no team “{name}”.", calendar=calendar.name, name=name))
    if kind is RuleKind.PRICES:
        prices.refuse_unknown(book.prices, session.scalars(select(ProductRow.code)))
    return book
