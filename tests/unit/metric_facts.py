"""Facts of calls for tests: the ten calls whose figures are known, and any calls that can be."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from app.domain.metrics.calls import CallFacts
from tests.builders import NOW, at

# wait, talk, hold, after-call work in seconds
ANSWERED = ((5, 180, 0, 30), (12, 240, 20, 40), (20, 120, 0, 0), (21, 300, 30, 60), (45, 200, 0, 20))
ABANDONED_AFTER_S = (3, 5, 15, 60)

# Around the night in which Berlin's clocks are put forward, and the one in which they are put back.
CHANGES = (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC))
INSTANTS = st.builds(
    lambda start, after: start + after, st.sampled_from(CHANGES), st.timedeltas(timedelta(0), timedelta(days=2))
)
_SHORT = st.sampled_from([timedelta(seconds=s) for s in (0, 5, 20)]) | st.timedeltas(timedelta(0), timedelta(minutes=2))


def answered(wait: float, talk: float = 100, hold: float = 0, after: float = 0, *, queued: datetime = NOW) -> CallFacts:
    answered_at = queued + timedelta(seconds=wait)
    ended_at = answered_at + timedelta(seconds=talk + hold)
    return CallFacts(
        queued_at=queued,
        offered_at=queued,
        answered_at=answered_at,
        held=timedelta(seconds=hold),
        ended_at=ended_at,
        wrapped_up_at=ended_at + timedelta(seconds=after),
    )


def abandoned(wait: float) -> CallFacts:
    return CallFacts(queued_at=NOW, abandoned_at=at(wait))


def flowed_out(wait: float = 30) -> CallFacts:
    return CallFacts(queued_at=NOW, flowed_out_at=at(wait))


TEN_CALLS = (*(answered(*times) for times in ANSWERED), *map(abandoned, ABANDONED_AFTER_S), flowed_out())


@st.composite
def calls(draw: st.DrawFn) -> CallFacts:
    """Any call: it waits, was given up, flowed out, is talked on, wrapped up or over."""
    queued_at = draw(INSTANTS)
    left_at = queued_at + draw(_SHORT)
    offered_at = draw(st.sampled_from([None, queued_at, left_at]))
    match draw(st.sampled_from(["waiting", "abandoned", "flowed out", "talking", "wrapping up", "over", "over"])):
        case "waiting":
            return CallFacts(queued_at=queued_at)
        case "abandoned":
            return CallFacts(queued_at=queued_at, offered_at=offered_at, abandoned_at=left_at, ended_at=left_at)
        case "flowed out":
            return CallFacts(queued_at=queued_at, flowed_out_at=left_at)
        case "talking":
            return CallFacts(queued_at=queued_at, offered_at=offered_at, answered_at=left_at)
        case stage:
            is_over = stage == "over"
            held, talked = draw(_SHORT), draw(_SHORT)
            ended_at = left_at + talked + held
            return CallFacts(
                queued_at=queued_at,
                offered_at=offered_at,
                answered_at=left_at,
                held=held,
                ended_at=ended_at,
                wrapped_up_at=ended_at + draw(_SHORT) if is_over and draw(st.booleans()) else None,
                is_wrapping_up=not is_over,
                is_transferred=draw(st.booleans()),
            )
