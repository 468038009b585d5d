"""What the board is made of, and where it stands: figures above, lists or one figure's rows below."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.i18n import tr
from ui.context import ScreenContext
from ui.shortcuts import Shortcut
from ui.supervisor import room
from ui.supervisor.alarm_list import AlarmList
from ui.supervisor.alert_bell import AlertBell
from ui.supervisor.alert_strip import AlertStrip
from ui.supervisor.drill_down import DrillDown
from ui.supervisor.hands import HandsCard
from ui.supervisor.line_strip import LineStrip
from ui.supervisor.lists import Lists
from ui.supervisor.moment import Moment
from ui.supervisor.notice_panel import NoticePanel
from ui.supervisor.tiles import Tiles
from ui.theme import scaled
from ui.widgets.banner import Banner
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel

_GAP_PX = 8
_LEAST_PX = 120  # of the lists


class BoardParts(QWidget):
    """The widgets, without what moves them."""

    def __init__(self, context: ScreenContext, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._moment = Moment(now)
        self.strip = Banner()
        self.line_strip = LineStrip(context)
        self.alert_strip = AlertStrip()
        self.hands = HandsCard(context, now)
        self.tiles = Tiles()
        self.bell = AlertBell(self, context.notifier)
        self.alarms = AlarmList(context, self._moment)
        self.lists = Lists(self._moment)
        self.drill_down = DrillDown(context, self._moment)
        self.notice_panel = NoticePanel(context)
        self.below = QStackedWidget()  # the lists, or what one figure was counted from
        self.age = PlainLabel(kind="muted")
        self.tell_button = KeyButton(tr("Tell the desks something"), Shortcut.TELL_DESKS.key, kind="ghost")
        self.thresholds_button = KeyButton(tr("Alert thresholds"), kind="ghost")
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room for the lists."""
        super().resizeEvent(event)
        self.share_room()

    def share_room(self) -> None:
        """Between what is shown now."""
        fixed: tuple[QWidget, ...] = (self.strip, self.line_strip, self.alert_strip, self.tiles, self.tell_button)
        used = sum(part.sizeHint().height() + scaled(_GAP_PX) for part in fixed if not part.isHidden())
        is_opened = self.below.currentWidget() is not self.lists
        room.share(self.height() - used - scaled(3 * _GAP_PX), (self.alarms, self.hands), is_opened=is_opened)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.age)
        foot.addWidget(self.tell_button)
        foot.addWidget(self.thresholds_button)
        foot.addStretch(1)  # confirmations stand at the right
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(12), scaled(12), scaled(8))
        layout.setSpacing(scaled(_GAP_PX))
        for part in (self.lists, self.drill_down, self.notice_panel):
            self.below.addWidget(part)
        self.below.setMinimumHeight(scaled(_LEAST_PX))
        self.tiles.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column: tuple[QWidget, ...] = (
            self.strip,
            self.line_strip,
            self.alert_strip,
            self.tiles,
            self.hands,
            self.alarms,
        )
        for one in column:
            layout.addWidget(one)
        layout.addWidget(self.below, 1)
        layout.addLayout(foot)
