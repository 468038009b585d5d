"""Puts a desk together."""

from app.bootstrap.desk import Desk
from app.bootstrap.listener import Listener
from app.bootstrap.opening import DEMO_LOGIN, open_demo, open_desk, open_from
from app.bootstrap.sign_in import SignIn, Target

__all__ = ["DEMO_LOGIN", "Desk", "Listener", "SignIn", "Target", "open_demo", "open_desk", "open_from"]
