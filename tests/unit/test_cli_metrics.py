"""`firstline-admin metrics`, as somebody meets it who checks a figure: known calls, odd calls, files that are wrong."""

import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app import cli, i18n
from tests.unit.metric_facts import ABANDONED_AFTER_S, ANSWERED

Call = dict[str, object]
NAMES = [
    "service_level",
    "service_level_of_offered",
    "service_level_of_answered",
    "service_level_sl2",
    "average_speed_of_answer_s",
    "average_handle_time_s",
    "after_call_work_s",
    "abandonment_rate_all",
    "abandonment_rate",
]
START = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/Berlin"))


class Check:
    """Runs the command on a file of these calls, or of this text."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = folder / "calls [1].json"
        self._capsys = capsys

    def run(self, content: object, *arguments: str) -> tuple[int, str, str]:
        if isinstance(content, bytes):
            self.path.write_bytes(content)
        else:
            self.path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return self.command("metrics", str(self.path), *arguments)

    def command(self, *arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        return (int(ended.value.code or 0), *self._capsys.readouterr())

    def figures(self, content: object, *arguments: str) -> dict[str, float | None]:
        code, out, err = self.run(content, *arguments)
        assert (code, err) == (0, "")
        found: dict[str, float | None] = json.loads(out)
        assert list(found) == NAMES
        return found

    def refusal(self, content: object) -> str:
        """The one sentence of a refusal, without the path that it begins with."""
        code, out, err = self.run(content)
        assert (code, out) == (1, "")
        assert err.startswith(str(self.path)) and err.count("\n") == 1, err
        return err.removeprefix(str(self.path)).lstrip(" ,").strip()


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    return Check(tmp_path, capsys)


def after(seconds: float, start: datetime = START) -> str:
    return (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(start.tzinfo).isoformat()


def answered(wait: float, talk: float, hold: float, work: float, start: datetime = START) -> Call:
    ended = wait + talk + hold
    return {
        "queued_at": after(0, start),
        "offered_at": after(wait / 2, start),
        "answered_at": after(wait, start),
        "held_s": hold,
        "ended_at": after(ended, start),
        "wrapped_up_at": after(ended + work, start),
    }


def abandoned(wait: float) -> Call:
    return {"queued_at": after(0), "abandoned_at": after(wait)}


TEN_CALLS = [
    *(answered(*times) for times in ANSWERED),
    *map(abandoned, ABANDONED_AFTER_S),
    Call(queued_at=after(0), flowed_out_at=after(30)),
]

# --- figures --------------------------------------------------------------------------------------------------


def test_the_ten_calls(check: Check) -> None:
    expected = [3 / 8, 3 / 10, 3 / 5, 2 / 3, 20.6, 248.0, 30.0, 0.4, 0.25]
    assert check.figures(TEN_CALLS, "--threshold", "20", "--short-abandon", "5") == dict(
        zip(NAMES, expected, strict=True)
    )
    assert list(check.figures(TEN_CALLS).values()) == expected  # 20 and 5 are the defaults
    assert list(check.figures(TEN_CALLS[::-1]).values()) == expected


def test_thresholds_are_seconds_and_parts_of_seconds(check: Check) -> None:
    assert check.figures(TEN_CALLS, "--threshold", "19.999999")["service_level"] == 2 / 8
    assert check.figures(TEN_CALLS, "--threshold=21")["service_level"] == 4 / 8
    assert check.figures(TEN_CALLS, "--short-abandon", "0")["abandonment_rate"] == 0.4
    assert check.figures(TEN_CALLS, "--short-abandon", "4.9")["abandonment_rate"] == 3 / 9


@pytest.mark.parametrize("missing", [None, "absent"])
def test_what_did_not_happen_is_absent_or_null(check: Check, missing: str | None) -> None:
    names = ["offered_at", "answered_at", "abandoned_at", "flowed_out_at", "held_s", "ended_at", "wrapped_up_at"]
    calls = [call | ({} if missing else {n: None for n in names if n not in call}) for call in TEN_CALLS]
    assert check.figures(calls)["service_level"] == 0.375


@pytest.mark.parametrize(
    "calls", [[], [{"queued_at": after(0)}], [{"queued_at": after(0), "offered_at": after(9), "abandoned_at": None}]]
)
def test_where_nothing_was_offered_everything_is_null(check: Check, calls: list[Call]) -> None:
    assert set(check.figures(calls).values()) == {None}


def test_only_abandoned_only_short_and_only_flowed_out(check: Check) -> None:
    late, short = abandoned(60), abandoned(5)
    out = {"queued_at": after(0), "flowed_out_at": after(1)}
    assert list(check.figures([late]).values()) == [0, 0, None, 0, None, None, None, 1, 1]
    assert list(check.figures([short]).values()) == [None, 0, None, 1, None, None, None, 1, None]
    assert list(check.figures([out]).values()) == [0, 0, None, None, None, None, None, 0, 0]


def test_calls_that_go_on(check: Check) -> None:
    talking = {"queued_at": after(0), "answered_at": after(4), "held_s": 90}
    assert list(check.figures([talking]).values()) == [1, 1, 1, 1, 4, None, None, 0, 0]
    without_wrap_up = {"queued_at": after(0), "answered_at": after(4), "ended_at": after(64)}
    assert list(check.figures([talking, without_wrap_up]).values()) == [1, 1, 1, 1, 4, 60, 0, 0, 0]


def test_times_of_all_zones_and_forms(check: Check) -> None:
    forms = [
        ("2026-03-02T08:00:00Z", "2026-03-02T09:00:20+01:00"),
        ("2026-03-02 13:30:00+05:30", "2026-03-02T03:00:20-05:00"),
        ("2026-03-02t08:00:00z", "2026-03-02T08:00:20.0000009Z"),  # to the microsecond
        ("20260302T080000Z", "2026-03-02T08:00:20.000000+00:00"),
        ("2026-03-02T08:00:00.25Z", "2026-03-02T08:00:20,250Z"),
    ]
    for queued, picked_up in forms:
        found = check.figures([{"queued_at": queued, "answered_at": picked_up}])
        assert (found["average_speed_of_answer_s"], found["service_level"]) == (20, 1)


@pytest.mark.parametrize("start", [datetime(2026, 3, 29, 1, 59, 50), datetime(2026, 10, 25, 2, 59, 50)])
def test_calls_across_a_change_of_the_clocks(check: Check, start: datetime) -> None:
    found = check.figures([answered(21, 240, 20, 40, start.replace(tzinfo=ZoneInfo("Europe/Berlin")))])
    assert [found[n] for n in ("average_speed_of_answer_s", "average_handle_time_s")] == [21, 300]


def test_tenths_of_seconds_are_exact(check: Check) -> None:
    """As floats, three times 0.1 s would be more than 0.3 s."""
    call = answered(0.3, 0, 0.3, 0.1)
    found = check.figures([call] * 3, "--threshold", "0.3")
    assert [found["service_level"], found["average_speed_of_answer_s"], found["average_handle_time_s"]] == [1, 0.3, 0.4]


def test_a_byte_order_mark_and_white_space_are_no_matter(check: Check) -> None:
    assert check.figures(b"\xef\xbb\xbf\n [\r\n" + json.dumps(TEN_CALLS[0]).encode() + b" ]\n")["service_level"] == 1


def test_it_needs_no_database_and_no_settings(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("no database is needed")

    (tmp_path / "settings.toml").write_text("this is no TOML")
    monkeypatch.setattr(sqlite3, "connect", refuse)
    monkeypatch.setenv("FIRSTLINE_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
    assert check.figures(TEN_CALLS)["service_level"] == 0.375


# --- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"queued_at": None}, "“queued_at” is missing."),
        ({"queued_at": "2026-03-02T09:00:00"}, "“queued_at” must be an ISO time with its time zone, such as"),
        ({"queued_at": "2026-03-02"}, "“queued_at” must be an ISO time"),
        ({"queued_at": "yesterday"}, "“queued_at” must be an ISO time"),
        ({"queued_at": 1_772_438_400}, "“queued_at” must be an ISO time"),
        ({"queued_at": "0001-01-01T00:00:00+14:00"}, "“queued_at” must be an ISO time"),
        ({"ended_at": "9999-12-31T23:59:59-14:00"}, "“ended_at” must be an ISO time"),
        ({"answered_at": after(5)}, "“answered_at” is before “offered_at”"),
        ({"abandoned_at": after(12)}, "“answered_at” and “abandoned_at” exclude each other"),
        ({"held_s": -1}, "“held_s” must be a number of seconds from 0 to"),
        ({"held_s": float("nan")}, "“held_s” must be a number of seconds"),
        ({"held_s": float("inf")}, "“held_s” must be a number of seconds"),
        ({"held_s": 1e300}, "“held_s” must be a number of seconds"),
        ({"held_s": True}, "“held_s” must be a number of seconds"),
        ({"held_s": "20"}, "“held_s” must be a number of seconds"),
        ({"held_s": [20]}, "“held_s” must be a number of seconds"),
        ({"held_s": 261}, "The call was on hold for longer than it lasted"),
        ({"anwsered_at": after(12)}, "There is no field “anwsered_at”. Use: queued_at, offered_at,"),
        ({"x" * 999: 1}, "There is no field “" + "x" * 60 + "”."),
        ({"\x1b[31m\n\ud800": 1}, "There is no field “�[31m��”."),
        ({"offered_at": "2026-03-02T24:00:60+01:00"}, "“offered_at” must be an ISO time"),
        ({"held_s": {"a": [[[{}]]]}}, "“held_s” must be a number of seconds"),
        ({"queued_at": after(13)}, "“offered_at” is before “queued_at”. Correct one."),
        ({"wrapped_up_at": after(30)}, "“wrapped_up_at” is before “ended_at”. Correct one."),
    ],
)
def test_a_wrong_call_is_named_with_its_place(check: Check, change: Call, reason: str) -> None:
    calls = [TEN_CALLS[0], TEN_CALLS[1] | change, {"queued_at": "wrong too"}]
    assert check.refusal(json.dumps(calls, indent=1)).startswith(f"call 2 (line 10): {reason}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must be a list of calls"),
        ("{}", "must be a list of calls"),
        ('{"calls": []}', "must be a list of calls"),
        ("null", "must be a list of calls"),
        ("not JSON", "must be a list of calls"),
        ("[1]", "call 1 (line 1): A call must be an object in braces"),
        ('["queued_at"]', "call 1 (line 1): A call must be an object in braces"),
        ("[[]]", "call 1 (line 1): A call must be an object in braces"),
        ('[{"queued_at": null, "queued_at": null}]', "call 1 (line 1): A field stands there twice"),
        ("[\n{]", "line 2: This is not valid JSON"),
        ("[\n\n", "line 3: This is not valid JSON"),
        ("[] []", "line 1: This is not valid JSON"),
        ('[{"held_s": 1e999999999999999999}]', "call 1 (line 1):"),
        ('[{"held_s": ' + "9" * 9999 + "}]", "line 1: This is not valid JSON"),
        ("[" * 99_999, "line 1: This is not valid JSON"),
        (b"\xff\xfe[\x00]\x00", "is not UTF-8. Save the file as UTF-8."),
        (b'[{"queued_at": "\xe4"}]', "is not UTF-8."),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(check: Check, text: str | bytes, reason: str) -> None:
    assert check.refusal(text).startswith(reason)


def test_times_that_add_up_to_more_than_any_time_are_refused(check: Check) -> None:
    calls = [{"queued_at": "0001-01-02T00:00:00Z", "answered_at": "9999-12-30T00:00:00Z"}] * 300
    code, out, err = check.run(calls)
    assert (code, out) == (1, "")
    assert err == "The times of these calls add up to more than can be counted. Correct their years.\n"


def test_a_file_that_is_not_there_or_is_none(check: Check, tmp_path: Path) -> None:
    code, out, err = check.command("metrics", str(tmp_path / "none.json"))
    assert (code, out, err) == (1, "", f"There is no file {tmp_path / 'none.json'}. Check its name.\n")
    code, out, err = check.command("metrics", str(tmp_path))
    assert (code, out, err) == (1, "", f"The file {tmp_path} cannot be read. Check that you may open it.\n")


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="This system has no /dev/fd.")
def test_a_file_may_be_read_once_only(check: Check) -> None:
    """As from another program: `firstline-admin metrics <(...)`."""
    read_end, write_end = os.pipe()
    os.write(write_end, json.dumps(TEN_CALLS).encode())
    os.close(write_end)
    code, out, _ = check.command("metrics", f"/dev/fd/{read_end}")
    os.close(read_end)
    assert (code, json.loads(out)["service_level"]) == (0, 0.375)


@pytest.mark.parametrize("option", ["--threshold", "--short-abandon"])
@pytest.mark.parametrize("value", ["-1", "many", "nan", "inf", "1e9", ""])
def test_a_threshold_is_seconds(check: Check, option: str, value: str) -> None:
    code, out, err = check.run(TEN_CALLS, f"{option}={value}")
    assert (code, out) == (2, "")
    assert option in err and "seconds" in err


def test_it_speaks_german_too(check: Check, tmp_path: Path) -> None:
    code, _, err = check.command("--language", "de", "metrics", str(tmp_path / "none.json"))
    assert (code, err) == (1, f"Es gibt keine Datei {tmp_path / 'none.json'}. Prüfen Sie den Namen.\n")
    check.path.write_text(json.dumps([TEN_CALLS[1] | {"abandoned_at": after(12)}]))
    _, _, err = check.command("--language", "de", "metrics", str(check.path))
    assert "„answered_at“ und „abandoned_at“ schließen einander aus" in err
    i18n.set_language("en")
