"""A scripted answer as it was when the agent read it in the call, whatever it says today."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.bootstrap import Desk
from app.domain.cases import AnswerRead, CaseEvent, CaseFile
from app.domain.knowledge import AnswerVersion
from app.i18n import tr
from ui.answer_text import AnswerText
from ui.labels import clock_text
from ui.script_walk import ScriptWalk
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel


class AnswerAsRead(Card):
    """In the place of the case; Escape goes back to it."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__(tr("As it was read in the call"))
        self.headline, self.about = PlainLabel(kind="title"), PlainLabel(kind="muted")
        for label in (self.headline, self.about):
            label.setWordWrap(True)
        self.body_text, self.steps, self.closing = AnswerText(), AnswerText(), AnswerText()
        self.walk = ScriptWalk()
        self.back = KeyButton(tr("Back to the case"), "Esc")
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(self.left)
        self.header.addWidget(self.back)
        self._lay_out()

    def show_version(self, version: AnswerVersion, read: AnswerRead, file: CaseFile) -> None:
        """Show what stood there; what was tried has a mark, and the script stands where it was left."""
        answer, values = version.answer, _values(file)
        self.headline.setText(answer.title)
        since = clock_text(answer.published_at) if answer.published_at else "–"
        by = version.published_by or tr("from a file")
        self.about.setText(tr("Version {n}, published {time}, {name}", n=answer.version, time=since, name=by))
        self.body_text.show_text(answer.body, values)
        steps = (f"{n}. {step}{' ✓' if step in read.steps_tried else ''}" for n, step in enumerate(answer.steps, 1))
        self.steps.show_text("\n".join(steps), values)
        self.closing.show_text(answer.closing, values)
        self.walk.show_script(answer.script, read.script_path, values)
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, scaled(6), 0)
        column.setSpacing(scaled(10))
        for part in (self.headline, self.about, self.body_text, self.steps, self.closing, self.walk):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(page)
        self.body.addWidget(scroll)


def read_version(desk: Desk, read: AnswerRead, file: CaseFile) -> AnswerVersion:
    """Read in a lane: the version that the hand-over names, or else the one that was in force when it was made.

    Raises:
        NotFound: it is not kept.
    """
    if read.version:
        return desk.knowledge.version(read.answer_id, read.version)
    handed_over = (entry.at for entry in reversed(file.timeline) if entry.event is CaseEvent.ESCALATED)
    return desk.knowledge.version_at(read.answer_id, next(handed_over, file.summary.level_since))


def _values(file: CaseFile) -> Mapping[str, str]:
    """What the hand-over says of the caller; what it does not stays marked as a gap."""
    given = file.hand_over
    known = {"case.number": file.summary.number, "product.name": file.summary.product_name}
    if given:
        known |= {
            "customer.name": given.caller_name,
            "customer.number": given.customer_number,
            "product.serial": given.serial,
            "caller.number": given.caller_number,
        }
    return {name: value for name, value in known.items() if value}
