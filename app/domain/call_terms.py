"""What a call's customer may have, what they said to its price, and what is booked for it.

The rule: chargeable work is begun when the customer has said yes, or as goodwill with a reason; both are kept with time
and person. What was begun under a contract is finished under it, also where its last minutes are used up on the way.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.domain.bookings import Booking, BookingKind
from app.domain.entitlement import Entitlement, Ground, Price, Terms, Unit, Verdict, entitlement, price_of
from app.domain.ids import new_id
from app.domain.work import CallWork

_MINUTE = timedelta(minutes=1)


def about(work: CallWork) -> UUID | None:
    """The contract or product that a verdict is about; None: nobody has said yet what the call is about."""
    return work.contract_id or work.product_id


def began_on(work: CallWork) -> date:
    """The day that counts, by the clocks of this desk: a contract that ends in mid-call covers it to the end."""
    return (work.call.answered_at or work.call.queued_at).astimezone().date()


def entitlement_of(work: CallWork, terms: Terms) -> Entitlement | None:
    """The verdict; None as long as neither contract nor product is known. What was told first holds."""
    if about(work) is None:
        return None
    if work.entitlement is not None and work.entitlement_about == about(work):
        return work.entitlement
    contract = work.contract
    code = contract.product.code if contract else work.product_code
    return entitlement(contract, code, terms, began_on(work))


def with_entitlement(work: CallWork, found: Entitlement | None) -> CallWork:
    """The verdict as it is told to the agent; the yes to another one does not count any more."""
    if found is None or (work.entitlement == found and work.entitlement_about == about(work)):
        return work
    return replace(work, entitlement=found, entitlement_about=about(work), consent=None)


def is_settled(work: CallWork, found: Entitlement | None) -> bool:
    """Whether work may begin: nothing is charged, or the customer said yes to this, or it is given."""
    is_chargeable = found is not None and found.verdict is Verdict.CHARGEABLE
    return not is_chargeable or (work.consent is not None and work.entitlement_about == about(work))


def agreed(found: Entitlement, contract_id: UUID | None, at: datetime) -> Booking:
    """The customer said yes to the price."""
    price = found.price
    return Booking(
        id=new_id(),
        kind=BookingKind.AGREED,
        at=at,
        contract_id=contract_id,
        charge=price.for_one if price else None,
    )


def goodwill(contract_id: UUID | None, reason: str, at: datetime) -> Booking:
    """Nothing is charged."""
    return Booking(id=new_id(), kind=BookingKind.GOODWILL, at=at, contract_id=contract_id, text=reason)


def bookings(work: CallWork, found: Entitlement | None, at: datetime) -> tuple[Booking, ...]:
    """What is booked with the solving or escalation: the consent, or an incident off the contract."""
    if found is None:
        return ()
    if found.verdict is Verdict.CHARGEABLE:
        return (work.consent,) if work.consent and is_settled(work, found) else ()
    if found.ground is Ground.ENDED_LATELY:
        return (goodwill(work.contract_id, "", at),)
    if found.incidents_left is not None:
        return (Booking(id=new_id(), kind=BookingKind.INCIDENT, at=at, contract_id=work.contract_id),)
    return ()


def time_booking(
    minutes: int,
    found: Entitlement,
    contract_id: UUID | None,
    step: Price | None,
    at: datetime,
    *,
    is_given: bool,
    text: str = "",
) -> Booking:
    """Time worked. It counts as billed where a contract counts minutes, or where a price a minute was agreed to.

    Args:
        step: the price that says how minutes are rounded; None: they are not.
        is_given: it was goodwill: it is written down, and neither charged nor taken off.
    """
    sold = found.price if found.verdict is Verdict.CHARGEABLE and not is_given else None
    by_minute = sold if sold and sold.unit is Unit.MINUTE else None
    is_counted = by_minute is not None or (found.minutes_left is not None and not is_given)
    rounding = by_minute or step
    billed = rounding.billed_min(minutes) if rounding else minutes
    return Booking(
        id=new_id(),
        kind=BookingKind.WORK,
        at=at,
        contract_id=contract_id,
        minutes=minutes,
        billed_minutes=billed if is_counted else 0,
        charge=by_minute.for_minutes(minutes) if by_minute else None,
        text=text,
    )


def call_time_booking(work: CallWork, found: Entitlement | None, terms: Terms, at: datetime) -> Booking | None:
    """The conversation as time worked; None without a contract or a yes, and where nobody spoke."""
    call = work.call
    if found is None or call.answered_at is None or (work.contract_id is None and work.consent is None):
        return None
    minutes = -(-((call.ended_at or at) - call.answered_at) // _MINUTE)
    if minutes <= 0:
        return None
    given = work.consent is not None and work.consent.kind is BookingKind.GOODWILL
    step = rounding_of(work, terms)
    is_given = given or found.verdict is Verdict.GOODWILL
    return time_booking(int(minutes), found, work.contract_id, step, at, is_given=is_given)


def rounding_of(work: CallWork, terms: Terms) -> Price | None:
    """The price by which minutes of this contract are rounded."""
    contract = work.contract
    kind, code = (contract.kind, contract.product.code) if contract else (None, work.product_code)
    minutes = [price for price in terms.prices if price.unit is Unit.MINUTE]
    return price_of(minutes, code, kind, began_on(work))
