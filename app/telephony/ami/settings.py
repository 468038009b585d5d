"""What is set for the manager connection of a PBX."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.telephony.numbers import DEFAULT_EXTENSION, DEFAULT_REGION

SecretProvider = Callable[[], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiSettings:
    """One manager account of an Asterisk.

    Attributes:
        user: the account in the PBX's `manager.conf`; it needs `read=call,agent,cdr` and `write=call,agent,reporting`.
        password: asked in the telephony thread at each connect; None or empty: none is stored.
        uses_tls: whether the connection is encrypted; the certificate is checked then.
        ca_file: certificates of authorities to trust instead of the system's; empty: the system's.
        interface: this desk's telephone as the PBX's queues call it, "PJSIP/1001"; empty: no desk's, e.g. a gateway's.
        context: dial plan context in which transfers and dialled numbers are looked up.
        region: the region that numbers without a country code belong to.
        extension: which numbers are extensions of the centre.
    """

    host: str
    user: str
    password: SecretProvider
    port: int = 5038
    uses_tls: bool = False
    ca_file: str = ""
    interface: str = ""
    context: str = "default"
    region: str = DEFAULT_REGION
    extension: re.Pattern[str] = DEFAULT_EXTENSION

    @property
    def secret_name(self) -> str:
        """Under which name the password is in the keyring."""
        return f"ami:{self.user}@{self.host}"
