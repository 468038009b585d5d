"""A pause that somebody else made is told once; the echoes of our own never are, however they come."""

from hypothesis import given
from hypothesis import strategies as st

from app.telephony.pause_watch import SETTLE_S, Pause, PauseWatch

FREE, LUNCH, MEETING = Pause(False), Pause(True, "lunch"), Pause(True, "Meeting with Tom")


def settled(watch: PauseWatch, now_s: float) -> Pause | None:
    assert watch.look(now_s) is None
    return watch.look(now_s + SETTLE_S)


def test_somebody_elses_change_is_told_once() -> None:
    watch = PauseWatch()
    watch.ask(FREE)
    watch.answer(0, was_done=True)
    watch.tell(FREE, 0)
    watch.tell(MEETING, 10)
    assert settled(watch, 10) == MEETING
    assert watch.look(100) is None
    watch.tell(FREE, 200)
    assert settled(watch, 200) == FREE


def test_another_reason_is_a_change_and_none_is_not() -> None:
    watch = PauseWatch()
    watch.ask(LUNCH)
    watch.answer(0, was_done=True)
    watch.tell(Pause(True), 1)
    assert settled(watch, 1) is None
    watch.tell(MEETING, 2)
    assert settled(watch, 2) == MEETING


def test_nothing_is_judged_while_ours_is_under_way() -> None:
    watch = PauseWatch()
    watch.tell(FREE, 0)
    watch.ask(LUNCH)
    assert watch.look(1000) is None
    watch.answer(1000, was_done=True)
    assert watch.look(1000) is None
    watch.tell(LUNCH, 1000.4)  # later than the answer
    assert watch.look(2000) is None


def test_what_the_pbx_refuses_leaves_it_as_it_is() -> None:
    watch = PauseWatch()
    watch.tell(FREE, 0)
    watch.ask(LUNCH)
    watch.answer(1, was_done=False)
    assert watch.look(1000) is None and not watch.is_open


@given(data=st.data())
def test_the_echoes_of_ours_are_never_somebody_elses(data: st.DataObject) -> None:
    """Our askings are done in their order; answers and echoes of each come mixed, within the time to settle."""
    asked = data.draw(st.lists(st.sampled_from([FREE, LUNCH, Pause(True, "wrap_up")]), min_size=1, max_size=6))
    watch, now_s = PauseWatch(), 0.0
    steps: list[tuple[float, int, Pause | None]] = []
    for number, pause in enumerate(asked):
        watch.ask(pause)
        done_s = number * 0.01 + 1
        steps.append((done_s + data.draw(st.floats(0, SETTLE_S * 0.9)), number, None))
        steps.append((done_s, number, pause))
    for now_s, _, echo in sorted(steps, key=lambda step: step[:2]):
        if echo:
            watch.tell(echo, now_s)
        else:
            watch.answer(now_s, was_done=True)
        assert watch.look(now_s) is None
    assert watch.look(now_s + 10) is None and not watch.is_open
