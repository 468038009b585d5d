"""The verdict on the card: covered, chargeable, expired or goodwill, and why."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.call_terms import is_settled, with_entitlement
from app.domain.entitlement import Entitlement
from app.domain.work import CallWork
from app.i18n import tr
from ui.call_desk import CallDesk
from ui.labels import label
from ui.terms_words import VERDICT_LOOKS, as_of_text, ground_text
from ui.theme import Tone, scaled
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel


class EntitlementBar(QWidget):
    """Hidden until it is known what the call is about."""

    def __init__(self, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.pill = Pill()
        self.ground, self.told = PlainLabel(kind="muted"), PlainLabel(kind="muted")
        for words in (self.ground, self.told):
            words.setWordWrap(True)
        self._lay_out()
        desk.outcome.changed.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        """Show the verdict of the call that the card shows, as it was told first."""
        work = self._desk.shown
        found = self._desk.outcome.entitlement(work) if work else None
        self.setVisible(found is not None)
        if work is None or found is None:
            return
        if work is self._desk.work:  # what is said in this call holds to its end
            work = with_entitlement(work, found)
            if work is not self._desk.work:
                self._desk.update(work)
        self._show(work, found)

    def _show(self, work: CallWork, found: Entitlement) -> None:
        tone, icon_name = VERDICT_LOOKS[found.verdict]
        if work.consent is not None and is_settled(work, found):
            tone, icon_name = Tone.GOOD, "check"
        self.pill.set_state(label(found.verdict), tone, icon_name)
        serial = tr("Serial number {serial}", serial=work.contract.serial) if work.contract else ""
        self.ground.setText("\n".join(filter(None, (ground_text(found, work.contract), serial))))
        desk = self._desk.desk
        is_away = not desk.is_in_contact
        self.told.setText(as_of_text(desk.rulebook.as_of) if is_away else "")
        self.told.setVisible(is_away)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(scaled(8))
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.ground, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(4))
        layout.addLayout(head)
        layout.addWidget(self.told)
