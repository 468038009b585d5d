"""What the person is told: a bell that does not steal the focus, and a page to read it."""

from ui.messages.bell import MessageBell
from ui.messages.page import MessagesPage

__all__ = ["MessageBell", "MessagesPage"]
