"""Which rows each role sees, by a name of `world`: kind of id and column that holds it, then row -> letters."""

from tests.db.rights.matrix import P

SEEN: dict[str, tuple[str, str, dict[str, str]]] = {
    "alembic_version": ("", "", {}),
    "team": ("team", "id", {"office": P, "network": P}),
    "product": ("product", "id", {"printer": P, "router": P}),
    "person": ("person", "id", {"ada": P + "GH", "far": P + "GH", "sue": P + "GH"}),
    "agent": ("person", "person_id", {"ada": "1SG", "far": "SG"}),
    "customer": (
        "customer",
        "id",
        {"near": "1S", "far": "23S", "opened": "12S", "looked": "1S", "stale": "2S", "granted": "23S"},
    ),
    "phone": ("phone", "id", {"near": "1", "far": "2", "opened": "12", "looked": "1", "stale": "2", "granted": "23"}),
    "contract": (
        "contract",
        "id",
        {"near": "1", "far": "23", "opened": "12", "looked": "1", "stale": "2", "granted": "23"},
    ),
    "look_up": ("customer", "customer_id", {"looked": "1A", "stale": "1A", "far": "A"}),
    "call": (
        "call",
        "id",
        {
            "ada/near": "1SGH",
            "far/far": "SGH",
            "far/looked": "1SGH",
            "ringing": "1SGH",
            "over": "SGH",  # today
            "long over": "GH",
        },
    ),
    "case_file": (
        "case",
        "id",
        {
            "open": "1SAH",
            "opened": "12SAH",
            "mate": "1SAH",
            "looked": "1SAH",
            "solved": "1AH",
            "far open": "SAH",
            "far solved": "AH",
            "waiting": "2SAH",
            "claimed": "2SAH",
            "not ben's": "2SAH",
            "returned": "2SAH",
            "solved 2": "2AH",
            "waiting 3": "3SAH",
            "claimed 3": "3SAH",
            "granted 3": "23SAH",
            "ole's": "2SAH",
            "consulted": "23SAH",
        },
    ),
    "timeline": (
        "line",
        "id",
        {
            "open/opened": "1SH",
            "far open/opened": "SH",
            "waiting/opened": "2SH",
            "returned/claimed": "2SH",
            "claimed 3/claimed": "3SH",
        },
    ),
    "question": ("question", "id", {"consulted": "23S", "opened": "12S", "far open": "S"}),
    "contact_grant": ("case", "case_id", {"granted 3": "23S", "far open": "S"}),
    "levels": ("", "", {}),  # one row for all
    "case_presence": ("person", "person_id", {"ben": "23S", "tina": "23S"}),
    "saved_filter": ("filter", "id", {"ben": "2", "tina": "3"}),
    "rule_set": ("", "", {}),  # each of them says the same to all
    "booking": ("case", "case_id", {"open": "1S", "claimed": "23S", "claimed 3": "23S", "far open": "23S"}),
    "alarm": ("case", "case_id", {"waiting": "S", "far open": "S"}),
    "lease": ("person", "person_id", {"ada": "1", "far": ""}),
    "watcher": ("case", "case_id", {"opened": "1", "solved": "1", "waiting": "", "claimed": ""}),
    "answer": ("answer", "id", {"first": "123SE", "second": "23SE"}),
    "centre_rule": ("", "", {}),  # for all
    "answer_version": ("answer", "answer_id", {"first": "123SE", "second": "23SE"}),
    "answer_draft": ("draft", "id", {"ada": "1E", "ben": "2E", "mia": "E", "eva": "E"}),
    "answer_event": ("event", "id", {"ada": "1E", "far": "E"}),
    "answer_flag": ("flag", "id", {"ada": "1E", "far": "E"}),
    "first_could_have": ("case", "case_id", {"solved 2": "2SEH", "claimed 3": "3SEH"}),
    "message": ("message", "id", {"ada": "1", "far": ""}),
    "word_group": ("words", "id", {"wlan": "123SE"}),
    "answer_use": ("answer", "answer_id", {"first": "123SE"}),
    "search_gap": ("", "", {}),  # its rows have no name, and who reads one reads all
    "queue_rule": ("", "", {}),  # everybody sees all
    "alert_rule": ("", "", {}),  # supervisors and administrators see all
    "alert": ("", "", {}),  # supervisors see all
    "notice": ("notice", "id", {"all": P, "office": "1S", "network": "23SEA"}),
    "notice_seen": ("person", "person_id", {"ada": "1S", "far": "S"}),
    "hand": ("hand", "id", {"ada": "1S", "far": "S"}),
    "hand_line": ("hand", "hand_id", {"ada": "1S", "far": "S"}),
    "ring": ("call", "call_id", {"ringing": "1SG", "far/far": "SG"}),
    "telephone": ("person", "person_id", {"ada": "1SAG", "far": "SAG"}),
    "gateway": ("", "", {}),  # one row for all
    "line_order": ("order", "id", {"ada": "1G", "far": "G"}),
    "call_back": ("call_back", "id", {"anyone": "1SG", "ada": "1SG", "far": "SG"}),
    "problem": ("problem", "id", {"candidate": "23SE", "confirmed": "123SE", "solved": "123SE", "rejected": "23SE"}),
    "problem_case": ("case", "case_id", {"opened": "123SE", "waiting": "23SE"}),
    "sighting": ("", "", {}),  # its rows have no name, and who reads one reads all
    "radar": ("", "", {}),  # one row for all
    "applied_command": ("command", "id", {"ada": "1", "far": ""}),
    "change": ("case", "subject_id", {"open": P + "GH"}),
    "agent_change": ("person", "person_id", {"ada": "H", "far": "H"}),
    "history_state": ("", "", {}),  # one row for all
    "history_day": ("", "", {}),
    "call_tally": ("", "", {}),  # which grain is seen, `test_council.py` says
    "case_tally": ("", "", {}),
    "presence_tally": ("", "", {}),
    "works_council": ("", "", {}),  # none: so it is on
    "person_look": ("look", "id", {"ada": "1S", "far": "S"}),
}
