"""The loop at one window after the other: an answer is suggested, told of, walked through, and said to be wrong."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QPushButton

from app.db.knowledge_rows import AnswerDraftRow
from app.domain.answer_use import UseKind
from app.domain.cases import ScriptTurn
from app.domain.knowledge import AnswerState
from app.domain.search_report import uses
from app.services.answers import Answers
from app.services.commands import Commands
from app.services.knowledge_lists import KnowledgeLists
from tests import builders
from tests.ui import knowledge_rig
from tests.ui.console import CERTAIN, RESTART, Centre, Console, console
from tests.ui.knowledge_rig import LAMP, Office
from ui.knowledge.suggestion import SuggestionPage
from ui.knowledge.work import DraftWork
from ui.messages import MessagesPage

office = knowledge_rig.office  # its fixture, here too


def drafts(centre: Centre) -> list[AnswerDraftRow]:
    with centre.database.read() as session:
        return session.query(AnswerDraftRow).all()


def test_an_agent_suggests_an_answer_from_the_call(agent: Console, call_centre: Centre) -> None:
    agent.take_call(CERTAIN)
    agent.wait(lambda: agent.work.customer is not None)
    agent.search("cannot print for voss")
    agent.search("Frau Voss fax dead E-93")
    agent.note("Voss, 030 23125201: sensor wiped, works again")
    agent.press("Shift+F5")
    page = agent.window.findChildren(SuggestionPage)[0]
    made = page.working.answer
    assert made.variants == ("cannot print for", "frau fax dead e-93")
    assert "Voss" not in made.body and "23125201" not in made.body and made.body.endswith("sensor wiped, works again")
    assert agent.child(QLineEdit, "Title").text() == made.title
    agent.press("Ctrl+Return")
    agent.press("Ctrl+Return")  # twice: it is handed in once
    agent.wait(lambda: len(drafts(call_centre)) == 1)
    (draft,) = drafts(call_centre)
    assert draft.made_by == agent.desk.person.id
    assert (draft.state, draft.case_id) == (AnswerState.REVIEW, agent.work.case_id)
    agent.wait(lambda: not agent.window.findChildren(SuggestionPage))
    agent.wait(agent.is_delivered)
    assert agent.desk.journal.refused() == ()


def test_who_escalated_is_told_without_losing_the_focus(agent: Console, call_centre: Centre) -> None:
    eva = knowledge_rig.add_editor(call_centre, "eva")
    office = Office(call_centre, eva, eva, Commands(call_centre.database), KnowledgeLists(call_centre.database))
    agent.take_call(CERTAIN)
    agent.press("Ctrl+K")
    office.apply(builders.escalation(agent.desk.person, told_at=knowledge_rig.now()))
    draft_id = office.draft(eva, replace(LAMP, products=(), variants=("no internet",)), submits=True)
    office.publish(eva, draft_id)
    messages = [button for button in agent.window.findChildren(QPushButton) if button is agent.shell.line.messages]
    agent.wait(lambda: messages[0].text() == "1 message" and messages[0].isVisible())
    assert agent.screen.answers.field.hasFocus()
    agent.press("Ctrl+Shift+M")
    page = agent.window.findChildren(MessagesPage)[0]
    agent.wait(lambda: "You can now answer this yourself" in page.text.text())
    agent.wait(lambda: not messages[0].isVisible())
    agent.press("Escape")
    assert agent.screen.isVisible()
    agent.wait(lambda: any(one.id == LAMP.id for one in agent.desk.index.answers()))
    agent.press("Ctrl+Shift+M")
    page = agent.window.findChildren(MessagesPage)[-1]
    agent.wait(page.read.isVisible)
    agent.press("Return")
    assert agent.screen.isVisible() and agent.screen.reading.answer and agent.screen.reading.answer.id == LAMP.id


def test_a_script_is_walked_by_digits_and_its_way_is_handed_over(agent: Console, call_centre: Centre) -> None:
    scripted = replace(RESTART, script=LAMP.script)
    Answers(call_centre.database).publish([scripted])
    agent.take_call(CERTAIN)
    agent.wait(lambda: any(one.script for one in agent.desk.index.answers()))
    agent.read(scripted, "router reboots")
    agent.press("Ctrl+G", "1")
    assert agent.screen.reading.walk.question == "Please wipe the sensor."
    agent.press("2")
    assert agent.screen.reading.walk.end == "escalate"
    agent.press("Backspace", "1")
    turns = (
        ScriptTurn(step="start", asked="Is the lamp red?", answered="Yes"),
        ScriptTurn(step="clean", asked="Please wipe the sensor.", answered="It works again"),
    )
    assert agent.work.answers[-1].script_path == turns
    told = {(use.answer_id, use.kind) for use in uses(agent.work)}
    assert {(scripted.id, UseKind.SHOWN), (scripted.id, UseKind.READ)} <= told
    Answers(call_centre.database).publish([replace(scripted, script=LAMP.script.replace("lamp", "light"))])
    agent.wait(lambda: "stays as it is for this call" in agent.screen.reading._newer.text)
    assert agent.screen.reading.walk.path == turns


def test_one_key_tells_the_editors_that_an_answer_is_wrong(agent: Console, call_centre: Centre) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "router reboots")
    agent.press("Ctrl+Shift+F", "2")
    agent.write("The plug has moved.")
    agent.press("Return")
    lists = KnowledgeLists(call_centre.database)
    agent.wait(lambda: [flag.text for flag in lists.flags(RESTART.id)] == ["The plug has moved."])
    assert agent.screen.flag.isHidden()


def test_messages_survive_a_restart(office: Office, tmp_path: Path) -> None:
    agent = office.centre.seeded.agent
    office.apply(builders.escalation(agent, told_at=knowledge_rig.now()))
    office.publish(
        office.eva, office.draft(office.eva, replace(LAMP, key="x", variants=("no internet",)), submits=True)
    )
    for _ in range(2):
        with console(office.centre, tmp_path / "desk", answer_count=6) as opened:
            opened.wait(partial(_has_one_message, opened))


def test_an_older_version_is_written_on_from_and_published_anew(office: Office, tmp_path: Path) -> None:
    for version, body in enumerate(("Wipe it.", "Wipe it well."), start=1):
        draft = office.draft(office.eva, replace(LAMP, body=body), submits=True, base_version=version)
        office.publish(office.eva, draft)
    with console(office.centre, tmp_path / "eva", person=office.eva, answer_count=5) as opened:
        screen = knowledge_rig.screen_of(opened)
        work, history = screen.editor.work, screen.editor.history
        opened.wait(lambda: screen.lists.lines.choose(LAMP.id) and work.working is not None)
        screen.editor.show_tab(3)
        opened.wait(lambda: len(history.versions.records.records) == 3)
        assert not history.take.isVisible()  # it is the newest that is chosen
        history.versions.choose(1)
        opened.wait(history.take.isVisible)
        history.take.click()
        assert screen.editor.form.body.toPlainText() == LAMP.body and not history.take.isVisible()
        for state in (AnswerState.REVIEW, AnswerState.PUBLISHED):
            opened.press("Ctrl+Return")
            opened.wait(partial(_is_in_state, work, state))
        opened.wait(lambda: opened.desk.knowledge.versions(LAMP.id)[0].answer.body == LAMP.body)


def _is_in_state(work: DraftWork, state: AnswerState) -> bool:
    return work.state is state


def _has_one_message(opened: Console) -> bool:
    return opened.shell.line.messages.text() == "1 message"
