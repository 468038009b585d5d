"""A known problem that came in force while a search stands: beside the field, because no row may move for it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.answers import Hit
from app.i18n import tr
from ui.agent.hit_model import HitRow
from ui.shortcuts import Shortcut
from ui.widgets.announce import announce
from ui.widgets.key_button import KeyButton


class LateProblem(KeyButton):
    """Shown while the search has a known problem on top that does not stand on top of the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", Shortcut.TAKE_PROBLEM.key, kind="primary", icon_name="flag", parent=parent)
        self.hit: Hit | None = None
        # as high as the field beside it, whatever it would like: the list below stays where it is
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self.hide()

    def show_of(self, hits: Sequence[Hit], rows: Sequence[HitRow]) -> None:
        """What was found, best first, and how it stands in the list."""
        before = self.hit
        self.hit = _late(hits, rows)
        self.setVisible(self.hit is not None)
        if self.hit is None:
            return
        name, title = self.hit.answer.known_problem, self.hit.answer.title
        self.setText(tr("Problem {name}", name=name))
        self.setToolTip(title)
        self.setAccessibleName(f"{tr('known problem {name} in force', name=name)}: {title}")
        if before is None or before.answer.id != self.hit.answer.id:
            announce(self, self.accessibleName())


def _late(hits: Sequence[Hit], rows: Sequence[HitRow]) -> Hit | None:
    is_late = hits and hits[0].answer.known_problem and rows and rows[0].answer.id != hits[0].answer.id
    return hits[0] if is_late else None
