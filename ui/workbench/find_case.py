"""A case by the number that the customer reads out, wherever it is."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from app.domain.typed_text import typed
from app.i18n import tr
from ui.context import ScreenContext
from ui.refresh import Latest
from ui.shortcuts import Shortcut, key_text
from ui.theme import scaled, set_kind

_WIDTH_PX = 150


class FindCase(QLineEdit):
    """Return opens it; what was typed stays, chosen, so that the next number takes its place."""

    found = Signal(object)
    """Its id."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._reads = Latest(context.background, context.desk.lanes.queries, self)
        self.setAccessibleName(tr("Case number"))
        self.setPlaceholderText(tr("Case number"))
        self.setToolTip(tr("Find a case by its number ({key})", key=key_text(Shortcut.FIND_CASE.key)))
        self.setMaximumWidth(scaled(_WIDTH_PX))
        self.returnPressed.connect(self.look)
        self.textEdited.connect(lambda _: set_kind(self, "false", "invalid"))

    def start(self) -> None:
        """The key: the caret comes here."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def look(self) -> None:
        """Look for what is typed."""
        number = typed(self.text()).strip()
        if number:
            read, failed = partial(self._context.desk.cases.numbered, number), self._context.notifier.warn
            self._reads.read(read, partial(self._show, number), lambda error: failed(str(error)))

    def _show(self, number: str, case_id: UUID | None) -> None:
        self.selectAll()
        if case_id is None:
            set_kind(self, "true", "invalid")
            sentence = tr(
                "No case that you may see has the number “{number}”. Have it read out once more.", number=number
            )
            self._context.notifier.warn(sentence)
        else:
            self.found.emit(case_id)
