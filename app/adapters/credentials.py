"""Passwords of a service: files that systemd hands to it alone (`LoadCredential=`), else this system's keyring."""

import os
from collections.abc import Callable
from pathlib import Path

from app.domain.errors import Unavailable
from app.i18n import tr

DIRECTORY_VARIABLE = "CREDENTIALS_DIRECTORY"
PBX, DATABASE = "pbx-password", "database-password"


def credential(name: str) -> str | None:
    """The content of the service's credential `name`; None where it has none.

    Raises:
        Unavailable: it is there and cannot be read.
    """
    folder = os.environ.get(DIRECTORY_VARIABLE)
    if not folder:
        return None
    try:
        return Path(folder, name).read_text(encoding="utf-8").rstrip("\r\n")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise Unavailable(tr("The service's credential “{name}” cannot be read.", name=name)) from None


def credential_or(name: str, otherwise: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """A way to find a password: the credential `name`, else what `otherwise` finds under the name it is asked for."""

    def find(asked: str) -> str | None:
        return credential(name) or otherwise(asked)

    return find
