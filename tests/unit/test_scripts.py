"""Guided scripts: what is read, what is refused with which sentence, where a path leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.scripts import ENDS, Choice, faults, follow, read_script, turn

LAMP = """
## start
Is the lamp red, {customer.name}?
- Yes -> clean
- No → escalate

## clean
Please wipe the sensor.

It is above the tray.
- It works again -> solved
- Still red -> start
"""


def test_reading() -> None:
    script = read_script(LAMP)
    assert faults(LAMP) == ()
    assert script.start == "start"
    assert script.steps["start"].choices == (Choice(text="Yes", to="clean"), Choice(text="No", to="escalate"))
    assert script.steps["clean"].text == "Please wipe the sensor.\n\nIt is above the tray."


def test_a_path_is_followed_as_far_as_the_script_has_it() -> None:
    script = read_script(LAMP)
    start, clean = script.steps["start"], script.steps["clean"]
    path = (turn(start, start.choices[0]), turn(clean, clean.choices[1]))
    assert follow(script, ()) == ("start", ())
    assert follow(script, path[:1]) == ("clean", path[:1])
    assert follow(script, path) == ("start", path)
    changed = read_script(LAMP.replace("Still red", "No change"))
    assert follow(changed, path) == ("clean", path[:1])


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("Hello\n## start\nx\n- a -> solved", 1, "begins with a step"),
        ("## start\nWhat?", 1, "“start” is a dead end"),
        ("## start\n- Yes -> solved", 1, "“start” says nothing"),
        ("## start\nWhat?\n- Yes", 3, "“Yes” leads nowhere"),
        ("## start\nWhat?\n- Yes -> clean", 3, "“start” leads to “clean”, which is no step"),
        ("## start\nWhat?\n- Yes -> solved\n## clean\nx\n- a -> solved", 4, "No way leads to step “clean”"),
        (
            "## start\nWhat?\n- Yes -> loop\n- No -> solved\n## loop\nx\n- again -> loop",
            5,
            "“loop” there is no way out",
        ),
        ("## start\na\n- b -> solved\n## start\na\n- b -> solved", 4, "two steps “start”"),
        ("## solved\na\n- b -> solved", 1, "“solved” is an end"),
        ("##\na\n- b -> solved", 1, "A step has a name"),
        ("## start\na\n- b -> solved\n- b -> escalate", 1, "the same answer twice"),
        (
            "## start\n{customer.nmae}?\n- b -> solved",
            1,
            "“start” has a placeholder that nothing fills: {customer.nmae}",
        ),
        ("## start\na\n" + "".join(f"- {n} -> solved\n" for n in range(10)), 1, "more than 9 answers"),
        ("".join(f"## s{n}\na\n- b -> s{n + 1}\n" for n in range(101)) + "## s101\na\n- b -> solved", 1, "at most 100"),
    ],
)
def test_what_is_refused(text: str, line: int, part: str) -> None:
    found = faults(text)
    assert [fault.line for fault in found] == [line]
    assert part in found[0].sentence


_NAMES = st.sampled_from(["a", "b", "c", "d"])
_GRAPHS = st.dictionaries(_NAMES, st.lists(st.sampled_from(["a", "b", "c", "d", *ENDS]), min_size=1, max_size=3))


@given(_GRAPHS.filter(bool))
def test_a_script_without_faults_always_leads_out(graph: dict[str, list[str]]) -> None:
    """Walking to the nearest end: from every step that can be reached there is one, and every step can be reached."""
    text = "".join(
        f"## {name}\nask\n" + "".join(f"- {n} -> {to}\n" for n, to in enumerate(ways)) for name, ways in graph.items()
    )
    script = read_script(text)
    reached = _reached(script.start, graph)
    good = reached - ENDS == graph.keys() and all(_reached(name, graph) & ENDS for name in graph)
    assert (faults(text) == ()) is good


def _reached(start: str, graph: dict[str, list[str]]) -> set[str]:
    found = {start}
    for _ in range(10):
        found |= {to for name in found for to in graph.get(name, ())}
    return found


def test_no_text_breaks_the_reader() -> None:
    for text in ("", "\n\n", "##", "- ->", "## a\n- -> \n", "\x00", "## a" * 1000):
        read_script(text)
        faults(text)
