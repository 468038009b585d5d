"""Three people at three desks: a question back to the agent, one up to third level, and both answers on the case."""

from app.domain.cases import CaseEvent
from tests.e2e import hands
from tests.e2e.centre import Centre
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import DeskProcess
from tests.e2e.waiting import escalate

AGENT, SECOND, THIRD = "anna.berger", "henrik.vollmer", "milan.dvorsky"


def test_questions_go_down_and_up_and_the_case_stays(desk_of: OpenDesk, postgres_centre_url: str) -> None:
    number = escalate(postgres_centre_url)
    centre = Centre(postgres_centre_url)
    desks = []
    for login in (AGENT, SECOND, THIRD):  # one after the other: three at once start slowly on a busy machine
        desks.append(desk_of(login, postgres_centre_url))
        desks[-1].open()
    agent, second, third = desks
    hands.claim(second, number)

    write(second, "Which lamp is red?", "Shift+F7")
    seen = agent.wait("the question", hands.is_in("asked_back", "Which lamp is red?"))
    assert "Your answer" not in seen["focus"]  # nothing takes the focus
    agent.tab_to("QLineEdit: Your answer")
    agent.type("The third from the left")
    agent.press("Return")
    second.wait("the answer", lambda seen: "The third from the left" in seen["case"]["timeline"])
    agent.wait("no question any more", lambda seen: not seen["asked_back"])

    write(second, "Is it the firmware?", "Shift+F8")
    third.wait("the question", lambda seen: any("Is it the firmware?" in row for row in seen["questions"]))
    third.tab_to("RecordTable: Questions to me")
    third.press("Down", "Down")  # the older one is the demo centre's own
    third.wait("the case", lambda seen: seen["case"] and seen["case"]["number"] == number)
    assert third.look()["case"]["caller"]["Number"] == "only if second level shows it"
    write(third, "Yes, version 7.1", "Ctrl+Shift+Return")
    second.wait("the advice", lambda seen: "Yes, version 7.1" in seen["case"]["timeline"])

    case = centre.case(number)
    assert centre.owner(case.id) == SECOND
    told = [(event, login) for event, login in centre.timeline(case.id) if event not in (CaseEvent.OPENED,)]
    assert told == [
        (CaseEvent.ESCALATED, AGENT),
        (CaseEvent.CLAIMED, SECOND),
        (CaseEvent.ASKED, SECOND),
        (CaseEvent.REPLIED, AGENT),
        (CaseEvent.CONSULTED, SECOND),
        (CaseEvent.ADVISED, THIRD),
    ]
    for desk in (agent, second, third):
        desk.close()


def write(desk: DeskProcess, text: str, key: str) -> None:
    """Into the text for the open case, and send it with the key."""
    desk.tab_to("QPlainTextEdit")
    desk.type(text)
    desk.press(key)
    desk.wait("it is sent", hands.is_delivered)
