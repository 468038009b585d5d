"""Known problems: the list, and one with its words, its cases and the customers to call back."""

from ui.problems.screen import ProblemScreen

__all__ = ["ProblemScreen"]
