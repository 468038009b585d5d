"""Who may do what, once more and independent of `app/db/rights`: each table, each column, each role.

A letter stands for a role (`world.LOGINS`): 1, 2, 3 the levels, S supervisor, E editor, A administrator, G gateway,
W wallboard, H what sums up the past. P is everybody who is a person: 123SEA.

**A new table** needs two things here, and the tests fail until it has them: an entry in `TABLES` with all its columns
(else "not in the matrix"), and one in `seen.SEEN` with rows that `world.fill` writes, of which some must be hidden
from somebody. Then say in `app/db/rights/tables.sql` who may do it. What a trigger decides, or a policy with a
condition, gets its attempts in `test_moves.py`. **A new column** stands in `TABLES` with the letters of who may change
it, **a new function** in `functions.FUNCTIONS`.
"""

from dataclasses import dataclass, field

P = "123SEA"
LEVELS = "123"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The letters of who may use the statement on some row; `update` has all columns."""

    select: str
    insert: str = ""
    delete: str = ""
    update: dict[str, str]
    select_columns: dict[str, str] = field(default_factory=dict)  # who reads these columns alone: letter -> columns
    insert_columns: dict[str, str] = field(default_factory=dict)  # who fills in these columns alone
    never_inserted: str = ""  # columns that the database fills in itself


def _columns(names: str, letters: str = "") -> dict[str, str]:
    return dict.fromkeys(names.split(), letters)


_SPAN = "grain day at until "
_CALLS = (
    "queue team answered answered_in_time abandoned abandoned_short abandoned_in_time flowed_out handled"
    " with_after_call_work transferred handle_0 handle_1 handle_2 handle_3 handle_4 handle_5 handle_6 handle_7 handle_8"
    " handle_9 handle_10 handle_11 handle_12 handle_13 handle_14 handle_15 contacts solved_at_first service_level_part"
    " service_level_whole abandonment_part abandonment_whole wait_us talk_us hold_us after_call_work_us"
)
_CASES = (
    "team product reason opened_at_first solved_by_first_alone escalated_by_first returned_to_first came_to_second"
    " escalated_by_second returned_to_second solved_by_second solved_by_second_needlessly closed"
    " closed_with_known_answer closed_with_new_answer"
)

TABLES = {
    "alembic_version": Table(select=P + "GH", update=_columns("version_num")),
    "team": Table(select=P, insert="A", delete="A", update=_columns("id") | _columns("name", "A")),
    "product": Table(select=P, insert="A", delete="A", update=_columns("id") | _columns("code name area team_id", "A")),
    "person": Table(
        select=P,
        select_columns={"G": "id login team_id", "H": "id team_id"},
        insert="A",
        delete="A",
        update=_columns("id") | _columns("login name team_id roles", "A"),
    ),
    "agent": Table(
        select="1G", insert="1", update=_columns("person_id") | _columns("state pause_code since told_at", "1")
    ),
    "customer": Table(select="123S", update=_columns("id number name company city language")),
    "phone": Table(select="123", insert="1", update=_columns("id customer_id label shown normal")),
    "contract": Table(select=LEVELS, update=_columns("id number customer_id product_id kind serial starts_on ends_on")),
    "look_up": Table(select="1A", delete="A", update=_columns("person_id customer_id at")),
    "call": Table(
        select="1G",
        select_columns={
            "H": "id state queue agent_id customer_id case_id queued_at offered_at answered_at held_ms ended_at"
            " wrapped_up_at end_reason ended_by is_outgoing disposition"
        },
        insert="1G",
        update=_columns("id")
        | _columns("agent_id", "G")
        | _columns("source number_raw number_kind number_normal display_name queue state customer_id case_id", "1G")
        | _columns("queued_at offered_at answered_at held_ms ended_at wrapped_up_at end_reason disposition", "1G")
        | _columns("ended_by is_outgoing note told_at", "1G"),
    ),
    "case_file": Table(
        select=LEVELS,
        select_columns={"H": "id opened_at opened_by team_id product_id answer_id"},
        insert=LEVELS,
        update=_columns("id number title opened_at opened_by team_id call_id customer_id contract_id product_id plan")
        | _columns("state level level_since owner_id priority waits_for", LEVELS)
        | _columns("due_at warn_at resolve_due_at resolve_warn_at alarm_at", LEVELS)
        | _columns("solved_at answer_id passed_down kept_back", LEVELS),
    ),
    "timeline": Table(
        select="12",
        select_columns={
            "3": "id case_id at by event from_level to_level text hand_over waits_for",
            "H": "id case_id at by event from_level to_level hand_over",
        },
        insert="123S",
        update=_columns("id case_id at by event from_level to_level text hand_over caller_number waits_for"),
    ),
    "question": Table(
        select=LEVELS,
        insert="23",
        never_inserted="answer answered_by answered_at",
        update=_columns("id case_id asked_by asked_at text to_person to_level")
        | _columns("answer answered_by answered_at", LEVELS),
    ),
    "contact_grant": Table(select=LEVELS, insert="2", delete="2", update=_columns("case_id by at")),
    "levels": Table(select=P, update=_columns("id are_merged changed_at")),
    "case_presence": Table(
        select="23", insert="23", delete="23", update=_columns("person_id") | _columns("case_id is_typing until", "23")
    ),
    "saved_filter": Table(
        select="23", insert="23", delete="23", update=_columns("id person_id") | _columns("name filter", "23")
    ),
    "rule_set": Table(select=P, insert="A", never_inserted="version", update=_columns("version kind text at by")),
    "booking": Table(
        select=LEVELS,
        insert=LEVELS,
        update=_columns("id case_id contract_id kind at by minutes billed_minutes net tax currency text"),
    ),
    "alarm": Table(select="S", insert="S", update=_columns("case_id clock since step team_id at told_at")),
    "lease": Table(
        select=LEVELS, insert=LEVELS, delete=LEVELS, update=_columns("person_id") | _columns("until", LEVELS)
    ),
    "watcher": Table(select=LEVELS, insert=LEVELS, update=_columns("case_id person_id")),
    "answer": Table(
        select="123SE",
        insert="E",
        delete="E",
        update=_columns("id key language title variants keywords products audience body steps closing version", "E")
        | _columns("published_at known_problem retired_at stamp script valid_from valid_until review_on", "E"),
    ),
    "centre_rule": Table(select=P, insert="A", delete="A", update=_columns("name") | _columns("value set_at", "A")),
    "answer_version": Table(
        select="123E",
        select_columns={"S": "answer_id version audience published_at note document"},
        insert="E",
        update=_columns("answer_id version audience published_at published_by note document"),
    ),
    "answer_draft": Table(
        select="123E",
        select_columns={"H": "id case_id state base_version"},
        insert="123E",
        update=_columns("id case_id made_by")
        | _columns("key language state revision base_version document written_by written_at", "123E"),
    ),
    "answer_event": Table(
        select="123E", insert="123E", update=_columns("id answer_id draft_id at by event version text")
    ),
    "answer_flag": Table(
        select="123E",
        insert=LEVELS,
        never_inserted="settled_at settled_by settled_text",
        update=_columns("id answer_id version kind text by at") | _columns("settled_at settled_by settled_text", "E"),
    ),
    "first_could_have": Table(
        select="123E",
        select_columns={"H": "case_id"},
        insert="23",
        delete="23",
        update=_columns("case_id by") | _columns("answer_id at", "23"),
    ),
    "message": Table(
        select=P,
        insert="123SE",
        delete=P,
        never_inserted="seen_at",
        update=_columns("id person_id by at kind title text case_id case_number answer_id") | _columns("seen_at", P),
    ),
    "word_group": Table(select="123SE", insert="E", delete="E", update=_columns("id kind words")),
    "answer_use": Table(
        select="123SE",
        insert="123E",
        delete="E",
        never_inserted="id",
        update=_columns("id answer_id kind day count weight"),
    ),
    "search_gap": Table(
        select="SE",
        insert=LEVELS,
        delete="E",
        never_inserted="id",
        update=_columns("id kind day language product text"),
    ),
    "queue_rule": Table(
        select=P + "H",
        insert="SA",
        delete="SA",
        update=_columns("queue")
        | _columns("answer_within_ms short_abandon_ms goal_percent service_level abandonment", "SA"),
    ),
    "alert_rule": Table(
        select="SA",
        insert="SA",
        delete="SA",
        update=_columns("measure queue level")
        | _columns("raise_milli clear_milli hold_s quiet_s days opens closes zone is_on", "SA"),
    ),
    "alert": Table(
        select="S",
        insert="S",
        update=_columns("id measure queue level value_milli raised_at raised_by")
        | _columns("ended_at seen_by seen_at", "S"),
    ),
    "notice": Table(select=P, insert="S", update=_columns("id by at team_id text") | _columns("until", "S")),
    "notice_seen": Table(select=P, insert=P, update=_columns("notice_id person_id at")),
    "hand": Table(
        select="",
        select_columns=dict.fromkeys("123S", "id person_id raised_at lowered_at about"),
        insert=LEVELS,
        update=_columns("id person_id raised_at call_id case_id about") | _columns("lowered_at", LEVELS),
    ),
    "hand_line": Table(select="123S", insert="123S", update=_columns("id hand_id by at text")),
    "ring": Table(
        select="1G", insert="G", update=_columns("call_id person_id") | _columns("at stopped_at end_reason", "G")
    ),
    "telephone": Table(
        select="1AG",
        insert="AG",
        delete="A",
        update=_columns("interface")
        | _columns("person_id", "AG")
        | _columns("name device is_paused pause_reason told_at", "G"),
    ),
    "gateway": Table(
        select=P + "G",
        insert="G",
        update=_columns("name") | _columns("holder phase since beat_at waiting_count waiting_since capabilities", "G"),
    ),
    "line_order": Table(
        select="1G",
        insert="1",
        delete="G",
        never_inserted="state refusal detail answered_at",
        update=_columns("id by at action call_id text") | _columns("state refusal detail answered_at", "G"),
    ),
    "call_back": Table(
        select="1G",
        select_columns={"2": "id customer_id"},
        insert="1G",
        insert_columns={"2": "id kind number name due_at made_at made_by call_id customer_id person_id note"},
        update=_columns("id kind name made_at made_by call_id customer_id")
        | _columns("state done_at", "1G")
        | _columns("person_id number due_at note attempt_count attempted_at done_by", "1"),
    ),
    "problem": Table(
        select="123SE",
        insert="23S",
        never_inserted="number",
        update=_columns("number id origin made_at made_by")
        | _columns("title symptoms cause workaround products versions revision changed_at changed_by", "23E")
        | _columns("state state_since state_by said", "2"),
    ),
    "problem_case": Table(
        select="123",
        select_columns=dict.fromkeys("SE", "problem_id case_id link at solved_at"),
        insert="123S",
        never_inserted="solved_at",
        update=_columns("problem_id case_id solved_at") | _columns("link at by", LEVELS),
    ),
    "sighting": Table(
        select="2SE", insert=LEVELS, delete="E", never_inserted="id", update=_columns("id at product text")
    ),
    "radar": Table(
        select=P,
        update=_columns("name") | _columns("looked_at", "2S") | _columns("case_count window_min rest_min", "SA"),
    ),
    "applied_command": Table(select=P, insert=P, update=_columns("id by applied_at subject_id")),
    "change": Table(
        select=P + "G",
        select_columns={"H": "id topic subject_id tx"},
        insert=P + "G",
        never_inserted="id tx",
        update=_columns("id topic subject_id at tx"),
    ),
    "agent_change": Table(
        select="H",
        insert="1",
        never_inserted="is_counted",
        update=_columns("person_id at state") | _columns("is_counted", "H"),
    ),
    "history_state": Table(
        select="SH", insert="H", update=_columns("id") | _columns("zone cursor rules rolled_up_at", "H")
    ),
    "history_day": Table(
        select="SH",
        insert="H",
        update=_columns("kind day is_frozen") | _columns("is_stale is_withheld rolled_at", "H"),
    ),
    "call_tally": Table(select="SH", insert="H", delete="H", update=_columns(_SPAN + _CALLS)),
    "case_tally": Table(select="SH", insert="H", delete="H", update=_columns(_SPAN + _CASES)),
    "presence_tally": Table(select="SH", insert="H", delete="H", update=_columns(_SPAN + "team busy_us available_us")),
    "works_council": Table(select=P, insert="A", update=_columns("id at by is_on reason")),
    "person_look": Table(select=P, update=_columns("id at by person_id purpose first last")),
}
