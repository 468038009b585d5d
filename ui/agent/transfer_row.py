"""Where to: the number that the caller is passed on to, or that is dialled. Opened by a key, gone when it is done."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.i18n import tr
from app.telephony.numbers import dialable
from app.telephony.source import Capability
from ui import icons
from ui.call_desk import CallDesk
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel


class TransferRow(QWidget):
    """In a conversation it transfers, otherwise it dials. Return does it, Escape leaves it."""

    closed = Signal()

    def __init__(self, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._call_id: UUID | None = None
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self.refresh)
        self.go = QPushButton()
        self.ask = QPushButton(tr("Ask there first"))
        icons.put(self.ask, "users")
        self._why = PlainLabel(kind="muted")
        self._why.setWordWrap(True)
        self.field.returnPressed.connect(self._go)
        self.go.clicked.connect(self._go)
        self.ask.clicked.connect(self._ask_first)
        buttons = QHBoxLayout()
        buttons.setSpacing(scaled(6))
        buttons.addWidget(self.go, 1)
        buttons.addWidget(self.ask, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(6))
        layout.addWidget(self.field)
        layout.addLayout(buttons)
        layout.addWidget(self._why)
        self.hide()

    def open(self) -> None:
        """Ctrl+T: ask for the number, or say why the line cannot do it."""
        self._call_id = self._talking_id
        self.refresh()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves without doing anything."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_row()
        else:
            super().keyPressEvent(event)

    def close_row(self) -> None:
        if not self.isHidden():  # also while another screen is in front
            self.hide()
            self.field.clear()
            self.closed.emit()

    def refresh(self) -> None:
        """Show what can be done now; what was typed for one call, or for none, does nothing to another."""
        if self._talking_id != self._call_id:
            self.close_row()
        line, is_talking = self._desk.line, self._desk.is_talking
        wanted = Capability.TRANSFER if is_talking else Capability.DIAL
        text = tr("Transfer now") if is_talking else tr("Dial")
        self.go.setText(text)
        icons.put(self.go, "transfer" if is_talking else "phone")
        self.field.setPlaceholderText(tr("Number or extension"))
        self.field.setAccessibleName(tr("Transfer to") if is_talking else tr("Number to dial"))
        is_number = bool(dialable(self.field.text()))
        self.go.setEnabled(is_number and line.can(wanted))
        self.ask.setVisible(is_talking)
        self.ask.setEnabled(is_number and line.can(Capability.CONSULT))
        self.ask.setToolTip(line.why_not(Capability.CONSULT))
        self.field.setEnabled(line.can(wanted) or (is_talking and line.can(Capability.CONSULT)))
        reasons = [line.why_not(wanted), line.why_not(Capability.CONSULT) if is_talking else ""]
        self._why.setText("\n".join(dict.fromkeys(filter(None, reasons))))
        self._why.setVisible(bool(self._why.text()))

    @property
    def _talking_id(self) -> UUID | None:
        return self._desk.work.call.id if self._desk.work and self._desk.is_talking else None

    def _go(self) -> None:
        if not self.go.isEnabled():
            return
        if self._desk.is_talking:
            self._desk.line.transfer(self.field.text())
        else:
            self._desk.line.dial(self.field.text())
        self.close_row()

    def _ask_first(self) -> None:
        self._desk.line.transfer(self.field.text(), is_attended=True)
        self.close_row()
