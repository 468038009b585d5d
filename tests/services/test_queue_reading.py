"""Reading a queue in pages and by filters; who else has a case open."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.case_filters import CaseFilter, SavedFilter
from app.domain.case_presence import Onlooker
from app.domain.cases import Level, Priority, Urgency
from app.domain.commands import ForgetFilter, KeepFilter
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.services.case_filters import CaseFilters
from app.services.case_lists import CaseLists
from app.services.case_presence import CasePresence
from tests.builders import case_draft
from tests.services.floor import Floor


def test_a_queue_in_pages_is_whole(floor: Floor) -> None:
    ids = [floor.escalated() for _ in range(7)]
    lists = CaseLists(floor.database)
    assert [case.id for case in lists.pages(Level.SECOND, 2, page_size=3)] == ids[:6]
    assert [case.id for case in lists.pages(Level.SECOND, 9, page_size=3)] == ids


def test_a_filter_gives_what_fits(floor: Floor) -> None:
    centre, lists = floor.centre, CaseLists(floor.database)
    router = floor.escalated(case=case_draft(product_id=centre.router.id))
    urgent = floor.escalated(urgency=Urgency.HIGH)

    def found(**wanted: Any) -> set[UUID]:
        return {case.id for case in lists.queue(Level.SECOND, wanted=CaseFilter(**wanted))}

    assert found(team_id=centre.network.id) == found(product_id=centre.router.id) == {router}
    assert found(team_id=centre.office.id) == found(least_priority=Priority.P3) == {urgent}
    assert found(is_overdue=True) == {router, urgent}  # NOW is long ago
    assert found(team_id=centre.network.id, least_priority=Priority.P3) == set()
    first = lists.queue(Level.SECOND, limit=1)[0]
    assert [c.id for c in lists.queue(Level.SECOND, after=first, wanted=CaseFilter(is_overdue=True))] == [router]


def test_filters_are_kept_each_for_its_person(floor: Floor) -> None:
    expert, lead = floor.centre.expert, floor.centre.lead
    kept = SavedFilter(id=new_id(), name="  Mine  first ", filter=CaseFilter(least_priority=Priority.P2))
    floor.do(KeepFilter, expert, filter=kept)
    (found,) = CaseFilters(floor.database).of_person(expert.id)
    assert (found.name, found.filter) == ("Mine first", kept.filter)
    assert CaseFilters(floor.database).of_person(lead.id) == ()
    with pytest.raises(NotAllowed, match="somebody else's"):
        floor.do(KeepFilter, lead, filter=kept)
    floor.do(ForgetFilter, lead, filter_id=kept.id)
    assert CaseFilters(floor.database).of_person(expert.id) == (found,)
    floor.do(ForgetFilter, expert, filter_id=kept.id)
    assert CaseFilters(floor.database).of_person(expert.id) == ()


def test_who_else_has_it_open(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, centre = floor.claimed(), floor.centre
    mine = CasePresence(floor.database, centre.expert.id)
    theirs = CasePresence(floor.database, centre.lead.id)
    mine.tell(case_id)
    theirs.tell(case_id, is_typing=True)
    assert mine.others(case_id) == (Onlooker(name="Cleo", is_typing=True),)
    theirs.tell(None)
    assert mine.others(case_id) == ()
    monkeypatch.setattr("app.services.case_presence.OPEN_FOR", timedelta(0))
    theirs.tell(case_id)
    assert mine.others(case_id) == ()  # it has run out
