"""What is booked on the contracts of the demo centre's cases: incidents, and time worked at second level."""

from datetime import datetime
from typing import Any

from app.domain.bookings import Booking, BookingKind
from app.domain.cases import CaseEvent, Level
from app.domain.customers import ContractKind
from app.domain.entitlement import billed_min
from app.services.booked import booking_values
from app.services.demo_customers import Rows
from app.services.demo_data import Dice, Values
from app.services.demo_history import History

_WORKED_MIN = (12, 25, 40)


def booking_rows(dice: Dice, rows: Rows, history: History) -> list[Values]:
    """An incident for each case of a contract that counts them, and the time that second level worked."""
    kinds = {contract["id"]: contract["kind"] for contract in rows.contracts}
    cases = {case["id"]: case for case in history.cases}
    found = [
        _row(dice, BookingKind.INCIDENT, case, case["opened_at"], case["opened_by"])
        for case in history.cases
        if kinds[case["contract_id"]] is ContractKind.BASIC
    ]
    for place, line in enumerate(history.timeline):
        if line["event"] is CaseEvent.CLAIMED and line["to_level"] is Level.SECOND:
            minutes = _WORKED_MIN[place % len(_WORKED_MIN)]
            found.append(_row(dice, BookingKind.WORK, cases[line["case_id"]], line["at"], line["by"], minutes))
    return found


def _row(dice: Dice, kind: BookingKind, case: Values, at: datetime, by: Any, minutes: int = 0) -> Values:
    booking = Booking(
        id=dice.id(f"booking/{kind}/{case['id']}"),
        kind=kind,
        at=at,
        contract_id=case["contract_id"],
        minutes=minutes,
        billed_minutes=billed_min(minutes, 5, 15) if minutes else 0,
    )
    return {**booking_values(booking, by), "case_id": case["id"]}
