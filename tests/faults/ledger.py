"""What all desks said, put together: the fate of each command, who held which case when, what typed text was lost."""

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tests.faults.truth import Deed, Line


@dataclass(slots=True, kw_only=True)
class Asked:
    """A command and what its person was told of it."""

    desk: int
    kind: str
    case_id: UUID | None
    text: str
    told: Deed = Deed.ASKED  # then CONFIRMED or NOT_KEPT; after that TAKES_BACK, WITHDRAWN; of a claim NOT_CLAIMED
    is_delivered: bool = False
    claimed_id: UUID | None = None
    refusal: str | None = None
    story: list[str] = field(default_factory=list)  # all that was said of it, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A person had a case, from hearing of it until giving it away (None: until the desk was killed)."""

    desk: int
    case_id: UUID
    from_s: float
    until_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Typed text that was not in the journal of a killed desk; `age_s` is that of the oldest lost key stroke."""

    desk: int
    age_s: float
    typed: str
    kept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalTexts:
    """What a killed desk's journal has, read from outside: texts by call or case."""

    died_at_s: float
    texts: Mapping[UUID, str]


@dataclass(slots=True)
class Ledger:
    """`take` each line in order; the rest says what came of them. Times are of the machine's monotonic clock."""

    commands: dict[UUID, Asked] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    garbled: list[str] = field(default_factory=list)  # text that came back and was never typed so
    counts: Counter[str] = field(default_factory=Counter)
    journals: dict[UUID, JournalTexts] = field(default_factory=dict)  # by the id in the line that says KILLED
    opened: Counter[int] = field(default_factory=Counter)  # how often each desk opened
    not_kept: Counter[int] = field(default_factory=Counter)
    closed: set[int] = field(default_factory=set)
    news: threading.Condition = field(default_factory=threading.Condition)
    _typing: dict[int, dict[UUID, list[Line]]] = field(default_factory=lambda: defaultdict(dict))
    _holding: dict[int, dict[UUID, float]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, line: Line) -> None:
        self.counts[line.deed] += 1
        match line.deed:
            case Deed.TYPED:
                self._typing[line.desk].setdefault(line.id, []).append(line)
            case Deed.FOUND:
                self._found(line)
            case Deed.SENT:
                self._typing[line.desk].pop(line.id, None)
            case Deed.CLAIMED:
                self._holding[line.desk][line.id] = line.at_s
            case Deed.RELEASED:
                self._let_go(line.desk, line.id, line.at_s)
            case Deed.OPENED | Deed.KILLED | Deed.CLOSED:
                self._begin_or_end(line)
            case _:
                self._command(line)

    def still_typed(self, desk: int) -> tuple[str, ...]:
        """Texts of a desk that were never sent and did not come back."""
        return tuple(typed[-1].text for typed in self._typing[desk].values())

    def _command(self, line: Line) -> None:
        if line.deed is Deed.ASKED:
            self.commands[line.id] = Asked(desk=line.desk, kind=line.kind, case_id=line.case_id, text=line.text)
            return
        asked = self.commands[line.id]
        asked.story.append(f"{line.deed} at {line.at_s:.3f}")
        if line.deed is Deed.DELIVERED:
            asked.is_delivered = True
            asked.claimed_id = line.case_id
        elif line.deed is Deed.REFUSED:
            asked.refusal = line.text
            self.counts["refused"] += 1
        else:
            asked.told = Deed.CONFIRMED if line.deed is Deed.TOO_LATE else line.deed
            self.counts[f"{line.deed} {asked.kind}"] += 1
        if line.deed is Deed.NOT_KEPT:
            self.not_kept[line.desk] += 1

    def _begin_or_end(self, line: Line) -> None:
        if line.deed is Deed.OPENED:
            self.opened[line.desk] += 1
        elif line.deed is Deed.CLOSED:
            self.closed.add(line.desk)
        else:
            self._killed(line.desk, self.journals.pop(line.id))
        for case_id in tuple(self._holding[line.desk]):
            self._let_go(line.desk, case_id, None)
        with self.news:
            self.news.notify_all()

    def _let_go(self, desk: int, case_id: UUID, until_s: float | None) -> None:
        from_s = self._holding[desk].pop(case_id, None)
        if from_s is not None:
            self.held.append(Held(desk=desk, case_id=case_id, from_s=from_s, until_s=until_s))

    def _killed(self, desk: int, journal: JournalTexts) -> None:
        """Compare what was typed with what the journal has; from now on the journal counts."""
        for subject, typed in tuple(self._typing[desk].items()):
            kept = journal.texts.get(subject, "")
            is_newer = kept.startswith(typed[-1].text)  # the last key stroke was kept, and not told any more
            if kept and not is_newer and kept not in (line.text for line in typed):
                self.garbled.append(f"desk {desk} typed {typed[-1].text!r}, its journal has {kept!r}")
            lost = [line for line in typed if len(line.text) > len(kept)]
            if lost:
                age_s = journal.died_at_s - lost[0].at_s
                self.losses.append(Loss(desk=desk, age_s=age_s, typed=lost[-1].text, kept=kept))
            self._typing[desk][subject] = typed[: len(typed) - len(lost)]
            if not self._typing[desk][subject]:
                del self._typing[desk][subject]

    def _found(self, line: Line) -> None:
        """A text came back: it must be the last one that was typed, as far as the journal had it."""
        typed = self._typing[line.desk].get(line.id)
        if typed and not line.text.startswith(typed[-1].text):
            self.garbled.append(f"desk {line.desk} was given back {line.text!r} for {typed[-1].text!r}")
        self._typing[line.desk][line.id] = [line]
