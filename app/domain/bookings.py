"""What is written into the books of a case: what was agreed, used of the contract, given for nothing, worked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.money import Charge


class BookingKind(StrEnum):
    AGREED = "agreed"  # the customer said yes to the price
    GOODWILL = "goodwill"  # nothing is charged; the text says why
    INCIDENT = "incident"  # one off the contract; once for a case
    WORK = "work"  # time, off the contract's minutes as it is billed


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One entry; nobody changes one.

    Attributes:
        minutes: as they passed; `billed_minutes` as the price list rounds them.
        charge: what is to be paid; of a price a minute that was agreed to, for one minute.
        text: why, or what was said to the customer.
    """

    id: UUID
    kind: BookingKind
    at: datetime
    contract_id: UUID | None = None
    minutes: int = 0
    billed_minutes: int = 0
    charge: Charge | None = None
    text: str = ""
