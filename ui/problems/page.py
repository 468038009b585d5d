"""One known problem: its words, what can be done to it, its cases, and whom to call when it is solved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.commands import (
    AttachCase,
    DetachCase,
    EditProblem,
    MakeProblem,
    MoveProblem,
    ProblemCommand,
    PromiseSolvedCallBacks,
    SolveProblem,
)
from app.domain.ids import new_id
from app.domain.people import Role
from app.domain.problems import Link, ProblemState, ProblemWords
from app.i18n import tr
from ui.context import ScreenContext
from ui.labels import label
from ui.problem_looks import STATE_LOOKS
from ui.problems.form import ProblemForm
from ui.problems.reading import OpenProblem
from ui.problems.said_field import SaidField
from ui.problems.sending import Edits, Newest, Sending, Standing
from ui.problems.table import call_table, case_table
from ui.problems.words import about
from ui.shortcuts import Shortcut
from ui.theme import scaled
from ui.widgets.announce import announce
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

_CALL_WITHIN = timedelta(hours=1)


class ProblemPage(QWidget):
    """A new problem has no id in the database yet; what is typed for it is kept like that of all others."""

    made = Signal(object)
    """The id of the problem that was sent just now."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._roles = context.desk.person.roles
        self.shown: OpenProblem | None = None
        self._new_id: UUID | None = None
        self.pill, self.head, self.facts = Pill(), PlainLabel(kind="title"), PlainLabel(kind="muted")
        self.facts.setWordWrap(True)
        self.form = ProblemForm(context.desk)
        self.form.edited.connect(self._show_buttons)
        self.said = SaidField(context.desk)
        self.sentence = PlainLabel(kind="danger")
        self.sentence.setWordWrap(True)
        self.cases, self.calls = case_table(), call_table()
        self.cases.activated_record.connect(lambda _: self.link_case())
        self.sending = Sending(context, self)
        self.sending.sent.connect(self._on_sent)
        self.sending.not_taken.connect(self._on_not_taken)
        self._make_buttons()
        self._lay_out()

    @property
    def decides(self) -> bool:
        """Second level decides about states and cases."""
        return Role.SECOND_LEVEL in self._roles

    @property
    def id(self) -> UUID | None:
        return self._new_id or (self.shown.line.id if self.shown else None)

    def begin_new(self) -> None:
        """A page for a problem that is not made yet: the one that was begun, or an empty one."""
        self._new_id, self.shown = self.form.begun(self.sending.under_way) or new_id(), None
        self.form.show_words(self._new_id, ProblemWords(title=""), is_new=True)
        self._show()
        self.form.title.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_problem(self, opened: OpenProblem) -> None:
        """Show what was read; what is typed stays."""
        problem = opened.line.problem
        if self.shown is None or self.shown.line.id != problem.id:
            self._complain("")
        self.said.show_for(problem.id)
        self._new_id, self.shown = None, opened
        newest = self._newest
        if newest and (both := self.form.show_words(problem.id, newest.words)):
            names = ", ".join(self.form.label_of(name) for name in both)
            self._complain(
                tr("{name} has changed this meanwhile, too: {fields}. What you typed stays; if you keep it, it "
                   "replaces theirs.", name=problem.changed_by, fields=names)
            )  # fmt: skip
        self._show()

    def save(self) -> None:
        """Ctrl+Return: make it, or keep its words."""
        if not self.form.is_edited or self.id is None or not self._writes:
            return
        words = self.form.words
        if not words.title:
            self._complain(tr("Give the known problem a title: what is wrong, in a few words."))
            self.form.title.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        command: EditProblem | MakeProblem
        if newest := self._newest:
            at = {"revision": newest.revision, "follows": newest.follows}
            command = EditProblem(**self.sending.head(), problem_id=self.id, words=words, **at)  # type: ignore[arg-type]
        else:
            command = MakeProblem(**self.sending.head(), problem_id=self.id, words=words)
            self.made.emit(self.id)
        self.sending.send(command, lambda: self.form.forget(command.problem_id, words), self.form.edits)
        self.form.set_stored()

    def confirm(self) -> None:
        """A candidate is one, what the radar saw is attached; what was solved is open again."""
        if self._can(ProblemState.CONFIRMED):
            self._move(ProblemState.CONFIRMED, needs_reason=self._state is ProblemState.SOLVED)

    def dismiss(self) -> None:
        """It is none; or what was dismissed is a candidate again."""
        again = self._state is ProblemState.REJECTED
        self._move(ProblemState.CANDIDATE if again else ProblemState.REJECTED, needs_reason=True)

    def solve(self) -> None:
        """Solve it, and its cases with it."""
        lacking = tr("Write the solution first. The next agent relies on it.")
        self._decide(self._can(ProblemState.SOLVED), lacking, lambda shown, text: SolveProblem(
            **self.sending.head(), problem_id=shown.line.id, solution=text, seen_at=shown.seen_at))  # fmt: skip

    def link_case(self) -> None:
        """Ctrl+P: attach the chosen case that is suggested, or detach the one that is attached."""
        chosen = self.cases.current()
        if self.shown is None or chosen is None or not self.decides or chosen.solved_at:
            return
        kind = DetachCase if chosen.link is Link.ATTACHED else AttachCase
        of = (chosen.id, chosen.at)
        if not self.sending.is_asked(of):
            self.sending.send(kind(**self.sending.head(), problem_id=self.shown.line.id, case_id=chosen.id), of=of)

    def promise_calls(self) -> None:
        """A promised call-back for each customer of the list, at first level, within the hour."""
        if self.shown and self.promise.isVisible() and self.promise.isEnabled():
            due_at = datetime.now(UTC) + _CALL_WITHIN
            command = PromiseSolvedCallBacks(**self.sending.head(), problem_id=self.shown.line.id, due_at=due_at)
            told = tr("First level calls them: they stand in its call-backs.")
            self.sending.send(command, partial(self._context.notifier.confirm, told))

    @property
    def _state(self) -> ProblemState | None:
        return self.shown.line.problem.state if self.shown else None

    @property
    def _standing(self) -> Standing | None:
        return (self.shown.line.id, self.shown.line.problem.state_since) if self.shown else None

    @property
    def _is_decided(self) -> bool:
        return self.sending.is_asked(self._standing)

    @property
    def _newest(self) -> Newest | None:
        return self.sending.newest(self.id, self.shown.line.problem if self.shown else None) if self.id else None

    @property
    def _writes(self) -> bool:
        may_make = {Role.SECOND_LEVEL, Role.THIRD_LEVEL}
        return bool(self._roles & (may_make if self.shown is None else may_make | {Role.EDITOR}))

    def _can(self, then: ProblemState) -> bool:
        is_confirming = then is ProblemState.CONFIRMED
        before = (ProblemState.CANDIDATE, ProblemState.SOLVED) if is_confirming else (ProblemState.CONFIRMED,)
        return self.decides and self._state in before

    def _move(self, then: ProblemState, *, needs_reason: bool) -> None:
        lacking = tr("Write the reason first. Whoever meets it again must know why.") if needs_reason else ""
        self._decide(self.decides, lacking, lambda shown, text: MoveProblem(
            **self.sending.head(), problem_id=shown.line.id, to=then, said=text))  # fmt: skip

    def _decide(self, may: bool, lacking: str, make: Callable[[OpenProblem, str], ProblemCommand]) -> None:
        """Once, with what is written beside the buttons; `lacking` asks for that where it is needed."""
        shown, text = self.shown, self.said.said
        if shown is None or not may or self._is_decided:
            return
        if lacking and not text:
            self._complain(lacking)
            self.said.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.sending.send(make(shown, text), lambda: self.said.forget(shown.line.id, text), of=self._standing)

    def _on_sent(self) -> None:
        self._complain("")
        self._show_buttons()

    def _on_not_taken(self, problem_id: UUID | None, edits: Edits, why: str) -> None:
        """What was sent is only typed again, in the fields of its problem."""
        if why:
            self._complain(why)
        self._show_buttons()
        if problem_id and edits:
            stored = self._newest.words if self._newest else ProblemWords(title="")
            self.form.take_back(problem_id, stored, edits)

    def _complain(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        if sentence:
            announce(self, sentence)

    def _show(self) -> None:
        problem = self.shown.line.problem if self.shown else None
        self.head.setText(problem.name if problem else tr("New known problem"))
        self.pill.setVisible(problem is not None)
        self.facts.setText(about(self.shown) if self.shown else tr("A candidate, until second level confirms it."))
        if problem:
            tone, icon_name = STATE_LOOKS[problem.state]
            self.pill.set_state(label(problem.state), tone, icon_name)
        self.cases.records.replace(self.shown.cases if self.shown else ())
        self.calls.records.replace(self.shown.calls if self.shown else ())
        self.form.set_writable(can_name=self._writes, can_explain=self._writes)
        self._show_buttons()

    def _show_buttons(self) -> None:
        state = self._state
        self.save_button.setVisible(self._writes)
        self.save_button.setEnabled(self.form.is_edited)
        self.save_button.setText(tr("Keep the words") if self.shown else tr("Make it a candidate"))
        self.confirm_button.setVisible(self._can(ProblemState.CONFIRMED))
        self.confirm_button.setText(tr("Open again") if state is ProblemState.SOLVED else tr("Confirm"))
        self.solve_button.setVisible(self._can(ProblemState.SOLVED))
        self.dismiss_button.setVisible(self.decides and state not in (None, ProblemState.SOLVED))
        self.dismiss_button.setText(tr("Candidate again") if state is ProblemState.REJECTED else tr("Dismiss"))
        self.said.setVisible(self.decides and self.shown is not None)
        self.link.setVisible(self.decides and bool(self.cases.records.records))
        self.cases_card.setVisible(self.shown is not None)
        calls = self.shown.calls if self.shown else ()
        self.calls_card.setVisible(bool(calls))
        for button in (self.confirm_button, self.solve_button, self.dismiss_button):
            button.setEnabled(not self._is_decided)
        self.promise.setVisible(self.decides)
        self.promise.setEnabled(any(one.number and not one.is_promised for one in calls))

    def _make_buttons(self) -> None:
        def button(text: str, key: str, act: Callable[[], None], kind: str = "secondary", icon: str = "") -> KeyButton:
            made = KeyButton(text, key, kind=kind, icon_name=icon)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(lambda: act())
            return made

        self.save_button = button(tr("Keep the words"), Shortcut.SEND.key, self.save, icon="check")
        self.confirm_button = button(tr("Confirm"), Shortcut.CONFIRM_PROBLEM.key, self.confirm, "primary", "flag")
        self.solve_button = button(
            tr("Solve with its cases"), Shortcut.SOLVE_PROBLEM.key, self.solve, "primary", "check"
        )
        self.dismiss_button = button(tr("Dismiss"), "", self.dismiss, icon="close")
        self.link = button(tr("Attach or detach"), Shortcut.ATTACH_PROBLEM.key, self.link_case, icon="flag")
        self.promise = button(tr("Promise them a call"), Shortcut.PROMISE_CALLS.key, self.promise_calls, icon="phone")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.head)
        head.addWidget(self.pill)
        head.addStretch(1)
        head.addWidget(self.save_button)
        words = Card()
        words.body.addLayout(head)
        words.body.addWidget(self.facts)
        words.body.addWidget(self.form)
        act = QHBoxLayout()
        act.addWidget(self.said, 1, Qt.AlignmentFlag.AlignTop)
        buttons = QVBoxLayout()
        for one in (self.confirm_button, self.solve_button, self.dismiss_button):
            buttons.addWidget(one)
        buttons.addStretch(1)
        act.addLayout(buttons)
        words.body.addLayout(act)
        words.body.addWidget(self.sentence)
        self.sentence.hide()
        self.cases_card = Card(tr("Cases"), is_padded=False)
        self.cases_card.header.addWidget(self.link)
        self.cases_card.body.addWidget(self.cases)
        self.calls_card = Card(tr("Call them back"), is_padded=False)
        self.calls_card.header.addWidget(self.promise)
        self.calls_card.body.addWidget(self.calls)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(10))
        layout.addWidget(words)
        layout.addWidget(self.cases_card, 1)
        layout.addWidget(self.calls_card, 1)
