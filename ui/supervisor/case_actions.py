"""What a supervisor can do with the case that is chosen: another priority, a person who takes it, or nobody.

One that first level has can only go back up, whoever's it is.
"""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.domain.board import CaseNow
from app.domain.cases import CaseState, Level, Priority
from app.domain.commands import AssignCase, PrioritiseCase
from app.domain.ids import new_id
from app.domain.people import PersonName
from app.i18n import tr
from ui.context import ScreenContext
from ui.labels import label
from ui.theme import scaled
from ui.widgets.choice_row import ChoiceRow
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import ElidedLabel

_STATES = (CaseState.WAITING, CaseState.CLAIMED, CaseState.OPEN)


class CaseActions(QWidget):
    """There only while a case that is not solved is chosen."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._case: CaseNow | None = None
        self._level: Level | None = None
        self.title = ElidedLabel(kind="heading")
        self.priority = ChoiceRow(tr("Priority"), [(one, "") for one in Priority])
        self.person = QComboBox()
        self.assign_button = KeyButton(tr("Assign"), icon_name="user")
        self.person.setAccessibleName(tr("Assign to"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, scaled(10), 0, 0)
        column.setSpacing(scaled(8))
        for part in (self.title, self.priority, self.person, self.assign_button):
            column.addWidget(part)
        self.priority.chosen.connect(self._prioritise)
        self.assign_button.clicked.connect(self._assign)
        self.hide()

    def show_case(self, case: CaseNow | None) -> None:
        """Another case is chosen, or the same as it is now; None: no case."""
        is_shown = case is not None and case.state in _STATES
        self.setVisible(is_shown)
        if case is None or not is_shown:
            self._case = None
            return
        is_other = self._case is None or case.id != self._case.id or case.priority is not self._case.priority
        self._case = case
        self.title.setText(f"{case.number}  {case.owner_name or label(case.state)}")
        is_at_first = case.state is CaseState.OPEN
        for choice in (self.priority, self.person):
            choice.setHidden(is_at_first)
        self.assign_button.setText(tr("Back into the queue") if is_at_first else tr("Assign"))
        if is_other:
            self.priority.choose(case.priority)
        if self._level is not case.level:
            self._level = case.level
            work = partial(self._context.desk.supervision.direction.people_of, case.level)
            self._context.background.run(
                self._context.desk.lanes.queries,
                work,
                owner=self,
                done=partial(self._show_people, case.level),
                failed=lambda _: None,
            )

    def _show_people(self, level: Level, people: tuple[PersonName, ...]) -> None:
        if level is not self._level:
            return  # a case of another level was chosen meanwhile
        self.person.clear()
        for one in people:
            self.person.addItem(one.name, one.id)
        self.person.addItem(tr("Back into the queue"), None)

    def _prioritise(self, priority: Priority) -> None:
        case, desk = self._case, self._context.desk
        if case is not None and priority is not case.priority:
            at = datetime.now(UTC)
            command = PrioritiseCase(id=new_id(), by=desk.person.id, at=at, case_id=case.id, priority=priority)
            desk.send(command)
            self._context.notifier.confirm(
                tr("Case {number} has priority {priority}.", number=case.number, priority=label(priority))
            )

    def _assign(self) -> None:
        case, desk = self._case, self._context.desk
        if case is None or (self.person.currentIndex() < 0 and case.state is not CaseState.OPEN):
            return
        person_id: UUID | None = None if case.state is CaseState.OPEN else self.person.currentData()
        about = {"case_id": case.id, "person_id": person_id, "from_first": case.state is CaseState.OPEN}
        desk.send(AssignCase(id=new_id(), by=desk.person.id, at=datetime.now(UTC), **about))  # type: ignore[arg-type]
        said = tr("Case {number} goes to {name}.", number=case.number, name=self.person.currentText())
        self._context.notifier.confirm(
            said if person_id else tr("Case {number} goes back into its queue.", number=case.number)
        )
