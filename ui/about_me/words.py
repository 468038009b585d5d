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
    "answer_draft.made_by": (
        lambda: tr("Drafts of answers that you began"), lambda: tr("who may go on with them")
    ),
    "answer_draft.written_by": (
        lambda: tr("Drafts of answers that you wrote last"), lambda: tr("who may go on with them")
    ),
    "answer_event.by": (
        lambda: tr("What you did with answers"), lambda: tr("every editor reads who decided what")
    ),
    "answer_flag.by": (
        lambda: tr("Answers that you found wrong"), lambda: tr("so that you are told what became of it")
    ),
    "first_could_have.by": (
        lambda: tr("Cases that you said first level could have solved"), lambda: tr("which answers are missing")
    ),
    "message.person_id": (
        lambda: tr("Messages to you"), lambda: tr("you read them in the console")
    ),
    "question.asked_by": (
        lambda: tr("Questions that you asked in cases"), lambda: tr("what was done for the customer")
    ),
    "question.to_person": (
        lambda: tr("Questions to you in cases"), lambda: tr("what was done for the customer")
    ),
    "question.answered_by": (
        lambda: tr("Questions in cases that you answered"), lambda: tr("what was done for the customer")
    ),
    "contact_grant.by": (
        lambda: tr("Contact details that you had shown to third level"), lambda: tr("who sees a customer's number")
    ),
    "case_presence.person_id": (
        lambda: tr("Which case you have open now"), lambda: tr("so that two do not work on it at once")
    ),
    "saved_filter.person_id": (
        lambda: tr("Your saved filters"), lambda: tr("they are yours alone")
    ),
    "alert.raised_by": (
        lambda: tr("Alerts that your board raised"), lambda: tr("so that each is raised once")
    ),
    "alert.seen_by": (
        lambda: tr("Alerts that you saw first"), lambda: tr("so that the others know")
    ),
    "notice.by": (
        lambda: tr("Notices that you told the desks"), lambda: tr("who said it")
    ),
    "notice_seen.person_id": (
        lambda: tr("Notices that you have read"), lambda: tr("how many have read it")
    ),
    "hand.person_id": (
        lambda: tr("Times that you asked for help"), lambda: tr("so that somebody helps")
    ),
    "hand_line.by": (
        lambda: tr("Lines that you wrote about help"), lambda: tr("only you and supervisors read them")
    ),
    "booking.by": (
        lambda: tr("Times of work that you booked"), lambda: tr("what the customer pays")
    ),
    "problem.made_by": (
        lambda: tr("Known problems that you began"), lambda: tr("who knows about it")
    ),
    "problem.changed_by": (
        lambda: tr("Known problems that you changed last"), lambda: tr("who knows about it")
    ),
    "problem.state_by": (
        lambda: tr("Known problems that you confirmed or solved"), lambda: tr("who knows about it")
    ),
    "problem_case.by": (
        lambda: tr("Cases that you put to a known problem"), lambda: tr("what was done for the customer")
    ),
}  # fmt: skip


def thing_text(what: str) -> str:
    """Of a table that is not told of here, its name: better a strange word than a thing left out."""
    return _WORDS[what][0]() if what in _WORDS else what


def why_text(what: str) -> str:
    return _WORDS[what][1]() if what in _WORDS else ""
