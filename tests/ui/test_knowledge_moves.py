"""Answers on their way: handed in, sent back, published, retired; what is told of as done is done, and once."""

from collections.abc import Callable
from dataclasses import replace

from app.domain.knowledge import AnswerEvent, AnswerState
from tests.ui import knowledge_rig
from tests.ui.bench_rig import full_disk
from tests.ui.console import Console
from tests.ui.knowledge_rig import LAMP, PAPER, Office, open_line, ready, screen_of, type_into
from ui.labels import label
from ui.widgets.toast import Toast

office, editor = knowledge_rig.office, knowledge_rig.editor  # its fixtures, here too

Open = Callable[..., Console]


def test_what_was_said_with_a_move_that_is_refused_is_not_lost(office: Office, editor: Open) -> None:
    """Nor is somebody else's text, by what was typed after the move."""
    draft_id = office.draft(office.max, replace(LAMP, key="new-lamp", title="New lamp"), submits=True)
    opened = editor()
    ready(opened, 6)
    open_line(opened, replace(LAMP, key="new-lamp").id)
    screen = screen_of(opened).editor
    opened.wait(lambda: screen.work.may(AnswerEvent.SENT_BACK))
    working = screen.work.working
    office.rewrite(office.max, draft_id, replace(LAMP, key="new-lamp", title="New lamp of Max"))
    screen.work.working = working  # as if nothing of it had come here yet
    screen.buttons.reason.setText("Say it shorter")
    screen.buttons.button(AnswerEvent.SENT_BACK).click()
    type_into(opened, "Keywords", ", beacon")
    opened.wait(lambda: screen.buttons.reason.text() == "Say it shorter")
    opened.wait(lambda: screen.work.is_overtaken)
    assert office.lists.draft(draft_id).answer.title == "New lamp of Max"


def test_retiring_wants_a_reason(editor: Open) -> None:
    opened = editor()
    ready(opened)
    open_line(opened, PAPER.id)
    buttons = screen_of(opened).editor.buttons
    opened.wait(lambda: buttons.reason.isVisible())
    retire = next(button for button in buttons._others.values() if button.text() == "Retire")
    retire.click()
    assert "say why" in buttons._complaint.text()
    opened.write("Product ended")
    retire.click()
    opened.wait(lambda: screen_of(opened).editor.work.state is AnswerState.RETIRED)
    opened.wait(lambda: opened.desk.index.count() == 4)


def test_nothing_is_told_of_as_done_that_the_disk_did_not_take(office: Office, editor: Open) -> None:
    """Retired, restored, published: each was confirmed, whatever became of it, and what was said with it was gone."""
    draft_id = office.draft(office.max, replace(LAMP, key="new-lamp", title="New lamp"), submits=True)
    opened = editor()
    ready(opened, 6)
    screen = screen_of(opened).editor
    for answer, event in ((PAPER, AnswerEvent.RETIRED), (replace(LAMP, key="new-lamp"), AnswerEvent.PUBLISHED)):
        open_line(opened, answer.id)
        opened.wait(lambda: screen.work.may(event))  # noqa: B023
        screen.buttons.reason.setText("The product ended")
        with full_disk(opened.desk.journal):
            screen.buttons._do(event)
            opened.wait(screen.notice.isVisible)
        assert screen.buttons.reason.text() == "The product ended"
        assert not _is_told(opened, event)
        assert not screen.work.is_moving(event)
    screen.buttons._do(AnswerEvent.PUBLISHED)
    opened.wait(lambda: _is_told(opened, AnswerEvent.PUBLISHED))
    opened.wait(lambda: office.lists.draft(draft_id).state is AnswerState.PUBLISHED)


def test_what_is_chosen_twice_is_done_once(office: Office, editor: Open) -> None:
    office.draft(office.max, replace(LAMP, key="new-lamp", title="New lamp"), submits=True)
    opened = editor()
    ready(opened, 6)
    screen = screen_of(opened).editor
    opened.desk.outbox.stop()
    for answer, event in ((PAPER, AnswerEvent.RETIRED), (replace(LAMP, key="new-lamp"), AnswerEvent.PUBLISHED)):
        open_line(opened, answer.id)
        opened.wait(lambda: screen.work.may(event))  # noqa: B023
        for _ in range(2):
            screen.buttons.reason.setText("The product ended")
            screen.buttons._do(event)
    journal = opened.desk.journal
    assert opened.desk.lanes.journal.submit(journal.waiting_count).result() == 2  # after all that was sent


def _is_told(opened: Console, event: AnswerEvent) -> bool:
    return any(toast.text.startswith(f"{label(event)}: ") for toast in opened.window.findChildren(Toast))
