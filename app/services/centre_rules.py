"""What administrators have settled for all desks; a rule that nobody has settled has its default."""

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.knowledge_rows import CentreRuleRow

FOUR_EYES = "four_eyes"  # who wrote an answer does not publish it; also the trigger firstline.guard_draft() asks
_ON = "on"


class CentreRules:
    def __init__(self, database: Database) -> None:
        self._database = database

    def is_on(self, name: str) -> bool:
        with self._database.read() as session:
            return _is_on(session, name)

    def settle(self, name: str, *, is_on: bool) -> None:
        with self._database.write() as session:
            session.execute(delete(CentreRuleRow).where(CentreRuleRow.name == name))
            if is_on:
                session.execute(insert(CentreRuleRow).values(name=name, value=_ON, set_at=datetime.now(UTC)))


def is_four_eyes(session: Session) -> bool:
    return _is_on(session, FOUR_EYES)


def _is_on(session: Session, name: str) -> bool:
    return session.scalar(select(CentreRuleRow.value).where(CentreRuleRow.name == name)) == _ON
