"""Single values as rows of the shared database; nothing is announced in the change table."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.db.rows import ContractRow, CustomerRow, PersonRow, PhoneRow, ProductRow, TeamRow
from app.domain.customers import Contract, Customer, Product
from app.domain.ids import new_id
from app.domain.people import Person, Team


def add_team(session: Session, team: Team) -> None:
    session.add(TeamRow(id=team.id, name=team.name))
    session.flush()


def add_person(session: Session, person: Person) -> None:
    roles = sorted(str(role) for role in person.roles)
    session.add(PersonRow(id=person.id, login=person.login, name=person.name, team_id=person.team_id, roles=roles))
    session.flush()


def add_product(session: Session, product: Product) -> None:
    session.add(
        ProductRow(id=product.id, code=product.code, name=product.name, area=product.area, team_id=product.team_id)
    )
    session.flush()


def add_customer(session: Session, customer: Customer) -> None:
    """The customer with phones and contracts; the products of the contracts must be there."""
    session.add(
        CustomerRow(
            id=customer.id,
            number=customer.number,
            name=customer.name,
            company=customer.company,
            city=customer.city,
            language=customer.language,
        )
    )
    session.flush()
    for phone in customer.phones:
        session.add(
            PhoneRow(id=new_id(), customer_id=customer.id, label=phone.label, shown=phone.shown, normal=phone.normal)
        )
    for owned in customer.contracts:
        session.add(_contract_row(owned, customer.id))
    session.flush()


def _contract_row(owned: Contract, customer_id: UUID) -> ContractRow:
    return ContractRow(
        id=owned.id,
        number=owned.number,
        customer_id=customer_id,
        product_id=owned.product.id,
        kind=owned.kind,
        serial=owned.serial,
        starts_on=owned.starts_on,
        ends_on=owned.ends_on,
    )
