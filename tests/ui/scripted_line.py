"""A line whose caller is the test."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.domain.calls import CallEvent, EndReason, EventKind
from app.domain.ids import new_id
from app.telephony.numbers import normalise
from app.telephony.source import Capability, SourceState, SourceStatus


class ScriptedLine:
    """A line whose caller is the test; it does what it is asked at once, like a good telephone."""

    name = "scripted"

    def __init__(self, capabilities: frozenset[Capability] = frozenset(Capability)) -> None:
        self.capabilities = capabilities
        self.asked: list[str] = []
        self.is_paused = False
        self.pause_reason = ""

    def start(self, on_event: Callable[[CallEvent], None], on_status: Callable[[SourceStatus], None]) -> None:
        self._on_event, self._on_status = on_event, on_status
        self.report(SourceState.READY)

    def stop(self) -> None:
        """There is no thread."""

    def answer(self, call_id: UUID) -> None:
        self.asked.append("answer")
        self.tell(EventKind.ANSWERED, call_id)

    def reject(self, call_id: UUID) -> None:
        self.asked.append("reject")
        self.end(call_id, EndReason.REJECTED)

    def hold(self, call_id: UUID) -> None:
        self.asked.append("hold")
        self.tell(EventKind.HELD, call_id)

    def resume(self, call_id: UUID) -> None:
        self.asked.append("resume")
        self.tell(EventKind.RESUMED, call_id)

    def hang_up(self, call_id: UUID) -> None:
        self.asked.append("hang_up")
        self.end(call_id, EndReason.ANSWERED)

    def transfer(self, call_id: UUID, number: str, *, is_attended: bool = False) -> None:
        self.asked.append(f"consult {number}" if is_attended else f"transfer {number}")
        if is_attended:
            self.tell(EventKind.CONSULTED, call_id)
        else:
            self.end(call_id, EndReason.ANSWERED)

    def dial(self, number: str) -> None:
        self.asked.append(f"dial {number}")

    def hindrance(self, capability: Capability) -> str:
        return "" if capability in self.capabilities else "This line cannot do that."

    def pause(self, is_paused: bool, reason: str = "") -> None:
        self.is_paused, self.pause_reason = is_paused, reason

    def next_call(self) -> None:
        self.asked.append("next_call")

    # --- what the test says ---

    def ring(self, raw: str, name: str = "", *, says: str = "") -> UUID:
        """A call comes in."""
        call_id = new_id()
        caller = normalise(raw, name)
        self._on_event(
            CallEvent(
                call_id=call_id,
                kind=EventKind.OFFERED,
                at=datetime.now(UTC),
                caller=caller,
                queue="Router",
                announcement=says,
            )
        )
        return call_id

    def tell(self, kind: EventKind, call_id: UUID, **details: Any) -> None:
        self._on_event(CallEvent(call_id=call_id, kind=kind, at=datetime.now(UTC), **details))

    def end(self, call_id: UUID, reason: EndReason) -> None:
        self._on_event(CallEvent(call_id=call_id, kind=EventKind.ENDED, at=datetime.now(UTC), end_reason=reason))

    def report(self, state: SourceState, sentence: str = "", **waiting: Any) -> None:
        now = datetime.now(UTC)
        self._on_status(SourceStatus(name=self.name, state=state, since=now, sentence=sentence, **waiting))
