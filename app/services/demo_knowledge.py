"""What lies on the desk of the demo centre's editors: drafts, flags, searches in vain, use of answers, a message."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.answer_use import UseKind, weight_of
from app.domain.answers import Answer
from app.domain.knowledge import AnswerEvent, AnswerState, FlagKind
from app.domain.messages import MessageKind
from app.domain.search_report import GapKind
from app.services.answer_documents import to_document
from app.services.demo_data import Dice, Values

_WRITER, _EDITOR, _AGENT, _MINE = "henrik.vollmer", "frank.eilers", "anna.berger", "demo"
_GAPS = (
    (9, "glasfaser modem blinkt orange", "de", "LINK-200"),
    (6, "glasfaser modem orange", "de", "LINK-200"),
    (5, "drucker druckt nur halbe seite", "de", "PRINT-50"),
    (4, "fibre modem blinks orange", "en", "LINK-200"),
    (3, "scanner speichert doppelt", "de", "PRINT-50"),
)
_ANSWERABLE = "link-change-wifi-name"
_USED = {UseKind.SHOWN: 9, UseKind.SOLVED: 5, UseKind.READ: 2, UseKind.ESCALATED: 1}
_FIBRE = Answer(
    key="link-fibre-modem-orange",
    language="de",
    title="Glasfasermodem blinkt orange",
    variants=("glasfaser modem blinkt orange", "modem orange", "kein internet seit dem umbau"),
    keywords=("glasfaser", "modem", "orange"),
    products=("LINK-200",),
    body="Das Modem sucht sein Signal, {customer.name}. **Bitte nicht auf Werkseinstellungen setzen**, sonst fehlt die "
    "Kennung.",
    script="## start\nBlinkt die Lampe „PON“ am Modem orange?\n- Ja -> stecker\n- Nein, sie ist aus -> escalate\n\n"
    "## stecker\nBitte ziehen Sie den grünen Stecker ab, blasen Sie ihn aus und stecken Sie ihn wieder ein, bis er "
    "klickt. Leuchtet die Lampe nach zwei Minuten grün?\n- Ja -> solved\n- Nein -> escalate",
)
_HALF_PAGE = Answer(
    key="print-half-page",
    language="de",
    title="Drucker druckt nur die halbe Seite",
    variants=("drucker druckt nur halbe seite", "seite hört in der mitte auf"),
    products=("PRINT-50",),
    body="Meist passt das Papierformat nicht zum Auftrag.",
)


@dataclass(frozen=True, slots=True)
class DemoKnowledge:
    """Rows by table, for a bulk insert."""

    drafts: list[Values]
    events: list[Values]
    flags: list[Values]
    gaps: list[Values]
    uses: list[Values]
    messages: list[Values]


def demo_knowledge(dice: Dice, answers: tuple[Answer, ...]) -> DemoKnowledge:
    """With times before `dice.now`."""
    german = sorted((one for one in answers if one.language == "de"), key=lambda one: one.key)
    outdated = german[2]
    rewritten = replace(outdated, body=f"{outdated.body}\n\nSeit der Firmware 4.2 steht der Schalter unter **System**.")
    drafts = [
        _draft(dice, _FIBRE, AnswerState.REVIEW, _WRITER, 2.0),
        _draft(dice, _HALF_PAGE, AnswerState.DRAFT, _EDITOR, 5.0),
        _draft(dice, rewritten, AnswerState.DRAFT, _EDITOR, 20.0, base_version=1),
    ]
    day = dice.now.date()
    return DemoKnowledge(
        drafts=drafts,
        events=[_event(dice, draft) for draft in drafts],
        flags=[_flag(dice, outdated, "Der Schalter heißt seit dem Update anders."), _flag(dice, german[7], "")],
        gaps=[_gap(text, day - timedelta(days=n % 6), *about) for times, text, *about in _GAPS for n in range(times)],
        uses=_uses(dice, german),
        messages=[_message(dice, next(one for one in german if one.key == _ANSWERABLE))],
    )


def _draft(dice: Dice, answer: Answer, state: AnswerState, by: str, hours: float, base_version: int = 0) -> Values:
    person = dice.id(f"person/{by}")
    return {
        "id": dice.id(f"draft/{answer.key}"),
        "key": answer.key,
        "language": answer.language,
        "state": state,
        "revision": 1,
        "base_version": base_version,
        "document": to_document(answer),
        "case_id": None,
        "made_by": person,
        "written_by": person,
        "written_at": dice.now - timedelta(hours=hours),
    }


def _event(dice: Dice, draft: Values) -> Values:
    answer = Answer(key=draft["key"], language=draft["language"], title="")
    return {
        "id": dice.id(f"event/{answer.key}"),
        "answer_id": answer.id,
        "draft_id": draft["id"],
        "at": draft["written_at"],
        "by": draft["made_by"],
        "event": AnswerEvent.SUBMITTED if draft["state"] is AnswerState.REVIEW else AnswerEvent.DRAFTED,
        "version": draft["base_version"],
        "text": "",
    }


def _flag(dice: Dice, answer: Answer, text: str) -> Values:
    return {
        "id": dice.id(f"flag/{answer.key}"),
        "answer_id": answer.id,
        "version": 1,
        "kind": FlagKind.OUTDATED if text else FlagKind.UNCLEAR,
        "text": text,
        "by": dice.id(f"person/{_AGENT}"),
        "at": dice.now - timedelta(hours=3),
    }


def _gap(text: str, day: date, language: str, product: str) -> Values:
    return {"kind": GapKind.NOT_FOUND, "day": day, "language": language, "product": product, "text": text}


def _uses(dice: Dice, answers: list[Answer]) -> list[Values]:
    """The first answers are used much, those behind less, most of them not at all."""
    day = dice.now.date() - timedelta(days=1)
    found = []
    for place, answer in enumerate(answers[:12]):
        for kind, factor in _USED.items():
            found.append(_use(answer, kind, max(1, factor * (12 - place) // 4), day))
    return found


def _use(answer: Answer, kind: UseKind, count: int, day: date) -> Values:
    return {"answer_id": answer.id, "kind": kind, "day": day, "count": count, "weight": weight_of(day)}


def _message(dice: Dice, answer: Answer) -> Values:
    return {
        "id": dice.id("message/welcome"),
        "person_id": dice.id(f"person/{_MINE}"),
        "by": dice.id(f"person/{_EDITOR}"),
        "at": dice.now - timedelta(minutes=12),
        "kind": MessageKind.ANSWERABLE,
        "title": answer.title,
        "text": "",
        "case_id": None,
        "case_number": "",
        "answer_id": answer.id,
        "seen_at": None,
    }
