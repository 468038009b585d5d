"""A day of invented cases in which new problems come again and again: once an answer is published, first level solves.

`python -m tests.services.test_loop_replay` prints the figures; the test asks for no more than that the loop closes.
"""

import random
import sys
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from app.adapters import answer_files
from app.db import schema
from app.db.engine import Database
from app.domain import suggestions
from app.domain.answers import Answer
from app.domain.cases import AnswerRead
from app.domain.commands import MoveDraft, SolveCase, SolveWithAnswer, WriteDraft
from app.domain.ids import new_id
from app.domain.knowledge import AnswerEvent
from app.domain.messages import MessageKind
from app.domain.people import Person, Role
from app.search.index import AnswerIndex
from app.services.answer_copy import AnswerCopy
from app.services.answers import Answers
from app.services.case_lists import CaseLists
from app.services.commands import Commands
from app.services.messages import Messages
from tests import builders, seeding

# Each problem as three customers say it. Agents type about what they hear.
PROBLEMS = (
    ("drucker piept dreimal und bleibt stehen", "drucker piept und steht", "drucker bleibt stehen und piept"),
    ("rechnung zeigt falsche steuer", "falsche mehrwertsteuer auf rechnung", "steuer auf der rechnung stimmt nicht"),
    ("router verliert nachts die verbindung", "nachts keine verbindung router", "verbindung bricht jede nacht ab"),
    ("scanner sendet leere seiten", "leere seiten vom scanner", "scan ist leer"),
    ("fehler e-93 nach update", "e-93 beim start nach dem update", "update e-93"),
    ("toner wird nicht erkannt nach wechsel", "neuer toner nicht erkannt", "toner gewechselt wird nicht erkannt"),
    ("kennwort abgelaufen anmeldung geht nicht", "anmeldung geht nicht kennwort abgelaufen", "kennwort ist abgelaufen"),
    ("telefonbuch am router ist verschwunden", "router telefonbuch weg", "telefonbuch verschwunden"),
)
CASES_A_DAY = 240
SOLVED_AFTER, REVIEWED_AFTER = timedelta(minutes=40), timedelta(minutes=20)


@dataclass
class Figures:
    """Repeats: a problem's second occurrence and all after it."""

    case_count: int = 0
    escalated_count: int = 0
    repeats_after_publishing: int = 0
    solved_at_first_level: int = 0
    told_count: int = 0
    published: dict[int, UUID] = field(default_factory=dict)

    @property
    def share(self) -> float:
        return self.solved_at_first_level / max(1, self.repeats_after_publishing)

    def __str__(self) -> str:
        return (
            f"{self.case_count} cases of {len(PROBLEMS)} new problems: {self.escalated_count} escalated, "
            f"{len(self.published)} answers published, {self.repeats_after_publishing} repeats after that, "
            f"{self.solved_at_first_level} of them solved at first level ({self.share:.0%}); "
            f"{self.told_count} messages “you can now answer this”"
        )


class Day:
    """One centre, a desk's copy of its answers, and the clock."""

    def __init__(self, database: Database, folder: Path, seed: int) -> None:
        self.database, self.random, self.figures = database, random.Random(seed), Figures()
        self.commands, self.cases = Commands(database), CaseLists(database)
        seeded = builders.seed(database)
        self.expert, self.product = seeded.expert, seeded.printer
        home = seeded.office
        self.agents = [builders.person(f"agent{n}", team=home) for n in range(6)]
        self.editor = builders.person("eva", team=home, roles=frozenset({Role.EDITOR}))
        with database.write() as session:
            for one in (*self.agents, self.editor):
                seeding.add_person(session, one)
        folder.mkdir(parents=True, exist_ok=True)
        self.index = AnswerIndex(folder)
        self.copy = AnswerCopy(database, self.index, self.agents[0], folder)
        Answers(database).publish(_demo_answers())  # among which the new ones must be found
        self.copy.refresh()
        self.before = {answer.id for answer in self.index.answers()}
        self.due: list[tuple[datetime, int, UUID]] = []  # drafts to be published

    def run(self) -> Figures:
        at = datetime.now(UTC) - timedelta(hours=8)
        for _ in range(CASES_A_DAY):
            at += timedelta(minutes=self.random.expovariate(0.5))
            self._publish_until(at)
            self._case(at, self.random.randrange(len(PROBLEMS)))
        messages = Messages(self.database)
        kinds = [one.kind for agent in self.agents for one in messages.of(agent.id)]
        self.figures.told_count = kinds.count(MessageKind.ANSWERABLE)
        self.index.close()
        return self.figures

    def _case(self, at: datetime, problem: int) -> None:
        """The agent searches; the right answer among the first five solves it, else it goes up."""
        figures, agent, said = self.figures, self.random.choice(self.agents), self.random.choice(PROBLEMS[problem])
        figures.case_count += 1
        case = replace(builders.case_draft(said, product_id=self.product.id), opened_at=at)
        hits = [hit.answer for hit in self.index.search(said, language="de")[:5]]
        right = next((one for one in hits if one.id == figures.published.get(problem)), None)
        figures.repeats_after_publishing += problem in figures.published
        if right is not None:
            read = AnswerRead(answer_id=right.id, title=right.title, version=right.version)
            self.commands.apply(SolveWithAnswer(**_head(agent, at), case=case, answer=read, note=""))
            figures.solved_at_first_level += 1
            return
        figures.escalated_count += 1
        command = builders.escalation(agent, case=case, told_at=at)
        self.commands.apply(replace(command, hand_over=replace(command.hand_over, searches=(said,))))
        self._solve_above(case.id, at, problem)

    def _solve_above(self, case_id: UUID, at: datetime, problem: int) -> None:
        """Second level solves it and hands in the answer that writes itself, if nobody has before."""
        self.commands.apply(builders.claim(self.expert, told_at=at))
        solution = "Gerät ausschalten, zehn Sekunden warten, Firmware einspielen."
        self.commands.apply(SolveCase(**_head(self.expert, at), case_id=case_id, solution=solution))
        if problem in self.figures.published or any(number == problem for _, number, _ in self.due):
            return
        answer = suggestions.of_case(self.cases.file(case_id), self.product.code, "de")
        answer = replace(answer, variants=(*answer.variants, PROBLEMS[problem][0]))
        draft_id = new_id()
        head = _head(self.expert, at)
        self.commands.apply(WriteDraft(**head, draft_id=draft_id, answer=answer, case_id=case_id, submits=True))
        self.due.append((at + SOLVED_AFTER + REVIEWED_AFTER, problem, draft_id))

    def _publish_until(self, at: datetime) -> None:
        for due_at, problem, draft_id in [one for one in self.due if one[0] <= at]:
            move = MoveDraft(
                **_head(self.editor, due_at), draft_id=draft_id, event=AnswerEvent.PUBLISHED, was_revision=1
            )
            self.commands.apply(move)
            self.copy.refresh()
            known = self.before | set(self.figures.published.values())
            (self.figures.published[problem],) = {answer.id for answer in self.index.answers()} - known
            self.due.remove((due_at, problem, draft_id))


def _demo_answers() -> tuple[Answer, ...]:
    return answer_files.read(Path(str(files("resources.demo").joinpath("answers"))), product_codes=None).answers


def _head(by: Person, at: datetime) -> dict[str, Any]:
    return {"id": new_id(), "by": by.id, "at": at}


def replay(url: str, folder: Path, seed: int = 7) -> Figures:
    database = Database(url)
    try:
        return Day(database, folder, seed).run()
    finally:
        database.close()


def test_after_publishing_repeats_are_solved_at_first_level(sqlite_url: str, tmp_path: Path) -> None:
    figures = replay(sqlite_url, tmp_path / "desk")
    assert len(figures.published) == len(PROBLEMS)
    assert figures.repeats_after_publishing > 100
    assert figures.share > 0.8, str(figures)
    assert figures.told_count >= len(PROBLEMS)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        address = f"sqlite:///{place}/day.db"
        opened = Database(address)
        schema.upgrade(opened)
        opened.close()
        sys.stdout.write(f"{replay(address, Path(place) / 'desk')}\n")
