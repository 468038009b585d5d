"""What was typed for one call does nothing to the next, and Return twice sends once."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLineEdit

from app.domain.calls import CallState, EndReason
from app.domain.commands import AnyCommand, AskBack, ClaimCase
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from app.domain.rules.rulebook import RuleKind
from app.services.commands import Commands
from app.services.rules import Rules
from tests import builders
from tests.patience import LIMIT_S
from tests.ui.console import RESTART, UNKNOWN, Centre, Console
from tests.ui.seen import banners, candidates
from tests.ui.test_entitlement import PRICES, end_contracts, shown, take_chargeable_call


def test_who_was_searched_for_in_one_call_is_not_offered_in_the_next(agent: Console) -> None:
    """Return would take the customer of the call before."""
    agent.take_call(UNKNOWN)
    field = agent.child(QLineEdit, "Find customer")
    field.setFocus()
    agent.write("meyer")
    agent.wait(lambda: candidates(agent) == [["Zoe Meyer, Meyer & Co", "K-300"]])
    agent.hang_up()
    agent.press("F10", "4")
    agent.wait(lambda: agent.calls.work is None)
    agent.take_call("+4915150000002")
    assert field.text() == "" and candidates(agent) == []


def test_a_number_typed_before_a_call_passes_nobody_on(agent: Console) -> None:
    agent.press("Ctrl+T")
    agent.write("2000")
    agent.take_call()
    agent.press("Return")
    assert agent.line.asked == ["answer"] and agent.has_call(CallState.CONNECTED)
    assert not agent.screen.card.transfer.isVisible() and agent.screen.note.field.hasFocus()


def test_a_number_that_is_typed_to_be_dialled_stays_whatever_the_line_tells(agent: Console) -> None:
    agent.press("Ctrl+T")
    agent.write("+49 30 23125")
    agent.calls.presence.changed.emit(agent.calls.presence.agent)
    agent.write("-177")
    row = agent.screen.card.transfer
    assert row.isVisible() and row.field.text() == "+49 30 23125-177"


def test_a_number_for_one_call_is_gone_when_it_ends_behind_another_screen(agent: Console) -> None:
    call_id = agent.take_call()
    agent.press("Ctrl+T")
    agent.write("2000")
    row = agent.screen.card.transfer
    agent.window.hide()
    agent.line.end(call_id, EndReason.ANSWERED)
    agent.wait(lambda: agent.has_call(CallState.WRAP_UP))
    agent.window.show()
    assert row.isHidden() and row.field.text() == ""


def test_goodwill_that_was_begun_for_one_call_is_not_given_in_the_next(
    call_centre: Centre, open_console: Callable[..., Console]
) -> None:
    rules = Rules(call_centre.database)
    rules.replace(RuleKind.PRICES, PRICES, "adam")
    rules.replace(RuleKind.PROMISES, "[plan.basic]\nincidents = 2\n", "adam")
    agent = open_console()
    agent.wait(lambda: agent.desk.rulebook.book.version == 2)
    end_contracts(call_centre)
    take_chargeable_call(agent)
    agent.press("Ctrl+Shift+G")
    agent.write("our own mistake")
    agent.hang_up()
    agent.press("F10", "4")
    agent.wait(lambda: agent.calls.work is None)
    take_chargeable_call(agent)
    agent.press("Ctrl+Shift+G", "Return")
    assert agent.work.consent is None
    agent.write("third call")
    agent.press("Return")
    assert "Goodwill: third call (" in shown(agent)


def test_return_twice_answers_a_question_once(call_centre: Centre, agent: Console) -> None:
    """The disk may be slow; the second answer would be refused, and told as not done."""
    seeded, do = call_centre.seeded, Commands(call_centre.database).apply
    case_id = do(builders.escalation(seeded.agent, told_at=datetime.now(UTC)))
    assert case_id is not None
    by, at = seeded.expert.id, datetime.now(UTC)
    do(ClaimCase(id=new_id(), by=by, at=at, case_id=case_id))
    do(AskBack(id=new_id(), by=by, at=at, case_id=case_id, text="Which lamp is red?"))
    asked = agent.screen.asked_back
    agent.wait(asked.isVisible)
    asked.answer.setFocus()
    agent.write("The third")
    may_write = threading.Event()
    agent.desk.lanes.journal.submit(may_write.wait, LIMIT_S)
    agent.press("Return", "Return")
    may_write.set()
    agent.wait(asked.isHidden)
    agent.wait(agent.is_delivered)
    assert agent.desk.journal.refused() == () and banners(agent) == []


def test_what_the_disk_does_not_take_of_a_flag_is_still_there(agent: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    agent.take_call()
    agent.read(RESTART, "reboot")
    agent.screen.flag.open()
    agent.press("1")
    agent.write("The plug is grey now")
    monkeypatch.setattr(agent.desk.outbox, "send", _refuse)
    agent.press("Return")
    agent.wait(lambda: any("disk is full" in text for text in banners(agent)))
    assert agent.screen.flag.text.text() == "The plug is grey now"


def _refuse(_: AnyCommand, **__: object) -> None:
    raise Unavailable("The disk is full.")
