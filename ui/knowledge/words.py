"""What the editor says of the open answer."""

from app.i18n import tr
from ui.knowledge.work import DraftWork
from ui.labels import clock_text, language_name
from ui.shortcuts import Shortcut, key_text


def named(title: str) -> str:
    return title or tr("Answer without a title")


def how_to_begin() -> str:
    """What to do when none is open."""
    return tr("Choose one at the left, or begin a new one with {key}.", key=key_text(Shortcut.NEW_DRAFT.key))


def newer_version(work: DraftWork) -> str:
    """That one was published since what is written here was begun: saved once more, it replaces that one."""
    is_written = work.draft is not None or work.is_dirty
    if not (is_written and work.in_force and work.working and work.in_force.version > work.working.base_version):
        return ""
    return tr("Version {n} of this answer was published since this draft was begun. Compare it under History, save "
              "the draft once more, then publish.", n=work.in_force.version)  # fmt: skip


def about(work: DraftWork) -> str:
    """Its language, version, who wrote the draft and when, and whether something is not saved."""
    if work.working is None:
        return ""
    facts = [language_name(work.working.answer.language)]
    if work.in_force:
        facts.append(tr("version {n}", n=work.in_force.version))
    if work.draft:
        facts.append(f"{work.draft.written_by}, {clock_text(work.draft.written_at)}")
    if work.is_dirty:
        facts.append(tr("not saved, kept on this desk"))
    return " · ".join(facts)
