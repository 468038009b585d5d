"""The words for what is stored about a person: what it is, and what it is there for."""

from collections.abc import Callable, Mapping

from app.i18n import tr

_WORDS: Mapping[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "call.agent_id": (
        lambda: tr("Calls that you answered"), lambda: tr("the customer's record; figures of groups")
    ),
    "ring.person_id": (lambda: tr("Calls that rang at your telephone"), lambda: tr("so that your console rings")),
    "telephone.person_id": (lambda: tr("Your telephone"), lambda: tr("so that your console rings")),
    "case_file.opened_by": (lambda: tr("Cases that you opened"), lambda: tr("who may work on them")),
    "case_file.owner_id": (lambda: tr("Cases that you have or solved"), lambda: tr("who works on them")),
    "watcher.person_id": (lambda: tr("Cases that you follow"), lambda: tr("who may read them")),
    "timeline.by": (lambda: tr("Lines that you wrote into cases"), lambda: tr("what was done for the customer")),
    "lease.person_id": (lambda: tr("That your desk lives"), lambda: tr("so that no case is left lying")),
    "call_back.person_id": (lambda: tr("Call-backs of yours"), lambda: tr("so that the customer is called")),
    "call_back.made_by": (lambda: tr("Call-backs that you promised"), lambda: tr("so that the customer is called")),
    "call_back.done_by": (lambda: tr("Call-backs that you settled"), lambda: tr("so that the customer is called")),
    "look_up.person_id": (
        lambda: tr("Customers that you looked up"), lambda: tr("misuse of customers' data; 30 days")
    ),
    "agent.person_id": (lambda: tr("Your state at the telephone"), lambda: tr("who can take a call now")),
    "agent_change.person_id": (
        lambda: tr("Changes of your state"), lambda: tr("occupancy of all together; nobody reads it")
    ),
    "line_order.by": (
        lambda: tr("What you asked of the telephone system"), lambda: tr("so that it is done once")
    ),
    "applied_command.by": (lambda: tr("Numbers of your commands"), lambda: tr("so that each is done once")),
    "person_look.by": (lambda: tr("Looks of yours at figures of one person"), lambda: tr("that person reads it")),
    "person_look.person_id": (lambda: tr("Looks of others at your figures"), lambda: tr("you read it, below")),
    "works_council.by": (lambda: tr("Decisions on small groups"), lambda: tr("everybody reads who decided and why")),
}  # fmt: skip


def thing_text(what: str) -> str:
    """Of a table that is not told of here, its name: better a strange word than a thing left out."""
    return _WORDS[what][0]() if what in _WORDS else what


def why_text(what: str) -> str:
    return _WORDS[what][1]() if what in _WORDS else ""
