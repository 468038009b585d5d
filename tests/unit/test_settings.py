"""The desk's settings: read, checked, and written as a whole."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from app import settings
from app.domain.errors import NotAllowed, Unavailable
from app.settings import Settings

ALL = Settings(
    database='postgresql://anna@db.velmora.example/first"line',
    login="anna.berger",
    language="de",
    theme="dark",
    font_px=18,
    line="sip",
    sip_account="sip:anna@pbx.velmora.example;transport=tcp",
    sip_registrar=True,
    sip_listen="0.0.0.0",
    sip_port=5060,
    sip_audio="none",
    undo_s=2.5,
    region="GB",
)


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "new" / "settings.toml"
    monkeypatch.setenv(settings.FILE_VARIABLE, str(file))
    return file


def written(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def test_without_a_file_all_are_defaults() -> None:
    assert settings.load() == Settings()


@pytest.mark.parametrize("chosen", [Settings(), ALL])
def test_what_is_saved_is_loaded(path: Path, chosen: Settings) -> None:
    settings.save(chosen)
    assert settings.load() == chosen
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]


@given(login=st.text(max_size=30), undo_s=st.floats(), font_px=st.integers())
@profile(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_saved_is_loaded_or_was_refused(login: str, undo_s: float, font_px: int) -> None:
    chosen = replace(Settings(), login=login, undo_s=undo_s, font_px=font_px)
    try:
        settings.save(chosen)
    except NotAllowed:
        return
    assert settings.load() == chosen


def test_a_whole_number_is_a_number(path: Path) -> None:
    written(path, "\ufeff# mine\nundo_s = 3\n")
    assert settings.load().undo_s == 3.0


@pytest.mark.parametrize(
    ("text", "name", "allowed"),
    [
        ("font_px = 40", "font_px", "a number from 11 to 18"),
        ('font_px = "13"', "font_px", "a whole number"),
        ("font_px = true", "font_px", "a whole number"),
        ("font_px = 13.5", "font_px", "a whole number"),
        ("undo_s = nan", "undo_s", "a number from 0.0 to 60.0"),
        ("undo_s = -1", "undo_s", "a number from"),
        ('undo_s = "5"', "undo_s", "a number"),
        ('theme = "pink"', "theme", "“system”, “light”, “dark”"),
        ('language = "fr"', "language", "“en”, “de”"),
        ('line = "isdn"', "line", "“demo”, “sip”"),
        ("login = 5", "login", "text in quotation marks"),
        ('login = "a\\nb"', "login", "one line of text"),
        ("sip_registrar = 1", "sip_registrar", "true or false"),
        ("sip_port = 70000", "sip_port", "a number from 0 to 65535"),
        ('extensions = "[0-9"', "extensions", "a regular expression"),
        ("ami_port = 0", "ami_port", "a number from 1 to 65535"),
        ("wrap_up_s = -1", "wrap_up_s", "a number from 0.0 to 3600.0"),
        ('ami_user = "a\\nb"', "ami_user", "one line of text"),
        ('region = "Germany"', "region", "two capital letters"),
        ('colour = "red"', "colour", "font_px"),
        ("[database]\nurl = 1", "database", "text in quotation marks"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(path: Path, text: str, name: str, allowed: str) -> None:
    written(path, text)
    with pytest.raises(NotAllowed) as refused:
        settings.load()
    sentence = str(refused.value)
    assert f"“{name}”" in sentence
    assert str(path) in sentence
    assert allowed in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database", "postgresql://anna:hunter2@db.velmora.example/x"),
        ("database", "postgresql+psycopg://anna:hunt@er2@db.velmora.example/x"),
        ("database", "postgresql://db.velmora.example/x?user=anna&password=hunter2"),
        ("sip_account", "sip:anna:hunter2@pbx.velmora.example"),
        ("sip_account", "sip:anna@pbx.velmora.example;auth_pass=hunter2"),
    ],
)
def test_a_password_is_neither_kept_nor_repeated(path: Path, name: str, value: str) -> None:
    with pytest.raises(NotAllowed, match="without a password") as refused:
        settings.save(Settings(database=value) if name == "database" else Settings(sip_account=value))
    assert "hunt" not in str(refused.value)
    assert not path.exists()
    written(path, f'{name} = "{value}"')
    with pytest.raises(NotAllowed, match="without a password"):
        settings.load()


@pytest.mark.parametrize(
    "value", ["sqlite:///C:/people/a@b/shared.db", "postgresql://anna@db:5432/x", "postgresql://[::1]:5432/x"]
)
def test_an_address_without_a_password_is_kept(value: str) -> None:
    settings.save(Settings(database=value))
    assert settings.load().database == value


@pytest.mark.parametrize("text", ["theme = dark", "\x00", b"\xff\xfe", "a = 1\na = 2"])
def test_a_damaged_file_is_named(path: Path, text: str | bytes) -> None:
    written(path, text)
    with pytest.raises(NotAllowed, match="is damaged") as refused:
        settings.load()
    assert str(path) in str(refused.value)


def test_a_file_that_cannot_be_read_or_written(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(Unavailable, match="cannot be read"):
        settings.load()
    with pytest.raises(Unavailable, match="cannot be written"):
        settings.save(Settings())
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]


def test_a_refused_value_leaves_the_file_as_it_was(path: Path) -> None:
    settings.save(ALL)
    before = path.read_bytes()
    with pytest.raises(NotAllowed):
        settings.save(replace(ALL, font_px=99))
    assert path.read_bytes() == before


def test_where_a_desk_keeps_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.FOLDER_VARIABLE, str(tmp_path / "desk"))
    assert settings.desk_folder() == tmp_path / "desk"
    monkeypatch.delenv(settings.FOLDER_VARIABLE)
    monkeypatch.delenv(settings.FILE_VARIABLE)
    assert settings.desk_folder().name == "firstline"
    assert settings.file().parts[-2:] == ("firstline", "settings.toml")
