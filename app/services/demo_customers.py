"""The customers of the demo centre: those met by name, and the many others, with telephones and contracts."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from app.domain.customers import ContractKind
from app.i18n import catalogue
from app.services.demo_data import Centre, DemoContract, DemoCustomer, DemoPhone, Dice, Making, Values

COMPANY_NUMBERS = range(200, 500)  # a block of hundred is one switchboard: 100-199 has one company alone
PRIVATE_NUMBERS = range(500, 900)  # nobody has 900-999: whoever calls from there is unknown
_COUPLE_EACH = 20  # each twentieth private customer shares the telephone of the one before

_FIRST_NUMBER = 104_210
_SERIAL_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_KINDS = {
    True: (ContractKind.BASIC, ContractKind.BUSINESS, ContractKind.BUSINESS, ContractKind.PREMIUM),
    False: (ContractKind.WARRANTY, ContractKind.WARRANTY, ContractKind.BASIC, ContractKind.PREMIUM),
}
_KIND_WORDS = {
    ContractKind.WARRANTY: "Warranty",
    ContractKind.BASIC: "Basic contract",
    ContractKind.BUSINESS: "Business contract",
    ContractKind.PREMIUM: "Premium contract",
}


@dataclass(slots=True)
class Rows:
    """Columns for bulk inserts, one list a table."""

    customers: list[Values] = field(default_factory=list)
    phones: list[Values] = field(default_factory=list)
    contracts: list[Values] = field(default_factory=list)


def customer_rows(centre: Centre, dice: Dice) -> Rows:
    """All customers, in the order of their numbers; the first are those of `centre.customers`."""
    others = [person for language, making in centre.made.items() for person in _made(centre, making, language, dice)]
    rows = Rows()
    for place, customer in enumerate((*centre.customers, *others)):
        _add(rows, centre, dice, place, customer)
    return rows


def shown(normal: str) -> str:
    """ "+493023125612" -> "+49 30 23125-612", "+442079460233" -> "+44 20 7946 0233"."""
    if normal.startswith("+49"):
        return f"{normal[:3]} {normal[3:5]} {normal[5:10]}-{normal[10:]}"
    return f"{normal[:3]} {normal[3:5]} {normal[5:9]} {normal[9:]}"


def _add(rows: Rows, centre: Centre, dice: Dice, place: int, customer: DemoCustomer) -> None:
    customer_id = dice.id(f"customer/{customer.ref}")
    rows.customers.append(
        {
            "id": customer_id,
            "number": f"{_FIRST_NUMBER + 7 * place}",
            "name": customer.name,
            "company": customer.company,
            "city": customer.city,
            "language": customer.language,
        }
    )
    rows.phones += [
        {
            "id": dice.id(f"phone/{customer.ref}/{i}"),
            "customer_id": customer_id,
            "label": phone.label,
            "shown": shown(phone.normal),
            "normal": phone.normal,
        }
        for i, phone in enumerate(customer.phones)
    ]
    today = dice.now.date()
    rows.contracts += [
        {
            "id": dice.id(f"contract/{customer.ref}/{i}"),
            "number": f"V-{20_000 + 3 * (len(rows.contracts) + i)}",
            "customer_id": customer_id,
            "product_id": dice.id(f"product/{contract.product}"),
            "kind": contract.kind,
            "serial": _serial(centre.product(contract.product).serial, dice),
            "starts_on": today + timedelta(days=contract.since),
            "ends_on": today + timedelta(days=contract.until),
        }
        for i, contract in enumerate(customer.contracts)
    ]


def _made(centre: Centre, making: Making, language: str, dice: Dice) -> list[DemoCustomer]:
    """The customers of one language that are still missing to its count: companies' people and private ones in turn."""
    known = [customer for customer in centre.customers if customer.language == language]
    taken = {phone.normal for customer in known for phone in customer.phones}
    company_numbers = _free_numbers(making, COMPANY_NUMBERS, taken, dice)
    private_numbers = _free_numbers(making, PRIVATE_NUMBERS, taken, dice)
    homes = {company: dice.random.choice(making.cities) for company in making.companies}
    made: list[DemoCustomer] = []
    partner: DemoCustomer | None = None
    for i in range(making.count - len(known)):
        ref = f"{language}-{i}"
        if i % 2:
            company = dice.random.choice(making.companies)
            made.append(_customer(centre, making, ref, dice, company_numbers, company, homes[company]))
        else:
            person = _customer(centre, making, ref, dice, private_numbers, "", dice.random.choice(making.cities))
            if partner and i % (2 * _COUPLE_EACH) == 0:
                person = _beside(person, partner)
            made.append(person)
            partner = person
    return made


def _customer(
    centre: Centre, making: Making, ref: str, dice: Dice, numbers: list[str], company: str, city: str
) -> DemoCustomer:
    name = f"{dice.random.choice(making.first_names)} {dice.random.choice(making.last_names)}"
    labels = making.company_labels if company else making.private_labels
    count = min(len(labels), dice.random.choices((1, 2, 3), (55, 35, 10))[0])
    return DemoCustomer(
        ref=ref,
        name=name,
        company=company,
        city=city,
        language=ref.split("-")[0],
        phones=tuple(DemoPhone(label=label, normal=numbers.pop()) for label in labels[:count]),
        contracts=_contracts(centre, dice, is_company=bool(company)),
    )


def _beside(person: DemoCustomer, partner: DemoCustomer) -> DemoCustomer:
    """The other half of a couple: same family name, same town, same telephone."""
    name = f"{person.name.split()[0]} {partner.name.split(' ', 1)[1]}"
    return DemoCustomer(
        ref=person.ref,
        name=name,
        city=partner.city,
        language=person.language,
        phones=(partner.phones[0], *person.phones[1:]),
        contracts=person.contracts,
    )


def _contracts(centre: Centre, dice: Dice, *, is_company: bool) -> tuple[DemoContract, ...]:
    """One to three different products; about one contract in six has run out."""
    buyers = ("company", "both") if is_company else ("private", "both")
    codes = [product.code for product in centre.products if product.buyers in buyers]
    count = dice.random.choices((1, 2, 3), (55, 33, 12))[0]
    found = []
    for code in dice.random.sample(codes, count):
        since = -dice.random.randint(20, 700)
        until = dice.random.choice((1, 2, 2)) * 365 + since
        found.append(DemoContract(product=code, kind=dice.random.choice(_KINDS[is_company]), since=since, until=until))
    return tuple(found)


def _free_numbers(making: Making, numbers: range, taken: set[str], dice: Dice) -> list[str]:
    free = [number for n in numbers if (number := f"{making.prefix}{n:03}") not in taken]
    dice.random.shuffle(free)
    return free


def _serial(prefix: str, dice: Dice) -> str:
    signs = "".join(dice.random.choices(_SERIAL_SIGNS, k=8))
    return f"{prefix}-{signs[:4]}-{signs[4:]}"


def in_words(contract: Values, language: str, today: date) -> str:
    """A contract as an agent of this language hands it over."""
    words, ends_on = catalogue(language), contract["ends_on"]
    is_valid = ends_on >= today
    form = "{kind} {number}, valid until {day}" if is_valid else "{kind} {number}, expired on {day}"
    kind = _KIND_WORDS[contract["kind"]]
    day = f"{ends_on:%d.%m.%Y}" if language == "de" else f"{ends_on.day} {ends_on:%b %Y}"
    return words.get(form, form).format(kind=words.get(kind, kind), number=contract["number"], day=day)
