"""Figures as a person reads them."""

from datetime import timedelta
from fractions import Fraction

from app.domain.board_figures import Value
from app.domain.metrics.figures import Share
from ui.labels import percent_text
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
