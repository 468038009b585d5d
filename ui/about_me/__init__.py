"""What is stored about the person who sits here, and who looked at it."""

from ui.about_me.window import AboutMe

__all__ = ["AboutMe"]
