"""The words for what is stored about a person: what it is, and what it is there for."""

from collections.abc import Callable, Mapping

from app.i18n import tr

_WORDS: Mapping[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "call": (
        lambda: tr("Calls that you answered"),
        lambda: tr("the customer's record; figures of groups"),
    ),
    "ring": (lambda: tr("Calls that rang at your telephone"), lambda: tr("so that your console rings")),
    "case_file.opened_by": (lambda: tr("Cases that you opened"), lambda: tr("who may work on them")),
    "case_file.owner_id": (lambda: tr("Cases that you have or solved"), lambda: tr("who works on them")),
    "timeline": (lambda: tr("Lines that you wrote into cases"), lambda: tr("what was done for the customer")),
    "call_back": (lambda: tr("Call-backs of yours"), lambda: tr("so that the customer is called")),
    "look_up": (lambda: tr("Customers that you looked up"), lambda: tr("misuse of customers' data; 30 days")),
    "agent": (lambda: tr("Your state at the telephone"), lambda: tr("who can take a call now")),
    "agent_change": (lambda: tr("Changes of your state"), lambda: tr("occupancy of all together; nobody reads it")),
    "line_order": (lambda: tr("What you asked of the telephone system"), lambda: tr("so that it is done once")),
    "applied_command": (lambda: tr("Numbers of your commands"), lambda: tr("so that each is done once")),
}


def thing_text(what: str) -> str:
    return _WORDS[what][0]() if what in _WORDS else what


def why_text(what: str) -> str:
    return _WORDS[what][1]() if what in _WORDS else ""
