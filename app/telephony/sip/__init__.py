"""The softphone as a source of calls: baresip as a child process, driven over its control connection."""

from app.telephony.sip.settings import SecretProvider, SipAudio, SipSettings
from app.telephony.sip.source import SipSource

__all__ = ["SecretProvider", "SipAudio", "SipSettings", "SipSource"]
