"""What a supervisor can do with the case that is chosen: another priority, a person who takes it, or nobody.

One that first level has can only go back up, whoever's it is.
"""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.desk.journal import Refused
from app.domain.board import CaseNow
from app.domain.cases import CaseState, Level, Priority
from app.domain.commands import AssignCase, PrioritiseCase
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.people import PersonName
from app.i18n import tr
from ui.context import ScreenContext
from ui.labels import label
from ui.refresh import Refresher
from ui.theme import scaled
from ui.widgets.choice_row import ChoiceRow
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import ElidedLabel
from ui.widgets.unread import Unread

_STATES = (CaseState.WAITING, CaseState.CLAIMED, CaseState.OPEN)


class CaseActions(QWidget):
    """There only while a case that is not solved is chosen."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._case: CaseNow | None = None
        self._level: Level | None = None  # whose people are offered, or asked for
        self.title = ElidedLabel(kind="heading")
        self.priority = ChoiceRow(tr("Priority"), [(one, "") for one in Priority])
        self.person = QComboBox()
        self.unread = Unread(lambda: self._people.refresh(), is_narrow=True)
        self.assign_button = KeyButton(tr("Assign"), icon_name="user")
        self.person.setAccessibleName(tr("Assign to"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, scaled(10), 0, 0)
        column.setSpacing(scaled(8))
        for part in (self.title, self.priority, self.person, self.unread, self.assign_button):
            column.addWidget(part)
        lane, nobody = context.desk.lanes.queries, tuple[PersonName, ...]
        self._people = Refresher[tuple[PersonName, ...]](context.background, lane, nobody, self._show_people, self)
        self._people.failed.connect(self._on_failed)
        context.bridge.refused.connect(self._on_refused)
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
        self._offer_people(case.level, is_needed=not is_at_first)

    def _offer_people(self, level: Level, *, is_needed: bool) -> None:
        """Of no other level than the case's: they cannot have it. Those that could not be read are read again."""
        if self._level is not level:
            self._level = level
            self.unread.hide()
            self.person.clear()
            self._people.ask(partial(self._context.desk.supervision.direction.people_of, level))
        elif self.person.count() == 0 and not self._people.is_under_way:
            self._people.refresh()
        if not is_needed:
            self.unread.hide()
        self.assign_button.setEnabled(not is_needed or self.person.count() > 0)

    def _show_people(self, people: tuple[PersonName, ...]) -> None:
        self.unread.hide()
        self.person.clear()
        for one in people:
            self.person.addItem(one.name, one.id)
        self.person.addItem(tr("Back into the queue"), None)
        self.assign_button.setEnabled(True)

    def _on_failed(self, error: FirstlineError) -> None:
        if self._case is not None and self._case.state is not CaseState.OPEN:
            self.unread.show_error(error)

    def _prioritise(self, priority: Priority) -> None:
        case, desk = self._case, self._context.desk
        if case is not None and priority is not case.priority:
            at = datetime.now(UTC)
            command = PrioritiseCase(id=new_id(), by=desk.person.id, at=at, case_id=case.id, priority=priority)
            said = tr("Case {number} has priority {priority}.", number=case.number, priority=label(priority))
            self._send(command, said)

    def _assign(self) -> None:
        case, desk = self._case, self._context.desk
        if case is None or (self.person.currentIndex() < 0 and case.state is not CaseState.OPEN):
            return
        person_id: UUID | None = None if case.state is CaseState.OPEN else self.person.currentData()
        about = {"case_id": case.id, "person_id": person_id, "from_first": case.state is CaseState.OPEN}
        said = tr("Case {number} goes to {name}.", number=case.number, name=self.person.currentText())
        self._send(
            AssignCase(id=new_id(), by=desk.person.id, at=datetime.now(UTC), **about),  # type: ignore[arg-type]
            said if person_id else tr("Case {number} goes back into its queue.", number=case.number),
        )

    def _send(self, command: AssignCase | PrioritiseCase, said: str) -> None:
        """It is told as done when this desk has it for certain."""
        desk = self._context.desk
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(command).result,
            owner=self,
            done=partial(self._on_done, said),
            failed=partial(self._on_not_done, command),
        )

    def _on_done(self, said: str, _: None) -> None:
        self._context.notifier.confirm(said)

    def _on_refused(self, refused: Refused) -> None:
        if isinstance(refused.command, PrioritiseCase):
            self._put_back(refused.command)

    def _on_not_done(self, command: AssignCase | PrioritiseCase, error: FirstlineError) -> None:
        self._context.notifier.warn(str(error))
        self._put_back(command)

    def _put_back(self, command: AssignCase | PrioritiseCase) -> None:
        """The case has the priority that it had."""
        if self._case is not None and self._case.id == command.case_id:
            self.priority.choose(self._case.priority)
