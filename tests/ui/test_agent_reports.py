"""What a finished call reports of the answers that were read and the searches in vain."""

from uuid import UUID

from app.db.answer_rows import AnswerUseRow, SearchGapRow
from app.domain.answer_use import UseKind
from app.domain.calls import CallState
from app.domain.search_report import GapKind
from tests.ui.console import CERTAIN, LAMP, RESTART, Centre, Console


def finish(agent: Console) -> None:
    if agent.has_call(CallState.CONNECTED):
        agent.hang_up()
    agent.press("F10", "1")
    agent.wait(lambda: agent.calls.work is None and agent.is_delivered())


def reported(centre: Centre) -> tuple[list[tuple[UUID, UseKind]], list[tuple[str, GapKind]]]:
    """What was opened, and what it came to; and the searches without use. That an answer was in the list is no use."""
    with centre.database.read() as session:
        rows = session.query(AnswerUseRow).where(AnswerUseRow.kind != UseKind.SHOWN).order_by(AnswerUseRow.id)
        uses = [(row.answer_id, row.kind) for row in rows]
        gaps = [(row.text, row.kind) for row in session.query(SearchGapRow).order_by(SearchGapRow.id)]
    return uses, gaps


def test_a_solved_call_reports_the_answers_and_what_was_not_found(call_centre: Centre, agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.search("zzz turbine nora voss 030 2312")
    agent.read(LAMP, "lamp")
    agent.read(RESTART, "itself")
    agent.press("F9")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    finish(agent)
    uses, gaps = reported(call_centre)
    assert uses == [(LAMP.id, UseKind.READ), (RESTART.id, UseKind.SOLVED)]
    assert gaps == [("zzz turbine", GapKind.NOT_FOUND)]


def test_an_escalated_call_reports_what_was_found_and_not_used(call_centre: Centre, agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.read(LAMP, "lamp")
    agent.search("router")
    agent.press("F8")
    assert agent.work.searches == ("lamp", "router")
    agent.wait(lambda: agent.screen.escalation.reason.hasFocus())
    agent.press("3", "2", "1", "Ctrl+Return")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    finish(agent)
    uses, gaps = reported(call_centre)
    assert uses == [(LAMP.id, UseKind.ESCALATED)]
    assert sorted(gaps) == [("lamp", GapKind.NOT_USED), ("router", GapKind.NOT_USED)]


def test_a_call_without_a_search_reports_nothing_and_the_next_begins_anew(call_centre: Centre, agent: Console) -> None:
    agent.search("zzzz")  # between calls: nobody's
    agent.take_call(CERTAIN)
    finish(agent)
    assert reported(call_centre) == ([], [])
    agent.take_call(CERTAIN)
    agent.search("zzzz")
    agent.hang_up()
    assert agent.work.missed == ("zzzz",)
    finish(agent)
    assert reported(call_centre) == ([], [("zzzz", GapKind.NOT_FOUND)])
