"""The call-backs of the demo centre: who gave up waiting, and whom the demo's person has promised a call."""

from datetime import timedelta

from app.domain.call_backs import CallBackKind, CallBackState
from app.services.demo_customers import Rows
from app.services.demo_data import Dice, Values

# (which telephone number of the made customers, minutes ago, minutes until it is due, what was promised)
_GIVEN_UP = ((23, 41, -41, ""), (57, 12, -12, ""))
_PROMISED = (
    (31, 95, 18, "Rückruf mit dem Ergebnis der Leitungsmessung, am liebsten am Nachmittag."),
    (44, 180, 24 * 60, "Asks for the invoice of last month as a PDF; has to look up the contract number first."),
)


def call_back_rows(rows: Rows, dice: Dice, login: str) -> list[Values]:
    """Those given up are anyone's and due; the promised ones are `login`'s, the first due in a quarter of an hour."""
    person_id = dice.id(f"person/{login}")
    names = {customer["id"]: customer["name"] for customer in rows.customers}
    made = []
    for kind, several in ((CallBackKind.ABANDONED, _GIVEN_UP), (CallBackKind.PROMISED, _PROMISED)):
        for place, ago_min, due_min, note in several:
            phone = rows.phones[place % len(rows.phones)]
            is_promised = kind is CallBackKind.PROMISED
            made.append(
                {
                    "id": dice.id(f"call_back/{place}"),
                    "kind": kind,
                    "number": phone["normal"],
                    "name": names[phone["customer_id"]],
                    "due_at": dice.now + timedelta(minutes=due_min),
                    "made_at": dice.now - timedelta(minutes=ago_min),
                    "made_by": person_id,
                    "customer_id": phone["customer_id"],
                    "person_id": person_id if is_promised else None,
                    "note": note,
                    "state": CallBackState.OPEN,
                    "attempt_count": 0,
                }
            )
    return made
