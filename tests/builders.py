"""Small values and rows for tests; what a test does not name has a plausible value."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.db.engine import Database
from app.domain.answers import Answer
from app.domain.call_states import advance
from app.domain.calls import Call, CallerNumber, CallEvent, CallState, EventKind, NumberKind
from app.domain.cases import AnswerRead, CaseDraft, EscalationReason, HandOver, Impact, Level, Urgency
from app.domain.commands import ClaimNext, EscalateCase, RecordCall, SetAgentState, SolveWithAnswer
from app.domain.customers import Contract, ContractKind, Customer, Phone, Product, ProductArea
from app.domain.ids import case_number, new_id
from app.domain.people import Agent, AgentState, Person, Role, Team
from app.domain.work import CallWork
from app.services.works_council import WorksCouncil
from tests import seeding

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
TODAY = NOW.date()
SHARED_NUMBER = "+493023125100"  # of two customers; numbers that no network gives to anybody
LONE_NUMBER = "+498999998200"


def at(seconds: float) -> datetime:
    """`seconds` after NOW."""
    return NOW + timedelta(seconds=seconds)


def at_tomorrow(now: datetime, hour: int, minute: int) -> datetime:
    """The day after `now`, which is naive, at this time by the desk's clock."""
    return (now + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)


# --- values ---------------------------------------------------------------------------------------------------


def team(name: str = "Network") -> Team:
    return Team(id=new_id(), name=name)


def person(login: str = "ada", *, team: Team | None = None, roles: frozenset[Role] | None = None) -> Person:
    home = team or Team(id=new_id(), name="Network")
    return Person(
        id=new_id(),
        login=login,
        name=login.title(),
        team_id=home.id,
        team_name=home.name,
        roles=frozenset({Role.FIRST_LEVEL}) if roles is None else roles,
    )


def product(code: str = "link-7", name: str = "Link 7", *, team_id: UUID | None = None) -> Product:
    return Product(id=new_id(), code=code, name=name, area=ProductArea.ROUTER, team_id=team_id or new_id())


def contract(
    of: Product | None = None,
    *,
    number: str = "V-1001",
    kind: ContractKind = ContractKind.BASIC,
    ends_on: date = date(2099, 12, 31),
) -> Contract:
    return Contract(
        id=new_id(),
        number=number,
        kind=kind,
        product=of or product(),
        serial=f"SN-{number}",
        starts_on=date(2024, 1, 1),
        ends_on=ends_on,
    )


def customer(
    name: str = "Ida Berg",
    *,
    number: str = "K-100",
    phones: tuple[str, ...] = (SHARED_NUMBER,),
    contracts: tuple[Contract, ...] = (),
) -> Customer:
    return Customer(
        id=new_id(),
        number=number,
        name=name,
        company="Berg Ltd",
        city="Berlin",
        language="en",
        phones=tuple(Phone(label="office", shown=phone, normal=phone) for phone in phones),
        contracts=contracts,
        open_cases=(),
        calls_in_7_days=0,
    )


def caller(normal: str | None = SHARED_NUMBER, *, display_name: str = "") -> CallerNumber:
    kind = NumberKind.WITHHELD if normal is None else NumberKind.PUBLIC
    return CallerNumber(raw=normal or "anonymous", kind=kind, normal=normal, display_name=display_name)


_PATHS = {
    CallState.QUEUED: (),
    CallState.OFFERED: (EventKind.OFFERED,),
    CallState.CONNECTED: (EventKind.OFFERED, EventKind.ANSWERED),
    CallState.HELD: (EventKind.OFFERED, EventKind.ANSWERED, EventKind.HELD),
    CallState.CONSULTING: (EventKind.OFFERED, EventKind.ANSWERED, EventKind.CONSULTED),
    CallState.WRAP_UP: (EventKind.OFFERED, EventKind.ANSWERED, EventKind.ENDED),
    CallState.CLOSED: (EventKind.OFFERED, EventKind.ANSWERED, EventKind.ENDED, EventKind.WRAPPED_UP),
}


def call(
    state: CallState = CallState.CONNECTED, *, from_: CallerNumber | None = None, queued_at: datetime = NOW
) -> Call:
    """A call in `state`, by the shortest way through a conversation, an event each ten seconds."""
    made = Call(id=new_id(), source="demo", caller=from_ or caller(), state=CallState.QUEUED, queued_at=queued_at)
    for count, kind in enumerate(_PATHS[state], start=1):
        made = advance(made, CallEvent(call_id=made.id, kind=kind, at=queued_at + timedelta(seconds=10 * count)))
    return made


def call_event(kind: EventKind, of: Call, seconds: float = 60) -> CallEvent:
    return CallEvent(call_id=of.id, kind=kind, at=at(seconds))


def call_work(of: Call | None = None, *, note: str = "", customer: Customer | None = None) -> CallWork:
    return CallWork(call=of or call(), case_id=new_id(), note=note, customer=customer)


def answer(
    key: str = "link-restart",
    language: str = "en",
    title: str = "Restart the router",
    *,
    body: str = "Please take the plug out, {customer.name}.",
    steps: tuple[str, ...] = ("Take the plug out", "Wait ten seconds", "Plug it in"),
    **details: object,
) -> Answer:
    made = Answer(key=key, language=language, title=title, body=body, steps=steps)
    return replace(made, **details)  # type: ignore[arg-type] # the names of Answer's fields


def hand_over(
    *, note: str = "No internet since Monday", impact: Impact = Impact.PERSON, urgency: Urgency = Urgency.NORMAL
) -> HandOver:
    return HandOver(
        caller_name="Ida Berg",
        caller_number=SHARED_NUMBER,
        customer_number="K-100",
        product="Link 7",
        serial="SN-V-1001",
        entitlement="Basic until 2099-12-31",
        searches=("no internet",),
        answers=(AnswerRead(answer_id=new_id(), title="Restart the router", steps_tried=("Plug it in",)),),
        note=note,
        reason=EscalationReason.NEEDS_SPECIALIST,
        impact=impact,
        urgency=urgency,
    )


def case_draft(
    title: str = "No internet", *, product_id: UUID | None = None, customer_id: UUID | None = None
) -> CaseDraft:
    id_ = new_id()
    return CaseDraft(
        id=id_,
        number=case_number(id_),
        title=title,
        opened_at=NOW,
        product_id=product_id,
        customer_id=customer_id,
    )


# --- commands -------------------------------------------------------------------------------------------------


def agent_state(of: Person, state: AgentState, *, told_at: datetime = NOW) -> SetAgentState:
    agent = Agent(person_id=of.id, state=state, since=told_at)
    return SetAgentState(id=new_id(), by=of.id, at=told_at, agent=agent)


def record_call(of: Call, by: Person, *, told_at: datetime = NOW, customer_id: UUID | None = None) -> RecordCall:
    return RecordCall(id=new_id(), by=by.id, at=told_at, call=of, customer_id=customer_id)


def escalation(
    by: Person,
    *,
    case: CaseDraft | None = None,
    impact: Impact = Impact.PERSON,
    urgency: Urgency = Urgency.NORMAL,
    told_at: datetime = NOW,
    to_level: Level = Level.SECOND,
    note: str = "No internet since Monday",
) -> EscalateCase:
    return EscalateCase(
        id=new_id(),
        by=by.id,
        at=told_at,
        case=case or case_draft(),
        hand_over=hand_over(note=note, impact=impact, urgency=urgency),
        to_level=to_level,
    )


def claim(by: Person, level: Level = Level.SECOND, *, told_at: datetime = NOW) -> ClaimNext:
    return ClaimNext(id=new_id(), by=by.id, at=told_at, level=level)


def solution(by: Person, *, case: CaseDraft | None = None, told_at: datetime = NOW) -> SolveWithAnswer:
    read = AnswerRead(answer_id=new_id(), title="Restart the router")
    return SolveWithAnswer(id=new_id(), by=by.id, at=told_at, case=case or case_draft(), answer=read, note="Lamp green")


# --- rows -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """A small centre, as it stands in the database."""

    network: Team
    office: Team
    agent: Person  # first level
    expert: Person  # second level
    lead: Person  # second level and supervisor
    router: Product  # supported by `network`
    printer: Product  # supported by `office`
    berg: Customer  # SHARED_NUMBER, one contract for the router
    kranz: Customer  # SHARED_NUMBER, one contract for the printer and one that has ended
    meyer: Customer  # LONE_NUMBER, no contract


def seed(database: Database) -> Seeded:
    """Put a small centre into an empty database: 2 teams, 3 people, 2 products, 3 customers, of whom 2 share a number.

    It writes rows only: nothing is announced in the change table.
    """
    network, office = team("Network"), team("Office")
    router = product("link-7", "Link 7", team_id=network.id)
    printer = replace(product("print-2", "Print 2", team_id=office.id), area=ProductArea.PRINTER)
    ended = contract(router, number="V-1003", ends_on=date(2025, 1, 1))
    seeded = Seeded(
        network=network,
        office=office,
        agent=person("ada", team=office),
        expert=person("ben", team=network, roles=frozenset({Role.SECOND_LEVEL})),
        lead=person("cleo", team=network, roles=frozenset({Role.SECOND_LEVEL, Role.SUPERVISOR})),
        router=router,
        printer=printer,
        berg=customer("Ida Berg", number="K-100", contracts=(contract(router, number="V-1001"),)),
        kranz=customer("Ulf Kranz", number="K-200", contracts=(contract(printer, number="V-1002"), ended)),
        meyer=replace(customer("Zoe Meyer", number="K-300", phones=(LONE_NUMBER,)), company="Meyer & Co"),
    )
    with database.write() as session:
        _add_centre(session, seeded)
        for one in (seeded.berg, seeded.kranz, seeded.meyer):
            seeding.add_customer(session, one)
    return seeded


def name_agents(database: Database, by: Person) -> None:
    """Turn the works-council mode off, as the owner of the database."""
    WorksCouncil(database).change(by.id, is_on=False, reason="agreed with everybody here")


def _add_centre(session: Session, seeded: Seeded) -> None:
    for one_team in (seeded.network, seeded.office):
        seeding.add_team(session, one_team)
    for one_person in (seeded.agent, seeded.expert, seeded.lead):
        seeding.add_person(session, one_person)
    for one_product in (seeded.router, seeded.printer):
        seeding.add_product(session, one_product)
