"""What stands in the outbox, in words: what it is about, how it is, and why."""

from app.desk.journal import Entry
from app.i18n import tr
from ui.undelivered.texts import text_of_command
from ui.undelivered.titles import title_of_command


def title_of(entry: Entry) -> str:
    """What the command does."""
    if entry.command is None:
        return tr("Cannot be read: {kind}", kind=entry.kind)
    return title_of_command(entry.command)


def state_of(entry: Entry) -> str:
    """In one word."""
    return tr("waits") if entry.reason is None else tr("refused")


def reason_of(entry: Entry) -> str:
    """Why it is not delivered."""
    if entry.reason is None:
        return tr("It is kept on this desk and delivered by itself when the database is there.")
    if entry.command is None:
        return tr("This version of Firstline cannot read it. Copy what you need of it, or tell your administrator.")
    return entry.reason


def text_of(entry: Entry) -> str:
    """All that the person typed, as it can be used elsewhere."""
    return entry.raw if entry.command is None else text_of_command(entry.command)
