"""Figures as a person reads them."""

from datetime import timedelta
from fractions import Fraction

from app.domain.board_figures import Value
from app.domain.metrics.figures import Share
from app.i18n import language
from ui.widgets.elapsed import duration_text


def value_text(value: Value | Fraction) -> str:
    """A number, "mm:ss", or per cent; "–" where there is nothing: neither 0 % nor 100 % would be true."""
    if isinstance(value, Share):
        value = value.value
    match value:
        case None:
            return "–"
        case timedelta():
            return duration_text(value.total_seconds())
        case Fraction():
            return percent_text(value)
    return str(value)


def percent_text(share: Fraction) -> str:
    """Whole per cent, as the tile shows it; rounded here and nowhere before. Never up to all or down to nothing."""
    rounded = round(share * 100)
    if rounded == 100 and share != 1:
        rounded = 99
    if rounded == 0 and share != 0:
        rounded = 1
    return f"{rounded}\u00a0%" if language() == "de" else f"{rounded}%"
