"""A hand-over as second level will read it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.cases import HandOver, Priority
from app.i18n import tr
from app.telephony.numbers import readable
from ui.labels import label
from ui.theme import scaled
from ui.widgets.facts import Facts
from ui.widgets.plain_label import PlainLabel


class HandOverView(QWidget):
    """Facts, note, searches and answers read; all of it plain text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = Facts()
        self._parts = [(PlainLabel(kind="caption"), PlainLabel()) for _ in range(3)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(4))
        layout.addWidget(self._facts)
        for caption, text in self._parts:
            caption.setWordWrap(True)
            text.setWordWrap(True)
            layout.addSpacing(scaled(6))
            layout.addWidget(caption)
            layout.addWidget(text)
        layout.addStretch(1)

    @property
    def note(self) -> str:
        """The note as shown."""
        return self._parts[0][1].text()

    def show_hand_over(
        self, title: str, hand_over: HandOver, decided: Priority | None = None, *, has_reason: bool = True
    ) -> None:
        """`decided` is the priority once impact and urgency are chosen; without a reason there is a dash for it."""
        self._facts.set_facts(
            [
                (tr("Case"), title),
                (tr("Priority"), f"P{decided}" if decided else None),
                (tr("Caller"), hand_over.caller_name),
                (tr("Number"), readable(hand_over.caller_number)),
                (tr("Customer"), hand_over.customer_number),
                (tr("Product"), _product_text(hand_over)),
                (tr("Entitlement"), hand_over.entitlement),
                (tr("Reason"), label(hand_over.reason) if has_reason else None),
                (tr("Promised"), hand_over.promised),
            ]
        )
        texts = (
            (tr("Note"), hand_over.note),
            (tr("Searched"), " · ".join(hand_over.searches)),
            (tr("Answers read, steps tried"), _answers_text(hand_over)),
        )
        for (caption, text), (name, value) in zip(self._parts, texts, strict=True):
            caption.setText(name)
            text.setText(value or "–")


def _product_text(hand_over: HandOver) -> str:
    version = tr("version {n}", n=hand_over.version) if hand_over.version else ""
    return ", ".join(filter(None, (hand_over.product, version, hand_over.serial)))


def _answers_text(hand_over: HandOver) -> str:
    lines = []
    for read in hand_over.answers:
        lines.append(tr("{title} (version {n})", title=read.title, n=read.version) if read.version else read.title)
        lines.extend(f"   ✓ {step}" for step in read.steps_tried)
        lines.extend(f"   {turn.asked} → {turn.answered}" for turn in read.script_path)
    return "\n".join(lines)
