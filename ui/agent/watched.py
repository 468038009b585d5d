"""The cases that the agent passed on: where they are now."""

from functools import partial

from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.cases import CaseState, CaseSummary
from app.domain.topics import Topic
from app.i18n import tr
from ui.context import ScreenContext
from ui.labels import label
from ui.models.records import Column, RecordModel
from ui.refresh import Refresher
from ui.theme import row_px
from ui.widgets.card import Card
from ui.widgets.record_table import RecordTable


class WatchedCases(Card):
    """Newest first, live."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Cases I passed on"), parent, is_padded=False)
        columns = (
            Column[CaseSummary](title=lambda: tr("Case"), text=lambda c: c.number, width=104, tool_tip=_tool_tip),
            Column[CaseSummary](title=lambda: tr("About"), text=lambda c: c.title, stretches=True),
            Column[CaseSummary](title=lambda: tr("Now"), text=_where, width=114),
        )
        self.table = RecordTable(RecordModel(columns), self._empty_text)
        self.table.setAccessibleName(tr("Cases I passed on"))
        self.table.setMinimumHeight(2 * row_px())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)  # it has what the caller leaves
        self.body.addWidget(self.table)
        desk = context.desk
        self._refresher = Refresher(
            context.background,
            desk.lanes.queries,
            partial(desk.cases.watched_by, desk.person.id),
            self.table.records.replace,
            self,
        )
        context.bridge.topics_changed.connect(self._on_topics)
        self._refresher.refresh()

    def _empty_text(self) -> str:
        return tr("You have passed on no case yet.") if self._refresher.last_success_at else tr("No data yet")

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.CASES in topics:
            self._refresher.refresh()


def _where(case: CaseSummary) -> str:
    if case.state is CaseState.OPEN:
        return tr("Back here")
    return label(case.state)


def _tool_tip(case: CaseSummary) -> str:
    return ", ".join(filter(None, (label(case.level), label(case.state), case.owner_name, case.customer_name)))
