"""The page where somebody signs in."""

from ui.sign_in.page import SignInPage

__all__ = ["SignInPage"]
