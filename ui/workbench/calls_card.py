"""When the customer of the open case has called: is it the third time, and with whom did they speak?"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.calls import PastCall
from app.i18n import plural, tr
from ui.labels import clock_text, label
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel
from ui.workbench.icon_line import IconLine
from ui.workbench.open_case import OpenCase

_SHOWN = 5


class CallsCard(Card):
    """The newest first; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__(tr("Calls"))
        self._shown: tuple[PastCall, ...] = ()
        self._count = PlainLabel(kind="muted")
        self.header.addWidget(self._count)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(scaled(4))
        self.body.addLayout(self._lines)
        self.hide()

    def show_case(self, case: OpenCase) -> None:
        """Rows are made anew when there is another call."""
        self.setVisible(bool(case.calls))
        if case.calls == self._shown:
            return
        self._shown = case.calls
        self._count.setText(plural(len(case.calls), "1 in 90 days", "{n} in 90 days"))
        while item := self._lines.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        for call in case.calls[:_SHOWN]:
            self._lines.addWidget(_line(call), 0, Qt.AlignmentFlag.AlignTop)


def _line(call: PastCall) -> QWidget:
    ended = call.disposition or call.end_reason
    how = label(ended) if ended else tr("goes on")
    parts = (clock_text(call.at), call.agent_name, how, tr("about this case") if call.is_of_case else "")
    return IconLine("transfer" if call.is_outgoing else "phone-incoming", " · ".join(filter(None, parts)))
