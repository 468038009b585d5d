"""The call-backs of an agent: who is to be called, and when."""

from ui.call_backs.screen import CallBackScreen

__all__ = ["CallBackScreen"]
