"""Money: an exact amount in one currency, rounded as money is, with tax. Never a float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.domain.errors import NotAllowed
from app.i18n import tr

# ISO 4217: currencies whose smallest coin is not a hundredth.
_DIGITS = {"JPY": 0, "KRW": 0, "ISK": 0, "CLP": 0, "BHD": 3, "KWD": 3, "TND": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    amount: Decimal
    currency: str  # three letters of ISO 4217

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("money is counted in Decimal")
        if not self.amount.is_finite():
            raise NotAllowed(tr("An amount of money is a number."))
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise NotAllowed(tr("A currency has three capital letters, as EUR or GBP."))

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return Money(amount=self.amount + other.amount, currency=self.currency)

    def times(self, factor: Decimal | int) -> "Money":
        """So many times as much, rounded to the smallest coin."""
        return Money(amount=self.amount * factor, currency=self.currency).rounded()

    def rounded(self) -> "Money":
        """To the smallest coin of the currency; half of one is rounded away from zero, as a merchant does."""
        smallest = Decimal(1).scaleb(-_DIGITS.get(self.currency, 2))
        return Money(amount=self.amount.quantize(smallest, ROUND_HALF_UP), currency=self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What is to be paid. `tax` is worked out from the rounded net amount, and rounded itself."""

    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        return self.net + self.tax


def charge(net: Money, tax_percent: Decimal) -> Charge:
    net = net.rounded()
    return Charge(net=net, tax=net.times(tax_percent / 100))
