"""The pages that the menu at the person's name leads to, by role."""

from collections.abc import Iterator

from app.domain.people import Role
from app.i18n import tr
from ui.council import CouncilModePage, OnePersonPage
from ui.pages import Page
from ui.supervisor import ThresholdPage

__all__ = ["PERSON_PAGES", "OnePersonPage", "ThresholdPage", "pages_of"]

PERSON_PAGES: tuple[type[Page], ...] = (OnePersonPage, CouncilModePage, ThresholdPage)


def pages_of(roles: frozenset[Role]) -> Iterator[tuple[str, type[Page]]]:
    """The pages of who has these roles, as the menu calls them."""
    if Role.SUPERVISOR in roles:
        yield tr("Figures of one person"), OnePersonPage
    if roles & {Role.SUPERVISOR, Role.ADMINISTRATOR}:
        yield tr("Alert thresholds"), ThresholdPage
        yield tr("Works-council mode"), CouncilModePage
