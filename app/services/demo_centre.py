"""The demo centre: fills an empty database with an invented call center, and says who rings on its demo line."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import chain, zip_longest
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.adapters import answer_files
from app.db.answer_rows import AnswerRow, AnswerUseRow, SearchGapRow
from app.db.engine import Database
from app.db.history_rows import AgentChangeRow, PersonLookRow
from app.db.knowledge_rows import (
    AnswerDraftRow,
    AnswerEventRow,
    AnswerFlagRow,
    AnswerVersionRow,
    FirstCouldHaveRow,
    MessageRow,
)
from app.db.line_rows import CallBackRow
from app.db.problem_rows import ProblemCaseRow, ProblemRow
from app.db.rows import (
    AgentRow,
    CallRow,
    CaseRow,
    ContractRow,
    CustomerRow,
    PersonRow,
    PhoneRow,
    ProductRow,
    Row,
    TeamRow,
    TimelineRow,
    WatcherRow,
)
from app.db.service_rows import BookingRow, RuleSetRow
from app.db.supervisor_rows import HandLineRow, HandRow
from app.db.workbench_rows import QuestionRow
from app.domain.answers import Answer
from app.domain.demo import DemoCaller
from app.domain.errors import NotAllowed
from app.domain.topics import Topic
from app.i18n import tr
from app.services import demo_board
from app.services.answers import answer_columns, version_columns
from app.services.demo_bookings import booking_rows
from app.services.demo_call_backs import call_back_rows
from app.services.demo_clocks import rule_rows
from app.services.demo_customers import customer_rows
from app.services.demo_data import Centre, Dice, Values, load_centre
from app.services.demo_history import Historian
from app.services.demo_knowledge import DemoKnowledge, demo_knowledge
from app.services.demo_past import Past, past_of
from app.services.demo_problems import problem_rows
from app.services.demo_questions import question_rows
from app.services.once import tell

LOGIN = "demo"  # has every role, so that one person can try out everything
MADE_CALLERS = 14  # on the demo line, after those of `centre.toml`
_SERIAL_DRAWN = 4  # from this place on a serial number is random

T = TypeVar("T")


def create(database: Database, *, seed: int = 7, now: datetime) -> None:
    """Fill an empty database in one transaction; the same seed makes the same centre, with times before `now`.

    Raises:
        NotAllowed: there are people in the database already.
    """
    centre = load_centre()
    dice = Dice(seed=seed, now=now.astimezone(UTC), random=random.Random(seed))
    answers = _answers()
    rows = customer_rows(centre, dice)
    history = Historian(centre, dice, rows, answers).write()
    past = past_of(centre, dice, rows, answers)
    with database.write() as session:
        if session.scalar(select(PersonRow.id).limit(1)) is not None:
            raise NotAllowed(
                tr("There are people in this database already. The demo centre is only put into an empty one.")
            )
        _fill(session, TeamRow, [{"id": dice.id(f"team/{team.name}"), "name": team.name} for team in centre.teams])
        _fill(session, PersonRow, _people(centre, dice))
        _fill(session, AgentRow, _agents(centre, dice))
        _fill(session, ProductRow, _products(centre, dice))
        published_at = dice.now - timedelta(days=60)  # else each of them is new
        _fill(session, AnswerRow, [answer_columns(answer, 1, published_at) for answer in answers])
        _fill(session, AnswerVersionRow, [version_columns(answer, 1, published_at) for answer in answers])
        _fill_knowledge(session, demo_knowledge(dice, answers))
        _fill(session, CustomerRow, rows.customers)
        _fill(session, PhoneRow, rows.phones)
        _fill(session, ContractRow, rows.contracts)
        _fill(session, RuleSetRow, rule_rows(dice.now))
        _fill(session, CallRow, history.calls)
        _fill(session, CaseRow, history.cases)
        _fill(session, TimelineRow, history.timeline)
        _fill(session, WatcherRow, history.watchers)
        _fill(session, QuestionRow, question_rows(centre, dice))
        _fill(session, CallBackRow, call_back_rows(rows, dice, LOGIN))
        _fill_board(session, centre, dice, answers)
        _fill(session, BookingRow, booking_rows(dice, rows, history))
        _fill_problems(session, history.cases, dice)
        _fill_past(session, past)
        for topic in Topic:  # one line each is enough: a desk that listens reads everything of the topic again
            tell(session, topic, dice.id("centre"))


def _fill_board(session: Session, centre: Centre, dice: Dice, answers: tuple[Answer, ...]) -> None:
    hand, line = demo_board.raised_hand(centre, dice)
    _fill(session, HandRow, [hand])
    _fill(session, HandLineRow, [line])
    _fill(session, PersonLookRow, demo_board.looks(centre, dice, LOGIN))
    _fill(session, AnswerUseRow, demo_board.uses(dice, answers))
    _fill(session, SearchGapRow, demo_board.gaps(dice))


def _fill_problems(session: Session, cases: list[Values], dice: Dice) -> None:
    problems, links = problem_rows(cases, dice)
    _fill(session, ProblemRow, problems)
    _fill(session, ProblemCaseRow, links)


def _fill_knowledge(session: Session, made: DemoKnowledge) -> None:
    _fill(session, AnswerDraftRow, made.drafts)
    _fill(session, AnswerEventRow, made.events)
    _fill(session, AnswerFlagRow, made.flags)
    _fill(session, SearchGapRow, made.gaps)
    _fill(session, AnswerUseRow, made.uses)
    _fill(session, MessageRow, made.messages)


def demo_callers(database: Database) -> tuple[DemoCaller, ...]:
    """Who rings on the demo line, in this order: the callers of `centre.toml`, then other customers of each area."""
    centre = load_centre()
    by_area = {team.queue: _customers_of(database, centre, team.name) for team in centre.teams}
    made = [
        [_caller(centre, queue, place, *customer) for place, customer in enumerate(customers)]
        for queue, customers in by_area.items()
    ]
    return centre.callers + _in_turn(made)[:MADE_CALLERS]


@cache
def _answers() -> tuple[Answer, ...]:
    """The demo centre's scripted answers; a fault in them is our own bug, and a test finds it."""
    folder = Path(str(files("resources.demo").joinpath("answers")))
    return answer_files.read(folder, product_codes={product.code for product in load_centre().products}).answers


def _people(centre: Centre, dice: Dice) -> list[Values]:
    return [
        {
            "id": dice.id(f"person/{person.login}"),
            "login": person.login,
            "name": person.name,
            "team_id": dice.id(f"team/{person.team}"),
            "roles": sorted(person.roles),
        }
        for person in centre.people
    ]


def _agents(centre: Centre, dice: Dice) -> list[Values]:
    found = []
    for person in centre.people:
        if person.state is not None:
            since = dice.now - timedelta(minutes=person.minutes)
            values = {"state": person.state, "pause_code": person.pause, "since": since, "told_at": since}
            found.append({"person_id": dice.id(f"person/{person.login}"), **values})
    return found


def _products(centre: Centre, dice: Dice) -> list[Values]:
    return [
        {
            "id": dice.id(f"product/{product.code}"),
            "code": product.code,
            "name": product.name,
            "area": centre.team(product.team).area,
            "team_id": dice.id(f"team/{product.team}"),
        }
        for product in centre.products
    ]


def _fill_past(session: Session, past: Past) -> None:
    _fill(session, CallRow, past.calls)
    _fill(session, CaseRow, past.cases)
    _fill(session, TimelineRow, past.timeline)
    _fill(session, AgentChangeRow, past.changes)
    _fill(session, AnswerDraftRow, past.drafts)
    _fill(session, FirstCouldHaveRow, past.could)


def _fill(session: Session, row: type[Row], values: list[Values]) -> None:
    if values:  # without values the statement would insert one row of defaults
        session.execute(insert(row).execution_options(render_nulls=True), values)  # one statement, whatever is None


def _customers_of(database: Database, centre: Centre, team: str) -> list[tuple[str, str, str]]:
    """Number, company and language of customers with a product of this team, each once, without those met by name."""
    codes = [product.code for product in centre.products if product.team == team]
    met = {phone.normal for customer in centre.customers for phone in customer.phones}
    drawn = func.substr(ContractRow.serial, _SERIAL_DRAWN)  # an order that is fixed and still mixes all customers
    query = (
        select(CustomerRow.number, CustomerRow.company, CustomerRow.language, func.min(PhoneRow.normal).label("normal"))
        .join(PhoneRow, CustomerRow.id == PhoneRow.customer_id)
        .join(ContractRow, ContractRow.customer_id == CustomerRow.id)
        .join(ProductRow, ProductRow.id == ContractRow.product_id)
        .where(ProductRow.code.in_(codes), PhoneRow.normal.not_in(met))
        .group_by(CustomerRow.number, CustomerRow.company, CustomerRow.language)
        .order_by(func.min(drawn))
        .limit(MADE_CALLERS)
    )
    with database.read() as session:
        return [(row.normal, row.company, row.language) for row in session.execute(query)]


def _caller(centre: Centre, queue: str, place: int, number: str, company: str, language: str) -> DemoCaller:
    area = next(team.area for team in centre.teams if team.queue == queue)
    sentences = centre.says[area][language]
    return DemoCaller(raw=number, display_name=company, queue=queue, says=sentences[place % len(sentences)])


def _in_turn(lists: Sequence[Sequence[T]]) -> tuple[T, ...]:
    """The first of each, the second of each ..."""
    return tuple(item for item in chain.from_iterable(zip_longest(*lists)) if item is not None)
