"""The screen of the past: figures of any period as tables and charts, and what can be saved of them."""

from ui.history.screen import HistoryScreen

__all__ = ["HistoryScreen"]
