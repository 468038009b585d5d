"""What supervisors read while the works-council mode is on and off, and what a look at one person leaves."""

from collections.abc import Callable

from tests.db.rights.conftest import Session
from tests.db.rights.world import id_of

_ZEROS = ", ".join("0" for _ in range(12))
_SUMS = " ".join(
    f"INSERT INTO case_tally VALUES ('{grain}', '2026-03-02', '2026-03-02', '2026-03-03', '', '', '', {_ZEROS});"
    for grain in ("quarter", "day", "part")
)
_OFF = (
    "INSERT INTO works_council VALUES (gen_random_uuid(), now(),"
    f" '{id_of('person', 'adam')}', false, 'works agreement of 2 March')"
)
_LOOK = (
    "SELECT queued_at FROM firstline.calls_of_person(gen_random_uuid(), %s, current_date, current_date, %s,"
    " current_date, current_date + interval '1 day')"
)


def as_supervisor(by: dict[str, Session], *statements: str) -> Callable[[str], set[str]]:
    """Statements of the superuser, then what a query gives the supervisor, in one transaction that is taken back."""
    become = ("SET SESSION AUTHORIZATION sue",)

    def seen(query: str) -> set[str]:
        rows = by["*"].rows(*statements, *become, query)
        by["*"].rows("RESET SESSION AUTHORIZATION", "SELECT 1")
        return {str(value) for (value,) in rows}

    return seen


def test_only_parts_are_read_while_the_mode_is_on(by: dict[str, Session]) -> None:
    assert as_supervisor(by, _SUMS)("SELECT grain FROM case_tally") == {"part"}
    assert as_supervisor(by, _SUMS, _OFF)("SELECT grain FROM case_tally") == {"quarter", "day", "part"}


def test_what_is_long_over_is_read_only_where_the_mode_is_off(by: dict[str, Session]) -> None:
    over = str(id_of("call", "long over"))
    assert over not in as_supervisor(by)("SELECT id FROM firstline.board_call")
    assert over in as_supervisor(by, _OFF)("SELECT id FROM firstline.board_call")
    solved = str(id_of("case", "far solved"))
    assert solved not in as_supervisor(by)("SELECT id FROM firstline.steered_case")


def test_a_look_at_one_person_is_written_down_and_seen_by_that_person(by: dict[str, Session]) -> None:
    ada = id_of("person", "ada")
    assert by["S"].refusal(_LOOK, values=(ada, "short")) == "42501"
    assert by["1"].refusal(_LOOK, values=(ada, "the yearly review")) == "42501"
    look = _LOOK.replace("%s", f"'{ada}'", 1).replace("%s", "'the yearly review of Ada'")
    query = f"SELECT purpose FROM person_look WHERE person_id = '{ada}'"
    assert "the yearly review of Ada" in {str(one) for (one,) in by["S"].rows(look, query)}
    assert [one for (one,) in by["1"].rows(query)] == ["the yearly review"]  # the one of `world`


def test_a_look_covers_no_more_days_than_it_says(by: dict[str, Session]) -> None:
    wide = _LOOK.replace("+ interval '1 day'", "+ interval '9 days'")
    assert by["S"].refusal(wide, values=(id_of("person", "ada"), "the yearly review")) == "42501"


def test_nobody_writes_a_look_or_takes_one_away(by: dict[str, Session]) -> None:
    for letter in "123SEA":
        assert by[letter].outcome("DELETE FROM person_look") == "refused"
        assert by[letter].outcome("INSERT INTO person_look SELECT * FROM person_look") == "refused"


def test_the_mode_is_changed_in_ones_own_name_and_with_a_reason(by: dict[str, Session]) -> None:
    assert by["A"].outcome(_OFF) == "1"
    assert by["A"].outcome(_OFF.replace(str(id_of("person", "adam")), str(id_of("person", "ada")))) == "refused"
    assert by["A"].outcome(_OFF.replace("works agreement of 2 March", "because")) == "refused"
    assert by["A"].outcome(_OFF.replace("now()", "now() - interval '1 year'")) == "refused"
    assert by["S"].outcome(_OFF) == "refused"


def test_an_agent_tells_of_their_own_states_alone(by: dict[str, Session]) -> None:
    insert = "INSERT INTO agent_change (person_id, at, state) VALUES ('{}', now(), 'paused')"
    assert by["1"].outcome(insert.format(id_of("person", "ada"))) == "1"
    assert by["1"].outcome(insert.format(id_of("person", "far"))) == "refused"


def test_everybody_learns_what_is_stored_about_them(by: dict[str, Session]) -> None:
    rows = {str(what): count for what, count in by["1"].rows("SELECT what, n FROM firstline.stored_about_me()")}
    assert (rows["call.agent_id"], rows["agent_change.person_id"], rows["look_up.person_id"]) == (1, 1, 2)
