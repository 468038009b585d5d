"""Raised hands: an agent asks for help, supervisors answer in private, the agent lowers the hand."""

from collections import defaultdict
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text, update

from app.db.engine import Database
from app.db.one_statement import Decision, NewRow, insert_into
from app.db.rows import PersonRow
from app.db.supervisor_rows import HandLineRow, HandRow
from app.domain.commands import LowerHand, RaiseHand, WriteToHand
from app.domain.errors import NotAllowed
from app.domain.notices import ABOUT_LENGTH, LINE_LENGTH, Hand, HandLine, checked_text
from app.domain.topics import Topic
from app.i18n import tr
from app.services.once import Attempt, apply_once


class Hands:
    """On PostgreSQL a person sees their own hand; supervisors see all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def raised(self, person_id: UUID | None = None) -> tuple[Hand, ...]:
        """The hands that are up, the oldest first; of one person, or all."""
        query = (
            select(HandRow.id, HandRow.person_id, HandRow.raised_at, HandRow.about, PersonRow.name.label("person_name"))
            .join(PersonRow, PersonRow.id == HandRow.person_id)
            .where(text("hand.lowered_at IS NULL"))
            .order_by(HandRow.raised_at, HandRow.id)
        )
        if person_id is not None:
            query = query.where(HandRow.person_id == person_id)
        lines = (
            select(HandLineRow.__table__, PersonRow.name.label("by_name"))
            .join(HandRow, HandRow.id == HandLineRow.hand_id)
            .join(PersonRow, PersonRow.id == HandLineRow.by)
            .where(text("hand.lowered_at IS NULL"))
            .order_by(HandLineRow.at, HandLineRow.id)
        )
        with self._database.read() as session:
            hands = session.execute(query).all()
            written: dict[UUID, list[HandLine]] = defaultdict(list)
            for line in session.execute(lines) if hands else ():
                written[line.hand_id].append(_line(line))
        return tuple(_hand(hand, tuple(written[hand.id])) for hand in hands)

    def raise_(self, command: RaiseHand) -> UUID | None:
        """Up, or as it is where it was up already."""
        return apply_once(self._database, command, _raise)

    def write(self, command: WriteToHand) -> UUID | None:
        """Raises NotAllowed: the hand is down, or there is no text."""
        return apply_once(self._database, command, _write)

    def lower(self, command: LowerHand) -> UUID | None:
        return apply_once(self._database, command, _lower)


def _raise(attempt: Attempt[RaiseHand]) -> UUID | None:
    command = attempt.command
    values = {
        "id": command.id,
        "person_id": command.by,
        "raised_at": command.at,
        "call_id": command.call_id,
        "case_id": command.case_id,
        "about": command.about.strip()[:ABOUT_LENGTH],
    }
    raised = attempt.write(
        Topic.HANDS, Decision(statement=_raising(attempt.connection.dialect.name, tuple(values)), values=values)
    )
    if raised is None:
        attempt.note()
    return raised


def _write(attempt: Attempt[WriteToHand]) -> UUID:
    command = attempt.command
    values = {
        "id": command.id,
        "hand_id": command.hand_id,
        "by": command.by,
        "at": command.at,
        "text": checked_text(command.text, LINE_LENGTH),
    }
    is_up = select(HandRow.id).where(HandRow.id == command.hand_id, HandRow.lowered_at.is_(None))
    if attempt.connection.execute(is_up).first() is None:
        raise NotAllowed(tr("This hand is down already, so nobody would read it."))
    return attempt.write_about(Topic.HANDS, command.hand_id, NewRow(row=HandLineRow, values=values))


def _lower(attempt: Attempt[LowerHand]) -> UUID | None:
    command = attempt.command
    values = {"of_hand": command.hand_id, "of_person": command.by, "at_time": command.at}
    lowered = attempt.write(Topic.HANDS, Decision(statement=_lowering(), values=values))
    if lowered is None:
        attempt.note()
    return lowered


@cache
def _raising(dialect: str, names: tuple[str, ...]) -> Any:
    known = HandRow.__table__.c
    values = {name: bindparam(name, type_=known[name].type) for name in names}
    return insert_into(dialect, HandRow).values(values).on_conflict_do_nothing().returning(known.id)


@cache
def _lowering() -> Any:
    known = HandRow.__table__.c
    return (
        update(HandRow)
        .where(
            known.id == bindparam("of_hand", type_=known.id.type),
            known.person_id == bindparam("of_person", type_=known.person_id.type),
            known.lowered_at.is_(None),
        )
        .values(lowered_at=bindparam("at_time", type_=known.lowered_at.type))
        .returning(known.id)
    )


def _line(row: Any) -> HandLine:
    return HandLine(id=row.id, by=row.by, by_name=row.by_name, at=row.at, text=row.text)


def _hand(row: Any, lines: tuple[HandLine, ...]) -> Hand:
    return Hand(
        id=row.id,
        person_id=row.person_id,
        person_name=row.person_name,
        raised_at=row.raised_at,
        about=row.about,
        lines=lines,
    )
