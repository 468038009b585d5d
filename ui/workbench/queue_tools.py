"""What stands above a queue: the person's filters, and whose cases may go back because they are not there."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QToolButton

from app.bootstrap import Desk
from app.domain.case_filters import CaseFilter, SavedFilter
from app.domain.cases import Priority
from app.domain.commands import AnyCommand, ForgetFilter, KeepFilter, RequeueCase
from app.domain.customers import Product
from app.domain.ids import new_id
from app.domain.people import Role
from app.i18n import plural, tr
from app.services.absences import Absent
from ui import icons
from ui.context import ScreenContext
from ui.plain_text import as_tool_tip, in_menu
from ui.refresh import Refresher
from ui.theme import Tone, scaled
from ui.workbench.open_case import levels_of

_LOOK_MS = 30_000
_LEAST_PX = 90


class _MenuButton(QToolButton):
    """A quiet button that opens a menu, which is made anew each time."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.context = context
        self.setProperty("kind", "ghost")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.choices = QMenu(self)
        self.setMenu(self.choices)


class FilterButton(_MenuButton):
    """All cases of the queue, or some: what is chosen can be kept, and is offered again at each desk of the person."""

    chosen = Signal(object)
    """The CaseFilter that holds from now on."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context)
        self.filter = CaseFilter()
        self.saved: tuple[SavedFilter, ...] = ()
        self._sent: dict[UUID, SavedFilter | None] = {}  # kept, or forgotten (None), and not in the database yet
        self.products: tuple[Product, ...] = ()
        self.of_product = QMenu(tr("Product"), self)
        self.setMinimumWidth(scaled(_LEAST_PX))  # a long name is cut before it takes the room of what stands beside it
        icons.put(self, "search", Tone.ACCENT)
        self.choices.aboutToShow.connect(self._fill)
        background, lane = context.background, context.desk.lanes.queries  # the list says that the database is away
        self._refresher = Refresher(background, lane, partial(_read, context.desk), self._on_read, self)
        context.bridge.delivered.connect(self._on_settled)
        context.bridge.refused.connect(lambda refused: self._on_settled(refused.command))
        self._show()
        self.read()

    def read(self) -> None:
        """The filters that the person has kept, and the products that there are."""
        self._refresher.refresh()

    def choose(self, wanted: CaseFilter) -> None:
        """Show only what fits."""
        self.filter = wanted
        self._show()
        self.chosen.emit(wanted)

    def _on_read(self, read: tuple[tuple[SavedFilter, ...], tuple[Product, ...]]) -> None:
        """What is on its way is newer than what was read."""
        stored, self.products = read
        known = {saved.id: saved for saved in stored} | self._sent
        self.saved = tuple(sorted(filter(None, known.values()), key=lambda saved: saved.name))
        self._show()

    def _on_settled(self, command: AnyCommand) -> None:
        """Delivered or refused: the database knows better now."""
        match command:
            case KeepFilter() if self._sent.get(command.filter.id):
                del self._sent[command.filter.id]
            case ForgetFilter() if self._sent.get(command.filter_id, command) is None:
                del self._sent[command.filter_id]
            case _:
                return
        self._refresher.overtake()

    def _fill(self) -> None:
        self.choices.clear()
        team = self.context.desk.person.team_id
        now = self.filter
        self._toggle(_team(), now.team_id == team, replace(now, team_id=None if now.team_id else team))
        urgent = None if now.least_priority else Priority.P2
        self._toggle(_urgent(), now.least_priority is not None, replace(now, least_priority=urgent))
        self._toggle(_overdue(), now.is_overdue, replace(now, is_overdue=not now.is_overdue))
        self._add_products()
        self.choices.addSeparator()
        self.choices.addAction(tr("All cases"), partial(self.choose, CaseFilter()))
        if self.saved:  # one may have the name of a choice above
            self.choices.addSeparator()
            self.choices.addAction(tr("Kept:")).setEnabled(False)
        for saved in self.saved:
            self._toggle(saved.name, saved.filter == now, saved.filter)
        kept = next((saved for saved in self.saved if saved.filter == now), None)
        self.choices.addSeparator()
        if kept:
            self.choices.addAction(in_menu(tr("Forget “{name}”", name=kept.name)), partial(self._forget, kept))
        elif now != CaseFilter():
            self.choices.addAction(in_menu(tr("Keep “{name}”", name=self._name(now))), self._keep)

    def _add_products(self) -> None:
        menu, now = self.of_product, self.filter
        menu.clear()
        for product in self.products:
            is_on = product.id == now.product_id
            self._toggle(product.name, is_on, replace(now, product_id=None if is_on else product.id), menu)
        menu.setEnabled(bool(self.products))
        self.choices.addMenu(menu)

    def _toggle(self, text: str, is_on: bool, then: CaseFilter, menu: QMenu | None = None) -> None:
        action = (menu or self.choices).addAction(in_menu(text), partial(self.choose, then))
        action.setCheckable(True)
        action.setChecked(is_on)

    def _keep(self) -> None:
        kept = SavedFilter(id=new_id(), name=self._name(self.filter), filter=self.filter)
        desk = self.context.desk
        desk.send(KeepFilter(id=new_id(), by=desk.person.id, at=datetime.now(UTC), filter=kept))
        self._sent[kept.id] = kept
        self.saved = (*self.saved, kept)

    def _forget(self, kept: SavedFilter) -> None:
        desk = self.context.desk
        desk.send(ForgetFilter(id=new_id(), by=desk.person.id, at=datetime.now(UTC), filter_id=kept.id))
        self._sent[kept.id] = None
        self.saved = tuple(saved for saved in self.saved if saved.id != kept.id)

    def _show(self) -> None:
        name = self._name(self.filter)
        self.setText(in_menu(name))
        self.setToolTip(as_tool_tip(name))
        self.setAccessibleName(tr("Filter of the queue: {name}", name=name))

    def _name(self, wanted: CaseFilter) -> str:
        parts = (
            _team() if wanted.team_id else "",
            next((product.name for product in self.products if product.id == wanted.product_id), ""),
            _urgent() if wanted.least_priority else "",
            _overdue() if wanted.is_overdue else "",
        )
        return " · ".join(filter(None, parts)) or tr("All cases")


class AbsentButton(_MenuButton):
    """People whose desk gives no sign of life, and who have cases; hidden while there is nobody."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context)
        self.absent: tuple[Absent, ...] = ()
        desk = context.desk
        self._refresher = Refresher(
            context.background,
            desk.lanes.queries,
            partial(desk.absences.absent, desk.person.id),
            self._show_absent,
            self,
        )
        self._timer = QTimer(self)  # a desk that falls silent changes no case: no change is told of
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        icons.put(self, "users", Tone.WARNING)
        self.setAccessibleName(tr("People who are not there"))
        self.choices.aboutToShow.connect(self._fill)
        self.hide()

    def refresh(self) -> None:
        """Look again who is not there."""
        self._refresher.refresh()

    def _show_absent(self, absent: tuple[Absent, ...]) -> None:
        self.absent = absent
        self.setText(plural(len(absent), "1 absent", "{n} absent"))
        self.setVisible(bool(absent))

    def put_back(self, one: Absent) -> None:
        """All their cases go back to the queues: a command each."""
        desk = self.context.desk
        self.context.background.run(
            desk.lanes.queries,
            partial(_to_put_back, desk, one.person_id),
            owner=self,
            done=partial(self._on_cases, one),
            failed=lambda error: self.context.notifier.warn(str(error)),
        )

    def _on_cases(self, one: Absent, cases: tuple[UUID, ...]) -> None:
        desk = self.context.desk
        for case_id in cases:
            head = {"id": new_id(), "by": desk.person.id, "at": datetime.now(UTC)}
            desk.send(RequeueCase(**head, case_id=case_id, owner_id=one.person_id))  # type: ignore[arg-type]
        said = plural(
            len(cases), "1 case of {name} goes back to its queue.", "{n} cases of {name} go back to their queues.",
            name=one.name,
        )  # fmt: skip
        self.context.notifier.confirm(said)

    def _fill(self) -> None:
        self.choices.clear()
        for one in self.absent:
            text = plural(
                one.case_count, "{name}: put 1 case back", "{name}: put {n} cases back", name=one.name
            )  # fmt: skip
            self.choices.addAction(text, partial(self.put_back, one))


def _to_put_back(desk: Desk, owner_id: UUID) -> tuple[UUID, ...]:
    roles = desk.person.roles
    levels = levels_of(roles, are_merged=desk.levels.are_merged())
    return desk.absences.to_put_back(owner_id, levels, is_supervisor=Role.SUPERVISOR in roles)


def _read(desk: Desk) -> tuple[tuple[SavedFilter, ...], tuple[Product, ...]]:
    return desk.case_filters.of_person(desk.person.id), desk.products()


def _team() -> str:
    return tr("My team")


def _urgent() -> str:
    return tr("P1 and P2")


def _overdue() -> str:
    return tr("Overdue")
