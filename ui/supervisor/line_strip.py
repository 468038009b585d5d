"""Says on the board that the gateway or its telephone system is lost, and since when."""

from PySide6.QtCore import QTimer, Signal

from app.domain.lines import GatewayPhase, GatewayState
from app.i18n import tr
from ui.context import ScreenContext
from ui.labels import clock_text
from ui.refresh import Refresher
from ui.theme import Tone
from ui.widgets.banner import Banner

_ASK_MS = 1_500  # with the age at which silence counts: shown within 5 s


class LineStrip(Banner):
    """Asks by itself; shows nothing in a centre that has no gateway."""

    trouble_changed = Signal(object)
    """Since when calls are not told any more; None: they are."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        lane = context.desk.lanes.queries
        self._refresher = Refresher(context.background, lane, context.desk.boards.gateway, self.show_state, self)
        timer = QTimer(self)
        timer.setInterval(_ASK_MS)
        timer.timeout.connect(self._ask)
        timer.start()

    def show_state(self, gateway: GatewayState | None) -> None:
        """Show what is wrong, or nothing."""
        since = gateway.trouble_since if gateway else None
        self.trouble_changed.emit(since)
        if gateway is None or since is None:
            self.hide()
            return
        self.show_message(Tone.DANGER, _sentence(gateway, clock_text(since)), icon_name="phone-off")

    def _ask(self) -> None:
        parent = self.parentWidget()
        if parent and parent.isVisible():
            self._refresher.refresh()


def _sentence(gateway: GatewayState, time: str) -> str:
    if gateway.phase is GatewayPhase.STOPPED:
        return tr("The gateway was stopped at {time}. Calls and telephones are shown as they were then.", time=time)
    if gateway.is_silent:
        return tr("No word from the gateway since {time}. Calls and telephones are shown as they were then.", time=time)
    return tr(
        "The gateway has no connection to the telephone system since {time}."
        " Calls and telephones are shown as they were then.",
        time=time,
    )
