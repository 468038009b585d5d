"""What a person chose at this desk and finds again at the next start."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app import settings
from ui.context import ScreenContext


def remember(context: ScreenContext, owner: QObject, **changes: str | int) -> None:
    """Put these into the settings; a file that cannot be written only loses the choice."""
    lane = context.desk.lanes.journal
    context.background.run(lane, partial(_save, changes), owner=owner, done=lambda _: None, failed=lambda _: None)


def _save(changes: dict[str, Any]) -> None:
    settings.save(replace(settings.load(), **changes))
