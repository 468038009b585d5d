"""The gateway: from the PBX's bytes to another desk's news, 50 calls a second, 5,000 agents.

FIRSTLINE_BENCH_S=600 lets the calls come for ten minutes instead of ten seconds.
"""

import os
import queue
import time
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from app.domain.calls import CallEvent, EventKind
from app.telephony.ami import AmiSource
from app.telephony.source import SourceState
from tests.bench.measure import Line, Times, compared
from tests.telephony.ami.conftest import settings
from tests.telephony.ami.fake_pbx import FakePbx, running_pbx
from tests.telephony.ami.stories import Story, member
from tests.telephony.gateway.site import Site, site
from tests.telephony.listening import Listener

CALLS = 50
PER_SECOND = 50
DURATION_S = float(os.environ.get("FIRSTLINE_BENCH_S", "10"))
AGENTS = 5_000
AGENTS_IN_LOAD = 200


@pytest.fixture
def pbx() -> Iterator[FakePbx]:
    with running_pbx() as running:
        yield running


@pytest.fixture
def running_site(postgres_url: str, pbx: FakePbx, tmp_path: Path) -> Iterator[Site]:
    with site(postgres_url, pbx, tmp_path) as made:
        yield made


def test_from_the_pbxs_bytes_to_another_desk(running_site: Site, report: list[Line]) -> None:
    """Both hear of the same call: a desk of its own at the PBX, and one behind gateway and PostgreSQL."""
    running_site.start_gateway()
    running_site.until_ready()
    ada = running_site.open_line(running_site.centre.agent)
    while ada.listener.statuses.get(timeout=20).state is not SourceState.READY:
        pass
    direct, own = AmiSource(settings(running_site.pbx.port)), Listener()
    direct.start(own.events.put, own.statuses.put)
    own.status(SourceState.STARTING)
    own.status(SourceState.READY)
    behind, beside = Times(), Times()
    for number in range(CALLS):
        told = Story(number * 10, began_s=time.time() - 1).join().ring()
        began_s = perf_counter()
        running_site.pbx.play(told.events)
        beside.values.append(_after(own.events, EventKind.OFFERED, began_s))
        behind.values.append(_after(ada.listener.events, EventKind.OFFERED, began_s))
        before = len(told.events)
        running_site.pbx.play(told.answer().end().events[before:])
        _after(own.events, EventKind.ENDED, began_s)
        _after(ada.listener.events, EventKind.ENDED, began_s)
    direct.stop()
    report.append(compared("AMI bytes -> news at another desk", behind, "at the PBX itself", beside))


def test_fifty_calls_a_second(running_site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    running_site.pbx.mood.members = [member(str(1001 + n)) for n in range(AGENTS_IN_LOAD)]
    gateway = running_site.start_gateway()
    running_site.until_ready()
    pid, count = gateway.process.pid, int(DURATION_S * PER_SECOND)
    stories: dict[int, Story] = {}
    began_s, cpu_s, sizes = time.monotonic(), _cpu_s(pid), [_rss_mb(pid)]
    for number in range(count + 2 * PER_SECOND):
        if number < count:
            agent = str(1001 + number % AGENTS_IN_LOAD)
            stories[number] = Story(number * 10 + 10, began_s=time.time(), num=f"+442079460{number % 1000:03}")
            running_site.pbx.play(stories[number].join().ring(agent).events)
        for earlier, part in ((number - PER_SECOND, "answer"), (number - 2 * PER_SECOND, "end")):
            if 0 <= earlier < count:
                told, agent = stories[earlier], str(1001 + earlier % AGENTS_IN_LOAD)
                before = len(told.events)
                getattr(told, part)(agent)
                running_site.pbx.play(told.events[before:])
        stories.pop(number - 2 * PER_SECOND, None)
        if number % (PER_SECOND * max(1, int(DURATION_S / 10))) == 0:
            sizes.append(_rss_mb(pid))
        time.sleep(max(0.0, began_s + number / PER_SECOND - time.monotonic()))
    sent_s = time.monotonic() - began_s
    running_site.until("SELECT count(*) FROM call WHERE ended_at IS NOT NULL", lambda rows: rows == [(count,)], 60.0)
    caught_up_s, used_s = time.monotonic() - began_s - sent_s, _cpu_s(pid) - cpu_s
    with capsys.disabled():
        print(f"\n{count} calls in {sent_s:.1f} s, all recorded {caught_up_s:.2f} s later;")
        print(f"CPU {used_s / sent_s:.0%} of a core, memory MiB {' '.join(f'{size:.0f}' for size in sizes)}")


def test_five_thousand_agents(running_site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    running_site.pbx.mood.members = [member(str(10_000 + n)) for n in range(AGENTS)]
    began_s = time.monotonic()
    gateway = running_site.start_gateway()
    running_site.until("SELECT count(*) FROM telephone WHERE device = 'free'", lambda rows: rows == [(AGENTS,)], 60.0)
    start_s, cpu_s = time.monotonic() - began_s, _cpu_s(gateway.process.pid)
    changes = [{"Event": "QueueMemberStatus", **member(str(10_000 + n), status=2)} for n in range(AGENTS)]
    began_s = time.monotonic()
    running_site.pbx.play(changes)
    running_site.until("SELECT count(*) FROM telephone WHERE device = 'in_use'", lambda rows: rows == [(AGENTS,)], 60.0)
    took_s, used_s = time.monotonic() - began_s, _cpu_s(gateway.process.pid) - cpu_s
    with capsys.disabled():
        print(f"\n{AGENTS} agents: start to recorded {start_s:.2f} s; all change at once: {took_s:.2f} s,"
              f" {used_s:.2f} s CPU, {_rss_mb(gateway.process.pid):.0f} MiB")  # fmt: skip


def _after(events: "queue.Queue[CallEvent]", kind: EventKind, began_s: float) -> float:
    """Milliseconds until an event of this kind."""
    while events.get(timeout=20).kind is not kind:
        pass
    return (perf_counter() - began_s) * 1000


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
