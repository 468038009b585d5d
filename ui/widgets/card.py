"""A titled card: the ground on which a screen groups what belongs together."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import scaled
from ui.widgets.plain_label import ElidedLabel


class Card(QFrame):
    """`body` takes the content; `header` takes small controls right of the title."""

    def __init__(self, title: str = "", parent: QWidget | None = None, *, is_padded: bool = True) -> None:
        """
        Args:
            is_padded: False for a list that reaches the card's edges.
        """
        super().__init__(parent)
        self.setProperty("card", "true")
        edge = scaled(12)
        self._title = ElidedLabel(title, self, kind="heading")
        self._title.setVisible(bool(title))  # with a parent: else it would stand as a window of its own for a moment
        self.header = QHBoxLayout()
        self.header.setContentsMargins(edge, scaled(9), edge, 0)
        self.header.setSpacing(scaled(6))
        self.header.addWidget(self._title, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(scaled(8))
        side = edge if is_padded else 1
        self.body.setContentsMargins(side, scaled(8), side, edge if is_padded else 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self.header)
        layout.addLayout(self.body, 1)

    @property
    def title(self) -> str:
        """The title shown."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Another title; none hides its line."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
