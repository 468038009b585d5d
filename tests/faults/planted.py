"""Faults that are put into a desk on purpose, to show that the referee finds them."""

import time
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from app.bootstrap import Desk
from app.db.rows import CaseRow
from app.domain.cases import CaseState
from app.domain.commands import AnyCommand, ClaimNext, EscalateCase
from app.domain.ids import case_number, new_id
from app.domain.work import CallWork
from tests.faults.person import Person

EVERY = 5  # each so many commands one goes wrong
EVERY_CLAIM = 2  # there are few between two kills


class Planted(StrEnum):
    TWICE = "an escalation is done twice, with a new id and a new case"
    LOST = "an escalation is taken for delivered and never was"
    GRABBED = "a claim gives a case that somebody else has"
    FORGETFUL = "what is typed is kept five seconds late"
    MUTE = "a refused command disappears without a word"


def plant(planted: Planted, desk: Desk, person: Person) -> None:
    {
        Planted.TWICE: _apply_twice,
        Planted.LOST: _lose,
        Planted.GRABBED: _grab,
        Planted.FORGETFUL: _keep_late,
        Planted.MUTE: _hide_refusals,
    }[planted](desk)
    if planted is Planted.FORGETFUL:  # whatever the moment of a kill, much is lost
        person.share_long = 1.0
        person.keys_s *= 2
    if planted is Planted.MUTE:
        person.share_not_mine = 1.0


def _wrap(
    desk: Desk, kind: type[AnyCommand], go_wrong: Callable[[AnyCommand], UUID | None], *, every: int = EVERY
) -> None:
    """Each so many commands of `kind` one goes to `go_wrong` instead."""
    right = desk.commands.apply
    seen = 0

    def apply(command: AnyCommand) -> UUID | None:
        nonlocal seen
        seen += isinstance(command, kind)
        is_chosen = isinstance(command, kind) and seen % every == 0
        return go_wrong(command) if is_chosen else right(command)

    desk.commands.apply = apply  # type: ignore[method-assign] # that is what planting means


def _apply_twice(desk: Desk) -> None:
    right = desk.commands.apply

    def twice(command: AnyCommand) -> UUID | None:
        assert isinstance(command, EscalateCase)
        case_id = new_id()
        copied = replace(command.case, id=case_id, number=case_number(case_id))
        right(replace(command, id=new_id(), case=copied))
        return right(command)

    _wrap(desk, EscalateCase, twice)


def _lose(desk: Desk) -> None:
    _wrap(desk, EscalateCase, lambda command: command.id)


def _grab(desk: Desk) -> None:
    """As a claim that reads who is next, and does not look whether somebody else was faster."""
    right = desk.commands.apply

    def grab(command: AnyCommand) -> UUID | None:
        query = select(CaseRow.id).where(CaseRow.state == CaseState.CLAIMED, CaseRow.owner_id != command.by).limit(1)
        with desk._database.read() as session:
            somebodys = session.scalar(query)
        return somebodys or right(command)

    _wrap(desk, ClaimNext, grab, every=EVERY_CLAIM)


def _keep_late(desk: Desk) -> None:
    right = desk.journal.keep_work

    def late(work: CallWork) -> None:
        time.sleep(5.0)
        right(work)

    desk.journal.keep_work = late  # type: ignore[method-assign]


def _hide_refusals(desk: Desk) -> None:
    def refuse(command_id: UUID, reason: str) -> None:  # noqa: ARG001 - that it says nothing is the fault
        desk.journal.done(command_id)

    desk.journal.refuse = refuse  # type: ignore[method-assign]
