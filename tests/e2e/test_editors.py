"""Two editors and an agent at desks of their own on PostgreSQL: two keys make one version, no call is disturbed."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.db.rows import TimelineRow
from app.domain.answers import Answer
from app.domain.cases import CaseEvent
from app.domain.commands import AnyCommand, WriteDraft
from app.domain.ids import new_id
from app.domain.people import Person
from app.services.answers import Answers
from app.services.knowledge_lists import KnowledgeLists
from tests.e2e import hands
from tests.e2e.centre import Centre
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import DeskProcess, Seen
from tests.e2e.waiting import do, keeper
from tests.patience import wait_for
from tests.people import superuser

AGENT, EDITORS = "anna.berger", ("frank.eilers", "demo")
TITLE = "The Wi-Fi keeps dropping out"
OLD, NEW = "Are all your devices affected", "Is it every device in the house"


def test_two_publish_at_once_while_the_script_is_walked(desk_of: OpenDesk, postgres_centre_url: str) -> None:
    url = postgres_centre_url
    answer = _answer(url)
    do(url, EDITORS[0], lambda head, person: _new_version(answer, head, person))
    agent, *editors = (hands.open_desk(desk_of, login, url) for login in (AGENT, *EDITORS))
    _walk(agent)
    for editor in editors:
        _open_draft(editor)
    with superuser(url) as connection, connection.transaction():  # so that both are under way, however slow a desk is
        connection.execute("SELECT FROM answer_draft FOR UPDATE")
        for editor in editors:
            editor.press("Ctrl+Return")
            editor.wait("under way", lambda seen: seen["not_delivered"] == 1)
    for editor in editors:
        editor.wait("published", lambda seen: seen["editor"]["state"] == "Published" and hands.is_delivered(seen))
    with keeper(url) as database:
        versions = KnowledgeLists(database).versions(answer.id)
    assert [one.id for one in versions] == [answer.version + 1, answer.version]
    wait_for(lambda: any(map(_said, editors)))  # the slower one reads why theirs was not done
    said = list(map(_said, editors))
    assert sorted(map(bool, said)) == [False, True], said
    assert not any(editor.look()["banners"][1:] for editor in editors)

    agent.wait("a newer one is told of", hands.is_in("reading", "stays as it is for this call"))
    agent.press("2")
    agent.wait("the old script goes on", lambda seen: any(text.endswith("  No") for text in seen["reading"]))
    number = hands.escalate(agent)[0]
    agent.wait("delivered", hands.is_delivered)
    with keeper(url) as database, database.read() as session:
        handed_over = session.scalars(
            select(TimelineRow.hand_over).where(
                TimelineRow.case_id == Centre(url).case(number).id, TimelineRow.event == CaseEvent.ESCALATED
            )
        ).one()
    assert handed_over
    (read,) = handed_over["answers"]
    assert (read["version"], [turn["step"] for turn in read["script_path"]]) == (answer.version, ["start", "lamp"])
    assert read["script_path"][0]["asked"].startswith(OLD)
    for desk in (agent, *editors):
        desk.kill()  # the agent's call goes on


def _answer(url: str) -> Answer:
    with keeper(url) as database:
        return next(one for one in Answers(database).published() if one.title == TITLE)


def _new_version(answer: Answer, head: dict[str, Any], _: Person) -> AnyCommand:
    script = answer.script.replace(OLD, NEW)
    assert script != answer.script
    made = replace(answer, script=script)
    return WriteDraft(**head, draft_id=new_id(), answer=made, submits=True, base_version=answer.version)


def _walk(agent: DeskProcess) -> None:
    """In a call, to the second question of the script."""
    hands.take_demo_call(agent, "Jonas Hofmann")
    assert hands.read_top(agent, "wifi drops") == TITLE
    agent.press("Ctrl+G", "1")
    agent.wait("the second question", hands.is_in("reading", "Yes, it goes red"))


def _open_draft(editor: DeskProcess) -> None:
    editor.press("Ctrl+Shift+K")
    editor.wait("the list is read", lambda seen: seen["lines"])
    editor.tab_to("QLineEdit: Title or key", "Shift+Tab")
    editor.type(TITLE)
    editor.wait("it is in the list", lambda seen: len(seen["lines"]) == 1)
    editor.tab_to("LineTable")
    editor.press("Return")
    editor.wait("the draft is open", lambda seen: seen["editor"]["state"] == "In review")


def _said(editor: DeskProcess) -> str:
    return str(editor.wait("what became of it", _is_settled)["editor"]["said"])


def _is_settled(seen: Seen) -> bool:
    return hands.is_delivered(seen) and seen["editor"]["title"] == TITLE
