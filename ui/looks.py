"""Colour and icon of each state; a word stands beside them wherever they are shown."""

from app.domain.calls import CallState
from app.domain.cases import CaseEvent
from app.domain.people import AgentState
from ui.theme import Tone

AGENT_LOOKS = {
    AgentState.AVAILABLE: (Tone.GOOD, "check"),
    AgentState.RINGING: (Tone.WARNING, "phone-incoming"),
    AgentState.ON_CALL: (Tone.ACCENT, "phone"),
    AgentState.WRAP_UP: (Tone.INFO, "note"),
    AgentState.PAUSED: (Tone.NEUTRAL, "pause"),
    AgentState.SIGNED_OUT: (Tone.NEUTRAL, "offline"),
}
CALL_LOOKS = {
    CallState.QUEUED: (Tone.WARNING, "clock"),
    CallState.OFFERED: (Tone.WARNING, "phone-incoming"),
    CallState.CONNECTED: (Tone.GOOD, "phone"),
    CallState.HELD: (Tone.INFO, "hold"),
    CallState.CONSULTING: (Tone.INFO, "users"),
    CallState.WRAP_UP: (Tone.NEUTRAL, "note"),
    CallState.CLOSED: (Tone.NEUTRAL, "phone-off"),
}
EVENT_LOOKS = {
    CaseEvent.OPENED: (Tone.NEUTRAL, "phone"),
    CaseEvent.ESCALATED: (Tone.INFO, "escalate"),
    CaseEvent.CLAIMED: (Tone.ACCENT, "user"),
    CaseEvent.RETURNED: (Tone.WARNING, "return"),
    CaseEvent.SOLVED: (Tone.GOOD, "check"),
    CaseEvent.PRIORITISED: (Tone.INFO, "flag"),
    CaseEvent.ASSIGNED: (Tone.ACCENT, "user"),
    CaseEvent.LAPSED: (Tone.WARNING, "clock"),
    CaseEvent.RELEASED: (Tone.NEUTRAL, "queue"),
    CaseEvent.REQUEUED: (Tone.WARNING, "queue"),
    CaseEvent.ACCEPTED: (Tone.GOOD, "mark"),
    CaseEvent.ASKED: (Tone.INFO, "note"),
    CaseEvent.REPLIED: (Tone.INFO, "note"),
    CaseEvent.CONSULTED: (Tone.INFO, "users"),
    CaseEvent.ADVISED: (Tone.GOOD, "users"),
    CaseEvent.GRANTED: (Tone.WARNING, "key"),
    CaseEvent.GRANT_ENDED: (Tone.NEUTRAL, "key"),
    CaseEvent.MERGED: (Tone.NEUTRAL, "transfer"),
    CaseEvent.SPLIT: (Tone.NEUTRAL, "transfer"),
    CaseEvent.ATTACHED: (Tone.WARNING, "flag"),
    CaseEvent.DETACHED: (Tone.NEUTRAL, "flag"),
    CaseEvent.ADAPTED: (Tone.INFO, "note"),
    CaseEvent.SUSPENDED: (Tone.NEUTRAL, "pause"),
    CaseEvent.RESUMED: (Tone.ACCENT, "clock"),
}
