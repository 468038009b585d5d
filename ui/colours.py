"""The colours of the window: two schemes of our own, each text and its ground at least 4.5:1 apart (WCAG AA)."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor


class Tone(StrEnum):
    """What a coloured thing says; the colour never says it alone, a word and an icon stand beside it."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    INFO = "info"
    GOOD = "good"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One scheme. `*_soft` is the quiet ground for text in the colour of the same name; `on_*` is text upon it."""

    is_dark: bool
    text: QColor
    muted: QColor  # second lines, captions, placeholders
    faint: QColor  # controls that cannot be used now
    surface: QColor  # the window
    raised: QColor  # cards, lists, fields
    sunken: QColor  # table headers, hover, key caps
    line: QColor  # between things
    field_line: QColor  # around things to type in: 3:1 against its ground
    accent: QColor  # text, lines and icons
    accent_fill: QColor  # a ground to carry `on_accent`
    accent_fill_hover: QColor
    on_accent: QColor
    accent_soft: QColor
    selection: QColor
    on_selection: QColor
    good: QColor
    good_soft: QColor
    warning: QColor
    warning_soft: QColor
    danger: QColor
    danger_fill: QColor
    danger_fill_hover: QColor
    on_danger: QColor
    danger_soft: QColor
    info: QColor
    info_soft: QColor
    neutral_soft: QColor
    p1: QColor
    p2: QColor
    p3: QColor
    p4: QColor
    p5: QColor

    def tone(self, tone: Tone) -> tuple[QColor, QColor]:
        """Text (or line) and soft ground of a tone."""
        pairs = {
            Tone.NEUTRAL: (self.muted, self.neutral_soft),
            Tone.ACCENT: (self.accent, self.accent_soft),
            Tone.INFO: (self.info, self.info_soft),
            Tone.GOOD: (self.good, self.good_soft),
            Tone.WARNING: (self.warning, self.warning_soft),
            Tone.DANGER: (self.danger, self.danger_soft),
        }
        return pairs[tone]

    def priority(self, priority: int) -> QColor:
        """Colour of priority 1 (highest) to 5."""
        return (self.p1, self.p2, self.p3, self.p4, self.p5)[priority - 1]


LIGHT = Colours(
    is_dark=False,
    text=QColor("#15232a"),
    muted=QColor("#4b5d67"),
    faint=QColor("#576973"),
    surface=QColor("#edf1f3"),
    raised=QColor("#ffffff"),
    sunken=QColor("#e4eaed"),
    line=QColor("#d3dce0"),
    field_line=QColor("#80929b"),
    accent=QColor("#0b6273"),
    accent_fill=QColor("#0b6273"),
    accent_fill_hover=QColor("#094f5e"),
    on_accent=QColor("#ffffff"),
    accent_soft=QColor("#dceef1"),
    selection=QColor("#cbe5ea"),
    on_selection=QColor("#0c2026"),
    good=QColor("#1f6a38"),
    good_soft=QColor("#def1e3"),
    warning=QColor("#7d4e00"),
    warning_soft=QColor("#fdeecb"),
    danger=QColor("#b3261e"),
    danger_fill=QColor("#b3261e"),
    danger_fill_hover=QColor("#8f1d17"),
    on_danger=QColor("#ffffff"),
    danger_soft=QColor("#fce4e2"),
    info=QColor("#2456a6"),
    info_soft=QColor("#e2ebf9"),
    neutral_soft=QColor("#e4eaed"),
    p1=QColor("#b3261e"),
    p2=QColor("#a3420b"),
    p3=QColor("#7d4e00"),
    p4=QColor("#2456a6"),
    p5=QColor("#4b5d67"),
)

DARK = Colours(
    is_dark=True,
    text=QColor("#e3eaed"),
    muted=QColor("#a3b4bc"),
    faint=QColor("#94a6ae"),
    surface=QColor("#11181b"),
    raised=QColor("#192226"),
    sunken=QColor("#232e33"),
    line=QColor("#2c393f"),
    field_line=QColor("#6a7d86"),
    accent=QColor("#62c6d8"),
    accent_fill=QColor("#1d7385"),
    accent_fill_hover=QColor("#1a6677"),
    on_accent=QColor("#ffffff"),
    accent_soft=QColor("#17353c"),
    selection=QColor("#1d4650"),
    on_selection=QColor("#eff8fa"),
    good=QColor("#82cf95"),
    good_soft=QColor("#18331f"),
    warning=QColor("#efbd5e"),
    warning_soft=QColor("#3a2d12"),
    danger=QColor("#ff9c93"),
    danger_fill=QColor("#b93a30"),
    danger_fill_hover=QColor("#a12f26"),
    on_danger=QColor("#ffffff"),
    danger_soft=QColor("#44201d"),
    info=QColor("#94b9f7"),
    info_soft=QColor("#1c2c46"),
    neutral_soft=QColor("#232e33"),
    p1=QColor("#ff9c93"),
    p2=QColor("#f7a874"),
    p3=QColor("#efbd5e"),
    p4=QColor("#94b9f7"),
    p5=QColor("#a3b4bc"),
)

_current = LIGHT


def colours() -> Colours:
    """The scheme shown now; ask when painting, so that a switch needs no more than a repaint."""
    return _current


def choose(scheme: Colours) -> None:
    """Make `scheme` the one that `colours()` gives; only `ui.theme` calls this."""
    global _current
    _current = scheme
