"""What a customer may have and what it costs, in words: on the agent's card and on the case page."""

from datetime import datetime

from app.domain.bookings import Booking, BookingKind
from app.domain.customers import Contract
from app.domain.entitlement import Entitlement, Ground, Price, Unit, Verdict
from app.domain.money import Money
from app.i18n import language, plural, tr
from ui.colours import Tone
from ui.labels import clock_text, date_text

VERDICT_LOOKS = {
    Verdict.COVERED: (Tone.GOOD, "check"),
    Verdict.CHARGEABLE: (Tone.WARNING, "warning"),
    Verdict.EXPIRED: (Tone.DANGER, "close"),
    Verdict.GOODWILL: (Tone.INFO, "info"),
}


def money_text(money: Money) -> str:
    """ "58.31 EUR", in German "58,31 EUR"; never by way of a float."""
    amount = f"{money.rounded().amount:,}"
    if language() == "de":
        amount = amount.translate(str.maketrans(",.", ".,"))
    return f"{amount} {money.currency}"


def ground_text(found: Entitlement, contract: Contract | None) -> str:
    """Why the verdict is what it is."""
    match found.ground:
        case Ground.IN_FORCE:
            return tr("In force until {day}.", day=_ends(contract))
        case Ground.LEFT:
            return _left(found)
        case Ground.USED_UP:
            return tr("What the contract includes is used up.")
        case Ground.ENDED:
            return tr("The contract ended on {day}.", day=_ends(contract))
        case Ground.ENDED_LATELY:
            return tr("The contract ended on {day}, a short time ago.", day=_ends(contract))
        case Ground.NOT_BEGUN:
            return tr("The contract has not begun yet.")
        case Ground.NO_CONTRACT:
            return tr("There is no contract for this product.")
        case Ground.NO_PRICE:
            return tr("Not covered, and the price list has no price for it.")


def price_sentence(price: Price) -> str:
    """What to say to the customer."""
    gross, percent = money_text(price.for_one.gross), _percent(price)
    if price.unit is Unit.INCIDENT:
        return tr("“This costs {price} including {percent} % tax, however long it takes. Do you agree?”",
                  price=gross, percent=percent)  # fmt: skip
    least = price.billed_min(1)
    return tr("“This costs {price} a minute including {percent} % tax, {least} minutes at least. Do you agree?”",
              price=gross, percent=percent, least=least)  # fmt: skip


def booking_text(booking: Booking, name: str = "") -> str:
    """An entry of the book: what, when, by whom."""
    values = {"time": clock_text(booking.at), "name": name}
    by = tr("{time}, {name}", **values) if name else values["time"]
    price = money_text(booking.charge.gross) if booking.charge else ""
    match booking.kind:
        case BookingKind.AGREED:
            return tr("The customer agreed to {price} ({by})", price=price, by=by)
        case BookingKind.GOODWILL:
            return tr("Goodwill: {reason} ({by})", reason=booking.text or "–", by=by)
        case BookingKind.INCIDENT:
            return tr("One incident off the contract ({by})", by=by)
        case BookingKind.WORK:
            minutes = plural(booking.minutes, "1 minute worked", "{n} minutes worked")
            counted = tr("{n} counted", n=booking.billed_minutes) if booking.billed_minutes else ""
            return ", ".join(filter(None, (minutes, counted, price))) + f" ({by})"


def settled_text(booking: Booking | None) -> str:
    """That the customer said yes, or why nothing is charged; "" where neither is so."""
    return booking_text(booking) if booking else ""


def as_of_text(at: datetime | None) -> str:
    """Said where the database is away."""
    if at is None:
        return tr("The database is away: this is what this desk knew last.")
    return tr("The database is away: this is as of {time}.", time=clock_text(at))


def _left(found: Entitlement) -> str:
    parts = []
    if found.incidents_left is not None:
        parts.append(plural(found.incidents_left, "1 incident left", "{n} incidents left"))
    if found.minutes_left is not None:
        parts.append(plural(found.minutes_left, "1 minute left", "{n} minutes left"))
    return ", ".join(parts) + "."


def _ends(contract: Contract | None) -> str:
    return date_text(contract.ends_on) if contract else "–"


def _percent(price: Price) -> str:
    plain = f"{price.tax_percent.normalize():f}"
    return plain.replace(".", ",") if language() == "de" else plain
