"""What an agent does during one call: the state of the console, and what the hand-over writes itself from.

Every change gives a new value; the newest is kept in the desk's journal at each key stroke.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.answers import Answer
from app.domain.bookings import Booking
from app.domain.call_backs import CallBackWish, number_of
from app.domain.calls import Call, Disposition, NumberKind
from app.domain.cases import AnswerRead, CaseDraft, EscalationReason, HandOver, Impact, ScriptTurn, Urgency
from app.domain.customers import Contract, Customer, Phone, Product
from app.domain.entitlement import Entitlement
from app.domain.ids import case_number, new_id
from app.domain.typed_text import typed
from app.i18n import tr

_TITLE_LENGTH = 120
_SHOWN = 30


class Outcome(StrEnum):
    """What became of the case during this call."""

    SOLVED = "solved"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWork:
    """One call and all that was typed, read and decided in it. `case_id` is there from the start."""

    call: Call
    case_id: UUID
    customer: Customer | None = None
    contract_id: UUID | None = None
    product_id: UUID | None = None  # where the agent chose one without a contract
    product_name: str = ""
    product_code: str = ""
    entitlement: Entitlement | None = None  # as it was when it could first be told: it holds for the whole call
    entitlement_about: UUID | None = None  # the contract or product that it is about
    consent: Booking | None = None  # the customer's yes to its price, or goodwill; about the same
    caller_name: str = ""  # typed by the agent for a caller who is in no record
    searches: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()  # those of `searches` that found nothing
    answers: tuple[AnswerRead, ...] = ()
    shown: tuple[UUID, ...] = ()  # answers among the first hits of searches
    note: str = ""
    promised: str = ""  # to the customer, as second level has to keep it
    version: str = ""  # of the product, as the customer reads it there
    outcome: Outcome | None = None
    solved_by: UUID | None = None  # the answer
    command_id: UUID | None = None  # of the solving or escalation
    problem_id: UUID | None = None  # the known problem that the agent attached
    call_back: CallBackWish | None = None  # a call-back is being promised

    @property
    def case_number(self) -> str:
        return case_number(self.case_id)

    @property
    def contract(self) -> Contract | None:
        """The contract this call is about."""
        contracts = self.customer.contracts if self.customer else ()
        return next((contract for contract in contracts if contract.id == self.contract_id), None)

    @property
    def product(self) -> str:
        """The name of the product this call is about; empty when nobody has said."""
        return self.contract.product.name if self.contract else self.product_name

    @property
    def who(self) -> str:
        """The caller's name as far as it is known."""
        return (self.customer.name if self.customer else "") or self.caller_name or self.call.caller.display_name


def begin_work(call: Call) -> CallWork:
    return CallWork(call=call, case_id=new_id())


def with_customer(work: CallWork, customer: Customer | None, today: date) -> CallWork:
    """The caller is this customer. The only contract in force is taken as what the call is about; and where none is in
    force the only one that there is, so that its end is seen."""
    owned = customer.contracts if customer else ()
    contracts = [contract for contract in owned if contract.is_in_force(today)] or owned
    contract_id = contracts[0].id if len(contracts) == 1 else None
    return replace(work, customer=customer, contract_id=contract_id, product_id=None, product_name="", product_code="")


def with_product(work: CallWork, product: Product | None) -> CallWork:
    """The call is about this product, without a contract; None: nobody knows."""
    if product is None:
        return replace(work, product_id=None, product_name="", product_code="")
    return replace(work, product_id=product.id, product_name=product.name, product_code=product.code)


def number_to_attach(work: CallWork | None) -> Phone | None:
    """The number of the call, if its customer has none like it yet."""
    if work is None or work.customer is None or not work.call.caller.normal:
        return None
    number = work.call.caller.normal
    is_known = any(phone.normal == number for phone in work.customer.phones)
    return None if is_known else Phone(label="", shown=number, normal=number)


def with_number(work: CallWork, phone: Phone) -> CallWork:
    """The customer has this number too."""
    customer = work.customer
    return replace(work, customer=replace(customer, phones=(*customer.phones, phone))) if customer else work


def number_to_call(work: CallWork) -> str:
    """Where the caller can be reached: the number of the call, else one of the customer's; empty if none is known."""
    phones = work.customer.phones if work.customer else ()
    return number_of(work.call.caller) or next((phone.normal for phone in phones), "")


def with_search(work: CallWork, text: str, *, has_found: bool = True) -> CallWork:
    """Remember what was searched; a text that was typed on replaces its beginning."""
    text = " ".join(typed(text).split())
    if not text or (work.searches and work.searches[-1].startswith(text)):
        return work
    earlier = work.searches[:-1] if work.searches and text.startswith(work.searches[-1]) else work.searches
    missed = tuple(search for search in work.missed if search in earlier)
    return replace(work, searches=(*earlier, text), missed=missed if has_found else (*missed, text))


def with_answer(work: CallWork, answer: Answer) -> CallWork:
    """Remember that an answer was read; the one read last stands last."""
    known = next((read for read in work.answers if read.answer_id == answer.id), None)
    others = tuple(read for read in work.answers if read.answer_id != answer.id)
    return replace(work, answers=(*others, replace(known, version=answer.version) if known else _read(answer)))


def read_of(work: CallWork, answer: Answer) -> AnswerRead:
    """What the call has of an answer."""
    return next((read for read in work.answers if read.answer_id == answer.id), None) or _read(answer)


def _read(answer: Answer) -> AnswerRead:
    return AnswerRead(answer_id=answer.id, title=answer.title, version=answer.version)


def with_step(work: CallWork, answer: Answer, step: str, is_tried: bool) -> CallWork:
    """Mark a step of an answer as tried, or not; steps stay in the order of the answer."""
    work = with_answer(work, answer)
    read = work.answers[-1]
    tried = {*read.steps_tried, step} if is_tried else {*read.steps_tried} - {step}
    ordered = tuple(s for s in answer.steps if s in tried)
    return replace(work, answers=(*work.answers[:-1], replace(read, steps_tried=ordered)))


def with_script_path(work: CallWork, answer: Answer, path: tuple[ScriptTurn, ...]) -> CallWork:
    """The way through the answer's guided script, as far as it was gone."""
    work = with_answer(work, answer)
    return replace(work, answers=(*work.answers[:-1], replace(work.answers[-1], script_path=path)))


def script_path(work: CallWork, answer_id: UUID) -> tuple[ScriptTurn, ...]:
    return next((read.script_path for read in work.answers if read.answer_id == answer_id), ())


def with_shown(work: CallWork, answer_ids: Iterable[UUID]) -> CallWork:
    """These stood among the first hits of a search that ended there."""
    return replace(work, shown=tuple(dict.fromkeys((*work.shown, *answer_ids)))[-_SHOWN:])


def steps_tried(work: CallWork, answer_id: UUID) -> tuple[str, ...]:
    return next((read.steps_tried for read in work.answers if read.answer_id == answer_id), ())


def placeholder_values(work: CallWork | None, agent_name: str, today: str) -> dict[str, str]:
    """Values for a scripted answer; what is not known is missing, so that nobody reads a gap aloud."""
    values = {"agent.name": agent_name, "today": today}
    if work is None:
        return values
    customer, contract = work.customer, work.contract
    values |= {
        "case.number": work.case_number,
        "caller.number": work.call.caller.normal or "",
        "product.name": work.product,
    }
    values["customer.name"] = work.who
    if customer:
        values |= {"customer.number": customer.number, "customer.company": customer.company}
    if contract:
        values |= {
            "product.serial": contract.serial,
            "contract.number": contract.number,
            "contract.name": contract.kind.name.title(),
            "contract.ends_on": contract.ends_on.isoformat(),
        }
    return {name: value for name, value in values.items() if value}


def title(work: CallWork) -> str:
    """What the case is about in one line: the note's first line, else the last search, else the last answer read."""
    candidates = (
        *(line.strip() for line in work.note.strip().splitlines()[:1]),
        *reversed(work.searches),
        *(a.title for a in reversed(work.answers)),
    )
    text = next(filter(None, candidates), "") or tr("Call from {who}", who=work.who or work.call.caller.raw or "?")
    return text if len(text) <= _TITLE_LENGTH else text[: _TITLE_LENGTH - 1] + "…"


def case_draft(work: CallWork) -> CaseDraft:
    contract = work.contract
    return CaseDraft(
        id=work.case_id,
        number=work.case_number,
        title=title(work),
        opened_at=work.call.answered_at or work.call.queued_at,
        call_id=work.call.id,
        customer_id=work.customer.id if work.customer else None,
        contract_id=contract.id if contract else None,
        product_id=contract.product.id if contract else work.product_id,
        plan=contract.kind if contract else None,
    )


def hand_over(work: CallWork, entitlement: str, reason: EscalationReason, impact: Impact, urgency: Urgency) -> HandOver:
    """Everything the call has told so far, for the next level."""
    contract = work.contract
    return HandOver(
        caller_name=work.who,
        caller_number=work.call.caller.normal or work.call.caller.raw,
        customer_number=work.customer.number if work.customer else "",
        product=work.product,
        serial=contract.serial if contract else "",
        entitlement=entitlement,
        searches=work.searches,
        answers=work.answers,
        note=work.note.strip(),
        reason=reason,
        impact=impact,
        urgency=urgency,
        version=work.version.strip(),
        promised=work.promised.strip(),
    )


def suggested_disposition(work: CallWork) -> Disposition | None:
    """How the call ended for the customer, as far as the case says it, or a promise that is under way."""
    if work.call_back:
        return Disposition.CALL_BACK
    if work.outcome is Outcome.SOLVED:
        return Disposition.SOLVED
    return Disposition.ESCALATED if work.outcome is Outcome.ESCALATED else None


def missing_facts(work: CallWork) -> tuple[str, ...]:
    """What second level would have to ask again: "caller", "number", "product", "note", in this order."""
    facts: Mapping[str, object] = {
        "caller": work.who,
        "number": work.customer or work.call.caller.kind in (NumberKind.PUBLIC, NumberKind.INTERNAL),
        "product": work.product,
        "note": work.note.strip(),
    }
    return tuple(name for name, value in facts.items() if not value)
