"""Who looks at one person's figures says why and is seen; administrators change the works-council mode, others read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.calls import CallState
from app.domain.people import Person, Role
from app.services.calls import Calls
from app.services.person_records import PersonRecords
from app.services.works_council import WorksCouncil
from tests import builders
from tests.conftest import ExpectedLog
from tests.fakes import away, station
from tests.ui.bench_rig import full_disk
from tests.ui.console import Centre, Console
from ui.about_me import AboutMe
from ui.council import CouncilModePage, OnePersonPage
from ui.messages import MessagesPage
from ui.widgets.unread import Unread

PURPOSE = "the talk of this quarter"
REASON = "works agreement of 2 March"

OpenConsole = Callable[..., Console]


def _open_page(console: Console, title: str) -> None:
    """As in the menu at the own name."""
    shows = dict(console.shell.line.person_pages)
    shows[title]()


def _one_person(console: Console) -> OnePersonPage:
    _open_page(console, "Figures of one person")
    page = console.shell._pages.shown
    assert isinstance(page, OnePersonPage)
    console.wait(lambda: page.person.count() > 0)
    return page


def _mode(console: Console) -> CouncilModePage:
    _open_page(console, "Works-council mode")
    page = console.shell._pages.shown
    assert isinstance(page, CouncilModePage)
    console.wait(lambda: page.why.text() != "")
    return page


def _record_calls(centre: Centre, by: Person) -> None:
    for minutes in (30, 60):
        made = builders.call(CallState.CLOSED, queued_at=datetime.now(UTC) - timedelta(minutes=minutes))
        Calls(centre.database).record(builders.record_call(made, by))


def test_a_look_is_written_down_and_the_person_reads_it(
    call_centre: Centre, open_console: OpenConsole, tmp_path: Path
) -> None:
    ada, records = call_centre.seeded.agent, PersonRecords(call_centre.database)
    _record_calls(call_centre, ada)
    lead = open_console(person=call_centre.seeded.lead)
    page = _one_person(lead)
    assert [page.person.itemText(n) for n in range(page.person.count())] == ["Ada · Office", "Dora · Network"]
    assert page.figures.records.rowCount() == 0
    page.purpose.setFocus()
    lead.write("curious")
    lead.press("Ctrl+Return")
    assert page.hint.isVisible() and page.hint.text().startswith("Say what for")
    assert records.looks_at(ada) == ()  # nobody looked yet
    lead.press("Ctrl+A")
    lead.write(PURPOSE)
    lead.press("Ctrl+Return")
    lead.wait(lambda: page.figures.records.rowCount() == 11)
    shown = {row.name: row.value for row in page.figures.records.records}
    assert (shown["Offered"], shown["Answered"]) == ("2", "2")
    assert page.purpose.text() == "" and PURPOSE in page._shown.title and "Ada" in page._shown.title
    [look] = records.looks_at(ada)
    assert (look.by_name, look.purpose) == (call_centre.seeded.lead.name, PURPOSE)
    lead.wait(lambda: [one.purpose for one in page.looks.records.records] == [PURPOSE])
    with station(call_centre.url, ada, tmp_path / "ada") as opened:
        window = AboutMe(opened.context, lead.window)
        lead.wait(lambda: window.looks.records.rowCount() == 1)
        assert window.looks.records.index(0, 3).data() == PURPOSE
        window.close()
    lead.press("Esc")
    assert lead.shell._pages.shown is None


def test_what_is_typed_for_a_look_survives_the_page(call_centre: Centre, open_console: OpenConsole) -> None:
    lead = open_console(person=call_centre.seeded.lead)
    page = _one_person(lead)
    page.purpose.setFocus()
    lead.write("the talk of")
    lead.press("Esc")
    assert _one_person(lead).purpose.text() == "the talk of"
    assert PersonRecords(call_centre.database).looks_at(call_centre.seeded.agent) == ()


def test_a_period_that_is_none_is_refused_with_a_sentence(call_centre: Centre, open_console: OpenConsole) -> None:
    lead = open_console(person=call_centre.seeded.lead)
    page = _one_person(lead)
    page.last.show_day(page.first.day - timedelta(days=1))
    page.purpose.setFocus()
    lead.write(PURPOSE)
    lead.press("Ctrl+Return")
    assert page.hint.isVisible() and "before the first" in page.hint.text()
    assert page.purpose.text() == PURPOSE


def test_an_administrator_changes_the_mode_with_a_reason(call_centre: Centre, open_console: OpenConsole) -> None:
    council = WorksCouncil(call_centre.database)
    admin = open_console(person=call_centre.all_roles)
    page = _mode(admin)
    assert (page.state.text(), page.decide.text()) == ("On", "Turn the mode off")
    assert page.reason.hasFocus()
    admin.write("because")
    admin.press("Ctrl+Return")
    assert page.hint.text().startswith("Say why") and council.mode().is_on
    admin.press("Ctrl+A")
    admin.write(REASON)
    admin.press("Ctrl+Return", "Ctrl+Return")
    admin.wait(lambda: page.state.text() == "Off" and page.decide.isEnabled() and page.reason.text() == "")
    [change] = council.changes()
    assert (change.is_on, change.by_name, change.reason) == (False, call_centre.all_roles.name, REASON)
    assert REASON in page.why.text()
    assert [one.mode.reason for one in page.decisions.records.records] == [REASON]
    admin.write("the agreement has ended")
    admin.press("Ctrl+Return")
    admin.wait(lambda: page.state.text() == "On")
    assert [one.is_on for one in council.changes()] == [True, False]


def test_a_reason_that_the_disk_does_not_take_stays_typed(call_centre: Centre, open_console: OpenConsole) -> None:
    admin = open_console(person=call_centre.all_roles)
    page = _mode(admin)
    admin.wait(admin.is_delivered)
    page.reason.setFocus()
    admin.write(REASON)
    with full_disk(admin.desk.journal):
        admin.press("Ctrl+Return")
        admin.wait(lambda: "no space left" in page.hint.text())
        assert page.reason.text() == REASON and page.decide.isEnabled()
    admin.press("Ctrl+Return")
    admin.wait(lambda: page.reason.text() == "")
    admin.wait(lambda: [one.reason for one in WorksCouncil(call_centre.database).changes()] == [REASON])


def test_a_supervisor_reads_the_mode_and_an_agent_has_neither_page(
    call_centre: Centre, open_console: OpenConsole
) -> None:
    council = WorksCouncil(call_centre.database)
    lead = open_console(person=call_centre.seeded.lead)
    page = _mode(lead)
    assert page.reason.parentWidget() is None or not page.reason.isVisible()
    page.send()
    council.change(call_centre.all_roles.id, is_on=False, reason=REASON)  # elsewhere
    lead.wait(lambda: page.state.text() == "Off")
    assert [one.mode.reason for one in page.decisions.records.records] == [REASON]


def test_an_agent_has_neither_page(agent: Console) -> None:
    assert agent.shell.line.person_pages == ()
    assert Role.SUPERVISOR not in agent.desk.person.roles


def test_what_cannot_be_read_is_not_told_as_nothing(
    call_centre: Centre, open_console: OpenConsole, expected_log: ExpectedLog
) -> None:
    """Nor can a mode be turned over that nobody knows."""
    expected_log.may_come("database: OperationalError|change feed")
    admin = open_console(person=call_centre.all_roles)
    with away(admin.desk._database, call_centre.path):
        _open_page(admin, "Figures of one person")
        look = admin.shell._pages.shown
        assert isinstance(look, OnePersonPage)
        _wait_unread(admin, look.unread)
        assert look.looks._empty_text is not None and look.looks._empty_text() == "No data yet"
        about = AboutMe(admin.shell._context, admin.window)
        about.show()
        _wait_unread(admin, about.unread)
        for table in (about.things, about.looks):
            assert table._empty_text is not None and table._empty_text() == "No data yet"
    admin.wait(lambda: look.unread.isHidden() and look.person.count() > 0)  # by itself
    admin.wait(lambda: about.unread.isHidden() and about.things.records.rowCount() > 0)
    assert look.looks._empty_text is not None and look.looks._empty_text().startswith("You looked at nobody")
    about.close()
    with away(admin.desk._database, call_centre.path):
        _open_page(admin, "Works-council mode")
        mode = admin.shell._pages.shown
        assert isinstance(mode, CouncilModePage)
        _wait_unread(admin, mode.unread)
        assert not mode.decide.isEnabled() and mode.why.text() == ""
        mode.reason.setText(REASON)
        admin.press("Ctrl+Return")
        admin.shell._pages.show(messages := MessagesPage(admin.shell._context))
        _wait_unread(admin, messages.unread)
        assert messages.table._empty_text is not None and messages.table._empty_text() == "No data yet"
    admin.wait(lambda: messages.unread.isHidden())
    assert WorksCouncil(call_centre.database).mode().is_on


def _wait_unread(console: Console, notice: Unread) -> None:
    console.wait(notice.isVisible)
    assert notice.text.startswith("This could not be read. The database file cannot be opened.")
