"""`answers explain`, `gaps`, `tidy` and `retire`, as an editor meets them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.db.engine import Database
from app.domain.commands import ReportSearch
from app.domain.ids import new_id
from app.domain.search_report import GapKind, SearchGap
from app.services.answers import Answers
from app.services.search_reports import SearchReports
from tests.builders import Seeded, answer
from tests.services.said import Said

RESTART = answer("restart", title="Router restarts by itself", keywords=("reboot",))
NEUSTART = answer("restart", "de", title="Router startet von selbst neu")
OUTAGE = replace(answer("outage", title="Router offline in the north"), known_problem="P-12")


@pytest.fixture
def said(database: Database, command_url: str, centre: Seeded, capsys: pytest.CaptureFixture[str]) -> Said:
    assert centre
    Answers(database).publish([RESTART, NEUSTART, OUTAGE])
    return Said("answers", command_url, capsys)


def test_explain_tells_the_order_the_parts_and_the_words(said: Said) -> None:
    told = said("explain", "router offline reboot", "--limit", "2")
    lines = told.splitlines()
    assert lines[0] == "Searched for: router offline reboot"
    assert lines[2].split()[:2] == ["1", "outage.en"]  # a known problem in force that matches
    assert lines[3].split()[:2] == ["2", "restart.en"]
    assert "known problem P-12 in force" in told
    assert "reboot → reboot  (the word, 1.00)" in told
    assert "restart.de" not in told  # only two were asked for


def test_explain_says_when_there_is_nothing(said: Said) -> None:
    assert "No answer has these words." in said("explain", "zzzzzz")
    assert "no word in this text" in said("explain", "???")


def test_the_language_of_the_call_is_not_that_of_the_program(said: Said) -> None:
    told = said("explain", "router", "--language", "de")
    assert told.splitlines()[0] == "Searched for: router"


def test_gaps_are_grouped_counted_and_dated(said: Said, database: Database, centre: Seeded) -> None:
    assert said("gaps") == "Nothing was searched in vain in the last 30 days.\n"
    now = datetime.now(UTC)
    texts = ["faxgerät einrichten", "faxgeraet einrichten", "fax gerät einrichten", "turbine"]
    for text in (*texts, texts[0]):
        kind = GapKind.NOT_USED if text == "turbine" else GapKind.NOT_FOUND
        gap = SearchGap(kind=kind, text=text, language="de", product="link-7")
        command = ReportSearch(id=new_id(), by=centre.agent.id, at=now, uses=(), gaps=(gap,))
        SearchReports(database).record(command)
    lines = said("gaps", "--since", "7").splitlines()
    assert lines[0] == f"    4  faxgerät einrichten   not found 4 · link-7 · de · last on {now.date()}"
    assert {line.strip() for line in lines[1:3]} == {"faxgeraet einrichten", "fax gerät einrichten"}
    assert lines[3] == f"    1  turbine   escalated all the same 1 · link-7 · de · last on {now.date()}"
    assert "And 1 more groups" in said("gaps", "--limit", "1")
    assert said("tidy") == "0 rows were removed.\n"


def test_retiring_by_key(said: Said, database: Database) -> None:
    assert "no published answer “nothing”" in said("retire", "restart", "nothing", code=1)
    assert len(Answers(database).published()) == 3
    assert said("retire", "restart", "--only", "de") == "1 answer was retired.\n"
    assert {(a.key, a.language) for a in Answers(database).published()} == {("restart", "en"), ("outage", "en")}
