"""The agent's screen: the call, the customer, the answers, the note, the escalation."""
