"""The supervisor's screen: what waits, how long, who is free; and from when on a figure is an alert."""

from ui.supervisor.screen import SupervisorBoard
from ui.supervisor.threshold_page import ThresholdPage

__all__ = ["SupervisorBoard", "ThresholdPage"]
