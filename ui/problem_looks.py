"""Colour and icon of a known problem's state, on the workbench and on its own screen."""

from app.domain.problems import ProblemState
from ui.theme import Tone

STATE_LOOKS = {
    ProblemState.CANDIDATE: (Tone.INFO, "search"),
    ProblemState.CONFIRMED: (Tone.WARNING, "flag"),
    ProblemState.SOLVED: (Tone.GOOD, "check"),
    ProblemState.REJECTED: (Tone.NEUTRAL, "close"),
}
