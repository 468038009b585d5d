"""A known problem as one read gives it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from app.domain.people import Role
from app.domain.problems import ProblemCase, ProblemLine, ProblemState, ToCallBack
from app.services.problem_lists import ProblemLists
from ui.context import ScreenContext


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProblem:
    """A problem as one read gives it; `seen_at` is when."""

    line: ProblemLine
    cases: tuple[ProblemCase, ...]
    calls: tuple[ToCallBack, ...]
    seen_at: datetime


def read_problem(lists: ProblemLists, problem_id: UUID, *, with_calls: bool) -> OpenProblem:
    """Read in a lane; customers to call only for who may see them, and when it is solved."""
    seen_at = datetime.now(UTC)
    line = lists.one(problem_id)
    is_solved = line.problem.state is ProblemState.SOLVED
    calls = lists.to_call_back(problem_id) if with_calls and is_solved else ()
    return OpenProblem(line=line, cases=lists.cases(problem_id), calls=calls, seen_at=seen_at)


def reading(context: ScreenContext, problem_id: UUID) -> Callable[[], OpenProblem]:
    """The read of a problem as this person may."""
    desk = context.desk
    with_calls = Role.SECOND_LEVEL in desk.person.roles
    return partial(read_problem, desk.problems, problem_id, with_calls=with_calls)
