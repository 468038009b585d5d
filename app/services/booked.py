"""Bookings as rows that are written with the command they belong to."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.db.one_statement import NewRow
from app.db.service_rows import BookingRow
from app.domain.bookings import Booking


def booked(bookings: Iterable[Booking], by: UUID) -> tuple[NewRow, ...]:
    """Rows of the case that is decided on. An incident that is booked already is not booked twice."""
    rows = (booking_values(one, by) for one in bookings)
    return tuple(NewRow(row=BookingRow, values=values, decided="case_id", keeps=True) for values in rows)


def booking_values(booking: Booking, by: UUID) -> dict[str, Any]:
    """All columns but that of the case."""
    charge = booking.charge
    return {
        "id": booking.id,
        "contract_id": booking.contract_id,
        "kind": booking.kind,
        "at": booking.at,
        "by": by,
        "minutes": booking.minutes,
        "billed_minutes": booking.billed_minutes,
        "net": charge.net.amount if charge else None,
        "tax": charge.tax.amount if charge else None,
        "currency": charge.net.currency if charge else None,
        "text": booking.text,
    }
