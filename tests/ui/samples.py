"""What the gallery shows: cases of an imaginary centre."""

from dataclasses import dataclass
from datetime import UTC, datetime

from ui import icons, theme
from ui.models.records import RIGHT, Column

NOW = datetime(2031, 5, 6, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    id: int
    number: str
    subject: str
    priority: int
    minutes: int


SUBJECTS = (
    "Router startet nach dem Update immer wieder neu",
    "Rechnung doppelt abgebucht <b>bitte</b> prüfen",
    "Mesh-Verstärker verliert die Verbindung im Obergeschoss",
    "Rufnummernmitnahme seit zwei Wochen offen",
    "Frage zum Tarifwechsel",
)
CASES = [
    Case(id=number, number=f"7K2M-94Q{number}", subject=subject, priority=number, minutes=17 * number)
    for number, subject in enumerate(SUBJECTS, 1)
]

COLUMNS = (
    Column[Case](
        title=lambda: "P",
        text=lambda case: f"P{case.priority}",
        colour=lambda case: theme.colours().priority(case.priority),
        icon=lambda case: icons.icon("flag", theme.colours().priority(case.priority)),
        width=66,
    ),
    Column[Case](title=lambda: "Fall", text=lambda case: case.number, width=100),
    Column[Case](title=lambda: "Betreff", text=lambda case: case.subject, stretches=True),
    Column[Case](title=lambda: "Wartet", text=lambda case: f"{case.minutes} min", alignment=RIGHT, width=74),
)
