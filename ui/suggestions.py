"""Offers an answer where one is missing: after a solved case, or from the call that is worked on."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.domain import suggestions
from app.domain.answers import Answer
from app.domain.commands import AnyCommand, SolveCase
from app.i18n import language, tr
from ui.call_desk import CallDesk
from ui.context import ScreenContext
from ui.knowledge.suggestion import SuggestionPage
from ui.refresh import Latest
from ui.shortcuts import Shortcut, key_text

_OFFERED_S = 12.0


class Suggestions(QObject):
    """Makes the page; the shell shows it."""

    made = Signal(object)
    """A SuggestionPage."""

    def __init__(self, context: ScreenContext, calls: CallDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._calls = calls
        self._solved_case: UUID | None = None
        self._reads = Latest(context.background, context.desk.lanes.queries, self)
        context.bridge.delivered.connect(self._on_delivered)

    def suggest(self) -> None:
        """From the call, if there is one, else from the case that was solved last."""
        if work := self._calls.work:
            self._show(suggestions.of_call(work, language()), work.case_id)
        elif case_id := self._solved_case:
            read = partial(_of_case, self._context.desk, case_id, language())
            self._reads.read(read, partial(self._show, case_id=case_id))
        else:
            self._context.notifier.warn(tr("Take a call or solve a case first: an answer is suggested from it."))

    def _show(self, answer: Answer, case_id: UUID) -> None:
        self.made.emit(SuggestionPage(self._context, answer, case_id))

    def _on_delivered(self, command: AnyCommand) -> None:
        if isinstance(command, SolveCase):
            self._solved_case = command.case_id
            sentence = tr("First level may be asked this again. {key} makes an answer of your solution.",
                          key=key_text(Shortcut.SUGGEST_ANSWER.key))  # fmt: skip
            self._context.notifier.confirm(sentence, seconds=_OFFERED_S)


def _of_case(desk: Desk, case_id: UUID, code: str) -> Answer:
    file = desk.cases.file(case_id)
    product = next((one.code for one in desk.products() if one.name == file.summary.product_name), "")
    return suggestions.of_case(file, product, code)
