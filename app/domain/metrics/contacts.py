"""First contact resolution: whoever was helped does not have to call again."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.metrics.figures import Share, require_utc
from app.domain.metrics.periods import Period

REPEAT_WINDOW = timedelta(days=7)


class FirstContact(StrEnum):
    NET = "net"  # without the contacts that first level cannot solve
    GROSS = "gross"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One conversation with a customer at first level. `at` is UTC.

    Attributes:
        customer_id: None: nobody knows who it was; then only the case can tell that it is a repeat.
        category: what it was about; empty: not said.
        is_solved: the customer was helped in this conversation.
        is_first_level: it could be solved there; False e.g. for a repair on site.
    """

    id: UUID
    at: datetime
    customer_id: UUID | None = None
    case_id: UUID | None = None
    category: str = ""
    is_solved: bool = False
    is_first_level: bool = True

    def __post_init__(self) -> None:
        require_utc((self.at,))


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstContactResolution:
    """`provisional` of the solved contacts could still come back: their window is open."""

    share: Share
    provisional: int

    @property
    def is_provisional(self) -> bool:
        return self.provisional > 0

    def __add__(self, other: "FirstContactResolution") -> "FirstContactResolution":
        provisional = self.provisional + other.provisional
        return FirstContactResolution(share=self.share + other.share, provisional=provisional)


def first_contact_resolution(
    contacts: Iterable[Contact],
    period: Period,
    now: datetime,
    *,
    formula: FirstContact = FirstContact.NET,
    window: timedelta = REPEAT_WINDOW,
) -> FirstContactResolution:
    """Solved at first contact / contacts of the period. MetricNet (net: contacts that first level can solve); SQM.

    A contact is solved at first contact when it was solved, is no repeat, and none came in the `window` after it
    (inclusive). A repeat is a later contact for the same case, or of the same customer in the same category. Repeats
    are contacts too, so they are in the whole: whoever must call twice has not been helped at once.

    Args:
        contacts: those of the period, and of one window before and after it, in any order.
        now: until then it is known who called again.
    """
    counted = list(judged(contacts, period, formula=formula, window=window))
    solved = [contact for contact, is_solved in counted if is_solved]
    open_count = sum(now <= contact.at + window for contact in solved)
    return FirstContactResolution(share=Share(len(solved), len(counted)), provisional=open_count)


def judged(
    contacts: Iterable[Contact],
    period: Period,
    *,
    formula: FirstContact = FirstContact.NET,
    window: timedelta = REPEAT_WINDOW,
) -> Iterator[tuple[Contact, bool]]:
    """Each contact that counts in the period, and whether it was solved at first contact as far as is known."""
    known = tuple(contacts)
    calls_of = _by_subject(known)
    for contact in known:
        if contact.at in period and (contact.is_first_level or formula is FirstContact.GROSS):
            yield contact, contact.is_solved and not _has_other(contact, calls_of, window)


def _by_subject(contacts: Iterable[Contact]) -> Mapping[Hashable, list[tuple[datetime, UUID]]]:
    """The contacts for each case, and for each customer and category, oldest first; the id decides a tie."""
    found: dict[Hashable, list[tuple[datetime, UUID]]] = defaultdict(list)
    for contact in contacts:
        for subject in _subjects(contact):
            found[subject].append((contact.at, contact.id))
    for calls in found.values():
        calls.sort()
    return found


def _has_other(contact: Contact, calls_of: Mapping[Hashable, list[tuple[datetime, UUID]]], window: timedelta) -> bool:
    """Whether one came for the same within `window` before or after it."""
    for subject in _subjects(contact):
        calls = calls_of[subject]
        place = bisect_left(calls, (contact.at, contact.id))
        neighbours = (*calls[max(place - 1, 0) : place], *calls[place + 1 : place + 2])
        if any(abs(at - contact.at) <= window for at, _ in neighbours):
            return True
    return False


def _subjects(contact: Contact) -> Iterator[Hashable]:
    if contact.case_id is not None:
        yield "case", contact.case_id
    if contact.customer_id is not None and contact.category:
        yield "category", contact.customer_id, contact.category
