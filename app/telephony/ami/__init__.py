"""The PBX as a source of calls: Asterisk, by its manager interface.

`Session` keeps one PBX connected and tells what happens in it: to a desk (`AmiSource`), or to what serves many.
"""

from app.telephony.ami.commands import Commands
from app.telephony.ami.members import DeviceState, Member
from app.telephony.ami.session import Session
from app.telephony.ami.settings import AmiSettings
from app.telephony.ami.source import AmiSource

__all__ = ["AmiSettings", "AmiSource", "Commands", "DeviceState", "Member", "Session"]
