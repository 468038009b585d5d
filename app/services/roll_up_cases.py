"""The cases that were opened on one day as sums, by quarter of an hour, team, product and first reason to escalate."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Subquery, func, select
from sqlalchemy.orm import Session

from app.db.knowledge_rows import AnswerDraftRow, FirstCouldHaveRow
from app.db.rows import CaseRow, TimelineRow
from app.domain.cases import CaseEvent, Level
from app.domain.errors import NotAllowed
from app.domain.history.parts import SMALLEST_GROUP, Item
from app.domain.knowledge import AnswerState
from app.domain.metrics.cases import AnswerLink, CaseFacts, CaseStep, CaseTally, tally_of
from app.domain.metrics.periods import Period
from app.services.roll_up_calls import as_label, quarter_of

_SECOND = ("came_to_second", "escalated_by_second", "returned_to_second", "solved_by_second",
           "solved_by_second_needlessly")  # fmt: skip
_CLOSED = ("closed", "closed_with_known_answer", "closed_with_new_answer")


@dataclass(slots=True)
class CaseSums:
    """Of one quarter, team, product and reason; `people` worked on them, a set for each level."""

    cases: CaseTally = field(default=CaseTally())
    people: tuple[set[UUID], set[UUID], set[UUID]] = field(default_factory=lambda: (set(), set(), set()))

    def add(self, other: "CaseSums") -> None:
        self.cases += other.cases
        for mine, theirs in zip(self.people, other.people, strict=True):
            mine |= theirs


Key = tuple[datetime, str, str, str]  # quarter, team, product, reason


def cases_of(session: Session, period: Period) -> dict[Key, CaseSums]:
    """All cases opened in the period, whatever became of them since."""
    sums: dict[Key, CaseSums] = defaultdict(CaseSums)
    lines = _lines_in(session, period)
    row, written = CaseRow, _published_of_cases()
    could = FirstCouldHaveRow.case_id.is_not(None).label("first_level_could")
    columns = (row.id, row.opened_at, row.opened_by, row.team_id, row.product_id, row.answer_id)
    query: Any = (
        select(*columns, could, written.c.base_version)
        .outerjoin(FirstCouldHaveRow, FirstCouldHaveRow.case_id == row.id)
        .outerjoin(written, written.c.case_id == row.id)
        .where(row.opened_at >= period.start, row.opened_at < period.end)
    )
    for case in session.execute(query):
        timeline = lines.get(case.id, [])
        reason = next((line.hand_over.get("reason", "") for line in timeline if line.hand_over), "")
        key = quarter_of(case.opened_at), as_label(case.team_id), as_label(case.product_id), as_label(reason)
        one = sums[key]
        one.cases += tally_of(_facts(case, timeline))
        one.people[0].add(case.opened_by)
        for line in timeline:
            one.people[line.from_level - 1].add(line.by)
    return dict(sums)


def items_of(sums: Mapping[Key, CaseSums]) -> list[Item[CaseTally]]:
    """The same by team, product and reason, without what tells of too few people of the levels behind first level."""
    merged: dict[tuple[str, str, str], CaseSums] = defaultdict(CaseSums)
    for (_, *labels), one in sums.items():
        merged[tuple(labels)].add(one)  # type: ignore[index]
    whole = CaseSums()
    for one in merged.values():
        whole.add(one)
    kept = [not 0 < len(people) < SMALLEST_GROUP for people in whole.people]
    hidden = (() if kept[1] else _SECOND) + (() if kept[1] and kept[2] else _CLOSED)
    nothing = dict.fromkeys(hidden, 0)
    return [
        Item(
            labels=labels,
            people=tuple(frozenset(one.people[i]) for i in range(3) if i == 0 or kept[i]),
            facts=replace(one.cases, **nothing),
        )
        for labels, one in merged.items()
    ]


def _published_of_cases() -> Subquery:
    """The cases from which an answer was written that is published; `base_version` is 0 where it was a new one."""
    row = AnswerDraftRow
    base_version = func.max(row.base_version).label("base_version")
    query = select(row.case_id, base_version).where(row.case_id.is_not(None), row.state == AnswerState.PUBLISHED)
    return query.group_by(row.case_id).subquery("written")


def _lines_in(session: Session, period: Period) -> dict[UUID, list[Row[Any]]]:
    row = TimelineRow
    query = (
        select(row.case_id, row.at, row.by, row.event, row.from_level, row.to_level, row.hand_over)
        .join(CaseRow, CaseRow.id == row.case_id)
        .where(CaseRow.opened_at >= period.start, CaseRow.opened_at < period.end)
        .order_by(row.case_id, row.at, row.id)
    )
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for line in session.execute(query):
        found[line.case_id].append(line)
    return found


def _is_step(line: Row[Any]) -> bool:
    """Whether it moved or ended the case; other lines are about what somebody said or did meanwhile."""
    is_opening = line.event is CaseEvent.OPENED
    return not is_opening and (line.event is CaseEvent.SOLVED or line.from_level is not line.to_level)


def _facts(case: Row[Any], timeline: list[Row[Any]]) -> CaseFacts:
    """A case whose lines contradict each other, as clocks of several desks may make them, counts as opened."""
    opened_level = next((line.to_level for line in timeline if line.event is CaseEvent.OPENED), Level.FIRST)
    steps: list[CaseStep] = []
    for line in timeline:
        if _is_step(line):
            at = max(line.at, steps[-1].at if steps else case.opened_at)
            steps.append(CaseStep(at=at, event=line.event, from_level=line.from_level, to_level=line.to_level))
    try:
        return CaseFacts(
            opened_at=case.opened_at,
            opened_level=opened_level,
            steps=tuple(steps),
            first_level_could=case.first_level_could,
            answer_link=_link(case),
        )
    except NotAllowed:
        return CaseFacts(opened_at=case.opened_at, opened_level=opened_level)


def _link(case: Row[Any]) -> AnswerLink:
    """An answer that was there, and helped or would have, or was made better; or one that was written for the case."""
    is_new = case.base_version == 0
    if case.answer_id or case.first_level_could or (case.base_version is not None and not is_new):
        return AnswerLink.REUSED
    return AnswerLink.CREATED if is_new else AnswerLink.NONE
