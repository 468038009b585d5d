"""After comparing one's own text with somebody else's: whose counts."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.i18n import tr


class Choice(QWidget):
    """Two buttons, hidden until both texts are shown."""

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        self.take_theirs = QPushButton(tr("Take theirs, give mine up"))
        self.keep_mine = QPushButton(tr("Save mine over theirs"))
        for button in (self.take_theirs, self.keep_mine):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)
        self.hide()
