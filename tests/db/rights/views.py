"""The views of the schema `firstline`, once more and independent of `app/db/rights`: who may do what."""

_CALL_NOW = (
    "id state queue number_raw queued_at offered_at answered_at held_ms ended_at wrapped_up_at end_reason ended_by"
    " is_outgoing customer_name agent_name"
)
_RECKONED = "due_at warn_at resolve_due_at resolve_warn_at alarm_at"
_STEERED = f"id state level priority plan waits_for team_id opened_at level_since solved_at {_RECKONED}"

# The views of the schema `firstline`: who reads and who changes which columns. Nobody else has any right on them.
VIEWS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "board_call": ({"S": _CALL_NOW}, {}),
    "board_agent": ({"S": "id name team_name state pause_code since"}, {}),
    "board_step": ({"S": "id case_id number title at event from_level to_level reason"}, {}),
    "board_call_back": ({"S": "id kind name number due_at made_at person_name"}, {}),
    "case_owner": ({"S": "case_id name"}, {}),
    "case_event": ({"S": "case_id event at from_level", "A": "case_id event at from_level"}, {}),
    "steered_case": (
        {"S": f"{_STEERED} number title", "A": _STEERED},
        {"S": f"state level level_since priority owner_id waits_for {_RECKONED}", "A": _RECKONED},
    ),
}
