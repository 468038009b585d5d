"""From when on a figure is an alert, set at the screen: by keys, and with a sentence for what cannot be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from app.db.rows import PersonRow
from app.domain.alerts import AlertKey, AlertRule
from app.domain.board_figures import Measure
from app.domain.calls import CallState
from app.domain.cases import Level
from app.domain.commands import AnyCommand, SetAlertRule
from app.domain.errors import NotAllowed, Unavailable
from app.domain.ids import new_id
from app.domain.people import Role
from app.services.alert_rules import AlertRules
from app.services.calls import Calls
from app.services.commands import Commands
from tests import builders
from tests.builders import NOW
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.ui.console import Centre, Console
from ui.supervisor import ThresholdPage

WAIT, LEVEL = AlertKey(measure=Measure.LONGEST_WAIT), AlertKey(measure=Measure.SERVICE_LEVEL)

OpenConsole = Callable[..., Console]


def _page(console: Console) -> ThresholdPage:
    """As in the menu at the own name."""
    dict(console.shell.line.person_pages)["Alert thresholds"]()
    page = console.shell._pages.shown
    assert isinstance(page, ThresholdPage)
    console.wait(lambda: page.table.current() is not None and page.save_button.isEnabled())
    return page


def _rules(centre: Centre) -> AlertRules:
    return AlertRules(centre.database, ZoneInfo("Europe/Berlin"))


def _type(console: Console, page: ThresholdPage, place: int, text: str) -> None:
    page.form.fields[place].setFocus()
    console.press("Ctrl+A", "Delete")
    console.write(text)


def test_a_threshold_is_set_and_given_back_with_keys(call_centre: Centre, open_console: OpenConsole) -> None:
    lead, rules = open_console(person=call_centre.seeded.lead), _rules(call_centre)
    page = _page(lead)
    assert page.table.hasFocus() and page.table.current().id == WAIT  # type: ignore[union-attr]
    assert [field.text() for field in page.form.fields] == ["120", "45", "15", "5"]
    _type(lead, page, 0, "90")
    _type(lead, page, 3, "7.5")
    lead.press("Ctrl+Return")
    lead.wait(lambda: WAIT in rules.own())
    rule = rules.all()[WAIT]
    assert (rule.raise_at, rule.clear_at) == (Fraction(90), Fraction(45))
    assert rule.quiet == timedelta(minutes=7.5)
    lead.wait(lambda: page.forget_button.isEnabled())
    page.forget_button.setFocus()
    lead.press("Space")
    lead.wait(lambda: WAIT not in rules.own())
    lead.wait(lambda: page.form.fields[0].text() == "120")  # as the program has it
    lead.press("Esc")
    assert lead.shell._pages.shown is None


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (0, "soon", "“Alert from” takes a number"),
        (0, "", "takes a number"),
        (1, "-1", "“Over from” is from 0"),
        (0, "NaN", "takes a number"),
        (0, "45", "ends at another value"),
        (2, "1.5", "“Sure after” takes a whole number"),
        (2, "7200", "waits up to an hour"),
        (3, "0", "one minute to a day"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_sent(
    call_centre: Centre, open_console: OpenConsole, place: int, text: str, said: str
) -> None:
    lead = open_console(person=call_centre.seeded.lead)
    page = _page(lead)
    _type(lead, page, place, text)
    lead.press("Ctrl+Return")
    assert (
        said.replace("“Alert from”", "Alert from")
        .replace("“Over from”", "Over from")
        .replace("“Sure after”", "Sure after")
        in page.hint.text()
    )
    assert page.form.fields[place].text() == text  # what was typed stays
    assert _rules(call_centre).own() == frozenset()


def test_one_queue_is_watched_by_itself(call_centre: Centre, open_console: OpenConsole) -> None:
    _queue(call_centre, "Router")
    lead, rules = open_console(person=call_centre.seeded.lead), _rules(call_centre)
    page = _page(lead)
    assert page.table.choose(LEVEL)
    lead.wait(lambda: page.form.fields[0].text() == "60")
    assert page.queue.count() == 2
    page.queue.setCurrentIndex(1)
    _type(lead, page, 0, "70")
    _type(lead, page, 1, "85,5")  # as it is written in German
    lead.press("Ctrl+Return")
    key = AlertKey(measure=Measure.SERVICE_LEVEL, queue="Router")
    lead.wait(lambda: key in rules.own())
    assert (rules.all()[key].raise_at, rules.all()[key].clear_at) == (Fraction(7, 10), Fraction(855, 1000))
    assert LEVEL not in rules.own()
    assert page.table.choose(AlertKey(measure=Measure.CASES_OVERDUE, level=Level.SECOND))
    lead.wait(lambda: not page.queue.isEnabled())  # cases are in no queue of calls


def test_an_administrator_has_the_page_and_an_agents_command_is_refused(
    call_centre: Centre, open_console: OpenConsole
) -> None:
    values = {"raise_milli": 1, "clear_milli": 2, "hold_s": 1, "quiet_s": 60, "days": "1", "opens": "00:00"}
    rule = {**values, "closes": "00:00", "zone": "UTC", "is_on": True, "measure": Measure.LONGEST_WAIT}
    by = call_centre.seeded.agent.id
    with pytest.raises(NotAllowed, match="Only supervisors"):
        Commands(call_centre.database).apply(SetAlertRule(id=new_id(), by=by, at=NOW, **rule))  # type: ignore[arg-type]
    admin = open_console(person=call_centre.all_roles)
    assert _page(admin).save_button.isEnabled()


def _queue(centre: Centre, name: str) -> None:
    """A call came to this queue."""
    call = replace(builders.call(CallState.QUEUED), queue=name)
    Calls(centre.database).record(builders.record_call(call, centre.seeded.agent))


def test_a_rule_of_a_queue_that_no_call_came_to_is_its_own(call_centre: Centre, open_console: OpenConsole) -> None:
    """It was shown as that of all queues, and saved as such."""
    rules, gone = _rules(call_centre), replace(WAIT, queue="Fax")
    rules.put(replace(rules.all()[WAIT], key=gone, raise_at=Fraction(300)))
    lead = open_console(person=call_centre.seeded.lead)
    page = _page(lead)
    assert page.table.choose(gone)
    lead.wait(lambda: page.form.fields[0].text() == "300")
    assert page.queue.currentText() == "Fax"
    _type(lead, page, 0, "240")
    lead.press("Ctrl+Return")
    lead.wait(lambda: rules.all()[gone].raise_at == 240)
    assert rules.own() == {gone}


def test_what_is_refused_stays_in_the_fields_with_the_reason(call_centre: Centre, open_console: OpenConsole) -> None:
    """The fields showed the rule of all queues again, and nothing said that the other one was not set."""
    _queue(call_centre, "Router")
    lead, rules = open_console(person=call_centre.seeded.lead), _rules(call_centre)
    page = _page(lead)
    assert page.table.choose(LEVEL)
    lead.wait(lambda: page.form.fields[0].text() == "60")
    page.queue.setCurrentIndex(1)
    _type(lead, page, 0, "70")
    _let(call_centre, Role.FIRST_LEVEL)
    lead.press("Ctrl+Return")
    lead.wait(lambda: "Only supervisors and administrators may change this." in page.hint.text())
    rules.put(_other(rules.all()[LEVEL]))  # meanwhile, by somebody else
    lead.wait(lambda: page.table.current() is not None and page.table.current().rule.raise_at == Fraction(1, 2))  # type: ignore[union-attr]
    assert (page.form.fields[0].text(), page.queue.currentText()) == ("70", "Router")
    assert "Only supervisors" in page.hint.text()
    _let(call_centre, Role.SUPERVISOR)
    lead.press("Ctrl+Return")
    lead.wait(lambda: rules.all().get(replace(LEVEL, queue="Router")) is not None)
    lead.wait(lambda: page.table.current().id.queue == "Router" and page.save_button.isEnabled())  # type: ignore[union-attr]
    assert "Only supervisors" not in page.hint.text()


def test_what_this_desk_cannot_keep_is_told_and_can_be_sent_again(
    call_centre: Centre, open_console: OpenConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys were grey for good."""
    lead = open_console(person=call_centre.seeded.lead)
    page = _page(lead)
    _type(lead, page, 0, "90")

    def refuse(_: AnyCommand, **__: object) -> None:
        raise Unavailable("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(lead.desk.outbox, "send", refuse)
        lead.press("Ctrl+Return")
        lead.wait(lambda: page.hint.text() == "The disk is full.")
    assert page.form.fields[0].text() == "90" and page.save_button.isEnabled()
    lead.press("Ctrl+Return")
    lead.wait(lambda: WAIT in _rules(call_centre).own())


def test_without_a_database_the_page_says_so_and_fills_itself_later(
    call_centre: Centre, open_console: OpenConsole, expected_log: ExpectedLog
) -> None:
    expected_log.may_come("database: OperationalError|change feed")
    lead = open_console(person=call_centre.seeded.lead)
    with away(lead.desk._database, call_centre.path):
        dict(lead.shell.line.person_pages)["Alert thresholds"]()
        page = lead.shell._pages.shown
        assert isinstance(page, ThresholdPage)
        lead.wait(lambda: page.unread.isVisible())
        assert "The database file cannot be opened." in page.unread.text
        assert not any(part.isEnabled() for part in (page.save_button, page.forget_button, page.form))
    lead.wait(lambda: page.unread.isHidden() and page.table.current() is not None and page.save_button.isEnabled())


def _let(centre: Centre, role: Role) -> None:
    """The lead is something else from now on."""
    with centre.database.write() as session:
        session.execute(update(PersonRow).where(PersonRow.id == centre.seeded.lead.id).values(roles=[role]))


def _other(rule: AlertRule) -> AlertRule:
    return replace(rule, raise_at=Fraction(1, 2))
