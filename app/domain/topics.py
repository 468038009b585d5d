"""What a change in the shared database can be about; screens refresh by topic."""

from enum import StrEnum


class Topic(StrEnum):
    """Subject of a change; the id beside it is that of the case, call, person, answer, customer, call-back, problem."""

    CASES = "cases"
    CALLS = "calls"
    AGENTS = "agents"
    ANSWERS = "answers"
    DRAFTS = "drafts"  # drafts, flags and the history of answers: for those who write them
    CUSTOMERS = "customers"
    CALL_BACKS = "call_backs"
    LEVELS = "levels"  # whether second and third level are one
    PROBLEMS = "problems"
    ALERTS = "alerts"
    NOTICES = "notices"  # of supervisors to desks
    HANDS = "hands"  # that agents raised
    RULES = "rules"  # what is set for the whole centre; the subject says nothing
    ALARMS = "alarms"  # a promise is about to break, or has
    LINE = "line"  # for the desk of one person, who is the subject: it rings there, or an order was answered
    MESSAGES = "messages"  # for the desk of one person, who is the subject: they are told something


# The subject is the person whom it concerns; other desks do not see it.
ADDRESSED = frozenset({Topic.LINE, Topic.MESSAGES})
