"""What is promised of a case that moves: worked out in the command that moves it. And waiting with a reason."""

from typing import Any
from uuid import UUID

from app.domain.cases import CaseEvent, CaseState, after, priority
from app.domain.clocks import CaseFacts, Event, reckon
from app.domain.commands import EscalateCase, ResumeCase, SuspendCase
from app.domain.errors import NotAllowed
from app.i18n import tr
from app.services import case_statements as statements
from app.services.case_statements import Place, Standing
from app.services.case_writing import change, line, owned
from app.services.once import Attempt
from app.services.rules import Rules


def when_escalated(command: EscalateCase, rules: Rules) -> dict[str, Any]:
    """Of a case that is new; nothing is read for it but, now and then, the rules."""
    urgency = priority(command.hand_over.impact, command.hand_over.urgency)
    facts = CaseFacts(
        state=CaseState.WAITING,
        level=command.to_level,
        priority=urgency,
        opened_at=command.case.opened_at,
        level_since=command.at,
        plan=command.case.plan,
        team=rules.team_of(command.case.product_id, command.by),
    )
    moved = {"level": command.to_level, "priority": urgency, "level_since": command.at, "owner_id": None}
    return moved | reckon(facts, rules.current(), command.at).by_name()


def reckoned(
    attempt: Attempt[Any], before: Standing, case_id: UUID, rules: Rules, event: CaseEvent, facts: dict[str, Any]
) -> dict[str, Any]:
    """When what is promised of a known case is due, after the event and with these facts of it."""
    at = attempt.command.at
    happened = (*statements.events_of(attempt.connection, case_id), Event(event=event, at=at))
    return reckoned_after(happened, before, rules, facts)


def reckoned_after(happened: tuple[Event, ...], before: Place, rules: Rules, facts: dict[str, Any]) -> dict[str, Any]:
    """The same; what happened ends with the event."""
    at = happened[-1].at
    told = {name: facts.get(name, getattr(before, name)) for name in ("state", "level", "priority", "level_since")}
    now = CaseFacts(
        **told,
        opened_at=before.opened_at,
        plan=before.plan,
        team=before.team,
        waits_now=facts.get("waits_for") is not None,
        events=happened,
    )
    return reckon(now, rules.current(), at).by_name() | {"alarm_at": at}


def suspend(rules: Rules, attempt: Attempt[SuspendCase]) -> UUID:
    command, event = attempt.command, CaseEvent.SUSPENDED
    before = owned(attempt, command.case_id)
    if before.waits_for is command.reason:
        raise NotAllowed(tr("This case waits for that already."))
    facts = {"state": after(before.state, event), "waits_for": command.reason}
    facts |= reckoned(attempt, before, command.case_id, rules, event, facts)
    said = line(command, event, before.level, before.level, command.note, waits_for=command.reason)
    return change(attempt, command.case_id, before, facts, said)


def resume(rules: Rules, attempt: Attempt[ResumeCase]) -> UUID:
    command, event = attempt.command, CaseEvent.RESUMED
    before = owned(attempt, command.case_id)
    if before.waits_for is None:
        raise NotAllowed(tr("This case does not wait for anything."))
    facts: dict[str, Any] = {"state": after(before.state, event), "waits_for": None}
    facts |= reckoned(attempt, before, command.case_id, rules, event, facts)
    return change(attempt, command.case_id, before, facts, line(command, event, before.level, before.level, ""))
