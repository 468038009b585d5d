"""What the editor says of the open answer."""

from app.i18n import tr
from ui.knowledge.work import DraftWork
from ui.labels import clock_text, language_name


def named(title: str) -> str:
    return title or tr("Answer without a title")


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
