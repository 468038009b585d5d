"""Priority and person of cases, by a supervisor who is signed in to PostgreSQL as themselves."""

from datetime import timedelta

from app.db.engine import Database
from app.domain.cases import CaseEvent, CaseState, Level, Priority
from app.domain.commands import AssignCase, PrioritiseCase, ReturnCase
from app.domain.ids import new_id
from app.domain.messages import MessageKind
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.commands import Commands
from app.services.messages import Messages
from tests import people
from tests.builders import NOW, escalation, seed


def test_a_case_is_made_urgent_given_away_and_given_to_another(postgres_url: str) -> None:
    keeper = Database(postgres_url)
    centre = seed(keeper)
    lead = Database(people.sign_in(postgres_url, centre.lead.login))
    try:
        case_id = Cases(keeper).escalate(escalation(centre.agent))
        assert case_id is not None
        who = {"by": centre.lead.id, "at": NOW, "case_id": case_id}
        commands = Commands(lead)
        commands.apply(PrioritiseCase(id=new_id(), priority=Priority.P1, **who))  # type: ignore[arg-type]
        for person in (centre.expert, centre.lead):
            assigned = AssignCase(id=new_id(), person_id=person.id, **who)  # type: ignore[arg-type]
            assert commands.apply(assigned) == commands.apply(assigned) == case_id
        file = CaseLists(keeper).file(case_id)
        assert (file.summary.state, file.summary.priority) == (CaseState.CLAIMED, Priority.P1)
        assert file.summary.owner_name == centre.lead.name
        events = [line.event for line in file.timeline][-3:]
        assert events == [CaseEvent.PRIORITISED, CaseEvent.ASSIGNED, CaseEvent.ASSIGNED]
        assert [one.kind for one in Messages(keeper).of(centre.expert.id)] == [MessageKind.CASE_ASSIGNED] * 2
        returned = {**who, "by": centre.lead.id, "at": NOW + timedelta(minutes=1)}
        Commands(keeper).apply(ReturnCase(id=new_id(), reason="ask for the serial", **returned))  # type: ignore[arg-type]
        commands.apply(AssignCase(id=new_id(), person_id=None, from_first=True, **who))  # type: ignore[arg-type]
        summary = CaseLists(keeper).file(case_id).summary
        assert (summary.state, summary.level, summary.owner_name) == (CaseState.WAITING, Level.SECOND, "")
        assert MessageKind.CASE_ASSIGNED in [one.kind for one in Messages(keeper).of(centre.agent.id)]
    finally:
        for database in (keeper, lead):
            database.close()
        people.forget(postgres_url, centre.lead.login)
