"""The line of a desk behind the gateway: its calls come through the shared database, its wishes go there."""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from app.domain.calls import CallEvent
from app.domain.errors import FirstlineError, NotAllowed
from app.domain.ids import new_id
from app.domain.lines import (
    ORDER_LIMIT_S,
    SHARED,
    GatewayPhase,
    GatewayState,
    LineAction,
    LineNow,
    LineOrder,
    OrderAnswer,
    Refusal,
)
from app.i18n import tr
from app.telephony.line_news import LineNews
from app.telephony.line_words import refused, trouble
from app.telephony.loop import deliver
from app.telephony.pause_watch import SETTLE_S, Pause, PauseWatch
from app.telephony.source import Capability, OutsidePause, SourceState, SourceStatus

_PAUSES = frozenset({LineAction.PAUSE, LineAction.RESUME})
POLL_S = 1.2  # for the gateway's sign of life; news of calls come by a wake-up

_log = logging.getLogger("firstline.line")


class LineBook(Protocol):
    """What is asked of the shared database; raises Unavailable while it is away."""

    def now(self, known: frozenset[UUID], orders: frozenset[UUID]) -> LineNow: ...

    def place(self, order: LineOrder) -> None: ...


class SharedSource:
    """Calls of one person's telephone, as the gateway records them."""

    name = SHARED

    def __init__(self, book: LineBook, person_id: UUID) -> None:
        self._book = book
        self._person_id = person_id
        self._woken = threading.Event()
        self._is_stopping = False
        self._thread: threading.Thread | None = None
        self._orders: deque[LineOrder] = deque()
        self._pending: dict[UUID, LineOrder] = {}
        self._asking: dict[UUID, Callable[[str], None]] = {}
        self._news = LineNews(person_id)
        self._pause: Pause | None = None
        self._watch = PauseWatch()
        self._outside: OutsidePause | None = None
        self._capabilities: frozenset[Capability] = frozenset()
        self._status = SourceStatus(name=self.name, state=SourceState.STOPPED, since=_now())
        self._complaint = ""

    @property
    def capabilities(self) -> frozenset[Capability]:
        return self._capabilities

    def hindrance(self, capability: Capability) -> str:
        if capability in self._capabilities:
            return ""
        if capability is Capability.ANSWER:
            return tr("The telephone system cannot answer for you: lift the handset.")
        if capability is Capability.HOLD:
            return tr("Holding a call is done at the telephone; the telephone system offers no way.")
        if self._status.state is not SourceState.READY:
            return tr("The telephone system is not connected. Try again when the line is ready.")
        return tr("The gateway's account in the telephone system may not do this. Your administrator can change that.")

    def start(self, on_event: Callable[[CallEvent], None], on_status: Callable[[SourceStatus], None]) -> None:
        self._on_event, self._on_status = on_event, on_status
        self._thread = threading.Thread(target=self._run, name="shared line", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._is_stopping = True
        self._woken.set()
        if self._thread:
            self._thread.join()

    def wake(self) -> None:
        """Something on this person's line has changed."""
        self._woken.set()

    def answer(self, call_id: UUID) -> None:
        """The telephone does that."""

    def reject(self, call_id: UUID) -> None:
        self._order(LineAction.REJECT, call_id)

    def hold(self, call_id: UUID) -> None:
        """As `answer`."""

    def resume(self, call_id: UUID) -> None:
        """As `answer`."""

    def hang_up(self, call_id: UUID) -> None:
        self._order(LineAction.HANG_UP, call_id)

    def transfer(self, call_id: UUID, number: str, *, is_attended: bool = False) -> None:
        self._order(LineAction.CONSULT if is_attended else LineAction.TRANSFER, call_id, number)

    def dial(self, number: str) -> None:
        self._order(LineAction.DIAL, text=number)

    def pause(self, is_paused: bool, reason: str = "") -> None:
        """Now, and again when a gateway is back: the PBX may have been started anew."""
        self._pause = Pause(is_paused, reason)
        if self._status.state is SourceState.READY:
            self._order_pause(self._pause)

    def next_call(self) -> None:
        """Real callers do not come on demand."""

    def ask_sip_call_id(self, call_id: UUID, done: Callable[[str], None]) -> None:
        """Which of the softphone's calls it is, as the PBX tells the gateway."""
        self._order(LineAction.SIP_ID, call_id, done=done)

    def _order(
        self,
        action: LineAction,
        call_id: UUID | None = None,
        text: str = "",
        done: Callable[[str], None] | None = None,
    ) -> None:
        order = LineOrder(id=new_id(), by=self._person_id, at=_now(), action=action, call_id=call_id, text=text)
        if done:
            self._asking[order.id] = done
        self._orders.append(order)
        self._woken.set()

    def _order_pause(self, pause: Pause) -> None:
        self._order(LineAction.PAUSE if pause.is_paused else LineAction.RESUME, text=pause.reason)

    # From here on everything happens in the line's own thread.

    def _run(self) -> None:
        self._report(SourceState.STARTING)
        while not self._is_stopping:
            self._woken.clear()
            try:
                self._place_orders()
                self._take(self._book.now(self._news.known, frozenset(self._pending)))
            except FirstlineError:
                self._capabilities = frozenset()
                self._report(SourceState.LOST)  # the desk says itself that the database is away
            except Exception:  # noqa: BLE001 - the edge of this thread
                _log.exception("shared line")
                self._report(SourceState.LOST)
            self._woken.wait(SETTLE_S / 2 if self._watch.is_open else POLL_S * random.uniform(0.8, 1.2))
        self._report(SourceState.STOPPED)

    def _place_orders(self) -> None:
        while self._orders:
            order = self._orders[0]
            try:
                self._book.place(order)
            except NotAllowed:
                if not self._tell_asking(order.id, ""):
                    self._complaint = refused(Refusal.NOT_YOURS, "")
            else:
                self._pending[order.id] = order
                if order.action in _PAUSES:
                    self._watch.ask(Pause(order.action is LineAction.PAUSE, order.text))
            self._orders.popleft()

    def _take(self, now: LineNow) -> None:
        for answer in now.answers:
            self._take_answer(answer)
        self._give_up_late_orders()
        if now.telephone:
            self._watch.tell(Pause(now.telephone.is_paused, now.telephone.pause_reason), time.monotonic())
        for one in now.calls:
            for event in self._news.of(one):
                deliver(self._on_event, event)
        self._take_gateway(now.gateway)

    def _take_answer(self, answer: OrderAnswer) -> None:
        self._settle(answer.order_id, was_done=answer.refusal is None)
        if self._tell_asking(answer.order_id, "" if answer.refusal else answer.detail):
            return
        self._complaint = refused(answer.refusal, answer.detail) if answer.refusal else ""

    def _give_up_late_orders(self) -> None:
        oldest = _now() - timedelta(seconds=ORDER_LIMIT_S)
        for order in [one for one in self._pending.values() if one.at < oldest]:
            self._settle(order.id, was_done=False)
            if self._tell_asking(order.id, ""):
                continue
            self._complaint = refused(Refusal.TOO_LATE, "")

    def _tell_asking(self, order_id: UUID, found: str) -> bool:
        """Whether somebody waited for what this order asks for."""
        done = self._asking.pop(order_id, None)
        if done:
            done(found)
        return done is not None

    def _settle(self, order_id: UUID, *, was_done: bool) -> None:
        if self._pending.pop(order_id).action in _PAUSES:
            self._watch.answer(time.monotonic(), was_done=was_done)

    def _look_at_pause(self) -> None:
        """What somebody else has done at the PBX is from now on what is wanted, also of the next gateway."""
        if not self._orders and (outside := self._watch.look(time.monotonic())):
            self._pause = outside
            self._outside = OutsidePause(is_paused=outside.is_paused, reason=outside.reason, at=_now())

    def _take_gateway(self, gateway: GatewayState | None) -> None:
        if gateway is None or not gateway.is_serving:
            self._capabilities = frozenset()
            is_starting = gateway is not None and not gateway.is_silent and gateway.phase is GatewayPhase.STARTING
            state = SourceState.STARTING if is_starting else SourceState.LOST
            self._report(state, trouble(gateway), since=gateway.trouble_since if gateway else None)
            return
        self._capabilities = frozenset(c for c in Capability if c.value in gateway.capabilities)
        is_back = self._status.state is not SourceState.READY
        if is_back and self._pause:
            self._order_pause(self._pause)
        self._look_at_pause()
        self._report(SourceState.READY, self._complaint, gateway=gateway)

    def _report(
        self,
        state: SourceState,
        sentence: str = "",
        *,
        since: datetime | None = None,
        gateway: GatewayState | None = None,
    ) -> None:
        known = self._status
        status = SourceStatus(
            name=self.name,
            state=state,
            since=since or (known.since if state is known.state else _now()),
            sentence=sentence,
            waiting_count=gateway.waiting_count if gateway else 0,
            waiting_since=gateway.waiting_since if gateway else None,
            pause=self._outside,
        )
        if status != known:
            self._status = status
            deliver(self._on_status, status)


def _now() -> datetime:
    return datetime.now(UTC)
