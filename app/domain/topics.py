"""What a change in the shared database can be about; screens refresh by topic."""

from enum import StrEnum


class Topic(StrEnum):
    """Subject of a change; the id beside it is that of the case, call, person, answer or customer."""

    CASES = "cases"
    CALLS = "calls"
    AGENTS = "agents"
    ANSWERS = "answers"
    CUSTOMERS = "customers"
