"""What is not delivered yet, and what was refused: to be read, copied, sent again or thrown away."""

from ui.undelivered.page import UndeliveredPage

__all__ = ["UndeliveredPage"]
