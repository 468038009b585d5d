"""Puts the small centre of `world` into an empty database, row by row, as its superuser."""

import json

import psycopg

from tests.db.rights.world import CASES, CLAIMED, CUSTOMERS, ROLES, id_of


def fill(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Put the centre into an empty database, as its superuser."""
    insert = _Inserter(connection)
    _add_people(insert)
    for name, product in CUSTOMERS.items():
        _add_customer(insert, name, product)
    _add_look_ups(insert)
    for name, case in CASES.items():
        _add_case(insert, name, *case)
    _add_between_levels(insert)
    _add_promises(insert)
    _add_calls(insert)
    _add_telephony(insert)
    for audience in ("first", "second"):
        _add_answer(insert, audience)
    _add_knowledge(insert)
    _add_problems(insert)
    _add_searches(insert)
    _add_supervision(insert)
    insert.sql(
        "INSERT INTO change (topic, subject_id, at, tx) VALUES ('cases', %s, now(), pg_current_xact_id())",
        (id_of("case", "open"),),
    )


def _add_people(insert: "_Inserter") -> None:
    for team, product in (("office", "printer"), ("network", "router")):
        insert("team", id=id_of("team", team), name=team)
        values = {"code": product, "name": product, "area": product, "team_id": id_of("team", team)}
        insert("product", id=id_of("product", product), **values)
    for login, (team, *roles) in ROLES.items():
        values = {"name": login.title(), "team_id": id_of("team", team), "roles": json.dumps(roles)}
        insert("person", id=id_of("person", login), login=login, **values)
    for login in ("ada", "far"):
        insert("agent", person_id=id_of("person", login), state="available", since="now", told_at="now")
        insert("agent_change", person_id=id_of("person", login), at="now", state="available")
        insert("person_look", id=id_of("look", login), person_id=id_of("person", login), by=id_of("person", "sue"),
               at="now", purpose="the yearly review", first="yesterday", last="today")  # fmt: skip
        insert("applied_command", id=id_of("command", login), by=id_of("person", login), applied_at="now")
    for login in ("ada", "far", "bea"):
        insert("lease", person_id=id_of("person", login), until="infinity")


def _add_look_ups(insert: "_Inserter") -> None:
    for login, customer, age in (("ada", "looked", "1 hour"), ("ada", "stale", "1 day"), ("far", "far", "40 days")):
        insert.sql(
            "INSERT INTO look_up VALUES (%s, %s, now() - %s::interval)",
            (id_of("person", login), id_of("customer", customer), age),
        )


def _add_promises(insert: "_Inserter") -> None:
    insert("rule_set", kind="promises", text="", at="now", by="adam")
    for name in ("open", "claimed", "claimed 3", "far open"):
        customer, opened_by = CASES[name][:2]
        ids = {"case_id": id_of("case", name), "contract_id": id_of("contract", customer)}
        values = {"kind": "work", "minutes": 3, "billed_minutes": 5, "text": "", "by": id_of("person", opened_by)}
        insert("booking", id=id_of("booking", name), at="now", **ids, **values)
    for name in ("waiting", "far open"):
        insert("alarm", case_id=id_of("case", name), clock="own", since="yesterday", step="75 %", told_at="now")


def _add_calls(insert: "_Inserter") -> None:
    _add_call(insert, "ada", "near")
    _add_call(insert, "far", "far")
    _add_call(insert, "far", "looked")
    _add_call(insert, None, "far", name="ringing")
    for name, queued_at in (("over", "now"), ("long over", "2020-03-02 09:00+00")):
        _add_call(insert, "far", "far", name=name, state="closed", queued_at=queued_at)


def _add_searches(insert: "_Inserter") -> None:
    insert("word_group", id=id_of("words", "wlan"), kind="synonyms", words='["WLAN", "Wi-Fi"]')
    insert("answer_use", answer_id=id_of("answer", "first"), kind="solved", day="today", count=1, weight=1)
    insert("search_gap", kind="not_found", day="today", language="en", product="", text="turbine")


def _add_customer(insert: "_Inserter", name: str, product: str) -> None:
    id_ = id_of("customer", name)
    insert("customer", id=id_, number=f"K-{name}", name=f"Customer {name}", company=name, city="Berlin", language="de")
    number = f"+49302312510{list(CUSTOMERS).index(name)}"
    insert("phone", id=id_of("phone", name), customer_id=id_, label="office", shown=number, normal=number)
    insert(
        "contract",
        id=id_of("contract", name),
        number=f"V-{name}",
        customer_id=id_,
        product_id=id_of("product", product),
        kind="basic",
        serial="1",
        starts_on="2020-01-01",
        ends_on="2099-12-31",
    )


def _add_case(
    insert: "_Inserter", name: str, customer: str, opened_by: str, state: str, level: int, owner: str | None
) -> None:
    near = customer == "near"
    insert(
        "case_file",
        id=id_of("case", name),
        number=name,
        title=name,
        state=state,
        level=level,
        priority=3,
        due_at="now",
        opened_at="yesterday",
        level_since="now",
        opened_by=id_of("person", opened_by),
        owner_id=owner and id_of("person", owner),
        team_id=id_of("team", "office" if near else "network"),
        customer_id=id_of("customer", customer),
        product_id=id_of("product", "printer" if near else "router"),
    )
    _add_line(insert, name, "opened", opened_by)
    if state != "open":
        insert("watcher", case_id=id_of("case", name), person_id=id_of("person", opened_by))
    if name in CLAIMED:
        _add_line(insert, name, "claimed", CLAIMED[name])


def _add_between_levels(insert: "_Inserter") -> None:
    """Questions, a grant with its line, who has what open, filters."""
    _add_line(insert, "granted 3", "escalated", "ben", from_level=2)
    for case, by in (("granted 3", "ben"), ("far open", "bea")):
        _add_line(insert, case, "granted", by)
        insert("contact_grant", case_id=id_of("case", case), by=id_of("person", by), at="yesterday")
    for case, asked in (("consulted", None), ("opened", "ada"), ("far open", "far")):
        values = {"asked_by": id_of("person", "ben"), "asked_at": "yesterday", "text": "why?"}
        values |= {"to_person": asked and id_of("person", asked), "to_level": None if asked else 3}
        insert("question", id=id_of("question", case), case_id=id_of("case", case), **values)
    for login in ("ben", "tina"):
        person_id, case_id = id_of("person", login), id_of("case", "claimed 3")
        insert("case_presence", person_id=person_id, case_id=case_id, is_typing=False, until="infinity")
        insert("saved_filter", id=id_of("filter", login), person_id=person_id, name="mine", filter="{}")


def _add_line(insert: "_Inserter", case: str, event: str, by: str, *, from_level: int = 1) -> None:
    name = f"{case}/{event}"
    number = "+4930231251990" if event == "escalated" else None
    values = {"at": "yesterday", "from_level": from_level, "to_level": 1, "text": "", "caller_number": number}
    insert(
        "timeline", id=id_of("line", name), case_id=id_of("case", case), event=event, by=id_of("person", by), **values
    )


def _add_call(
    insert: "_Inserter", agent: str | None, customer: str, *, name: str = "", state: str = "", queued_at: str = "now"
) -> None:
    values = {"number_raw": "1", "number_kind": "public", "display_name": "", "queue": "q", "held_ms": 0, "note": ""}
    insert(
        "call",
        id=id_of("call", name or f"{agent}/{customer}"),
        source="demo",
        state=state or ("connected" if agent else "offered"),
        agent_id=agent and id_of("person", agent),
        customer_id=id_of("customer", customer),
        queued_at=queued_at,
        told_at="now",
        **values,
    )


def _add_supervision(insert: "_Inserter") -> None:
    """How a queue is measured; a rule and its alert; notices to all and to each team; two raised hands with a line."""
    insert("queue_rule", queue="q", answer_within_ms=20_000, short_abandon_ms=5_000, goal_percent=80,
           service_level="standard", abandonment="all")  # fmt: skip
    insert("alert_rule", measure="longest_wait", queue="", level=0, raise_milli=2, clear_milli=1, hold_s=1, quiet_s=60,
           days="1", opens="00:00", closes="00:00", zone="UTC", is_on=True)  # fmt: skip
    insert("alert", id=id_of("alert", "one"), measure="longest_wait", queue="", level=0, value_milli=2, raised_at="now",
           raised_by=id_of("person", "sue"))  # fmt: skip
    for name in ("all", "office", "network"):
        team = None if name == "all" else id_of("team", name)
        values = {"by": id_of("person", "sue"), "at": "now", "until": "tomorrow", "team_id": team, "text": "t"}
        insert("notice", id=id_of("notice", name), **values)
    for login in ("ada", "far"):
        person_id = id_of("person", login)
        insert("notice_seen", notice_id=id_of("notice", "all"), person_id=person_id, at="now")
        insert("hand", id=id_of("hand", login), person_id=person_id, raised_at="now", about="")
        line = {"id": id_of("hand_line", login), "by": person_id, "at": "now", "text": "t"}
        insert("hand_line", hand_id=id_of("hand", login), **line)


def _add_telephony(insert: "_Inserter") -> None:
    """A call rings at Ada's telephone, and at Far's one that he has answered meanwhile."""
    for login, call in (("ada", "ringing"), ("far", "far/far")):
        person_id = id_of("person", login)
        insert("ring", call_id=id_of("call", call), person_id=person_id, at="now")
        insert("telephone", interface=f"PJSIP/{login}", person_id=person_id)
        insert("line_order", id=id_of("order", login), by=person_id, at="now", action="pause", text="")
    insert("gateway", name="main", holder="h", phase="ready", since="now", beat_at="now", waiting_count=0,
           capabilities="[]")  # fmt: skip
    for owner in ("anyone", "ada", "far"):
        person = None if owner == "anyone" else id_of("person", owner)
        values = {"kind": "abandoned", "number": "+493023125199", "name": "", "due_at": "now", "made_at": "now"}
        insert("call_back", id=id_of("call_back", owner), person_id=person, **values)


def _add_problems(insert: "_Inserter") -> None:
    """One in each state; Ada's opened case, and one that is not hers, are of the confirmed one."""
    texts = {"title": "t", "symptoms": "s", "cause": "", "workaround": "", "versions": "", "said": ""}
    ben = id_of("person", "ben")
    for state in ("candidate", "confirmed", "solved", "rejected"):
        people = dict.fromkeys(("made_by", "changed_by", "state_by"), ben)
        times = dict.fromkeys(("made_at", "changed_at", "state_since"), "now")
        values = {"id": id_of("problem", state), "state": state, "origin": "person", "revision": 1, "products": "[]"}
        insert("problem", **values, **texts, **people, **times)
    for case in ("opened", "waiting"):
        values = {"problem_id": id_of("problem", "confirmed"), "case_id": id_of("case", case)}
        insert("problem_case", **values, link="attached", at="now", by=ben)
    insert("sighting", at="now", product="", text="turbine")


def _add_answer(insert: "_Inserter", audience: str) -> None:
    lists = dict.fromkeys(("variants", "keywords", "products", "steps"), "[]")
    texts = {"title": "t", "body": "b", "closing": "", "known_problem": ""}
    insert(
        "answer",
        id=id_of("answer", audience),
        key=audience,
        language="en",
        audience=audience,
        version=1,
        published_at="now",
        stamp=1,
        **lists,
        **texts,
    )


def _add_knowledge(insert: "_Inserter") -> None:
    """Drafts, what people did and said of answers, and what they are told. Who wrote one does not publish it."""
    insert("centre_rule", name="four_eyes", value="on", set_at="now")
    for audience in ("first", "second"):
        values = {"published_at": "now", "note": "", "document": "{}"}
        insert("answer_version", answer_id=id_of("answer", audience), version=1, audience=audience, **values)
    for login, state in (("ada", "draft"), ("ben", "draft"), ("mia", "review"), ("eva", "review")):
        by = id_of("person", login)
        texts = {"key": login, "language": "en", "state": state, "document": "{}", "written_at": "now"}
        insert("answer_draft", id=id_of("draft", login), revision=1, base_version=0, made_by=by, written_by=by, **texts)
    for login in ("ada", "far"):
        by, about = id_of("person", login), {"answer_id": id_of("answer", "first"), "version": 1, "text": ""}
        insert("answer_event", id=id_of("event", login), by=by, at="now", event="drafted", **about)
        insert("answer_flag", id=id_of("flag", login), by=by, at="now", kind="wrong", **about)
        message = {"kind": "case_solved", "title": "t", "text": "", "case_number": ""}
        insert("message", id=id_of("message", login), person_id=by, by=id_of("person", "ben"), at="now", **message)
    for case, login in (("solved 2", "ben"), ("claimed 3", "tina")):
        about = {"answer_id": id_of("answer", "first"), "at": "now"}
        insert("first_could_have", case_id=id_of("case", case), by=id_of("person", login), **about)


class _Inserter:
    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection

    def __call__(self, table: str, **values: object) -> None:
        columns = ", ".join(f'"{name}"' for name in values)
        self.sql(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(values))})", tuple(values.values()))

    def sql(self, statement: str, values: tuple[object, ...]) -> None:
        self._connection.execute(statement, values)
