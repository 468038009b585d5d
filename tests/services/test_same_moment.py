"""What two people do at the same moment: the second is told what the first did, as if it had come a moment later."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.knowledge_rows import AnswerDraftRow
from app.db.problem_rows import ProblemCaseRow
from app.domain.errors import NotAllowed
from app.domain.knowledge import AnswerState
from app.domain.problems import Link
from app.services.answer_documents import to_document
from tests.builders import NOW, Seeded, seed
from tests.patience import wait_for
from tests.services.office import E47, Office
from tests.services.problem_floor import ProblemFloor, making


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Database]:
    opened = Database(postgres_url)
    yield opened
    opened.close()


@pytest.fixture
def centre(shared: Database) -> Seeded:
    return seed(shared)


def test_a_problem_is_made_of_a_case_that_somebody_just_attaches(shared: Database, centre: Seeded) -> None:
    floor = ProblemFloor(shared, centre)
    problem, case_id = floor.make(), floor.escalate()
    link = {"problem_id": problem.id, "case_id": case_id, "link": Link.ATTACHED, "at": NOW, "by": centre.lead.id}
    command = making(centre.expert, case_id=case_id)

    made = _meanwhile(
        shared,
        lambda session: session.execute(insert(ProblemCaseRow).values(**link)),
        lambda: floor.problems.make(command),
    )
    with pytest.raises(NotAllowed, match="attached to a known problem already"):
        made.result()
    assert len(floor.lists.all()) == 1


def test_a_draft_is_begun_that_somebody_just_begins(shared: Database, centre: Seeded) -> None:
    office = Office(shared, centre)
    other = office.write(office.max, E47)
    values = {"id": E47.id, "key": "e-48", "language": E47.language, "state": AnswerState.DRAFT, "revision": 1}
    values |= {"base_version": 0, "document": to_document(E47), "written_at": NOW}
    people = dict.fromkeys(("made_by", "written_by"), office.max.id)

    begun = _meanwhile(
        shared,
        lambda session: session.execute(insert(AnswerDraftRow).values(**values, **people)),
        lambda: office.rewrite(office.max, other, replace(E47, key="e-48"), 1),
    )
    with pytest.raises(NotAllowed, match="Somebody else has an open draft of “e-48” already"):
        begun.result()


def _meanwhile(shared: Database, first: Callable[[Session], object], then: Callable[[], object]) -> Future[object]:
    """`then` begins while `first` is done and not committed, and waits for it."""
    with ThreadPoolExecutor(1) as second:
        with shared.write() as session:
            first(session)
            under_way = second.submit(then)
            wait_for(lambda: session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
        return under_way
