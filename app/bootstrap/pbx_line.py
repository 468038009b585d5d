"""The PBX's side of a gateway: listens into the ledger, and does what desks ask.

Its news and its answers are fetched by the thread that writes.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from uuid import UUID

from app.domain.calls import Call
from app.domain.errors import FirstlineError
from app.domain.lines import CALL_ACTIONS, GatewayPhase, LineAction, LineOrder, OrderAnswer, OrderState, Refusal
from app.telephony.ami import AmiSettings, Commands, Session
from app.telephony.ami.exchange import News
from app.telephony.ledger import Ledger, LedgerCall
from app.telephony.loop import LoopThread
from app.telephony.source import SourceState

_PHASES = {
    SourceState.STARTING: GatewayPhase.STARTING,
    SourceState.READY: GatewayPhase.READY,
    SourceState.LOST: GatewayPhase.LOST,
    SourceState.STOPPED: GatewayPhase.LOST,
}

_log = logging.getLogger("firstline.gateway")


class PbxLine:
    """Has a thread of its own; `phase`, `since` and `waiting` may be read from any."""

    def __init__(
        self,
        settings: AmiSettings,
        ledger: Ledger,
        on_change: Callable[[], None],
        recorded: Callable[[Sequence[UUID]], Sequence[LedgerCall]],
    ) -> None:
        """
        Args:
            on_change: there is something to write.
            recorded: the calls among these ids that the database has.
        """
        self.phase = GatewayPhase.STARTING
        self.since = datetime.now(UTC)
        self._ledger = ledger
        self._on_change = on_change
        self._recorded = recorded
        self._session = Session(settings, self._on_news, self._on_state, self._remembered)
        self._commands = Commands(self._session, settings.context)
        self._thread = LoopThread("gateway line")
        self._running: set[asyncio.Task[None]] = set()
        self._lock = threading.Lock()
        self._answers: list[tuple[OrderAnswer, UUID]] = []
        self._waiting: tuple[datetime, ...] = ()

    def start(self) -> None:
        self._stopping = asyncio.Event()
        self._thread.start(self._until_stopped)

    def stop(self) -> None:
        self._thread.soon(lambda: self._stopping.set())
        self._thread.join()

    @property
    def waiting(self) -> tuple[datetime, ...]:
        """Since when each caller waits."""
        return self._waiting if self.phase is GatewayPhase.READY else ()

    @property
    def capabilities(self) -> frozenset[str]:
        """What desks may ask for."""
        return frozenset(str(one) for one in self._commands.capabilities)

    def do(self, order: LineOrder, interface: str) -> None:
        """Do what a person asked, whose telephone is `interface`; returns at once, the answer comes by itself."""
        if not interface:
            self._answer(order, Refusal.NO_TELEPHONE)
        elif order.action in CALL_ACTIONS and not (order.call_id and self._ledger.is_at(order.call_id, interface)):
            self._answer(order, Refusal.NOT_YOURS)
        else:
            self._thread.soon(lambda: self._begin(order, interface))

    def take_answers(self) -> list[tuple[OrderAnswer, UUID]]:
        """What came of the orders, each with who gave it."""
        with self._lock:
            answers, self._answers = self._answers, []
        return answers

    def _answer(self, order: LineOrder, refusal: Refusal | None = None, detail: str = "") -> None:
        state = OrderState.REFUSED if refusal else OrderState.DONE
        with self._lock:
            self._answers.append(
                (OrderAnswer(order_id=order.id, state=state, refusal=refusal, detail=detail), order.by)
            )
        self._on_change()

    def _remembered(self, ids: Sequence[UUID]) -> dict[UUID, Call]:
        """What comes late of a call that is over must not be taken for all that is known of it."""
        known = self._recorded(ids)
        self._ledger.restore(known)
        return {one.call.id: one.call for one in known}

    # From here on everything happens in the line's own thread.

    async def _until_stopped(self) -> None:
        running = asyncio.create_task(self._session.run())
        await self._stopping.wait()
        running.cancel()
        await asyncio.gather(running, *self._running, return_exceptions=True)

    def _begin(self, order: LineOrder, interface: str) -> None:
        task = asyncio.ensure_future(self._told(order, interface))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _told(self, order: LineOrder, interface: str) -> None:
        try:
            found = await self._work(order, interface)
        except FirstlineError as error:
            self._answer(order, Refusal.PBX, str(error))
        except Exception:  # noqa: BLE001 - the edge of the telephony loop: the desk must have an answer
            _log.exception("order %s %s", order.action, order.id)
            self._answer(order, Refusal.INTERRUPTED)
        else:
            self._answer(order, detail=found or "")

    def _work(self, order: LineOrder, interface: str) -> Coroutine[None, None, str | None]:
        commands = self._commands
        if order.action in CALL_ACTIONS:
            assert order.call_id  # `do` looked
            if order.action in (LineAction.HANG_UP, LineAction.REJECT):
                return commands.hang_up(order.call_id, interface)
            if order.action is LineAction.SIP_ID:
                return commands.sip_call_id(order.call_id, interface)
            is_attended = order.action is LineAction.CONSULT
            return commands.transfer(order.call_id, interface, order.text, is_attended=is_attended)
        if order.action is LineAction.DIAL:
            return commands.dial(interface, order.text)
        is_paused = order.action is LineAction.PAUSE
        return commands.pause(interface, is_paused, order.text if is_paused else "")

    def _on_news(self, news: list[News]) -> None:
        self._ledger.take(news)
        self._waiting = tuple(part.began_at for part in self._session.exchange.waiting())

    def _on_state(self, state: SourceState, sentence: str) -> None:
        phase = _PHASES[state]
        if phase is not self.phase:
            self.since, self.phase = datetime.now(UTC), phase
            _log.warning("telephone system: %s", f"{phase} {sentence}".strip())
        if phase is GatewayPhase.READY:
            live = frozenset(part.call_id for part in self._session.exchange.parts())
            self._ledger.end_vanished(live, self.since)
        self._on_change()
