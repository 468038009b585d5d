"""Drafts that are saved while an earlier save is still on its way, and what comes back of them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain.knowledge import AnswerEvent
from app.services.answers import Answers
from tests.ui import knowledge_rig
from tests.ui.console import Console
from tests.ui.knowledge_rig import LAMP, PAPER, Office, field, open_line, ready, screen_of, type_into

office, editor = knowledge_rig.office, knowledge_rig.editor  # its fixtures, here too

Open = Callable[..., Console]
NEW = replace(LAMP, key="new-lamp", title="New lamp")


@pytest.mark.parametrize("is_other_open", [False, True])
def test_saved_twice_while_nothing_is_delivered_overwrites_nobody(
    office: Office, editor: Open, is_other_open: bool
) -> None:
    """The second save was taken for one that knew what somebody else had saved in between."""
    draft_id = office.draft(office.eva, NEW)
    opened = editor()
    ready(opened, 6)
    open_line(opened, NEW.id)
    screen = screen_of(opened).editor
    opened.wait(lambda: screen.work.draft is not None)
    opened.desk.outbox.stop()
    _save_words(opened, ", beacon", ", light")
    type_into(opened, "Keywords", ", glow")
    if is_other_open:
        open_line(opened, PAPER.id)
    office.rewrite(office.max, draft_id, replace(NEW, title="New lamp of Max"))
    opened.desk.outbox.flush()
    if is_other_open:
        opened.wait(lambda: opened.desk.journal.refused() == ())
        open_line(opened, NEW.id)
    else:
        opened.wait(lambda: "Max changed this draft while you wrote: title" in screen.notice.text)
    opened.wait(lambda: screen.work.is_overtaken and opened.desk.journal.refused() == ())
    assert office.lists.draft(draft_id).answer.title == "New lamp of Max"
    assert field(opened, "Keywords").text().endswith(", beacon, light, glow")
    screen.keep_mine.click()
    opened.wait(lambda: opened.desk.journal.waiting_count() == 1)
    opened.desk.outbox.flush()
    assert office.lists.draft(draft_id).answer.keywords[-3:] == ("beacon", "light", "glow")


def test_ones_own_saves_follow_each_other(editor: Open) -> None:
    """Saved, saved again and handed in while nothing is delivered: all of it is done."""
    opened = editor()
    ready(opened)
    open_line(opened, LAMP.id)
    screen = screen_of(opened).editor
    opened.desk.outbox.stop()
    _save_words(opened, ", beacon", ", light")
    screen.work.move(AnswerEvent.SUBMITTED)
    opened.wait(lambda: opened.desk.journal.waiting_count() == 3)
    opened.desk.outbox.flush()
    opened.wait(lambda: screen.work.draft is not None and screen.work.draft.revision == 3)
    assert opened.desk.journal.refused() == () and not screen.work.is_dirty
    assert screen.work.draft and screen.work.draft.answer.keywords[-2:] == ("beacon", "light")
    opened.wait(lambda: opened.desk.case_texts == {})


def test_a_version_published_meanwhile_is_told_of_before_it_is_replaced(office: Office, editor: Open) -> None:
    """The next save took it for known, so what it had was overwritten unseen when the draft was published."""
    draft_id = office.draft(office.eva, LAMP, base_version=1)
    opened = editor()
    ready(opened)
    open_line(opened, LAMP.id)
    screen = screen_of(opened).editor
    opened.wait(lambda: screen.work.draft is not None)
    type_into(opened, "Keywords", ", beacon")
    Answers(office.centre.database).publish([replace(LAMP, body="From a file.")])
    opened.wait(lambda: "Version 2 of this answer was published" in screen.notice.text and screen.notice.isVisible())
    screen.notice._on_close()
    type_into(opened, "Keywords", ", light")
    assert screen.notice.isHidden()  # it was read
    opened.press("Ctrl+S")
    opened.wait(lambda: office.lists.draft(draft_id).base_version == 2)
    assert screen.notice.isHidden()


def _save_words(opened: Console, *words: str) -> None:
    """Type each into the keywords, and save."""
    for word in words:
        type_into(opened, "Keywords", word)
        before = opened.desk.journal.waiting_count()
        opened.press("Ctrl+S")
        opened.wait(lambda: opened.desk.journal.waiting_count() == before + 1)  # noqa: B023
