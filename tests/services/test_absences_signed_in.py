"""Cases of people who are not there, put back by others who are signed in to PostgreSQL as themselves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.db.engine import Database
from app.domain.cases import CaseState, Level
from app.domain.commands import ClaimCase, RequeueCase
from app.domain.ids import new_id
from app.domain.people import Person
from app.services.absences import Absences, Absent
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.commands import Commands
from tests import people
from tests.builders import escalation, seed

LEVELS = frozenset({Level.SECOND})


def test_only_what_has_been_still_is_offered_to_a_colleague_and_all_to_a_supervisor(postgres_url: str) -> None:
    """What is offered is not refused: whoever has just done something may only have closed the window."""
    keeper = Database(postgres_url)
    centre, now = seed(keeper), datetime.now(UTC)
    still, fresh = (_claimed(keeper, centre.agent, centre.lead, now - timedelta(minutes=ago)) for ago in (10, 0))
    other = _claimed(keeper, centre.agent, centre.expert, now)
    signed_in = {who: Database(people.sign_in(postgres_url, who.login)) for who in (centre.expert, centre.lead)}
    try:
        own = Absences(signed_in[centre.expert])
        assert own.absent(centre.expert.id) == (Absent(person_id=centre.lead.id, name=centre.lead.name, case_count=1),)
        assert own.to_put_back(centre.lead.id, LEVELS, is_supervisor=False) == (still,)
        commands = Commands(signed_in[centre.expert])
        head = {"id": new_id(), "by": centre.expert.id, "at": now}
        commands.apply(RequeueCase(**head, case_id=still, owner_id=centre.lead.id))  # type: ignore[arg-type]
        assert own.absent(centre.expert.id) == ()
        assert own.to_put_back(centre.lead.id, LEVELS, is_supervisor=False) == ()
        states = [CaseLists(keeper).file(case_id).summary.state for case_id in (still, fresh)]
        assert states == [CaseState.WAITING, CaseState.CLAIMED]

        leading = Absences(signed_in[centre.lead])
        assert [(one.name, one.case_count) for one in leading.absent(centre.lead.id)] == [(centre.expert.name, 1)]
        assert leading.to_put_back(centre.expert.id, LEVELS, is_supervisor=True) == (other,)
    finally:
        for database in (keeper, *signed_in.values()):
            database.close()
        people.forget(postgres_url, *(who.login for who in signed_in))


def _claimed(keeper: Database, agent: Person, owner: Person, at: datetime) -> UUID:
    """A case that somebody took over then."""
    command = escalation(agent, told_at=at - timedelta(minutes=1))
    Cases(keeper).escalate(command)
    Commands(keeper).apply(ClaimCase(id=new_id(), by=owner.id, at=at, case_id=command.case.id))
    return command.case.id
