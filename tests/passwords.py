"""Passwords as programs get them: never in their arguments, where all people of the computer can read them."""

from pathlib import Path

from sqlalchemy import make_url

from app.db.address import is_postgresql


def apart(url: str, folder: Path) -> tuple[str, dict[str, str]]:
    """The address without its password, and the environment in which libpq finds that in a file of its own."""
    address = make_url(url)
    if not is_postgresql(url) or address.password is None:
        return url, {}
    file = folder / "pgpass"
    file.touch(0o600)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"*:{address.port or 5432}:*:{address.username}:{address.password}\n")
    # Not `set(password=None)`: that leaves the password as it is.
    bare = f"postgresql://{address.username}@{address.host}:{address.port or 5432}/{address.database}"
    return bare, {"PGPASSFILE": str(file)}
