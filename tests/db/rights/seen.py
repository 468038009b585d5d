"""Which rows each role sees, by a name of `world`: kind of id and column that holds it, then row -> letters."""

from tests.db.rights.matrix import P

SEEN: dict[str, tuple[str, str, dict[str, str]]] = {
    "alembic_version": ("", "", {}),
    "team": ("team", "id", {"office": P, "network": P}),
    "product": ("product", "id", {"printer": P, "router": P}),
    "person": ("person", "id", {"ada": P + "GH", "far": P + "GH", "sue": P + "GH"}),
    "agent": ("person", "person_id", {"ada": "1G", "far": "G"}),
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
            "ada/near": "1GH",
            "far/far": "GH",
            "far/looked": "1GH",
            "ringing": "1GH",
            "over": "GH",
            "long over": "GH",
        },
    ),
    "case_file": (
        "case",
        "id",
        {
            "open": "1H",
            "opened": "12H",
            "mate": "1H",
            "looked": "1H",
            "solved": "1H",
            "far open": "H",
            "far solved": "H",
            "waiting": "2H",
            "claimed": "2H",
            "not ben's": "2H",
            "returned": "2H",
            "solved 2": "2H",
            "waiting 3": "3H",
            "claimed 3": "3H",
            "granted 3": "23H",
            "ole's": "2H",
            "consulted": "23H",
        },
    ),
    "timeline": (
        "line",
        "id",
        {
            "open/opened": "1H",
            "far open/opened": "H",
            "waiting/opened": "2H",
            "returned/claimed": "2H",
            "claimed 3/claimed": "3H",
        },
    ),
    "question": ("question", "id", {"consulted": "23", "opened": "12", "far open": ""}),
    "contact_grant": ("case", "case_id", {"granted 3": "23", "far open": ""}),
    "levels": ("", "", {}),  # one row for all
    "case_presence": ("person", "person_id", {"ben": "23", "tina": "23"}),
    "saved_filter": ("filter", "id", {"ben": "2", "tina": "3"}),
    "rule_set": ("", "", {}),  # each of them says the same to all
    "booking": ("case", "case_id", {"open": "1", "claimed": "23", "claimed 3": "23", "far open": "23"}),
    "alarm": ("case", "case_id", {"waiting": "S", "far open": "S"}),
    "lease": ("person", "person_id", {"ada": "1", "far": ""}),
    "watcher": ("case", "case_id", {"opened": "1", "solved": "1", "waiting": "", "claimed": ""}),
    "answer": ("answer", "id", {"first": "123SE", "second": "23SE"}),
    "centre_rule": ("", "", {}),  # for all
    "answer_version": ("answer", "answer_id", {"first": "123SE", "second": "23SE"}),
    "answer_draft": ("draft", "id", {"ada": "1EH", "ben": "2EH", "mia": "EH", "eva": "EH"}),
    "answer_event": ("event", "id", {"ada": "1E", "far": "E"}),
    "answer_flag": ("flag", "id", {"ada": "1E", "far": "E"}),
    "first_could_have": ("case", "case_id", {"solved 2": "2EH", "claimed 3": "3EH"}),
    "message": ("message", "id", {"ada": "1", "far": ""}),
    "word_group": ("words", "id", {"wlan": "123SE"}),
    "answer_use": ("answer", "answer_id", {"first": "123SE"}),
    "search_gap": ("", "", {}),  # its rows have no name, and who reads one reads all
    "queue_rule": ("", "", {}),  # everybody sees all
    "alert_rule": ("", "", {}),  # supervisors and administrators see all
    "alert": ("", "", {}),  # supervisors see all
    "notice": ("notice", "id", {"all": P, "office": "1S", "network": "23SEA"}),
    "notice_seen": ("person", "person_id", {"ada": "1", "far": ""}),
    "hand": ("hand", "id", {"ada": "1S", "far": "S"}),
    "hand_line": ("hand", "hand_id", {"ada": "1S", "far": "S"}),
    "ring": ("call", "call_id", {"ringing": "1G", "far/far": "G"}),
    "telephone": ("person", "person_id", {"ada": "1AG", "far": "AG"}),
    "gateway": ("", "", {}),  # one row for all
    "line_order": ("order", "id", {"ada": "1G", "far": "G"}),
    "call_back": ("call_back", "id", {"anyone": "1G", "ada": "1G", "far": "G"}),
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
