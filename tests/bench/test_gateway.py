"""The gateway: from the PBX's bytes to the card at another desk, a frozen PBX, 50 calls a second, 5,000 agents.

FIRSTLINE_BENCH_S=600 lets the calls come for ten minutes instead of ten seconds.
"""

import os
import queue
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.calls import CallEvent, EventKind
from app.telephony.ami import AmiSource
from app.telephony.source import SourceState
from tests import people
from tests.bench.measure import Line, Times, compared
from tests.telephony.ami.conftest import settings
from tests.telephony.ami.fake_pbx import FakePbx, running_pbx
from tests.telephony.ami.stories import Fields, Story, member
from tests.telephony.gateway.site import Site, site
from tests.telephony.listening import Listener

HERE = Path(__file__).parents[2]
CALLS = 50
FREEZES = 5
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


class _CardProcess:
    """A desk with a card in another process; its words with the times at which they were said."""

    def __init__(self, site: Site, folder: Path) -> None:
        login = site.centre.agent.login
        command = [sys.executable, "-m", "tests.bench.card_process", login, str(folder)]
        self._process = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
        )
        site.stack.callback(self._end)
        assert self._process.stdin
        self._process.stdin.write(people.as_login(site.url, login) + "\n")
        self._process.stdin.flush()
        self._words: queue.Queue[tuple[str, float]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def until(self, word: str) -> float:
        """When it said this."""
        while (said := self._words.get(timeout=60))[0] != word:  # after several losses a line waits up to 30 s
            pass
        return said[1]

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            word, at_s = line.split()
            self._words.put((word, float(at_s)))

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


def test_from_the_pbxs_bytes_to_a_painted_card_in_another_process(
    running_site: Site, tmp_path: Path, report: list[Line]
) -> None:
    """Beside it, of the same calls: the news at a desk that is connected with the PBX itself."""
    running_site.start_gateway()
    running_site.until_ready()
    card = _CardProcess(running_site, tmp_path / "card")
    card.until("READY")
    direct, own = AmiSource(settings(running_site.pbx.port)), Listener()
    direct.start(own.events.put, own.statuses.put)
    own.status(SourceState.STARTING)
    own.status(SourceState.READY)
    painted, beside = Times(), Times()
    for number in range(CALLS):
        told = Story(number * 10, began_s=time.time() - 1).join().ring()
        began_s = time.monotonic()
        running_site.pbx.play(told.events)
        beside.values.append(_after(own.events, EventKind.OFFERED, began_s))
        painted.values.append((card.until("PAINTED") - began_s) * 1000)
        before = len(told.events)
        running_site.pbx.play(told.abandon("1001").events[before:])
        _after(own.events, EventKind.ENDED, began_s)
        time.sleep(random.uniform(0.2, 0.4))  # a desk reads changes at most ten times a second: at any point of that
    direct.stop()
    report.append(compared("AMI bytes -> painted card, other process", painted, "news at the PBX itself", beside))


def test_a_frozen_pbx_on_a_desk_behind_the_gateway(running_site: Site, tmp_path: Path, report: list[Line]) -> None:
    """The connection stays open and nothing comes any more; compared with the 5 s in which it shall show."""
    running_site.start_gateway()
    running_site.until_ready()
    card = _CardProcess(running_site, tmp_path / "card")
    card.until("READY")
    shown = Times()
    for _ in range(FREEZES):
        running_site.pbx.mood.is_frozen = True
        began_s = time.monotonic()
        shown.values.append((card.until("LOST") - began_s) * 1000)
        running_site.pbx.mood.is_frozen = False
        card.until("READY")
    limit_ms = 5_000.0
    report.append(Line(name="frozen PBX -> said at a desk", times=shown, yardstick="5 s", yardstick_ms=limit_ms))


def test_fifty_calls_a_second(running_site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    running_site.pbx.mood.members = [member(str(1001 + n)) for n in range(AGENTS_IN_LOAD)]
    gateway = running_site.start_gateway()
    running_site.until_ready()
    pid, count = gateway.process.pid, int(DURATION_S * PER_SECOND)
    stories: dict[int, Story] = {}
    running_site.pbx.mood.channels = _Live(stories)
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
    whole = "SELECT count(*) FROM call WHERE answered_at IS NOT NULL AND end_reason = 'answered'"
    [(whole_count,)] = running_site.rows(whole)
    with capsys.disabled():
        print(f"\n{running_site.pbx.connection_count} connection(s) to the PBX, {whole_count} with their answer")
        print(f"{count} calls in {sent_s:.1f} s, all recorded {caught_up_s:.2f} s later;")
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


class _Live(list[Fields]):
    """The channels of the calls that are under way, for whoever connects anew."""

    def __init__(self, stories: dict[int, Story]) -> None:
        super().__init__()
        self._stories = stories

    def __iter__(self) -> Iterator[Fields]:
        return iter([one for story in list(self._stories.values()) for one in story.channels()])


def _after(events: "queue.Queue[CallEvent]", kind: EventKind, began_s: float) -> float:
    """Milliseconds until an event of this kind."""
    while events.get(timeout=20).kind is not kind:
        pass
    return (time.monotonic() - began_s) * 1000


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
