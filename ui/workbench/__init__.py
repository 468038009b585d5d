"""The screen of second and third level: the queue, the own cases, and one case to read and to work on."""

from ui.workbench.screen import Workbench

__all__ = ["Workbench"]
