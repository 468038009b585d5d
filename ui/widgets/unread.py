"""Why what stands below could not be read; it is tried again as long as somebody looks."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent

from app.domain.errors import FirstlineError, Unavailable
from app.i18n import tr
from ui.theme import Tone
from ui.widgets.banner import Banner

_RETRY_MS = 2_000  # the change feed tells when the database is back, but may not have noticed that it was away


class Unread(Banner):
    """Without it a list that could not be read says that there is nothing. `hide()` it when it is read."""

    def __init__(self, again: Callable[[], None], *, is_narrow: bool = False) -> None:
        """
        Args:
            again: reads once more, unless that is under way.
            is_narrow: there is no room for a button beside the sentence.
        """
        super().__init__()
        self._again = again
        self._again_text = "" if is_narrow else tr("Try again")
        self._is_retried = False
        self._retry = QTimer(self)
        self._retry.setInterval(_RETRY_MS)
        self._retry.timeout.connect(again)

    def show_error(self, error: FirstlineError) -> None:
        """Say it, with a button to try at once; what the database refuses is not tried again by itself."""
        self._is_retried = isinstance(error, Unavailable)
        sentence = tr("This could not be read. {reason}", reason=error)
        said = self._again_text
        self.show_message(Tone.WARNING, sentence, action_text=said, action=self._again, icon_name="offline")
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again."""
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Read, or another page is in front."""
        super().hideEvent(event)
        self._retry.stop()

    def _follow(self) -> None:
        if self._is_retried and self.isVisible():
            self._retry.start()
        else:
            self._retry.stop()
