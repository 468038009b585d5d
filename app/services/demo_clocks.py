"""The rules of the demo centre, and the clocks of its open cases."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files

from app.domain.clocks import CaseFacts, Event, reckon
from app.domain.rules.rulebook import Rulebook, RuleKind, rulebook
from app.services.demo_data import Values

_FILES = {RuleKind.CALENDARS: "calendars.toml", RuleKind.PROMISES: "promises.toml", RuleKind.PRICES: "prices.csv"}


@cache
def rule_texts() -> dict[RuleKind, str]:
    folder = files("resources.demo").joinpath("rules")
    return {kind: folder.joinpath(name).read_text(encoding="utf-8") for kind, name in _FILES.items()}


@cache
def demo_rules() -> Rulebook:
    return rulebook(rule_texts())


def rule_rows(now: datetime) -> list[Values]:
    return [{"kind": kind, "text": text, "at": now, "by": "demo"} for kind, text in rule_texts().items()]


def clock_columns(case: Values, team: str, events: Sequence[Event], now: datetime) -> Values:
    """What stands beside the facts of a case; the first supervisor's desk finds what was to be told meanwhile."""
    facts = CaseFacts(
        state=case["state"],
        level=case["level"],
        priority=case["priority"],
        opened_at=case["opened_at"],
        level_since=case["level_since"],
        team=team,
        plan=case["plan"],
        events=events,
    )
    return reckon(facts, demo_rules(), now).by_name() | {"alarm_at": now}
