"""What was typed in the editor and is not saved, as this desk's journal keeps it."""

from dataclasses import replace
from uuid import UUID

from app.bootstrap import Desk
from app.domain.knowledge import Working, is_same_content
from app.services.answer_documents import from_kept_text, kept_text


def keep(desk: Desk, working: Working) -> None:
    """The newest replaces the one before."""
    desk.keep_case_text(working.draft_id, kept_text(working))


def typed_for(desk: Desk, draft_id: UUID | None, answer_id: UUID) -> Working | None:
    """What was typed for a draft, or else for an answer that has none yet."""
    if draft_id and (found := _kept(desk, draft_id)):
        return found
    texts = map(from_kept_text, desk.case_texts.values())
    return next((one for one in texts if one is not None and one.answer.id == answer_id), None)


def forget(desk: Desk, delivered: Working) -> None:
    """It is saved; what was typed since stays."""
    typed = _kept(desk, delivered.draft_id)
    if typed is not None and is_same_content(typed.answer, delivered.answer):
        desk.keep_case_text(delivered.draft_id, "")


def give_back(desk: Desk, sent: Working, *, is_text: bool) -> None:
    """It was not done: what was typed since, or else the text that was sent, is there when it is opened again."""
    typed = _kept(desk, sent.draft_id) or (sent if is_text else None)
    if typed:
        keep(desk, begun_from(typed, sent))


def begun_from(typed: Working, sent: Working) -> Working:
    """What was typed, on the revision that what was `sent` without success was written on, if that is older."""
    if typed.revision <= sent.revision:
        return typed
    return replace(typed, revision=sent.revision, follows=sent.follows)


def _kept(desk: Desk, draft_id: UUID) -> Working | None:
    return from_kept_text(desk.case_texts.get(draft_id, ""))
