"""The price list: a CSV file with a price a row, told by the names of its first row.

    product,contract,unit,net,currency,tax_percent,step_min,minimum_min,since
    ,,incident,49.00,EUR,19,,,
    LINK-600,,minute,1.90,EUR,19,5,15,2026-01-01

Without a product the price is for all, without a contract for who has none and where there is no other. Comma,
semicolon or tab part the cells; an amount has a point.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from app.domain.customers import ContractKind
from app.domain.entitlement import Price, Unit
from app.domain.errors import NotAllowed
from app.domain.money import Money
from app.domain.rules import reading
from app.i18n import tr

_COLUMNS = ["product", "contract", "unit", "net", "currency", "tax_percent", "step_min", "minimum_min", "since"]
_NEEDED = ["net", "currency", "tax_percent"]
_ROW_LIMIT = 5_000


def read(text: str) -> tuple[Price, ...]:
    """The prices of the text; NotAllowed with what is wrong and in which line."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        return ()
    rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=max(",;\t", key=lines[0].count))
    names = [name.strip() for name in next(rows)]
    _refuse_columns(names)
    numbers = [number for number, line in enumerate(text.splitlines(), start=1) if line in lines][1:]
    found: dict[tuple[object, ...], Price] = {}
    for number, cells in zip(numbers, rows, strict=False):
        price = _price(tr("line {n}", n=number), dict(zip(names, map(str.strip, cells), strict=False)))
        if found.setdefault(_key(price), price) is not price:
            raise NotAllowed(tr("line {n}: there is a price for this from that day on already.", n=number))
    if len(found) > _ROW_LIMIT:
        raise NotAllowed(tr("There are more than {limit} rows.", limit=_ROW_LIMIT))
    return tuple(found.values())


def refuse_unknown(prices: Iterable[Price], product_codes: Iterable[str]) -> None:
    """NotAllowed where a price is for a product that the centre does not have: it would never be asked for."""
    known = {"", *product_codes}
    for price in prices:
        if price.product not in known:
            raise NotAllowed(tr("There is no product {code} in this centre.", code=price.product))


def _key(price: Price) -> tuple[object, ...]:
    return price.product, price.contract, price.since


def _refuse_columns(names: list[str]) -> None:
    for name in names:
        if name not in _COLUMNS:
            raise NotAllowed(
                tr(
                    "line 1: the column “{name}” is not known. Known are: {names}.",
                    name=name,
                    names=", ".join(_COLUMNS),
                )
            )
    for name in _NEEDED:
        if name not in names:
            raise NotAllowed(tr("line 1: the column “{name}” is missing.", name=name))


def _price(place: str, row: dict[str, str]) -> Price:
    step_min = _whole(place, row.get("step_min", "") or "1")
    if step_min < 1:
        raise NotAllowed(tr("{place}: minutes are billed in steps of at least one.", place=place))
    contract, unit = row.get("contract", ""), row.get("unit", "") or Unit.INCIDENT
    net, tax_percent = _amount(place, row.get("net", "")), _amount(place, row.get("tax_percent", ""))
    if net < 0 or not 0 <= tax_percent <= 100:
        raise NotAllowed(tr("{place}: a price is not below zero, and a tax between 0 and 100 percent.", place=place))
    return Price(
        net=Money(amount=net, currency=row.get("currency", "")),
        tax_percent=tax_percent,
        unit=reading.member(place, Unit, unit, Unit),
        product=row.get("product", ""),
        contract=reading.member(place, ContractKind, contract, ContractKind) if contract else None,
        step_min=step_min,
        minimum_min=_whole(place, row.get("minimum_min", "") or "0"),
        since=reading.day_of(place, row["since"]) if row.get("since") else date.min,
    )


def _amount(place: str, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or abs(amount) >= 1_000_000_000:
        raise NotAllowed(tr("{place}: “{text}” is not an amount. Write it as 49.00.", place=place, text=text))
    return amount


def _whole(place: str, text: str) -> int:
    return reading.number_of(place, int(text) if text.isascii() and text.isdigit() else None)
