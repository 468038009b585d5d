"""The known problem of the open case: attached, suggested or offered; with the workaround for this customer."""

from datetime import UTC, datetime
from functools import partial
from typing import TypedDict
from uuid import UUID, uuid5

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.cases import CaseEvent, CaseState
from app.domain.commands import AdaptWorkaround, AttachCase, DetachCase, MakeProblem, ProblemCommand
from app.domain.ids import new_id
from app.domain.problems import CaseProblem, Link, Problem, ProblemMatch, ProblemState, ProblemWords
from app.domain.search_report import without_personal_data
from app.domain.typed_text import typed
from app.i18n import tr
from ui.context import ScreenContext
from ui.labels import clock_text, label
from ui.problem_looks import STATE_LOOKS
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, install
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.workbench.open_case import OpenCase

_TEXTS = UUID("b1a6c3d2-70f4-5c1b-9f0e-3d5a8e7c2461")  # what is typed here has a place of its own in the journal


class _Head(TypedDict):
    id: UUID
    by: UUID
    at: datetime


class ProblemCard(Card):
    """Follows the open case; what is typed for the customer is kept on this desk until it is sent."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(tr("Known problem"))
        install(self, {Shortcut.ATTACH_PROBLEM: self.toggle, Shortcut.NEW_PROBLEM: self.make_problem})
        self._context = context
        self._case: OpenCase | None = None
        self._offers: tuple[ProblemMatch, ...] = ()
        self.shown: CaseProblem | None = None
        self._refresher: Refresher[CaseProblem | None] | None = None
        self.pill, self.name, self.why = Pill(), PlainLabel(), PlainLabel(kind="muted")
        self.workaround = PlainLabel()
        for text in (self.name, self.why, self.workaround):
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.attach = KeyButton(tr("Attach"), Shortcut.ATTACH_PROBLEM.key, icon_name="flag")
        self.attach.clicked.connect(self.toggle)
        self.make = KeyButton(tr("New known problem"), Shortcut.NEW_PROBLEM.key, icon_name="note")
        self.make.clicked.connect(self.make_problem)
        self.editor = QPlainTextEdit()
        self.editor.setTabChangesFocus(True)
        self.editor.setFixedHeight(scaled(64))
        self.editor.setAccessibleName(tr("Workaround for this customer"))
        self.editor.setPlaceholderText(tr("How the workaround is done for this customer"))
        self.editor.textChanged.connect(self._on_typed)
        self.keep = KeyButton(tr("Keep on the case"), icon_name="check")
        self.keep.clicked.connect(self.adapt)
        for button in (self.attach, self.make, self.keep):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        context.bridge.problems_changed.connect(self._show)

    @property
    def offered(self) -> Problem | None:
        """What the key attaches: what the radar suggests, else what fits best."""
        if self.shown:
            return self.shown.problem
        return self._offers[0].problem if self._offers else None

    def show_case(self, case: OpenCase) -> None:
        """Read which problem it has; what is typed for another case waits there."""
        if self._case is None or self._case.id != case.id:
            self.shown = None
            self._case = case
            self.editor.setPlainText(self._context.desk.case_texts.get(_place(case.id), ""))
        self._case = case
        desk = self._context.desk
        query = partial(desk.problems.of_case, case.id)
        if self._refresher is None:
            self._refresher = Refresher(self._context.background, desk.lanes.queries, query, self._on_read, self)
            self._refresher.refresh()
        else:
            self._refresher.ask(query)
        self._show()

    def toggle(self) -> None:
        """Ctrl+P: attach the case to what is offered, or detach it."""
        problem = self.offered
        if self._case is None or problem is None or not self.attach.isEnabled() or self.attach.isHidden():
            return
        kind = DetachCase if self._is_attached else AttachCase
        self._send(kind(**self._by(), problem_id=problem.id, case_id=self._case.id))

    def make_problem(self) -> None:
        """A candidate from the words of this case, without what could name the customer; the case is attached."""
        if self._case is None or self.make.isHidden() or not self.make.isEnabled():
            return
        given = self._case.file.hand_over
        own = " ".join((given.caller_name, given.customer_number, given.serial)).split() if given else []
        said = [self._case.file.summary.title, *(given.searches if given else ())]
        lines = list(dict.fromkeys(filter(None, (without_personal_data(text, own) for text in said))))
        code = self._context.desk.known_problems.code_of(self._case.file.summary.product_name)
        words = ProblemWords(
            title=lines[0] if lines else tr("New known problem"),
            symptoms="\n".join(lines),
            products=(code,) if code else (),
        )
        self._send(MakeProblem(**self._by(), problem_id=new_id(), words=words, case_id=self._case.id))

    def adapt(self) -> None:
        """Keep on the case how it is done for this customer."""
        text = typed(self.editor.toPlainText()).strip()
        if self._case is None or not text or not self.keep.isEnabled():
            return
        desk, case_id = self._context.desk, self._case.id
        sent = desk.send(AdaptWorkaround(**self._by(), case_id=case_id, text=text))
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            sent.result,
            owner=self,
            done=lambda _: self._forget(case_id, text),
            failed=lambda error: self._context.notifier.warn(str(error)),
        )

    @property
    def _is_attached(self) -> bool:
        return self.shown is not None and self.shown.link is Link.ATTACHED

    def _on_read(self, found: CaseProblem | None) -> None:
        self.shown = found
        self._show()

    def _show(self) -> None:
        case = self._case
        if case is None:
            return
        self._offers = () if self.shown else self._matches(case)
        problem, is_solved = self.offered, case.file.summary.state is CaseState.SOLVED
        self.pill.setVisible(problem is not None)
        self.name.setText(problem.words.title if problem else tr("None fits yet."))
        self.name.set_kind("" if problem else "muted")
        self.why.setText(self._reason())
        self.why.setVisible(bool(self.why.text()))
        if problem:
            tone, icon_name = STATE_LOOKS[problem.state]
            self.pill.set_state(f"{problem.name} · {label(problem.state)}", tone, icon_name)
        self.workaround.setText(self._workaround(case, problem))
        self.workaround.setVisible(bool(self.workaround.text()))
        self.attach.setText(tr("Detach") if self._is_attached else tr("Attach"))
        self.attach.setVisible(problem is not None)
        self.attach.setEnabled(not is_solved)
        self.make.setVisible(problem is None and not is_solved)
        can_adapt = self._is_attached and case.can_be_solved
        self.editor.setVisible(can_adapt or bool(self.editor.toPlainText()))
        self.keep.setVisible(can_adapt)

    def _reason(self) -> str:
        if self.shown:
            at = clock_text(self.shown.at)
            if self._is_attached:
                return tr("Attached by {name}, {time}", name=self.shown.by_name, time=at)
            return tr("The radar saw this case among similar ones, {time}", time=at)
        if not self._offers:
            return ""
        best = self._offers[0]
        words = tr("In common: {words}", words=", ".join(best.words[:6]))
        return f"{words} · {tr('same product')}" if best.is_same_product else words

    def _workaround(self, case: OpenCase, problem: Problem | None) -> str:
        """That for this customer, where somebody has written it; else that of the problem."""
        if problem is None or problem.state is ProblemState.REJECTED:
            return ""
        lines = (entry.text for entry in reversed(case.file.timeline) if entry.event is CaseEvent.ADAPTED)
        if adapted := next(lines, ""):
            return tr("For this customer: {text}", text=adapted)
        if problem.state is ProblemState.SOLVED:
            return tr("Solution: {text}", text=problem.said)
        return tr("Workaround: {text}", text=problem.words.workaround) if problem.words.workaround else ""

    def _matches(self, case: OpenCase) -> tuple[ProblemMatch, ...]:
        given = case.file.hand_over
        note = given.note.splitlines()[:2] if given else []
        texts = (case.file.summary.title, *(given.searches if given else ()), *note)
        known = self._context.desk.known_problems
        return known.matches(texts, known.code_of(case.file.summary.product_name))

    def _forget(self, case_id: UUID, sent: str) -> None:
        """It is safe on this desk's disk; what was typed since stays."""
        if self._context.desk.case_texts.get(_place(case_id), "").strip() != sent:
            return
        self._context.desk.keep_case_text(_place(case_id), "")
        if self._case and self._case.id == case_id:
            self.editor.clear()

    def _send(self, command: ProblemCommand) -> None:
        self._context.desk.send(command)

    def _by(self) -> _Head:
        return {"id": new_id(), "by": self._context.desk.person.id, "at": datetime.now(UTC)}

    def _on_typed(self) -> None:
        if self._case:
            self._context.desk.keep_case_text(_place(self._case.id), typed(self.editor.toPlainText()))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.pill)
        head.addStretch(1)
        head.addWidget(self.attach)
        head.addWidget(self.make)
        end = QHBoxLayout()
        end.addStretch(1)
        end.addWidget(self.keep)
        parts = QWidget()
        column = QVBoxLayout(parts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(6))
        column.addLayout(head)
        for widget in (self.name, self.why, self.workaround, self.editor):
            column.addWidget(widget)
        column.addLayout(end)
        self.body.addWidget(parts)


def _place(case_id: UUID) -> UUID:
    return uuid5(_TEXTS, str(case_id))
