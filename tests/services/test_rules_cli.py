"""`firstline-admin calendar`, `promises`, `prices`: a dry run, a fault with its place, what is in force as written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import cli
from app.cli import rules as rules_cli
from app.db.engine import Database
from app.domain.cases import Level, Priority
from app.domain.errors import NotAllowed
from app.domain.rules.rulebook import RuleKind
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.rules import Rules
from tests.builders import Seeded, claim, escalation

ROUND_THE_CLOCK = "00:00-24:00"
OWN = '[own]\nsecond = { P1 = "1 h", P2 = "1 h", P3 = "1 h", P4 = "1 h", P5 = "1 h" }\n'


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    told = capsys.readouterr()
    return ended.value.code or 0, told.out + told.err


@pytest.fixture
def calendars(tmp_path: Path) -> Path:
    days = ", ".join(f'{day} = "{ROUND_THE_CLOCK}"' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    path = tmp_path / "calendars.toml"
    text = f'# ours\n[[calendar]]\nname = "All"\nzone = "Europe/London"\nteams = ["Network"]\nhours = {{ {days} }}\n'
    path.write_text(text + '[calendar.holidays]\n2020-12-25 = "Christmas"\n', encoding="utf-8")
    return path


def test_a_file_is_looked_at_put_into_force_and_shown(
    database: Database, centre: Seeded, command_url: str, calendars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at_database = ("--database", command_url)
    Cases(database).escalate(escalation(centre.agent, told_at=datetime.now(UTC)))
    code, said = run(capsys, "calendar", "import", str(calendars), *at_database)
    assert (code, Rules(database).text(RuleKind.CALENDARS)) == (0, "")
    assert "All: Europe/London; teams: Network; holidays of 2020." in said
    assert f"nobody has entered the holidays of {datetime.now(UTC).year}" in said
    assert "Nothing was written" in said
    rules_cli.import_rules(RuleKind.CALENDARS, calendars, command_url, apply=True, again_after_s=0)
    assert "1 open case is reckoned anew." in capsys.readouterr().out
    code, said = run(capsys, "calendar", "show", *at_database)
    assert said.startswith(calendars.read_text(encoding="utf-8"))
    assert said.splitlines()[-1].startswith("# Calendar All: nobody has entered the holidays of")
    assert "round the clock, nothing sold" in run(capsys, "prices", "show", *at_database)[1]


def test_other_promises_move_what_waits(
    database: Database, centre: Seeded, command_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told_at = datetime.now(UTC).replace(microsecond=0)
    command = escalation(centre.agent, told_at=told_at)
    Cases(database).escalate(command)
    file = tmp_path / "promises.toml"
    file.write_text(OWN, encoding="utf-8")
    rules_cli.import_rules(RuleKind.PROMISES, file, command_url, apply=True, again_after_s=0)
    (case,) = CaseLists(database).queue(Level.SECOND)
    assert case.due_at is not None
    assert ((case.due_at - told_at).total_seconds(), case.priority) == (3600, Priority.P4)
    assert "Supervisors are told at: 100 % (team)." in capsys.readouterr().out
    assert Cases(database).claim_next(claim(centre.expert)) == command.case.id


def test_a_fault_is_told_with_its_file_and_place(
    database: Database, command_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("net,currency,tax_percent\n49 EUR,EUR,19\n", encoding="utf-8")
    code, said = run(capsys, "prices", "import", str(file), "--apply", "--database", command_url)
    assert (code, said.strip()) == (1, f"{file}: line 2: “49 EUR” is not an amount. Write it as 49.00.")
    assert Rules(database).text(RuleKind.PRICES) == ""
    with pytest.raises(NotAllowed, match="There is no such file"):
        rules_cli.import_rules(RuleKind.PRICES, tmp_path / "none.csv", command_url, apply=False)
