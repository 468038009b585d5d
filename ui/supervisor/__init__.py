"""The supervisor's screen: what waits, how long, who is free."""

from ui.supervisor.screen import SupervisorBoard

__all__ = ["SupervisorBoard"]
