"""What was typed for each case and is not sent yet."""

from uuid import UUID
from weakref import WeakKeyDictionary

from app.bootstrap import Desk

Drafts = dict[UUID, str]

# By desk, not by screen: the shell builds the screens anew when the language changes, and the text must live on.
_of_desk: "WeakKeyDictionary[Desk, Drafts]" = WeakKeyDictionary()


def drafts_of(desk: Desk) -> Drafts:
    """Case id -> text typed at this desk."""
    return _of_desk.setdefault(desk, {})
