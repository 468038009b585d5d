"""What people are owed where work is measured: whose figures are looked at, and whether small groups are told."""

from collections.abc import Iterator

from app.domain.people import Role
from app.i18n import tr
from ui.council.mode_page import CouncilModePage
from ui.council.one_person_page import OnePersonPage
from ui.pages import Page

PERSON_PAGES: tuple[type[Page], ...] = (OnePersonPage, CouncilModePage)

__all__ = ["PERSON_PAGES", "CouncilModePage", "OnePersonPage", "pages_of"]


def pages_of(roles: frozenset[Role]) -> Iterator[tuple[str, type[Page]]]:
    """The pages of who has these roles, as the menu at the person's name calls them."""
    if Role.SUPERVISOR in roles:
        yield tr("Figures of one person"), OnePersonPage
    if roles & {Role.SUPERVISOR, Role.ADMINISTRATOR}:
        yield tr("Works-council mode"), CouncilModePage
