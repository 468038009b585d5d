"""The tallies of a day, kept call by call, are those of all its calls together."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.board import CallNow
from app.domain.calls import CallState
from app.domain.day_calls import DayCalls
from app.domain.metrics.call_figures import QueueRules, tally
from app.domain.metrics.calls import CallFacts
from tests.unit import metric_facts

QUEUES = st.sampled_from(["Router", "Office", ""])
RULES = st.builds(
    QueueRules,
    answer_within=st.sampled_from([timedelta(seconds=s) for s in (0, 5, 20)]),
    short_abandon=st.sampled_from([timedelta(0), timedelta(seconds=5)]),
)
STEPS = st.lists(
    st.tuples(st.integers(0, 5), QUEUES, metric_facts.calls() | st.none())
    | st.integers(0, 5)  # this call is gone
    | st.dictionaries(QUEUES, RULES, max_size=2),  # from now on these rules hold
    max_size=25,
)


def _call(number: int, queue: str, facts: CallFacts | None) -> CallNow:
    return CallNow(
        id=UUID(int=number),
        state=CallState.CLOSED,
        queue=queue,
        caller="",
        agent_name="",
        queued_at=facts.queued_at if facts else metric_facts.CHANGES[0],
        answered_at=facts.answered_at if facts else None,
        facts=facts,
    )


@given(STEPS, st.sampled_from(metric_facts.CHANGES))
def test_a_day_that_is_kept_is_the_day_that_is_counted(steps: list[object], start: object) -> None:
    day_start = metric_facts.CHANGES[0] if start == metric_facts.CHANGES[0] else metric_facts.CHANGES[1]
    day = DayCalls(day_start)
    known: dict[int, CallNow] = {}
    rules: dict[str, QueueRules] = {}
    for step in steps:
        match step:
            case (int() as number, str() as queue, facts):
                known[number] = _call(number, queue, facts if isinstance(facts, CallFacts) else None)
                day.put(known[number])
            case int() as number:
                known.pop(number, None)
                day.remove(UUID(int=number))
            case dict():
                rules = step
        counted = [call for call in known.values() if call.facts and call.queued_at >= day_start]
        by_queue = {
            queue: tally((c.facts for c in counted if c.facts and c.queue == queue), rules.get(queue, QueueRules()))
            for queue in {call.queue for call in counted}
        }
        assert day.tallies(rules) == by_queue
        assert [call.id for call in day.calls] == [
            call.id for call in sorted(known.values(), key=lambda call: (call.queued_at, call.id))
        ]
