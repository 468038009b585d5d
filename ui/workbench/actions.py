"""What can be done to a case beside solving and returning it: each with its key, its text and its command."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from app.domain.cases import (
    CaseDraft,
    CaseState,
    CaseSummary,
    EscalationReason,
    HandOver,
    Impact,
    Level,
    Urgency,
)
from app.domain.commands import (
    AcceptCase,
    AdviseCase,
    AnswerQuestion,
    AnyCommand,
    AskBack,
    Consult,
    EscalateCase,
    GrantContact,
    ReleaseCase,
)
from app.domain.ids import new_id
from app.i18n import tr
from ui.shortcuts import Shortcut
from ui.workbench.open_case import OpenCase

Make = Callable[[OpenCase, UUID, str], AnyCommand]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """`complaint`: what is said when the text that it needs is missing; None: it needs none."""

    shortcut: Shortcut
    text: Callable[[], str]
    icon_name: str
    is_offered: Callable[[OpenCase], bool]
    make: Make
    said: Callable[[], str]
    complaint: Callable[[], str] | None = None
    takes_text: bool = False  # what stands in the editor goes along, if anything does
    passes_down: bool = False  # third level says what became of its solution


def _has(case: OpenCase) -> bool:
    return case.is_mine and case.file.summary.state is CaseState.CLAIMED


def _at(case: OpenCase, level: Level) -> bool:
    return case.file.summary.level is level


def _answer(case: OpenCase, by: UUID, text: str) -> AnyCommand:
    assert case.asked_me
    return AnswerQuestion(id=new_id(), by=by, at=_now(), question_id=case.asked_me.id, text=text)


def _making(kind: Callable[..., AnyCommand], text_field: str = "") -> Make:
    """A command about the case, with what was typed in this field of it."""

    def make(case: OpenCase, by: UUID, text: str) -> AnyCommand:
        return kind(id=new_id(), by=by, at=_now(), case_id=case.id, **({text_field: text} if text_field else {}))

    return make


def _show_contact(case: OpenCase, by: UUID, _text: str) -> AnyCommand:
    return GrantContact(id=new_id(), by=by, at=_now(), case_id=case.id, is_granted=not case.file.shows_contact)


def _pass_on(case: OpenCase, by: UUID, text: str) -> AnyCommand:
    """With all that was handed over; the note is what second level found out."""
    summary = case.file.summary
    draft = CaseDraft(id=case.id, number=summary.number, title=summary.title, opened_at=summary.level_since)
    given = case.file.hand_over or _nothing_handed_over(summary)
    hand_over = replace(given, note=text, reason=EscalationReason.NEEDS_SPECIALIST)
    return EscalateCase(id=new_id(), by=by, at=_now(), case=draft, hand_over=hand_over, to_level=Level.THIRD)


def _nothing_handed_over(summary: CaseSummary) -> HandOver:
    return HandOver(
        caller_name=summary.customer_name,
        caller_number="",
        customer_number="",
        product=summary.product_name,
        serial="",
        entitlement="",
        searches=(),
        answers=(),
        note="",
        reason=EscalationReason.NEEDS_SPECIALIST,
        impact=Impact.PERSON,
        urgency=Urgency.NORMAL,
    )


def _now() -> datetime:
    return datetime.now(UTC)


ANSWER = Action(
    shortcut=Shortcut.ANSWER_QUESTION,
    text=lambda: tr("Send the answer"),
    icon_name="check",
    is_offered=lambda case: case.asked_me is not None,
    make=_answer,
    said=lambda: tr("The answer is sent."),
    complaint=lambda: tr("Write the answer first."),
)
# In the order in which their buttons stand.
ACTIONS = (
    ANSWER,
    Action(
        shortcut=Shortcut.ADVISE,
        text=lambda: tr("Give advice"),
        icon_name="users",
        is_offered=lambda case: _has(case) and _at(case, Level.THIRD),
        make=_making(AdviseCase, "advice"),
        said=lambda: tr("The advice goes to second level, and the case with it."),
        complaint=lambda: tr("Write the advice first. Second level tells it to the customer."),
        passes_down=True,
    ),
    Action(
        shortcut=Shortcut.ACCEPT_CASE,
        text=lambda: tr("Accept"),
        icon_name="check",
        is_offered=lambda case: _has(case) and not case.is_accepted,
        make=_making(AcceptCase),
        said=lambda: tr("The hand-over is accepted."),
    ),
    Action(
        shortcut=Shortcut.ASK_BACK,
        text=lambda: tr("Ask back"),
        icon_name="note",
        is_offered=_has,
        make=_making(AskBack, "text"),
        said=lambda: tr("The question is sent. The case stays with you."),
        complaint=lambda: tr("Write the question first."),
    ),
    Action(
        shortcut=Shortcut.CONSULT,
        text=lambda: tr("Ask third level"),
        icon_name="users",
        is_offered=lambda case: _has(case) and _at(case, Level.SECOND) and not case.are_merged,
        make=_making(Consult, "text"),
        said=lambda: tr("Third level is asked. The case stays with you."),
        complaint=lambda: tr("Write the question first."),
    ),
    Action(
        shortcut=Shortcut.PASS_ON,
        text=lambda: tr("Pass to third level"),
        icon_name="escalate",
        is_offered=lambda case: _has(case) and _at(case, Level.SECOND) and not case.are_merged,
        make=_pass_on,
        said=lambda: tr("The case is passed to third level."),
        complaint=lambda: tr("Write first what you found out. Third level goes on from there."),
    ),
    Action(
        shortcut=Shortcut.SHOW_CONTACT,
        text=lambda: tr("Show or hide contact"),
        icon_name="key",
        is_offered=lambda case: case.may_grant,
        make=_show_contact,
        said=lambda: tr("Third level is told."),
    ),
    Action(
        shortcut=Shortcut.RELEASE_CASE,
        text=lambda: tr("Release"),
        icon_name="queue",
        is_offered=_has,
        make=_making(ReleaseCase, "reason"),
        takes_text=True,
        said=lambda: tr("The case is back in its queue."),
    ),
)
