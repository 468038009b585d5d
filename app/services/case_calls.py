"""The calls of the customer of a case, and which of them were about it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, text

from app.db.engine import Database
from app.db.rows import CallRow, CaseRow, PersonRow
from app.domain.calls import Disposition, EndReason, PastCall

_SINCE = timedelta(days=90)  # these two as `firstline.calls_about` has them
_MOST = 20


class CaseCalls:
    def __init__(self, database: Database) -> None:
        self._database = database

    def about(self, case_id: UUID) -> tuple[PastCall, ...]:
        """The newest first. PostgreSQL has a function for it: second and third level read no calls."""
        with self._database.read() as session:
            is_file = self._database.is_sqlite
            query = _in_a_file(case_id) if is_file else _CALLS.bindparams(of_case=case_id)
            return tuple(_call(row) for row in session.execute(query))


_CALLS = text("SELECT * FROM firstline.calls_about(:of_case)")


def _in_a_file(case_id: UUID) -> Any:
    is_of_case = or_(CallRow.id == CaseRow.call_id, CallRow.case_id == case_id)
    is_recent = CallRow.queued_at > datetime.now(UTC) - _SINCE
    return (
        select(
            CallRow.id,
            CallRow.queued_at.label("at"),
            func.coalesce(PersonRow.name, "").label("agent_name"),
            CallRow.is_outgoing,
            CallRow.disposition,
            CallRow.end_reason,
            func.coalesce(is_of_case, False).label("is_of_case"),
        )
        .join(CaseRow, or_(CallRow.id == CaseRow.call_id, and_(CallRow.customer_id == CaseRow.customer_id, is_recent)))
        .outerjoin(PersonRow, PersonRow.id == CallRow.agent_id)
        .where(CaseRow.id == case_id)
        .order_by(CallRow.queued_at.desc(), CallRow.id)
        .limit(_MOST)
    )


def _call(row: Any) -> PastCall:
    return PastCall(
        id=row.id,
        at=row.at,
        agent_name=row.agent_name,
        is_outgoing=bool(row.is_outgoing),
        disposition=Disposition(row.disposition) if row.disposition else None,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
        is_of_case=bool(row.is_of_case),
    )
