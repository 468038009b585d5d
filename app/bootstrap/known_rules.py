"""The rules of the centre as this desk knows them: at hand without waiting, also while the database is away."""

import logging
from collections.abc import Mapping
from datetime import datetime

from app.desk.journal import Journal
from app.domain.errors import NotAllowed
from app.domain.rules.rulebook import Rulebook, RuleKind, rulebook
from app.services.rules import Rules

_NAME = "rules"
_log = logging.getLogger("firstline.desk")


class KnownRules:
    """`book` is read by the UI thread and replaced as a whole by a lane."""

    def __init__(self, rules: Rules, journal: Journal) -> None:
        self._rules = rules
        self._journal = journal
        self.book = Rulebook()
        self.as_of: datetime | None = None  # when what is known was read, if that was before the desk was opened
        self._texts: Mapping[RuleKind, str] = {}
        self._take_kept()

    def refresh(self) -> None:
        """Read them from the database; what is there is kept for a start without it. Runs on the calling lane."""
        self._rules.forget()
        texts = self._rules.texts()
        self.book, self.as_of = self._rules.current(), None
        if texts != self._texts:
            self._texts = texts
            self._journal.keep_known(_NAME, texts)

    def _take_kept(self) -> None:
        known = self._journal.known(_NAME, dict[RuleKind, str])
        if known is None:
            return
        self._texts, self.as_of = known
        try:
            self.book = rulebook(self._texts)
        except NotAllowed as error:  # kept by another version of the program
            _log.warning("the kept rules cannot be read: %s", error)
