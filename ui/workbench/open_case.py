"""The open case as one read gives it."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.cases import CaseFile, CaseState
from app.i18n import tr
from app.services.case_lists import CaseLists


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case file, and whether the person at this desk has the case."""

    file: CaseFile
    is_mine: bool

    @property
    def id(self) -> UUID:
        return self.file.summary.id

    @property
    def can_be_solved(self) -> bool:
        return self.is_mine and self.file.summary.state in (CaseState.OPEN, CaseState.CLAIMED)

    @property
    def can_be_returned(self) -> bool:
        return self.is_mine and self.file.summary.state is CaseState.CLAIMED

    def hindrance(self) -> str:
        """Why nothing can be done to it here; empty when something can."""
        summary = self.file.summary
        if self.can_be_solved:
            return ""
        if summary.state is CaseState.WAITING:
            return tr("Claim it to work on it. “Claim next” takes the most urgent case first.")
        if summary.state is CaseState.SOLVED:
            return tr("This case is solved. Nothing is left to do.")
        return tr("{name} works on this case. You can read it.", name=summary.owner_name)


def read_case(cases: CaseLists, case_id: UUID, person_id: UUID) -> OpenCase:
    """Read in a lane; a case has an owner's name only, and names are not unique, so the own cases are asked too."""
    file = cases.file(case_id)
    return OpenCase(file=file, is_mine=any(case.id == case_id for case in cases.owned_by(person_id)))
