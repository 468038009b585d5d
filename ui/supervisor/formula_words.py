"""What each figure is, in words: its formula with its thresholds, and where the formula comes from."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from app.domain.board_figures import Figure, Measure
from app.domain.metrics.call_figures import Abandonment, QueueRules, ServiceLevel
from app.domain.metrics.figures import seconds
from app.i18n import tr
from ui.labels import label
from ui.supervisor.figure_words import value_text

_Words = Callable[[], str]


def title(figure: Figure) -> str:
    """The figure's name, with what it is narrowed to."""
    of = [
        figure.queue if figure.queue is not None else "",
        label(figure.level) if figure.level is not None else "",
        label(figure.priority) if figure.priority is not None else "",
        label(figure.state) if figure.state is not None else "",
        label(figure.reason) if figure.reason is not None else "",
    ]
    return " · ".join(filter(None, (_TITLES[figure.measure](), *of)))


def formula(figure: Figure, rules: tuple[QueueRules, ...]) -> str:
    """How it is counted; `rules` are those of the queues that it is about."""
    match figure.measure:
        case Measure.SERVICE_LEVEL:
            return _once(_service_level(one) for one in rules)
        case Measure.ABANDONMENT:
            return _once(_abandonment(one) for one in rules)
    return _FORMULAS[figure.measure]()


def source(figure: Figure, rules: tuple[QueueRules, ...]) -> str:
    """Who defined it so."""
    match figure.measure:
        case Measure.SERVICE_LEVEL:
            return _once(_SERVICE_LEVEL_SOURCES[one.service_level] for one in rules)
        case Measure.ABANDONMENT:
            return _once(_ABANDONMENT_SOURCES[one.abandonment] for one in rules)
        case Measure.CASES_WAITING | Measure.CASES_DUE_SOON | Measure.CASES_OVERDUE:
            return "iTop, stopwatch “tto”"
    return ""


def goal_words(rules: tuple[QueueRules, ...]) -> str:
    return _once(value_text(one.goal) for one in rules)


def part_words(figure: Figure, rules: tuple[QueueRules, ...]) -> str:
    """What the numerator counts."""
    if figure.measure is Measure.ABANDONMENT:
        return tr("given up")
    if any(one.service_level is ServiceLevel.SL2 for one in rules):
        return tr("answered or given up in time")
    return tr("answered in time")


def _once(texts: Iterable[str]) -> str:
    """Queues that are measured alike say so once."""
    return "\n".join(dict.fromkeys(texts))


def _service_level(rules: QueueRules) -> str:
    within, short = _s(seconds(rules.answer_within)), _s(seconds(rules.short_abandon))
    match rules.service_level:
        case ServiceLevel.STANDARD:
            return tr(
                "Calls answered within {within} s, of all that were answered, given up or left the queue; "
                "who gave up within {short} s is left out.",
                within=within,
                short=short,
            )
        case ServiceLevel.OF_OFFERED:
            return tr(
                "Calls answered within {within} s, of all that were answered, given up or left the queue.",
                within=within,
            )
        case ServiceLevel.OF_ANSWERED:
            return tr("Calls answered within {within} s, of all that were answered.", within=within)
    return tr(
        "Calls answered within {within} s or given up within {within} s, of all that were answered or given up.",
        within=within,
    )


def _abandonment(rules: QueueRules) -> str:
    if rules.abandonment is Abandonment.ALL:
        return tr("Calls whose caller gave up, of all that were answered, given up or left the queue.")
    return tr(
        "Calls whose caller gave up, of all that were answered, given up or left the queue; "
        "who gave up within {short} s is left out of both.",
        short=_s(seconds(rules.short_abandon)),
    )


def _s(time: Fraction) -> str:
    return f"{float(time):g}"


_SERVICE_LEVEL_SOURCES = {
    ServiceLevel.STANDARD: "Genesys Cloud, “Configure the service level calculation”",
    ServiceLevel.OF_OFFERED: "COPC",
    ServiceLevel.OF_ANSWERED: "Asterisk, “ServicelevelPerf”",
    ServiceLevel.SL2: "Asterisk, “ServicelevelPerf2”",
}
_ABANDONMENT_SOURCES = {
    Abandonment.ALL: "Amazon Connect, “ABANDONMENT_RATE”",
    Abandonment.WITHOUT_SHORT: "Genesys Cloud, abandon intervals",
}
_TITLES: Mapping[Measure, _Words] = {
    Measure.CALLS_WAITING: lambda: tr("Calls that wait"),
    Measure.LONGEST_WAIT: lambda: tr("Longest wait now"),
    Measure.CALLS_CONNECTED: lambda: tr("Calls that are talked on"),
    Measure.SERVICE_LEVEL: lambda: tr("Service level"),
    Measure.ABANDONMENT: lambda: tr("Abandonment rate"),
    Measure.AGENTS: lambda: tr("Agents"),
    Measure.CASES_WAITING: lambda: tr("Cases that wait"),
    Measure.CASES_DUE_SOON: lambda: tr("Cases that are due soon"),
    Measure.CASES_OVERDUE: lambda: tr("Overdue cases"),
    Measure.CASES_CLAIMED: lambda: tr("Cases in progress"),
    Measure.ESCALATED_HOUR: lambda: tr("Escalations of the last hour"),
    Measure.ESCALATED_DAY: lambda: tr("Escalations today"),
    Measure.SOLVED_DAY: lambda: tr("Cases solved today"),
    Measure.CALL_BACKS_DUE: lambda: tr("Call-backs that are due"),
    Measure.ANSWERS: lambda: tr("Answers that solved something today"),
    Measure.GAPS: lambda: tr("Searches in vain today"),
}
_FORMULAS: Mapping[Measure, _Words] = {
    Measure.CALLS_WAITING: lambda: tr("Calls in a queue now that nobody has answered; also those that ring."),
    Measure.LONGEST_WAIT: lambda: tr("The time since the call that has waited longest came into its queue."),
    Measure.CALLS_CONNECTED: lambda: tr("Calls that are talked on now, on hold, or in a consultation."),
    Measure.AGENTS: lambda: tr("People whose desk told this state last, and since when."),
    Measure.CASES_WAITING: lambda: tr("Cases in the queue of the level that nobody has."),
    Measure.CASES_DUE_SOON: lambda: tr("Waiting cases with three quarters of their time to be claimed used up."),
    Measure.CASES_OVERDUE: lambda: tr("Waiting cases that should have been claimed by now."),
    Measure.CASES_CLAIMED: lambda: tr(
        "Cases that somebody of the level has; of first level those that were kept there, or came back."
    ),
    Measure.ESCALATED_HOUR: lambda: tr(
        "Each passing of a case to a higher level within the last 60 minutes; a case that went twice counts twice."
    ),
    Measure.ESCALATED_DAY: lambda: tr(
        "Each passing of a case to a higher level since midnight; a case that went twice counts twice."
    ),
    Measure.SOLVED_DAY: lambda: tr("Cases solved since midnight, at whatever level."),
    Measure.CALL_BACKS_DUE: lambda: tr("Customers to be called back whose time has come and who were not reached."),
    Measure.ANSWERS: lambda: tr(
        "Cases that an answer solved, of the calls in which it was opened; "
        "counted by day (UTC), without whose call it was."
    ),
    Measure.GAPS: lambda: tr(
        "Searches in ended calls that found nothing, or did not help; counted by day (UTC), without whose call it was."
    ),
}
