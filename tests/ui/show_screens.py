"""Workbench and board with a made-up centre, as pictures: `python -m tests.ui.show_screens FOLDER --language de`."""

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.db import schema
from app.db.engine import Database
from app.domain.alerts import AlertKey
from app.domain.board_figures import Figure, Measure
from app.domain.calls import CallState
from app.domain.cases import AnswerRead, CaseDraft, EscalationReason, Impact, Level, Urgency
from app.domain.commands import BroadcastNotice, ClaimNext, EscalateCase, RaiseHand, SetAgentState, WriteToHand
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, PauseCode, Person, Role, Team
from app.services.commands import Commands
from tests import builders, seeding
from tests.fakes import station
from tests.ui.pictures import picture_options, prepared, save, size_of
from ui.context import ScreenContext
from ui.keys import let_run, wait_until
from ui.supervisor import SupervisorBoard, ThresholdPage
from ui.workbench import Workbench

NAMES = (
    "Jana Beck", "Murat Yıldız", "Sophie Lange", "Tom Ehlers", "Nadia Haddad", "Piotr Zielinski", "Lena Voss",
    "Karim Ben Salah", "Ines Albrecht", "Uwe Hartmann", "Friederike von Schellenberg-Ott", "Oleh Kowal",
)  # fmt: skip
STATES = (
    (AgentState.ON_CALL, None), (AgentState.AVAILABLE, None), (AgentState.PAUSED, PauseCode.LUNCH),
    (AgentState.WRAP_UP, None), (AgentState.RINGING, None), (AgentState.ON_CALL, None), (AgentState.ON_CALL, None),
    (AgentState.PAUSED, PauseCode.TECHNICAL), (AgentState.AVAILABLE, None), (AgentState.ON_CALL, None),
    (AgentState.AVAILABLE, None), (AgentState.SIGNED_OUT, None),
)  # fmt: skip
CALLS = (
    (CallState.CONNECTED, 6.5), (CallState.OFFERED, 0.6), (CallState.HELD, 12), (CallState.WRAP_UP, 71),
    (CallState.QUEUED, 1.8), (CallState.CONNECTED, 3.4), (CallState.CONNECTED, 18),
)  # fmt: skip
TITLES = (
    ("Router startet nach dem Update immer wieder neu", Impact.COMPANY, Urgency.HIGH, 22),
    ("Keine Verbindung zum Lohnbüro seit der Umstellung auf IPv6, alle Arbeitsplätze betroffen",
     Impact.COMPANY, Urgency.NORMAL, 48),
    ("Mesh-Verstärker verliert die Verbindung im Obergeschoss", Impact.TEAM, Urgency.HIGH, 95),
    ("Export nach DATEV bricht bei 80 % ab", Impact.TEAM, Urgency.NORMAL, 130),
    ("Rufnummernmitnahme seit zwei Wochen offen", Impact.PERSON, Urgency.HIGH, 305),
    ("Drucker <b>druckt</b> nur leere Seiten & meldet E47", Impact.TEAM, Urgency.LOW, 200),
    ("Frage zum Tarifwechsel", Impact.PERSON, Urgency.LOW, 15),
    ("Zweiter Faktor verloren, kein Zugang zum Kundenkonto", Impact.PERSON, Urgency.NORMAL, 64),
    ("Telefon am Router ohne Freizeichen", Impact.PERSON, Urgency.NORMAL, 3),
    ("WLAN 5 GHz verschwindet nach einigen Minuten", Impact.PERSON, Urgency.LOW, 240),
)  # fmt: skip
NOTE = (
    "Kundin meldet: seit dem Update heute früh startet das Gerät alle paar Minuten neu. Der ganze Betrieb "
    "(12 Plätze) ist ohne Netz.\nStrom und Kabel geprüft, Werksreset am Telefon durchgeführt, ohne Erfolg.\n"
    "Rückruf bitte unter der Durchwahl, ab 14 Uhr ist nur die Werkstatt besetzt."
)


def main() -> None:
    """Take the pictures of both screens in one language, one scheme and one size."""
    parser = picture_options()
    parser.add_argument("--wait-ms", type=int, default=900)
    options = parser.parse_args()
    _app = prepared(options)
    with tempfile.TemporaryDirectory() as folder, _context(Path(folder)) as (context, commands):
        for screen, widget in _screens(context, commands):
            widget.resize(*size_of(options))
            widget.show()
            let_run(options.wait_ms)
            save(widget, options, screen)
            widget.hide()


def _screens(context: ScreenContext, commands: Commands) -> Iterator[tuple[str, QWidget]]:
    bench = Workbench(context)
    yield "workbench-empty", bench
    commands.apply(ClaimNext(id=new_id(), by=context.desk.person.id, at=_ago(14), level=Level.SECOND))
    commands.apply(ClaimNext(id=new_id(), by=context.desk.person.id, at=_ago(3), level=Level.SECOND))
    bench.show()
    _wait_for(lambda: bool(bench.lists.own.records.records))
    bench.lists.own.step(1)
    _wait_for(lambda: bench.case.strip.can_solve)
    yield "workbench-mine", bench
    bench.show()
    bench.case.solve()
    yield "workbench-refused", bench
    bench.show()
    bench.lists.queue.step(1)
    yield "workbench-queue", bench
    board = SupervisorBoard(context)
    yield "board", board
    yield from _supervision(context, commands, board)
    board.show()
    board.open_figure(Figure(measure=Measure.SERVICE_LEVEL))
    yield "board-service-level", board
    board.show()
    board.open_figure(Figure(measure=Measure.CASES_WAITING, level=Level.SECOND))
    yield "board-cases", board
    board.close_figure()
    yield "thresholds", ThresholdPage(context)
    board.show()
    let_run(500)
    with context.desk.boards._lock:  # nothing is read any more
        context.bridge.contact_changed.emit(False)
        yield "board-lost", board


def _supervision(context: ScreenContext, commands: Commands, board: SupervisorBoard) -> Iterator[tuple[str, QWidget]]:
    """A raised hand, an alert and notices."""
    person = context.desk.person
    hand = RaiseHand(id=new_id(), by=context.desk.boards.desks()[2].id, at=_ago(2), about="Ida Berg · Link 7")
    commands.apply(hand)
    for by, text in ((hand.by, "Darf ich heute noch einen Techniker zusagen?"), (person.id, "Ja, ab 16 Uhr.")):
        commands.apply(WriteToHand(id=new_id(), by=by, at=_ago(1), hand_id=hand.id, text=text))
    key = AlertKey(measure=Measure.LONGEST_WAIT)
    rule = context.desk.supervision.alerts.rules.all()[key]
    context.desk.supervision.alerts.rules.put(replace(rule, hold=timedelta(0)))
    until = datetime.now(UTC) + timedelta(hours=2)
    for text in ("Störung im Netz Nord, Antwort „Störung Nord“ verwenden", "Um 12 Uhr Probealarm"):
        commands.apply(BroadcastNotice(id=new_id(), by=person.id, at=_ago(1), until=until, text=text))
    board.show()
    let_run(6_500)  # until the rule is read
    yield "board-help", board
    board.show()
    board.tell_desks()
    yield "board-notice", board
    board.close_figure()


@contextmanager
def _context(folder: Path) -> Iterator[tuple[ScreenContext, Commands]]:
    url = f"sqlite:///{folder / 'shared.db'}"
    database = Database(url)
    schema.upgrade(database)
    with station(url, fill(database), folder / "desk") as opened:
        yield opened.context, Commands(database)
    database.close()


def fill(database: Database) -> Person:
    """A centre in the middle of its day; gives a second-level expert of it."""
    chance = random.Random(7)
    seeded = builders.seed(database)
    with database.write() as session:
        agents = [_agent(name, number, seeded.network, seeded.office) for number, name in enumerate(NAMES)]
        for agent in agents:
            seeding.add_person(session, agent)
    commands = Commands(database)
    for agent, (state, code) in zip(agents, STATES, strict=True):
        since = _ago(chance.choice((0.3, 1.7, 4.2, 7.9, 31, 75)))
        known = Agent(person_id=agent.id, state=state, since=since, pause_code=code)
        commands.apply(SetAgentState(id=new_id(), by=agent.id, at=since, agent=known))
    for agent, (call_state, minutes) in zip(agents, CALLS, strict=False):
        queue = "Router" if minutes > 5 else "Kanzlei"
        call = replace(builders.call(call_state, queued_at=_ago(minutes)), queue=queue)
        known_id = chance.choice((seeded.berg.id, seeded.kranz.id, None))
        commands.apply(builders.record_call(call, agent, told_at=_ago(0), customer_id=known_id))
    for number, (title, impact, urgency, minutes) in enumerate(TITLES):
        customer = (seeded.berg, seeded.kranz, seeded.meyer)[number % 3]
        draft = builders.case_draft(title, product_id=seeded.router.id, customer_id=customer.id)
        draft = replace(draft, opened_at=_ago(minutes + 9))
        commands.apply(_escalation(agents[number % 5], draft, impact, urgency, minutes))
    for number in range(3):
        commands.apply(builders.solution(agents[number], told_at=_ago(30)))
    return seeded.expert


def _agent(name: str, number: int, *teams: Team) -> Person:
    team = teams[number % len(teams)]
    login = f"agent{number}"
    return replace(builders.person(login, team=team, roles=frozenset({Role.FIRST_LEVEL})), name=name)


def _escalation(by: Person, draft: CaseDraft, impact: Impact, urgency: Urgency, minutes: float) -> EscalateCase:
    hand_over = replace(
        builders.hand_over(note=NOTE, impact=impact, urgency=urgency),
        caller_name="Ida Berg",
        caller_number="+49 30 23125 100",
        product="Link 7 (Firmware 4.18)",
        serial="SN-7K2M-0093-11",
        entitlement="Business-Vertrag bis 31.12.2099, Rückruf innerhalb von 4 Stunden, ohne Kosten",
        searches=("router startet neu", "neustart update 4.18", "reboot"),
        answers=(
            AnswerRead(
                answer_id=new_id(),
                title="Router startet immer wieder neu",
                steps_tried=("Netzteil geprüft", "Zehn Sekunden vom Strom getrennt"),
            ),
            AnswerRead(answer_id=new_id(), title="Gerät auf Werkseinstellungen setzen"),
        ),
        reason=EscalationReason.ANSWER_FAILED,
    )
    return EscalateCase(id=new_id(), by=by.id, at=_ago(minutes), case=draft, hand_over=hand_over)


def _ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def _wait_for(claim: Callable[[], bool]) -> None:
    assert wait_until(claim), "the screen did not show what it should"


if __name__ == "__main__":
    main()
