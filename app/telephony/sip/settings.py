"""What a person sets for the softphone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.telephony.numbers import DEFAULT_EXTENSION, DEFAULT_REGION

SecretProvider = Callable[[], str | None]


class SipAudio(StrEnum):
    NONE = "none"  # no sound card: silence is sent and what is heard is dropped
    ALSA = "alsa"  # the system's default device; PulseAudio and PipeWire are reached through it too


@dataclass(frozen=True, slots=True, kw_only=True)
class SipSettings:
    """One account of the softphone.

    Attributes:
        account: the address, "sip:agent@pbx.example.org"; a transport may follow: "sip:agent@pbx;transport=tcp".
        password: asked in the telephony thread at each start of the softphone; None where there is none.
        registrar: whether the account signs in at its domain; without it, calls come straight to `listen`:`port`.
        listen: the IPv4 address of this machine that calls come to.
        port: SIP port, UDP and TCP; 0 takes a free one at each start.
        region: the region that numbers without a country code belong to.
        extension: which numbers are extensions of the centre.
        baresip: the program's name or path.
    """

    account: str
    password: SecretProvider | None = None
    registrar: bool = False
    listen: str = "127.0.0.1"
    port: int = 0
    region: str = DEFAULT_REGION
    extension: re.Pattern[str] = DEFAULT_EXTENSION
    audio: SipAudio = SipAudio.ALSA
    baresip: str = "baresip"
