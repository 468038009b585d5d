"""What people are owed where work is measured: whose figures are looked at, and whether small groups are told."""

from ui.council.mode_page import CouncilModePage
from ui.council.one_person_page import OnePersonPage

__all__ = ["CouncilModePage", "OnePersonPage"]
