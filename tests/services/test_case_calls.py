"""What second and third level read of the calls of a case's customer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.db.engine import Database
from app.domain.calls import CallState, Disposition, EndReason
from app.domain.cases import Level
from app.domain.ids import new_id
from app.domain.people import Role
from app.services.calls import Calls
from app.services.case_calls import CaseCalls
from app.services.cases import Cases
from tests import builders, people, seeding
from tests.builders import Seeded

NOW = datetime.now(UTC)


def test_the_calls_of_a_customer_the_newest_first(database: Database, centre: Seeded) -> None:
    old = _call(database, centre, timedelta(days=100))
    asked = _call(database, centre, timedelta(days=2), Disposition.INFORMATION)
    case_id, about = _case(database, centre)
    waits = _call(database, centre, timedelta(0), state=CallState.QUEUED)
    other = _case(database, centre, customer_id=centre.kranz.id)[0]
    found = CaseCalls(database).about(case_id)
    assert [(one.id, one.disposition, one.is_of_case) for one in found] == [
        (waits, None, False), (about, Disposition.ESCALATED, True), (asked, Disposition.INFORMATION, False),
    ]  # fmt: skip
    assert {one.agent_name for one in found} == {"Ada"}
    assert [one.end_reason for one in found] == [None, EndReason.ANSWERED, EndReason.ANSWERED]
    assert old not in [one.id for one in found]
    assert [one.is_of_case for one in CaseCalls(database).about(other)] == [True]
    assert CaseCalls(database).about(new_id()) == ()


def test_who_does_not_see_the_case_reads_no_calls(postgres_url: str) -> None:
    """Third level reads them without a grant: they tell no number."""
    keeper = Database(postgres_url)
    centre = builders.seed(keeper)
    tina = builders.person("tina", team=centre.network, roles=frozenset({Role.THIRD_LEVEL}))
    with keeper.write() as session:
        seeding.add_person(session, tina)
    second, _ = _case(keeper, centre)
    third, _ = _case(keeper, centre, to_level=Level.THIRD)
    signed_in = {who.login: Database(people.sign_in(postgres_url, who.login)) for who in (centre.expert, tina)}
    try:
        read = {login: [len(CaseCalls(own).about(id_)) for id_ in (second, third)] for login, own in signed_in.items()}
        assert read == {centre.expert.login: [2, 0], tina.login: [0, 2]}
    finally:
        for database in (keeper, *signed_in.values()):
            database.close()
        people.forget(postgres_url, *signed_in)


def _case(
    database: Database, centre: Seeded, *, customer_id: UUID | None = None, to_level: Level = Level.SECOND
) -> tuple[UUID, UUID]:
    """A case that was passed on out of a call, and the call."""
    draft = builders.case_draft(customer_id=customer_id or centre.berg.id)
    call_id = _call(database, centre, timedelta(hours=1), Disposition.ESCALATED, customer_id or centre.berg.id)
    case = replace(draft, call_id=call_id)
    Cases(database).escalate(builders.escalation(centre.agent, case=case, to_level=to_level, told_at=NOW))
    return draft.id, call_id


def _call(
    database: Database,
    centre: Seeded,
    ago: timedelta,
    disposition: Disposition | None = None,
    customer_id: UUID | None = None,
    *,
    state: CallState = CallState.CLOSED,
) -> UUID:
    made = replace(builders.call(state, queued_at=NOW - ago), disposition=disposition)
    command = builders.record_call(made, centre.agent, told_at=NOW, customer_id=customer_id or centre.berg.id)
    Calls(database).record(command)
    return made.id
