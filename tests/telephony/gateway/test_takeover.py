"""Two gateways, one active: the other takes over, nothing is recorded twice, and what is lost shows in time."""

import signal
import time

import pytest

from app.bootstrap.gateway import Gateway
from app.db.address import Access
from app.db.engine import Database
from app.domain.calls import EndReason, EventKind
from app.domain.errors import NotAllowed
from app.domain.lines import GatewayPhase
from app.services.boards import Boards
from app.telephony.ami import AmiSettings
from app.telephony.ami.visits import call_id_of
from app.telephony.source import SourceState
from tests.patience import LIMIT_S
from tests.telephony.ami.fake_pbx import USER
from tests.telephony.ami.stories import Story
from tests.telephony.gateway.site import DeskLine, Site

HOLDER = "SELECT holder, phase FROM gateway WHERE beat_at > clock_timestamp() - interval '1.5 s'"


def ready(line: DeskLine) -> None:
    while line.listener.statuses.get(timeout=LIMIT_S).state is not SourceState.READY:
        pass


def lost(line: DeskLine) -> str:
    """The sentence, when the desk shows it; how soon that is stands in the measurements."""
    while (status := line.listener.statuses.get(timeout=LIMIT_S)).state is not SourceState.LOST:
        pass
    return status.sentence


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_the_other_gateway_takes_over_and_no_call_is_recorded_twice(centre_site: Site, number: signal.Signals) -> None:
    site = centre_site
    first = site.start_gateway("first")
    site.until_ready()
    second = site.start_gateway("second")
    ada = site.open_line(site.centre.agent)
    ready(ada)
    told = Story(began_s=time.time() - 1).join().ring().answer()
    waiting = Story(66, began_s=time.time(), num="+442079460122").join()
    site.pbx.play([*told.events, *waiting.events])
    ada.listener.event(EventKind.OFFERED)
    ada.listener.event(EventKind.ANSWERED)
    site.until("SELECT state FROM call ORDER BY queued_at", lambda r: r == [("connected",), ("queued",)])
    site.pbx.mood.channels, site.pbx.mood.waiting = _channels(told), []  # the one who waited hangs up meanwhile
    first.signal(number)
    site.until(
        HOLDER, lambda r: [(row[0].endswith(f":{second.process.pid}"), row[1]) for row in r] == [(True, "ready")]
    )
    site.until("SELECT state FROM call ORDER BY queued_at", lambda r: r == [("connected",), ("closed",)])
    before = len(told.events)
    site.pbx.play(told.wait(1).end().events[before:])
    assert ada.listener.event(EventKind.ENDED).end_reason is EndReason.ANSWERED
    rows = site.rows("SELECT id, end_reason, agent_id FROM call ORDER BY queued_at")
    assert rows == [
        (call_id_of(told.linked_id), "answered", site.centre.agent.id),
        (call_id_of(waiting.linked_id), "unknown", None),
    ]
    if number is signal.SIGSTOP:  # it wakes up, finds its connection gone, and stands by
        first.signal(signal.SIGCONT)
        time.sleep(2.5)
        assert [row[0].endswith(f":{second.process.pid}") for row in site.rows("SELECT holder FROM gateway")] == [True]
    assert second.end() == 0


def test_a_gateway_that_ends_in_a_transfer_leaves_the_first_call_as_it_was(centre_site: Site) -> None:
    """The customer of Ada's call is at Mia's telephone when the next gateway looks; then late words of Ada's come."""
    site = centre_site
    first = site.start_gateway("first")
    site.until_ready()
    told = Story(began_s=time.time() - 9).join().ring().wait(1).answer().wait(2).consult(whom="1002").wait(2)
    site.pbx.play(told.events)
    ids = [call_id_of(told.linked_id, part) for part in (0, 1)]
    site.until("SELECT state, number_normal FROM call ORDER BY queued_at", lambda r: r == [
        ("consulting", "+442079460100"), ("connected", "1001")
    ])  # fmt: skip
    assert first.end() == 0
    before = len(told.events)
    late = told.attended_transfer().events[before:]
    site.pbx.mood.channels = [
        {**told._caller(), "Application": "Queue", "ApplicationData": "support", "Duration": "00:00:08"},
        {**told._own("1002", "Up"), "ConnectedLineNum": "+442079460100", "Duration": "00:00:03"},
    ]
    site.start_gateway("second")
    site.until_ready()
    mia = site.open_line(site.mate)
    offered = mia.listener.event(EventKind.OFFERED)
    assert (offered.call_id, offered.caller.normal if offered.caller else "") == (ids[1], "+442079460100")
    site.pbx.play(late)
    before = len(told.events)
    site.pbx.play(told.wait(5).end("1002", queue="").events[before:])
    facts = (
        "SELECT id, agent_id, number_normal, end_reason, ended_by, answered_at - queued_at > interval '0.9 s' FROM call"
    )
    site.until(f"{facts} ORDER BY queued_at", lambda r: r == [
        (ids[0], site.centre.agent.id, "+442079460100", "answered", "transfer", True),
        (ids[1], site.mate.id, "+442079460100", "answered", "caller", True),
    ])  # fmt: skip


def test_a_lost_gateway_and_a_lost_pbx_show_on_the_desk_in_time(centre_site: Site) -> None:
    site = centre_site
    gateway = site.start_gateway("a")
    site.until_ready()
    ada = site.open_line(site.centre.agent)
    ready(ada)
    site.pbx.mood.is_frozen = True
    site.pbx.drop()
    assert "no connection to the telephone system since" in lost(ada)
    assert site.status()[0] == 1
    site.pbx.mood.is_frozen = False
    ready(ada)
    gateway.kill()
    assert "No word from the gateway since" in lost(ada)
    assert not ada.source.capabilities
    code, words = site.status()
    assert code == 1 and "No word from the gateway" in words


def test_a_pbx_that_freezes_behind_the_gateway_shows_on_desks_and_boards(centre_site: Site) -> None:
    """The connection stays and nothing comes. 5 s on a machine that has time for it (see the measurements)."""
    site = centre_site
    site.start_gateway("a")
    site.until_ready()
    ada = site.open_line(site.centre.agent)
    ready(ada)
    site.pbx.mood.is_frozen = True
    assert "no connection to the telephone system since" in lost(ada)
    database = Database(site.url)
    gateway = Boards(database).gateway()
    database.close()
    assert gateway and gateway.phase is GatewayPhase.LOST and gateway.trouble_since


def test_a_clean_end_says_good_bye_and_status_tells_each_fact(centre_site: Site) -> None:
    site = centre_site
    code, words = site.status()
    assert code == 1 and "No gateway has ever connected" in words
    gateway = site.start_gateway("a")
    site.until_ready()
    code, words = site.status()
    lines = words.splitlines()
    assert code == 0 and lines[0] == "Database: reached" and f":{gateway.process.pid}, last word" in lines[1]
    assert lines[2].startswith("Telephone system: connected since") and lines[3:5] == [
        "Callers waiting: 0",
        "Telephones: 2",
    ]
    assert gateway.end() == 0
    code, words = site.status()
    assert code == 1 and "The gateway was stopped at" in words
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7302"
    assert site.rows(locks) == [(0,)]


def test_what_happens_while_the_database_is_away_is_recorded_later(centre_site: Site) -> None:
    """The connections are cut; the server is back at once, and so is the gateway, which knows all that was told."""
    site = centre_site
    site.start_gateway("a")
    site.until_ready()
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'one_gateway'"
    site.rows(cut)
    told = Story(began_s=time.time() - 1).join().ring().answer().wait(1).end()
    site.pbx.play(told.events)
    site.until("SELECT end_reason FROM call", lambda r: r == [("answered",)])


def test_a_file_and_a_pooler_are_refused_with_a_sentence(sqlite_url: str, postgres_url: str) -> None:
    settings = AmiSettings(host="127.0.0.1", user=USER, password=lambda: None)
    database = Database(sqlite_url)
    with pytest.raises(NotAllowed, match="needs PostgreSQL"):
        Gateway(database, settings, "here")
    database.close()
    database = Database(postgres_url, Access(is_pooled=True))
    with pytest.raises(NotAllowed, match="not through PgBouncer"):
        Gateway(database, settings, "here")
    database.close()


def _channels(told: Story, agent: str = "1001") -> list[dict[str, str]]:
    """As the PBX lists a conversation."""
    caller, own = told._caller(), told._own(agent, "Up")
    application = {"Application": "Queue", "ApplicationData": "support"}
    return [{**caller, **application, "Duration": "00:00:05"}, {**own, "Duration": "00:00:04"}]
