"""The card of the call: who rings or talks, what to do with the call, and what was missed."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.calls import Call, CallState, NumberKind
from app.domain.customers import CallerMatch
from app.domain.people import AgentState
from app.domain.work import CallWork
from app.i18n import plural, tr
from app.telephony.numbers import readable
from app.telephony.source import Capability
from ui import icons
from ui.agent.transfer_row import TransferRow
from ui.call_desk import CallDesk
from ui.labels import clock_text, label
from ui.looks import CALL_LOOKS
from ui.plain_text import in_one_line
from ui.shortcuts import Shortcut
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.card import Card
from ui.widgets.elapsed import Elapsed
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

_TEXT_LIMIT = 160
_NUMBER_LIMIT = 60  # of what is no number at all


def number_text(call: Call) -> str:
    """The caller's number for a person to read, or why there is none."""
    caller = call.caller
    if caller.kind is NumberKind.PUBLIC and caller.normal:
        return readable(caller.normal)
    if caller.kind is NumberKind.INTERNAL:
        return tr("Extension {number}", number=caller.normal or "")
    return label(caller.kind) if caller.kind is NumberKind.WITHHELD or not caller.raw else caller.raw


class CallCard(Card):
    """Shows `CallDesk.shown`; it appears and changes without taking the focus from anything."""

    def __init__(self, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._desk = desk
        self._hidden_call: object = None
        self._pill = Pill("", Tone.NEUTRAL)
        self._time = Elapsed(kind="muted")
        self._who = PlainLabel(kind="title")
        self._who.setWordWrap(True)
        self._who.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._number = PlainLabel(kind="muted")
        self._number.setWordWrap(True)
        self._says = PlainLabel()
        self._says.setWordWrap(True)
        self._signs = PlainLabel(kind="warning")
        self._signs.setWordWrap(True)
        self._also_ringing = Banner()
        self._missed = Banner(is_closable=True)
        self._missed.closed.connect(desk.acknowledge_missed)
        self._make_buttons()
        self._lay_out()
        desk.changed.connect(self.refresh)
        desk.presence.changed.connect(self.refresh)
        self.refresh()

    def hide_details(self) -> None:
        """Escape: the card shrinks to one line; the call goes on ringing."""
        if self._desk.ringing:
            self._hidden_call = self._desk.ringing.call.id
            self.refresh()

    def refresh(self) -> None:
        """Show what is now."""
        work = self._desk.shown
        self._show_missed()
        self._show_also_ringing()
        is_ringing = work is not None and work is self._desk.ringing
        is_hidden = work is not None and work.call.id == self._hidden_call
        is_small = work is None or (is_ringing and (is_hidden or not self._desk.shows_whole_card))
        for widget in (self._number, self._says, self._signs):
            widget.setVisible(not is_small)
        self._time.setVisible(work is not None)
        if work is None:
            self._pill.set_state(tr("No call"), Tone.NEUTRAL, "phone")
            self._who.setText(self._idle_text())
            self._who.set_kind("muted")
        else:
            self._show_call(work, is_small)
        self._show_buttons(work.call if work else None)

    def _show_call(self, work: CallWork, is_small: bool) -> None:
        call = work.call
        tone, icon_name = CALL_LOOKS.get(call.state, (Tone.NEUTRAL, "phone"))
        is_calling = call.is_outgoing and call.state is CallState.OFFERED
        self._pill.set_state(tr("Calling") if is_calling else label(call.state), tone, icon_name)
        self._time.set_since(_state_began_at(call))
        self._who.set_kind("title")
        self._who.setText(_cut(work.who) or (tr("Who is calling?") if self._desk.matches else tr("Unknown caller")))
        company = work.customer.company if work.customer else ""
        self._number.setText(in_one_line(_cut(company), _cut(number_text(call), _NUMBER_LIMIT), call.queue))
        self._says.setText(tr("“{text}”", text=_cut(call.announcement)) if call.announcement else "")
        self._says.setVisible(bool(call.announcement) and not is_small)
        signs = "\n".join(_signs(work, self._desk.matches))
        self._signs.setText(signs)
        self._signs.setVisible(bool(signs) and not is_small)

    def _idle_text(self) -> str:
        if self._desk.presence.agent.state in (AgentState.PAUSED, AgentState.SIGNED_OUT):
            return tr("No call comes until you are available again: F6.")
        if self._desk.line.can(Capability.NEXT_CALL):
            return tr("The next call comes by itself. F5 brings one now.")
        return tr("Calls appear here when they ring.")

    def _show_also_ringing(self) -> None:
        """A call that rings during a conversation does not take the place of who is on the phone."""
        ringing = self._desk.ringing
        if ringing and self._desk.is_talking:
            who = _cut(ringing.who or number_text(ringing.call))
            sentence = tr("{who} rings too. Finish this call first, then answer.", who=who)
            self._also_ringing.show_message(Tone.WARNING, sentence, icon_name="phone-incoming")
        else:
            self._also_ringing.hide()

    def _show_missed(self) -> None:
        missed = self._desk.missed
        if not missed:
            self._missed.hide()
            return
        last = missed[-1]
        text = tr(
            "Missed call from {who} at {time}.",
            who=_cut(last.caller.display_name or number_text(last)),
            time=clock_text(last.queued_at),
        )
        if len(missed) > 1:
            text += " " + plural(len(missed) - 1, "And {n} more.", "And {n} more.")
        self._missed.show_message(Tone.WARNING, text, icon_name="phone-off")

    def _show_buttons(self, call: Call | None) -> None:
        state = call.state if call else None
        is_ringing = state is CallState.OFFERED and call is not None and not call.is_outgoing
        is_talking = state in (CallState.CONNECTED, CallState.HELD, CallState.CONSULTING)
        line = self._desk.line
        self._answer.setVisible(is_ringing)
        self._reject.setVisible(is_ringing)
        self._hold.setVisible(state in (CallState.CONNECTED, CallState.HELD))
        self._hang_up.setVisible(is_talking)
        self._pass_on.setVisible(is_talking or (call is None and line.can(Capability.DIAL)))
        self._pass_on.setText(tr("Transfer") if is_talking else tr("Dial"))
        self._next.setVisible(call is None and line.can(Capability.NEXT_CALL))
        self._hold.setText(tr("Resume") if state is CallState.HELD else tr("Hold"))
        self._hold.set_icon("play" if state is CallState.HELD else "hold")
        hindrances = []
        for button, capability in (
            (self._answer, Capability.ANSWER),
            (self._hold, Capability.HOLD),
            (self._hang_up, Capability.HANG_UP),
            (self._reject, Capability.REJECT),
            (self._pass_on, Capability.TRANSFER if is_talking else Capability.DIAL),
        ):
            why_not = line.why_not(capability)
            button.setEnabled(not why_not)
            button.setToolTip(why_not)
            if why_not and not button.isHidden():
                hindrances.append(why_not)
        self._why.setText("\n".join(dict.fromkeys(hindrances)))
        self._why.setVisible(bool(hindrances))
        self.transfer.refresh()

    def _make_buttons(self) -> None:
        desk = self._desk
        self._answer = KeyButton(tr("Answer"), Shortcut.ANSWER_CALL.key, kind="primary", icon_name="phone")
        self._reject = QPushButton(tr("Reject"))
        icons.put(self._reject, "phone-off")
        self._hold = KeyButton(tr("Hold"), Shortcut.HOLD_CALL.key, icon_name="hold")
        self._hang_up = KeyButton(tr("Hang up"), Shortcut.HANG_UP.key, kind="danger", icon_name="phone-off")
        self._pass_on = KeyButton(tr("Transfer"), Shortcut.TRANSFER.key, icon_name="transfer")
        self._why = PlainLabel(kind="muted")
        self._why.setWordWrap(True)
        self.transfer = TransferRow(desk)
        self._next = KeyButton(tr("Next demo call"), Shortcut.NEXT_DEMO_CALL.key, icon_name="phone-incoming")
        for button, action in (
            (self._answer, desk.line.answer),
            (self._reject, desk.line.reject),
            (self._hold, desk.line.hold_or_resume),
            (self._hang_up, desk.line.hang_up),
            (self._pass_on, self.transfer.open),
            (self._next, desk.line.next_call),
        ):
            button.clicked.connect(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the caret in the note

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._pill)
        head.addStretch(1)
        head.addWidget(self._time)
        about = QVBoxLayout()
        about.setSpacing(scaled(3))
        for label_ in (self._who, self._number, self._says, self._signs):
            about.addWidget(label_)
        buttons = QGridLayout()
        buttons.setSpacing(scaled(6))
        buttons.addWidget(self._answer, 0, 0)
        buttons.addWidget(self._reject, 0, 1)
        buttons.addWidget(self._hold, 1, 0)
        buttons.addWidget(self._hang_up, 1, 1)
        buttons.addWidget(self._pass_on, 2, 0, 1, 2)
        buttons.addWidget(self._next, 3, 0, 1, 2)
        self.body.addWidget(self._missed)
        self.body.addWidget(self._also_ringing)
        self.body.addLayout(head)
        self.body.addLayout(about)
        self.body.addLayout(buttons)
        self.body.addWidget(self._why)
        self.body.addWidget(self.transfer)


def _cut(text: str, limit: int = _TEXT_LIMIT) -> str:
    """A stranger's text at a length that leaves room for the rest."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _state_began_at(call: Call) -> datetime:
    began = {
        CallState.OFFERED: call.rang_at,
        CallState.CONNECTED: call.answered_at,
        CallState.HELD: call.held_since,
        CallState.CONSULTING: call.held_since,
        CallState.WRAP_UP: call.ended_at,
    }
    return began.get(call.state) or call.queued_at


def _signs(work: CallWork, matches: tuple[CallerMatch, ...]) -> list[str]:
    """What the agent should know before the first word."""
    signs = []
    customer = work.customer
    if customer is None and matches:
        signs.append(
            plural(
                len(matches), "{n} customer may be calling: please ask.", "{n} customers may be calling: please ask."
            )
        )
    if customer and customer.calls_in_7_days:
        signs.append(tr("Call number {n} in 7 days", n=customer.calls_in_7_days + 1))
    if customer and customer.open_cases:
        signs.append(plural(len(customer.open_cases), "{n} open case", "{n} open cases"))
    return signs
