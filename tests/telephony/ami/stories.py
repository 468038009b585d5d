"""What a PBX says while calls go through it: events of the shape that Asterisk 22 sends, reduced to what is told apart.

Modelled on recorded streams: which events come, in what order and how many milliseconds apart, and what they leave out.
"""

import time
from collections.abc import Callable

CALLER = "+442079460100"
BEGAN_S = 1_795_445_295.0
QUEUE = "support"
SECOND = "2000"  # a telephone of the second level

Fields = dict[str, str]


class Story:
    """The events of one caller; each method is something that happens, `s` seconds after the one before."""

    def __init__(
        self, number: int = 6, *, num: str = CALLER, name: str = "Caller 00", began_s: float = BEGAN_S
    ) -> None:
        self.events: list[Fields] = []
        self.linked_id = f"{began_s:.0f}.{number}"
        self._trunk = f"PJSIP/trunk-{number:08x}"
        self._num, self._name = num, name
        self._at_s = began_s
        self._next = number + 1
        self._agents: dict[str, tuple[str, str]] = {}

    def wait(self, s: float) -> "Story":
        self._at_s += s
        return self

    def join(self, queue: str = QUEUE) -> "Story":
        self.wait(0.5)
        self._say("QueueCallerJoin", **self._caller(), Queue=queue, Position="1", Count="1")
        return self

    def ring(self, agent: str = "1001") -> "Story":
        """A queue rings an agent; the state of its telephone may be told before the call."""
        self._channel_for(agent)
        fields = {**self._caller(), **self._dest(agent), "Queue": QUEUE, "Interface": f"PJSIP/{agent}"}
        self._say("Newchannel", **self._own(agent, "Down"))
        self._say("Newstate", **self._own(agent, "Ringing"))
        self._say("AgentCalled", **fields, MemberName="Agent One")
        self._say("DialBegin", **self._caller(), **self._dest(agent), DialString=f"PJSIP/{agent}")
        self._member(agent, status=6)
        return self

    def dial(self, agent: str = "1001") -> "Story":
        """No queue: the dial plan rings a telephone."""
        self._channel_for(agent)
        self._say("DialBegin", **self._caller("Ring"), **self._dest(agent), DialString=agent)
        return self

    def answer(self, agent: str = "1001", *, queue: str = QUEUE) -> "Story":
        self._say("DialEnd", **self._caller(), **self._dest(agent, "Up"), DialStatus="ANSWER")
        if queue:
            self._say("QueueCallerLeave", **self._caller(), Queue=queue, Position="1", Count="0")
            fields = {"Queue": queue, "Interface": f"PJSIP/{agent}", "MemberName": "Agent One"}
            self._member(agent, status=2)
            self._say("AgentConnect", **self._caller(), **self._dest(agent, "Up"), **fields, HoldTime="1", RingTime="1")
        return self

    def time_out(self, agent: str = "1001") -> "Story":
        fields = {**self._caller(), **self._dest(agent, "Ringing")}
        queue = {"Queue": QUEUE, "Interface": f"PJSIP/{agent}", "MemberName": "Agent One"}
        self._say("AgentRingNoAnswer", **fields, **queue, RingTime="12000")
        self._say("DialEnd", **fields, DialStatus="NOANSWER")
        self._say("DialEnd", **fields, DialStatus="CANCEL")
        self._hang_up_agent(agent, "Ringing", "0")
        return self

    def reject(self, agent: str = "1001") -> "Story":
        """A refusal is told as "no answer"; only the cause of the channel's end says more."""
        fields = {**self._caller(), **self._dest(agent, "Ringing")}
        self._say("DialEnd", **fields, DialStatus="NOANSWER")
        self._say("AgentRingNoAnswer", **fields, Queue=QUEUE, Interface=f"PJSIP/{agent}", RingTime="0")
        self._hang_up_agent(agent, "Ringing", "17")
        return self

    def abandon(self, *agents: str) -> "Story":
        """The caller gives up, while these telephones ring."""
        for agent in agents:
            fields = {**self._caller(), **self._dest(agent, "Ringing")}
            self._say("DialEnd", **fields, DialStatus="CANCEL")
            self._say("DialEnd", **fields, DialStatus="CANCEL")
        place = {"Queue": QUEUE, "Position": "1"}
        self._say("QueueCallerAbandon", **self._caller(), **place, OriginalPosition="1", HoldTime="2")
        self._say("QueueCallerLeave", **self._caller(), **place, Count="0")
        for agent in agents:
            self._hang_up_agent(agent, "Ringing", "0")
        self._hang_up_caller("0")
        return self

    def leave(self) -> "Story":
        """Out of the queue, its time is over; the dial plan goes on."""
        self._say("QueueCallerLeave", **self._caller(), Queue=QUEUE, Position="1", Count="0")
        return self

    def hang_up_caller(self) -> "Story":
        self._hang_up_caller("16")
        return self

    def hold(self, agent: str = "1001") -> "Story":
        self._say("Hold", **self._own(agent, "Up"), MusicClass="default")
        return self

    def resume(self, agent: str = "1001") -> "Story":
        self._say("Unhold", **self._own(agent, "Up"))
        return self

    def end(self, agent: str = "1001", *, by: str = "caller", queue: str = QUEUE) -> "Story":
        """Either side hangs up."""
        asking = self._caller() if by == "caller" else self._own(agent, "Up")
        self._say("HangupRequest", **asking)
        if queue:
            self._complete(agent, by)
        self._hang_up_agent(agent, "Up", "16")
        self._hang_up_caller("16")
        return self

    def end_by_action(self, agent: str = "1001") -> "Story":
        """A manager action hung up the agent: called "caller", after the channel went, and without naming it."""
        self._hang_up_agent(agent, "Up", "16")
        self._complete(agent, "caller", names_channel=False)
        self._hang_up_caller("16")
        return self

    def blind_transfer(self, agent: str = "1001", *, by_telephone: bool = False, to: str = SECOND) -> "Story":
        self._say("Unhold", **self._own(agent, "Up"))
        self._say("BlindTransfer", Result="Success", Extension=to, **self._prefixed("Transferer", agent))
        self._complete(agent, "transfer", names_channel=not by_telephone)
        self._hang_up_agent(agent, "Up", "16")
        self._passed_to(to)
        return self

    def consult(self, agent: str = "1001", *, whom: str = SECOND) -> "Story":
        """The agent speaks with somebody, the caller waits; the PBX dials through a channel in the agent's name."""
        self._say("Hold", **self._own(agent, "Up"))
        self._channel_for(whom)
        self.wait(0.2)
        asking = {
            "Channel": f"Local/{whom}@agents-00000000;2",
            "ChannelStateDesc": "Ring",
            "CallerIDNum": agent,
            "CallerIDName": "Agent One",
            "Uniqueid": f"{self.linked_id}99",
            "Linkedid": self.linked_id,
        }
        self._say("DialBegin", **asking, **self._dest(whom), DialString=whom)
        self.wait(1.0)
        self._say("DialEnd", **asking, **self._dest(whom, "Up"), DialStatus="ANSWER")
        return self

    def attended_transfer(self, agent: str = "1001") -> "Story":
        """The agent hangs up in a consultation."""
        given = {f"Transferee{key}": value for key, value in self._caller().items()}
        self._say("AttendedTransfer", Result="Success", **self._prefixed("OrigTransferer", agent), **given)
        self._complete(agent, "transfer")
        self._hang_up_agent(agent, "Up", "16")
        return self

    def channels(self) -> list[Fields]:
        """As CoreShowChannels lists it while the call goes on; all that were seen count as there."""
        now_s = time.time()
        duration = f"00:00:{min(59, max(0, int(now_s - self._at_s))):02d}"
        is_answered = any(event["Event"] == "AgentConnect" for event in self.events)
        caller = {**self._caller(), "Application": "Queue", "ApplicationData": f"{QUEUE},tT", "Duration": duration}
        own = [self._own(agent, "Up" if is_answered else "Ringing") for agent in self._agents]
        return [caller, *({**one, "ConnectedLineNum": self._num, "Duration": duration} for one in own)]

    def bytes(self) -> bytes:
        return as_bytes(self.events)

    # --- parts of events ---

    def _passed_to(self, whom: str) -> None:
        self._channel_for(whom)
        self.wait(0.002)
        self._say("DialBegin", **self._caller(), **self._dest(whom), DialString=whom)
        self.wait(1.0)
        self._say("DialEnd", **self._caller(), **self._dest(whom, "Up"), DialStatus="ANSWER")

    def _complete(self, agent: str, reason: str, *, names_channel: bool = True) -> None:
        dest = self._dest(agent, "Up") if names_channel else {}
        fields = {"Queue": QUEUE, "Interface": f"PJSIP/{agent}", "MemberName": "Agent One", "TalkTime": "2"}
        self._say("AgentComplete", **self._caller(), **dest, **fields, Reason=reason)

    def _hang_up_agent(self, agent: str, state: str, cause: str) -> None:
        self._say("Hangup", **self._own(agent, state), Cause=cause)
        self._member(agent, status=1)

    def _hang_up_caller(self, cause: str) -> None:
        self._say("Hangup", **self._caller(), Cause=cause)

    def _member(self, agent: str, *, status: int) -> None:
        self._say("QueueMemberStatus", **member(agent, status=status))

    def _channel_for(self, agent: str) -> None:
        self._agents[agent] = (f"PJSIP/{agent}-{self._next:08x}", f"{self._at_s:.0f}.{self._next}")
        self._next += 1

    def _caller(self, state: str = "Up") -> Fields:
        return {
            "Channel": self._trunk,
            "ChannelStateDesc": state,
            "CallerIDNum": self._num,
            "CallerIDName": self._name,
            "Uniqueid": self.linked_id,
            "Linkedid": self.linked_id,
        }

    def _own(self, agent: str, state: str) -> Fields:
        channel, unique_id = self._agents[agent]
        caller = {"CallerIDNum": agent, "CallerIDName": "Agent One"}
        ids = {"Uniqueid": unique_id, "Linkedid": self.linked_id}
        return {"Channel": channel, "ChannelStateDesc": state, **caller, **ids}

    def _dest(self, agent: str, state: str = "Down") -> Fields:
        return {f"Dest{key}": value for key, value in self._own(agent, state).items()}

    def _prefixed(self, prefix: str, agent: str) -> Fields:
        return {f"{prefix}{key}": value for key, value in self._own(agent, "Up").items()}

    def _say(self, event: str, **fields: str) -> None:
        self._at_s += 0.001
        self.events.append({"Event": event, "Privilege": "call,all", "Timestamp": f"{self._at_s:.6f}", **fields})


def member(agent: str, *, status: int = 1, paused: str = "0", reason: str = "") -> Fields:
    """`InCall` is wrong, as it often is."""
    return {
        "Queue": QUEUE,
        "MemberName": "Agent One",
        "Interface": f"PJSIP/{agent}",
        "InCall": "0" if status == 2 else "1",
        "Status": str(status),
        "Paused": paused,
        "PausedReason": reason,
    }


def as_bytes(events: list[Fields]) -> bytes:
    return b"".join(
        "".join(f"{key}: {value}\r\n" for key, value in event.items()).encode() + b"\r\n" for event in events
    )


def dialled_by_agent(agent: str = "1001", *, answers: bool = True) -> list[Fields]:
    """Click to dial: the agent's own telephone first, without a caller's channel; then the number."""
    story = Story(55)
    own = {"Channel": f"PJSIP/{agent}-0000001e", "Uniqueid": story.linked_id, "Linkedid": story.linked_id}
    own |= {"CallerIDNum": "442079460999", "CallerIDName": "Outbound"}
    ringing = {f"Dest{key}": value for key, value in own.items()}
    other = {"DestChannel": "PJSIP/trunk-0000001f", "DestCallerIDNum": "442079460999", "DestUniqueid": "1795445299.56"}
    other |= {"DestLinkedid": story.linked_id}
    story._say("DialBegin", **ringing, DialString=agent)
    story.wait(1)._say("DialEnd", **ringing, DialStatus="ANSWER")
    story._say("DialBegin", **own, **other, DialString="442079460999@trunk")
    story.wait(2)._say("DialEnd", **own, **other, DialStatus="ANSWER" if answers else "BUSY")
    story.wait(5)._say("HangupRequest", **own)
    story._say("Hangup", **own, ChannelStateDesc="Up", Cause="16")
    return story.events


def _conversation() -> Story:
    return Story().join().ring().wait(1.5).answer().wait(2)


STORIES: dict[str, Callable[[], Story]] = {
    "answered, the caller hangs up": lambda: _conversation().end(),
    "answered, the agent hangs up": lambda: _conversation().end(by="agent"),
    "no answer, the next agent": lambda: (
        Story().join().ring().wait(12).time_out().wait(1).ring("1002").wait(1).answer("1002").wait(1).end("1002")
    ),
    "given up while it rings": lambda: Story().join().ring().wait(2.5).abandon("1001"),
    "given up, all paused": lambda: Story().join().wait(7).abandon(),
    "held and resumed": lambda: _conversation().hold().wait(2).resume().wait(1.5).end(by="agent"),
    "blind transfer by the telephone": lambda: _conversation().blind_transfer(by_telephone=True).wait(2),
    "blind transfer by an action": lambda: _conversation().blind_transfer().wait(2),
    "attended transfer": lambda: _conversation().consult().wait(2).attended_transfer().wait(2),
    "rejected, then taken": lambda: (
        Story().join().ring().wait(0.7).reject().wait(1).ring().wait(0.5).answer().wait(2).end(by="agent")
    ),
    "hung up by an action": lambda: _conversation().end_by_action(),
    "no queue": lambda: Story().dial().wait(1).answer(queue="").wait(2).end(queue=""),
    "left the queue": lambda: Story().join().wait(60).leave().wait(3).hang_up_caller(),
    "two ring, one answers": lambda: (
        Story().join().ring().ring("1002").wait(2).answer("1002").reject("1001").wait(4).end("1002")
    ),
}
