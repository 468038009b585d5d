"""What the levels of the demo centre ask each other about its open cases, and the answers."""

from datetime import timedelta

from app.domain.cases import CaseEvent, Level
from app.services.demo_data import Centre, DemoCase, DemoTalk, Dice, Values

_ANSWER_TO = {CaseEvent.ASKED: CaseEvent.REPLIED, CaseEvent.CONSULTED: CaseEvent.ADVISED}


def question_rows(centre: Centre, dice: Dice) -> list[Values]:
    """A row for each question; what nobody has answered is open."""
    return [
        _row(dice, case, said, next((one for one in case.talk[place:] if one.event is _ANSWER_TO[said.event]), None))
        for case in centre.cases
        for place, said in enumerate(case.talk)
        if said.event in _ANSWER_TO
    ]


def _row(dice: Dice, case: DemoCase, asked: DemoTalk, answer: DemoTalk | None) -> Values:
    is_back = asked.event is CaseEvent.ASKED
    return {
        "id": dice.id(f"question/{case.title}/{asked.hours}"),
        "case_id": dice.id(f"case/{case.title}"),
        "asked_by": dice.id(f"person/{asked.by}"),
        "asked_at": dice.now - timedelta(hours=asked.hours),
        "text": asked.text,
        "to_person": dice.id(f"person/{case.by}") if is_back else None,
        "to_level": None if is_back else Level.THIRD,
        "answer": answer.text if answer else "",
        "answered_by": dice.id(f"person/{answer.by}") if answer else None,
        "answered_at": dice.now - timedelta(hours=answer.hours) if answer else None,
    }
