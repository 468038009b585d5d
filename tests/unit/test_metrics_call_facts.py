"""The facts of a call: which cannot be."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import NotAllowed
from app.domain.metrics.calls import CallFacts
from tests.builders import NOW, at
from tests.unit.metric_facts import abandoned, answered

# --- facts that cannot be -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ({"answered_at": 5, "abandoned_at": 5}, "“answered_at” and “abandoned_at” exclude each other"),
        ({"answered_at": 5, "flowed_out_at": 9}, "“answered_at” and “flowed_out_at” exclude each other"),
        ({"abandoned_at": 5, "flowed_out_at": 9}, "“abandoned_at” and “flowed_out_at” exclude each other"),
        ({"answered_at": -1}, "“answered_at” is before “queued_at”"),
        ({"offered_at": 6, "answered_at": 5}, "“answered_at” is before “offered_at”"),
        ({"offered_at": 6, "abandoned_at": 5}, "“abandoned_at” is before “offered_at”"),
        ({"answered_at": 5, "ended_at": 4}, "“ended_at” is before “answered_at”"),
        ({"abandoned_at": 5, "ended_at": 4}, "“ended_at” is before “abandoned_at”"),
        ({"answered_at": 5, "ended_at": 9, "wrapped_up_at": 8}, "“wrapped_up_at” is before “ended_at”"),
        ({"ended_at": 9}, "“ended_at” needs one of"),
        ({"answered_at": 5, "wrapped_up_at": 8}, "“wrapped_up_at” needs “ended_at”"),
        ({"abandoned_at": 5, "ended_at": 5, "wrapped_up_at": 8}, "“wrapped_up_at” needs “answered_at”"),
    ],
)
def test_no_call_can_be_like_this(times: dict[str, float], sentence: str) -> None:
    happened = {name: at(seconds) for name, seconds in times.items()}
    with pytest.raises(NotAllowed, match=sentence):
        CallFacts(queued_at=NOW, **happened)  # type: ignore[arg-type]


def test_a_hold_is_part_of_the_conversation() -> None:
    with pytest.raises(NotAllowed, match="on hold for longer"):
        replace(answered(5, talk=0, hold=10), held=timedelta(seconds=11))
    with pytest.raises(NotAllowed, match="below zero"):
        replace(answered(5), held=timedelta(seconds=-1))
    with pytest.raises(NotAllowed, match="Only a call with"):
        replace(abandoned(5), held=timedelta(seconds=1))
    CallFacts(
        queued_at=NOW, answered_at=at(1), held=timedelta(seconds=30)
    )  # goes on: nobody knows how long it will last


def test_facts_are_in_utc() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    with pytest.raises(ValueError, match="UTC"):
        CallFacts(queued_at=NOW.astimezone(berlin))
    with pytest.raises(ValueError, match="UTC"):
        CallFacts(queued_at=NOW, answered_at=NOW.replace(tzinfo=None))
