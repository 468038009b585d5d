"""The softphone as a call source: a thread with a loop that keeps a baresip running and speaks with it.

Of two calls at a time the second is turned away by baresip as busy (`call_max_calls 1`) and never seen here: baresip
would answer it send-only while another is active, and the PBX offers it to the next agent at once.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from app.domain.calls import CallEvent
from app.i18n import tr
from app.telephony.loop import LoopThread, deliver, first_of, pause_s
from app.telephony.numbers import dialable
from app.telephony.sip.baresip import Softphone, SoftphoneError, running
from app.telephony.sip.commands import Command, Verb
from app.telephony.sip.control import Control
from app.telephony.sip.lines import Line, Lines
from app.telephony.sip.settings import SipSettings
from app.telephony.sip.wire import PhoneEvent, WireError
from app.telephony.source import Capability, SourceState, SourceStatus

_CONNECT_LIMIT_S = 10.0
_CONNECT_PAUSE_S = 0.02
_LEAVE_LIMIT_S = 1.0  # for hanging up the live calls on stop
_ANSWER_LIMIT_S = 3.0  # from baresip's "ok" to the conversation; 2 ms where all is well
_STEADY_S = 60.0  # after so long a failure is the first one again
_REOPENED_AT_MOST = 5  # control connections in a row that break at once

_ADDRESSED = frozenset({Verb.TRANSFER, Verb.DIAL})

_REGISTRATION = re.compile(r"\x1b\[\d*m(OK|ERR)")

_log = logging.getLogger(__name__)


class SipSource:
    """Calls of one SIP account. `sip_port` is where it listens, once READY was reported."""

    name = "sip"
    capabilities = frozenset(
        {
            Capability.ANSWER,
            Capability.REJECT,
            Capability.HOLD,
            Capability.HANG_UP,
            Capability.TRANSFER,
            Capability.DIAL,
        }
    )

    def __init__(self, settings: SipSettings) -> None:
        self.sip_port: int | None = None
        self._settings = settings
        self._thread = LoopThread("sip")
        self._status: tuple[SourceState, str] | None = None

    def start(self, on_event: Callable[[CallEvent], None], on_status: Callable[[SourceStatus], None]) -> None:
        self._on_event, self._on_status = on_event, on_status
        self._lines = Lines(self._settings.region, self._settings.extension)
        self._commands: asyncio.Queue[Command] = asyncio.Queue()
        self._stopping, self._idle = asyncio.Event(), asyncio.Event()
        self._thread.start(self._until_stopped)

    def stop(self) -> None:
        self._thread.soon(lambda: self._stopping.set())
        self._thread.join()

    def answer(self, call_id: UUID) -> None:
        self._post(Verb.ANSWER, call_id)

    def reject(self, call_id: UUID) -> None:
        self._post(Verb.REJECT, call_id)

    def hold(self, call_id: UUID) -> None:
        self._post(Verb.HOLD, call_id)

    def resume(self, call_id: UUID) -> None:
        self._post(Verb.RESUME, call_id)

    def hang_up(self, call_id: UUID) -> None:
        self._post(Verb.HANG_UP, call_id)

    def transfer(self, call_id: UUID, number: str, *, is_attended: bool = False) -> None:
        """At once, by REFER."""
        self._post(Verb.TRANSFER, call_id, self._address(number))

    def dial(self, number: str) -> None:
        self._post(Verb.DIAL, text=self._address(number))

    def pause(self, is_paused: bool, reason: str = "") -> None:
        """Without a queue nobody holds calls back; the PBX's pause comes with the PBX."""

    def next_call(self) -> None:
        """Real callers do not come on demand."""

    def hindrance(self, capability: Capability) -> str:
        if capability in self.capabilities:
            return ""
        if capability is Capability.CONSULT:
            return tr("The softphone has one call at a time: it passes the caller on at once, and asks nobody first.")
        return tr("This line cannot do that.")

    def _address(self, number: str) -> str:
        """Where the account's own system finds a number; empty for what is none."""
        extension, host = dialable(number), self._settings.account.partition("@")[2].partition(";")[0]
        return f"sip:{extension}@{host}" if extension and host else ""

    def _post(self, verb: Verb, call_id: UUID | None = None, text: str = "") -> None:
        self._thread.soon(lambda: self._commands.put_nowait(Command(verb=verb, call_id=call_id, text=text)))

    # From here on everything happens in the source's own thread.

    async def _until_stopped(self) -> None:
        self._report(SourceState.STARTING)
        keeping = asyncio.create_task(self._keep_running())
        await self._stopping.wait()
        await self._leave()
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        self._report(SourceState.STOPPED)

    async def _keep_running(self) -> None:
        failures = 0
        while True:
            began_s = asyncio.get_running_loop().time()
            sentence = await self._serve()
            if asyncio.get_running_loop().time() - began_s > _STEADY_S:
                failures = 0
            self._report(SourceState.LOST, sentence)
            await asyncio.sleep(pause_s(failures))
            failures += 1

    async def _serve(self) -> str:
        """Have one softphone run until it fails; the sentence says why."""
        try:
            async with running(self._settings) as phone:
                self.sip_port = phone.sip_port
                await first_of(asyncio.shield(phone.ended), self._talk(phone))
            return tr("The softphone ended unexpectedly and is being started again.")
        except SoftphoneError as error:
            return str(error)
        except Exception:  # noqa: BLE001 - the edge of the telephony loop: the line outlives our own mistakes
            _log.exception("the softphone is started again after an error of our own")
            return tr("An error in the program interrupted the softphone; it is being started again.")
        finally:
            self.sip_port = None
            self._commands = asyncio.Queue()  # what was meant for calls that are gone
            for line in self._lines:
                self._tell(self._lines.lose(line, _now()))

    async def _talk(self, phone: Softphone) -> None:
        """Speak with the softphone; a control connection that breaks or babbles is opened anew."""
        broken = 0
        while broken <= _REOPENED_AT_MOST:
            control = await self._connected(phone)
            began_s = asyncio.get_running_loop().time()
            try:
                await first_of(control.read(), self._obey_all(control, phone))
            except (WireError, OSError, TimeoutError) as error:
                _log.info("control connection of the softphone is opened anew: %r", error)
            finally:
                await control.close()
            broken = 1 if asyncio.get_running_loop().time() - began_s > _STEADY_S else broken + 1
            await asyncio.sleep(_CONNECT_PAUSE_S)
        raise SoftphoneError(tr("The softphone cannot be controlled and is being started again."))

    async def _connected(self, phone: Softphone) -> Control:
        limit_s = asyncio.get_running_loop().time() + _CONNECT_LIMIT_S
        while asyncio.get_running_loop().time() < limit_s:
            try:
                return await Control.open(phone.control_port, self._on_phone_event)
            except OSError:
                await asyncio.sleep(_CONNECT_PAUSE_S)
        raise SoftphoneError(tr("The softphone does not answer and is being started again."))

    async def _obey_all(self, control: Control, phone: Softphone) -> None:
        registration = await control.ask("reginfo")
        phone.forget_folder()
        for line in self._lines:  # calls that ended while no connection stood
            await self._is_current(control, line)
        self._report_registration(registration.text)
        while True:
            await self._obey(control, await self._commands.get())

    async def _obey(self, control: Control, command: Command) -> None:
        if command.verb in _ADDRESSED and not command.text:
            self._report(SourceState.READY, tr("This is no number that can be dialled."))
            return
        if command.verb is Verb.DIAL:
            await self._dial(control, command.text)
            return
        line = self._lines.get(command.call_id) if command.call_id else None
        if line is None or not command.verb.fits(line) or not await self._is_current(control, line):
            return
        line.is_rejected = not line.is_answered and command.verb in (Verb.REJECT, Verb.HANG_UP)
        reply = await control.ask(command.verb.word, command.text)
        if reply.is_ok and command.verb in (Verb.HOLD, Verb.RESUME):
            self._tell(self._lines.set_held(line, _now(), is_held=command.verb is Verb.HOLD))
        if reply.is_ok and command.verb is Verb.ANSWER:
            asyncio.get_running_loop().call_later(_ANSWER_LIMIT_S, self._say_if_unanswered, line)

    async def _dial(self, control: Control, address: str) -> None:
        """One call at a time: beside another one baresip would answer "ok" and do nothing."""
        if any(self._lines):
            return
        reply = await control.ask(Verb.DIAL.word, address)
        if not reply.is_ok:
            self._report(SourceState.READY, tr("This number could not be dialled."))

    def _say_if_unanswered(self, line: Line) -> None:
        """baresip says "ok" to `accept` and goes on ringing when it cannot open the sound device."""
        if self._lines.get(line.call_id) is line and not line.is_answered:
            self._report(
                SourceState.READY,
                tr(
                    "The softphone could not take the call. Check that a headset is connected and not in use elsewhere."
                ),
            )

    async def _is_current(self, control: Control, line: Line) -> bool:
        """Make the call baresip's current one, which the next command acts on; one that is gone is ended here.

        baresip 1.0 says "ok" to a call it does not find. All its news of the call came before this reply.
        """
        reply = await control.ask("callfind", line.sip_call_id)
        if not reply.is_ok or reply.text.startswith("call not found"):
            self._tell(self._lines.lose(line, _now()))
        return self._lines.get(line.call_id) is line

    async def _leave(self) -> None:
        """Hang up what is live, so that callers are not left in silence."""
        for line in self._lines:
            self._idle.clear()
            self._commands.put_nowait(Command(verb=Verb.HANG_UP, call_id=line.call_id))
        if any(self._lines):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), _LEAVE_LIMIT_S)

    def _on_phone_event(self, event: PhoneEvent) -> None:
        match event.kind:
            case "REGISTER_OK":
                self._report(SourceState.READY)
            case "REGISTER_FAIL":
                self._report(SourceState.LOST, self._registration_sentence(event.reason))
            case "TRANSFER_FAILED" | "CALL_TRANSFER_FAILED":
                self._report(SourceState.READY, tr("The caller could not be passed on and is still here."))
            case _:
                self._tell(self._lines.take(event, _now()))
                if (
                    self._status
                    and self._status[0] is SourceState.READY
                    and any(line.is_answered for line in self._lines)
                ):
                    self._report(SourceState.READY)

    def _report_registration(self, text: str) -> None:
        """What was said of the registration before we listened; the word stands in colour, after the account."""
        word = _REGISTRATION.search(text)
        if not self._settings.registrar or (word and word[1] == "OK"):
            self._report(SourceState.READY)
        elif word:
            self._report(SourceState.LOST, self._registration_sentence("4"))

    def _registration_sentence(self, reason: str) -> str:
        if not reason.startswith("4"):  # no SIP status of a registrar that refuses
            return tr("The telephone system cannot be reached. The softphone keeps trying.")
        return tr(
            "{account} could not sign in to the telephone system. If this stays, check the account and its password.",
            account=self._settings.account,
        )

    def _tell(self, events: Iterable[CallEvent]) -> None:
        for event in events:
            deliver(self._on_event, event)
        if not any(self._lines):
            self._idle.set()

    def _report(self, state: SourceState, sentence: str = "") -> None:
        if self._status != (state, sentence):
            self._status = (state, sentence)
            deliver(self._on_status, SourceStatus(name=self.name, state=state, since=_now(), sentence=sentence))


def _now() -> datetime:
    return datetime.now(UTC)
