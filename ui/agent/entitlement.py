"""What the caller may have, in words for the agent and the next level."""

from datetime import date

from app.domain.customers import Contract
from app.domain.entitlement import Entitlement
from app.domain.work import CallWork
from app.i18n import tr
from ui.labels import date_text, label
from ui.terms_words import settled_text


def entitlement_text(contract: Contract | None, today: date) -> str:
    """Kind and number of the contract and until when it holds, or that there is none."""
    if contract is None:
        return tr("No contract chosen")
    values = {"kind": label(contract.kind), "number": contract.number, "day": date_text(contract.ends_on)}
    if contract.is_in_force(today):
        return tr("{kind} {number}, valid until {day}", **values)
    if contract.starts_on > today:
        return tr("{kind} {number}, not yet in force", **values)
    return tr("{kind} {number}, expired on {day}", **values)


def entitlement_words(work: CallWork, found: Entitlement | None) -> str:
    """The same for the hand-over, with the verdict and what the customer said to it."""
    words = entitlement_text(work.contract, date.today())
    if found is None:
        return words
    return " · ".join(filter(None, (words, label(found.verdict), settled_text(work.consent))))
