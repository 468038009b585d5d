"""What a connection demands of a server."""

from pathlib import Path

import pytest

from app.db import address
from app.db.address import Access, account_of, account_without_port, has_password, parameters
from app.domain.errors import NotAllowed

PASSWORD = "kX9-a-password-nobody-may-read"
CENTRE = "postgresql://ada@db1:5433,db2/centre"


def test_of_several_hosts_the_one_that_takes_writes_is_wanted(tmp_path: Path) -> None:
    roots = tmp_path / "roots.pem"
    roots.touch()
    made = parameters(CENTRE, Access(user="ben", ca=str(roots)))
    assert (made["host"], made["port"], made["dbname"], made["user"]) == ("db1,db2", "5433,", "centre", "ada")
    assert made["target_session_attrs"] == "read-write"
    assert (made["sslmode"], made["sslrootcert"], made["require_auth"]) == ("verify-full", str(roots), "scram-sha-256")
    assert "password" not in made


def test_an_address_without_a_name_is_for_who_signs_in() -> None:
    assert parameters("postgresql://127.0.0.1/centre", Access(user="ada"))["user"] == "ada"
    assert account_of("postgresql://db1,db2/centre", "ada") == "postgresql://ada@db1,db2/centre"
    assert account_of(CENTRE, "ben") == account_of(CENTRE, "")


def test_two_servers_on_one_computer_have_passwords_of_their_own() -> None:
    first, second = "postgresql://db1/centre", "postgresql://db1:5433/centre"
    assert account_of(first, "ada") == account_of("postgresql://db1:5432/centre", "ada")
    assert account_of(first, "ada") == account_without_port(second, "ada") == "postgresql://ada@db1/centre"
    assert account_of(second, "ada") == "postgresql://ada@db1:5433/centre"
    assert account_of(CENTRE, "") == "postgresql://ada@db1,db2:5433,5432/centre"


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("postgresql://ada@localhost/centre", True),
        ("postgresql://ada@127.0.0.9/centre", True),
        ("postgresql://ada@[::1]/centre", True),
        ("postgresql:///centre", True),
        ("postgresql:///centre?host=/run/postgresql", True),
        ("postgresql://ada@127.0.0.1,db2/centre", False),
        ("postgresql://ada@localhost/centre?hostaddr=192.0.2.7", False),
        ("postgresql://ada@192.0.2.7/centre", False),
    ],
)
def test_the_certificate_is_checked_wherever_the_server_is_not_here(url: str, is_here: bool) -> None:
    assert (parameters(url, Access()).get("sslmode") != "verify-full") == is_here


def test_the_environment_does_not_send_us_elsewhere_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example.org")
    assert parameters("postgresql:///centre", Access())["sslmode"] == "verify-full"


@pytest.mark.parametrize("weaker", ["sslmode=require", "sslmode=disable", "require_auth=password", "require_auth=md5"])
def test_less_safety_is_refused_for_another_computer(weaker: str) -> None:
    with pytest.raises(NotAllowed, match="Take sslmode and require_auth out of the address"):
        parameters(f"postgresql://ada@db1/centre?{weaker}", Access())


def test_a_root_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match=r"none\.pem .* is not there\. Check “database_ca”"):
        parameters(CENTRE, Access(ca=str(tmp_path / "none.pem")))


def test_a_pooler_is_told_nothing_that_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "STATEMENT_LIMIT_S", 15)
    assert "statement_timeout=15s" in str(parameters("postgresql://localhost/x", Access())["options"])
    assert "options" not in parameters("postgresql://localhost/x", Access(is_pooled=True))
    assert "options" not in parameters("postgresql://localhost/x", Access(is_limited=False))


@pytest.mark.parametrize(
    ("url", "tells"),
    [
        (f"postgresql://ada:{PASSWORD}@db1/centre", True),
        (f"postgresql+psycopg://ada:{PASSWORD}@db1,db2/centre", True),
        (f"postgresql://db1/centre?password={PASSWORD}", True),
        (CENTRE, False),
        ("sqlite:////tmp/a:b@c", False),
    ],
)
def test_a_password_in_the_address_is_noticed(url: str, tells: bool) -> None:
    assert has_password(url) is tells
