"""The telephones of the PBX's queues and whose they are, and how the gateway is: what administrators look after."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from app.db.engine import Database
from app.db.line_rows import TelephoneRow
from app.db.rows import PersonRow
from app.domain.errors import NotAllowed, NotFound
from app.domain.lines import GatewayState
from app.i18n import tr
from app.services.lines import gateway_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Facts of one moment, of which only those who see all telephones learn all."""

    gateway: GatewayState | None
    telephone_count: int
    unassigned: tuple[str, ...]


class Telephones:
    def __init__(self, database: Database) -> None:
        self._database = database

    def assign(self, login: str, interface: str) -> None:
        """Say whose telephone it is; one that the person had before is nobody's then.

        Raises:
            NotFound: nobody has this login.
            NotAllowed: it is no name of a telephone.
        """
        if not interface.strip() or len(interface) > 80 or not interface.isprintable():
            raise NotAllowed(tr("This is no telephone. Give its name in the PBX's queues, such as PJSIP/1001."))
        with self._database.write() as session:
            person_id: UUID | None = session.scalar(select(PersonRow.id).where(PersonRow.login == login))
            if person_id is None:
                raise NotFound(tr("Nobody signs in as “{login}”.", login=login))
            session.execute(update(TelephoneRow).where(TelephoneRow.person_id == person_id).values(person_id=None))
            changed = update(TelephoneRow).where(TelephoneRow.interface == interface).values(person_id=person_id)
            if session.execute(changed.returning(TelephoneRow.interface)).first() is None:
                session.execute(insert(TelephoneRow).values(interface=interface, person_id=person_id))

    def forget(self, interface: str) -> None:
        """A telephone that is gone; one that the PBX still has comes back by itself, as nobody's."""
        with self._database.write() as session:
            session.execute(delete(TelephoneRow).where(TelephoneRow.interface == interface))

    def health(self) -> Health:
        """How the gateway is."""
        with self._database.read() as session:
            gateway = gateway_state(session)
            count = session.scalar(select(func.count()).select_from(TelephoneRow)) or 0
            nobodys = select(TelephoneRow.interface).where(TelephoneRow.person_id.is_(None))
            return Health(
                gateway=gateway,
                telephone_count=count,
                unassigned=tuple(session.scalars(nobodys.order_by(TelephoneRow.interface).limit(20))),
            )
