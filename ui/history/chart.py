"""The chart of a sheet. Marks, patterns and words tell columns apart, so no colour has to.

pyqtgraph takes half a second to import, so the screen loads it when it is first shown, while it reads. It does so on
the UI thread: imported in a lane while a screen was being built, it crashed the process.
"""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.history.figures import Figure, Unit
from app.domain.history.sheets import Sheet, text_of
from app.i18n import tr
from ui.history.views import Shape
from ui.theme import colours, scaled

_PATTERNS = (Qt.BrushStyle.SolidPattern, Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.Dense6Pattern)
_LINES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_MARKS = ("o", "s", "t1")
_TICKS = 9
_TOP, _TOP_WITH_LEGEND = 1.05, 1.15  # of shares: a little above 100 %
_NUMBER_ROOM, _LEGEND_ROOM = 1.15, 1.35  # above the highest bar
_GOAL = 0.8  # of the service level

_Point = tuple[int, float, bool]  # row, value, whether it may still change


def load() -> Any:
    """pyqtgraph, imported once; on the UI thread."""
    return import_module("pyqtgraph")


class Chart(QWidget):
    """Draws one sheet; says which of its rows the mouse is at."""

    row_pointed = Signal(int)
    """-1: none."""

    def __init__(self, pg: Any) -> None:
        super().__init__()
        self._pg = pg
        self._sheet: Sheet | None = None
        self._shape = Shape.TABLE
        self._limit: float | None = None
        self._canvas = pg.GraphicsLayoutWidget()
        self._canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plots: list[Any] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._canvas)
        self._canvas.scene().sigMouseMoved.connect(self._on_mouse)

    def show_sheet(self, sheet: Sheet, shape: Shape, limit: float | None = None) -> None:
        """Draw it anew."""
        self._sheet, self._shape, self._limit = sheet, shape, limit
        self._canvas.clear()
        self._canvas.setBackground(colours().raised)
        self.plots = []
        self.setAccessibleName(tr("Chart: {title}; its values are in the table beside it", title=sheet.title))
        match shape:
            case Shape.VOLUME:
                self._draw_lines(self._plot(), (1,), _GOAL)
                self._draw_stack(self._plot(), (2, 3))
            case Shape.LINE:
                places = [i for i, heading in enumerate(sheet.headings) if heading.unit is Unit.SHARE]
                self._draw_lines(self._plot(), places, limit)
            case Shape.BARS:
                places = [i for i, heading in enumerate(sheet.headings) if heading.unit is Unit.COUNT]
                self._draw_groups(self._plot(), places)
        self._label_rows()

    def changeEvent(self, event: QEvent) -> None:
        """Another scheme: the same in its colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._sheet:
            self.show_sheet(self._sheet, self._shape, self._limit)

    def _plot(self) -> Any:
        plot = self._canvas.addPlot(row=len(self.plots), col=0)
        plot.setMouseEnabled(x=False, y=False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.showGrid(y=True, alpha=0.15)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(colours().line)
            axis.setTextPen(colours().muted)
            axis.setStyle(tickLength=0)
        plot.getAxis("left").setWidth(scaled(48))
        self.plots.append(plot)
        return plot

    def _draw_lines(self, plot: Any, places: Sequence[int], limit: float | None) -> None:
        """Shares from 0 to 100 %: a gap where there is none, a hollow mark where it may still change."""
        sheet = self._need()
        plot.setYRange(0, _TOP if len(places) == 1 else _TOP_WITH_LEGEND, padding=0)
        plot.getAxis("left").setTicks([[(i / 5, f"{i * 20} %") for i in range(6)]])
        legend = self._empty_legend(plot, len(places)) if len(places) > 1 else None
        for number, place in enumerate(places):
            ink, name = _inks()[number], sheet.headings[place].name
            known = [
                (i, float(value), row.is_provisional)
                for i, row in enumerate(sheet.rows)
                if (value := row.values[place]) is not None
            ]
            may_change = sheet.headings[place].figure is Figure.FIRST_CONTACT
            looks = {
                "pen": self._pg.mkPen(ink, width=2, style=_LINES[number]), "symbol": _MARKS[number],
                "symbolSize": scaled(7), "symbolPen": self._pg.mkPen(ink, width=1.5),
            }  # fmt: skip
            for run in _runs(known):
                fills = [QColor(Qt.GlobalColor.transparent) if may_change and is_open else ink for *_, is_open in run]
                brushes = [self._pg.mkBrush(fill) for fill in fills]
                at, values = [i for i, *_ in run], [value for _, value, _ in run]
                plot.plot(at, values, **looks, symbolBrush=brushes, antialias=True)
            if legend is not None:
                legend.addItem(self._pg.PlotDataItem(**looks, symbolBrush=ink), name)
            elif known:
                self._write(plot, name, known[-1][0], ink)
        if limit is not None:
            is_at_axis = round(limit * 100) % 20 == 0  # it says the number already
            line = self._pg.InfiniteLine(
                limit, angle=0, pen=self._pg.mkPen(colours().warning, width=1, style=Qt.PenStyle.DashDotLine),
                label=None if is_at_axis else tr("{share} %", share=round(limit * 100)),
                labelOpts={"position": 0.03, "color": colours().warning, "anchors": [(0, 1), (0, 1)]},
            )  # fmt: skip
            plot.addItem(line)

    def _draw_stack(self, plot: Any, places: Sequence[int]) -> None:
        """Counts upon each other: together the whole."""
        sheet = self._need()
        below = [0.0] * len(sheet.rows)
        for number, place in enumerate(places):
            heights = [float(row.values[place] or 0) for row in sheet.rows]
            self._bars(plot, range(len(heights)), heights, 0.8, number, below)
            below = [low + height for low, height in zip(below, heights, strict=True)]
        self._count_up_to(plot, max([*below, 1]), _LEGEND_ROOM)
        self._legend(plot, [sheet.headings[place].name for place in places])

    def _draw_groups(self, plot: Any, places: Sequence[int]) -> None:
        """Counts side by side, each with its number above."""
        sheet = self._need()
        width = 0.8 / max(len(places), 1)
        top = 1.0
        for number, place in enumerate(places):
            heights = [float(row.values[place] or 0) for row in sheet.rows]
            middles = [i - 0.4 + width * (number + 0.5) for i in range(len(heights))]
            self._bars(plot, middles, heights, width * 0.9, number)
            top = max(top, *heights) if heights else top
            for middle, height in zip(middles, heights, strict=True):
                if height:
                    text = self._pg.TextItem(text_of(int(height), Unit.COUNT), color=colours().text, anchor=(0.5, 1))
                    text.setPos(middle, height)
                    plot.addItem(text)
        self._count_up_to(plot, top, _LEGEND_ROOM if len(places) > 1 else _NUMBER_ROOM)
        if len(places) > 1:
            self._legend(plot, [sheet.headings[place].name for place in places])

    def _count_up_to(self, plot: Any, top: float, room: float) -> None:
        """Whole numbers at the left, and room for what is written above."""
        plot.setYRange(0, top * room, padding=0)
        step = max(1, round(top / 5, -len(str(int(top))) + 2) or 1)
        numbers = range(0, int(top) + 1, int(step))
        plot.getAxis("left").setTicks([[(number, text_of(number, Unit.COUNT)) for number in numbers]])

    def _bars(
        self, plot: Any, middles: Sequence[float], heights: list[float], width: float, number: int,
        below: list[float] | None = None,
    ) -> None:  # fmt: skip
        ink = _inks()[number]
        brush = QBrush(ink, _PATTERNS[number])
        plot.addItem(
            self._pg.BarGraphItem(
                x=list(middles), height=heights, width=width, y0=below or 0, brush=brush, pen=self._pg.mkPen(ink)
            )
        )

    def _legend(self, plot: Any, names: Sequence[str]) -> None:
        legend = self._empty_legend(plot, len(names))
        for number, name in enumerate(names):
            ink = _inks()[number]
            legend.addItem(
                self._pg.BarGraphItem(x=[0], height=[1], width=1, brush=QBrush(ink, _PATTERNS[number]), pen=ink), name
            )

    def _empty_legend(self, plot: Any, count: int) -> Any:
        """In one row, above what is drawn."""
        legend = plot.addLegend(offset=(scaled(-8), scaled(4)), labelTextColor=colours().text, horSpacing=scaled(12))
        legend.setColumnCount(count)
        return legend

    def _write(self, plot: Any, name: str, x: float, ink: QColor) -> None:
        """The name of the only line, in the corner."""
        text = self._pg.TextItem(name, color=ink, anchor=(1, 0.0))
        text.setPos(x, _TOP)
        plot.addItem(text)

    def _label_rows(self) -> None:
        """As many names below as there is room for; the plots share them."""
        names = [row.short or row.name for row in self._need().rows]
        step = max(1, -(-len(names) // _TICKS))
        for place, plot in enumerate(self.plots):
            is_last = place == len(self.plots) - 1
            ticks = [(i, name if is_last else "") for i, name in enumerate(names) if i % step == 0]
            plot.getAxis("bottom").setTicks([ticks])
            plot.setXRange(-0.6, max(len(names) - 0.4, 1), padding=0)

    def _on_mouse(self, place: QPointF) -> None:
        for plot in self.plots:
            if plot.sceneBoundingRect().contains(place):
                row = round(plot.vb.mapSceneToView(place).x())
                self.row_pointed.emit(row if 0 <= row < len(self._need().rows) else -1)
                return
        self.row_pointed.emit(-1)

    def _need(self) -> Sheet:
        assert self._sheet is not None
        return self._sheet


def _runs(known: Iterable[_Point]) -> list[list[_Point]]:
    """What hangs together: over rows without a value no line is drawn."""
    runs: list[list[_Point]] = []
    for point in known:
        if not runs or point[0] != runs[-1][-1][0] + 1:
            runs.append([])
        runs[-1].append(point)
    return runs


def _inks() -> tuple[QColor, ...]:
    scheme = colours()
    return scheme.accent, scheme.warning, scheme.info
