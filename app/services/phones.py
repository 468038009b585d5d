"""The telephone numbers of customers."""

from uuid import UUID

from sqlalchemy import select

from app.db.engine import Database
from app.db.one_statement import NewRow
from app.db.rows import PhoneRow
from app.domain.commands import AttachNumber
from app.domain.topics import Topic
from app.services.once import Attempt, apply_once
from app.telephony.numbers import readable

ATTACHED = "attached"  # the label of a number that an agent added; where it is from, nobody has said


class Phones:
    def __init__(self, database: Database) -> None:
        self._database = database

    def attach(self, command: AttachNumber) -> UUID | None:
        """Add the number to the customer's, once; whoever calls from it next is found by it."""
        return apply_once(self._database, command, _attach)


def _attach(attempt: Attempt[AttachNumber]) -> UUID:
    command = attempt.command
    phone = PhoneRow.__table__.c
    known = select(phone.id).where(phone.customer_id == command.customer_id, phone.normal == command.normal)
    values = {
        "id": command.id,
        "customer_id": command.customer_id,
        "label": ATTACHED,
        "shown": readable(command.normal),
        "normal": command.normal,
    }
    rows = () if attempt.connection.execute(known).first() else (NewRow(row=PhoneRow, values=values),)
    return attempt.write_about(Topic.CUSTOMERS, command.customer_id, *rows)
