"""Guided scripts: steps with a question each, and the answers that lead on. Written as text, checked as a graph.

    ## start
    Is the lamp red?
    - Yes -> clean
    - No -> escalate

    ## clean
    Please wipe the sensor.
    - It works again -> solved
    - Still red -> escalate

The first step is the beginning. `solved` and `escalate` are the two ends.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.domain.answers import unknown_placeholders
from app.domain.cases import ScriptTurn
from app.i18n import tr

SOLVED, ESCALATE = "solved", "escalate"
ENDS = frozenset({SOLVED, ESCALATE})
STEP_LIMIT = 100
CHOICE_LIMIT = 9  # one digit each

_STEP = re.compile(r"##\s*(.*?)\s*")
_CHOICE = re.compile(r"[-*]\s+(.*?)\s*(?:->|→)\s*(.*?)\s*")
_CHOICE_WITHOUT_WAY = re.compile(r"[-*]\s+(.*?)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the customer may answer, and the name of the step or end that it leads to."""

    text: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    name: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """`start` is the name of the first step; empty for a script without any."""

    start: str
    steps: Mapping[str, Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptFault:
    """What is wrong, in a sentence that names the step; `line` is that of the text, from 1."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A step as it stands in the text."""

    name: str
    line: int
    texts: list[str]
    choices: list[tuple[int, str, str]]  # line, text, target

    @property
    def step(self) -> Step:
        choices = tuple(Choice(text=text, to=to) for _, text, to in self.choices)
        return Step(name=self.name, text="\n".join(self.texts).strip(), choices=choices)


@lru_cache(maxsize=100)  # the reading view asks at each key
def read_script(text: str) -> Script:
    """The script of a text without faults; of one with faults what can be made of it."""
    found, _ = _parse(text)
    steps = {one.name: one.step for one in reversed(found)}
    return Script(start=found[0].name if found else "", steps=steps)


def faults(text: str) -> tuple[ScriptFault, ...]:
    """Everything for which a script is not published, in the order of its lines; none for an empty text."""
    if not text.strip():
        return ()
    found, stray = _parse(text)
    wrong = [*stray, *_faults_of_steps(found)]
    if not wrong:  # else one slip would be told of again as a hundred steps that nobody reaches
        wrong += _faults_of_ways(found)
    return tuple(sorted(wrong, key=lambda fault: fault.line))


def follow(script: Script, path: Iterable[ScriptTurn]) -> tuple[str, tuple[ScriptTurn, ...]]:
    """Where the path has led: the name of a step or end, and the turns that this script has."""
    here, gone = script.start, []
    for turn in path:
        step = script.steps.get(here)
        chosen = next((one for one in step.choices if one.text == turn.answered), None) if step else None
        if chosen is None or turn.step != here:
            break
        here = chosen.to
        gone.append(turn)
    return here, tuple(gone)


def turn(step: Step, choice: Choice) -> ScriptTurn:
    """What is kept of a step for the hand-over."""
    return ScriptTurn(step=step.name, asked=" ".join(step.text.split()), answered=choice.text)


def _parse(text: str) -> tuple[list[_Found], list[ScriptFault]]:
    found: list[_Found] = []
    stray: list[ScriptFault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if step := _STEP.fullmatch(line.strip()):
            found.append(_Found(step[1], number, [], []))
        elif not line.strip() and not (found and found[-1].texts):
            continue
        elif not found:
            stray.append(ScriptFault(line=number, sentence=tr("A script begins with a step: a line “## name”.")))
            break
        elif choice := _CHOICE.fullmatch(line.strip()):
            found[-1].choices.append((number, choice[1], choice[2]))
        elif choice := _CHOICE_WITHOUT_WAY.fullmatch(line.strip()):
            found[-1].choices.append((number, choice[1], ""))
        else:
            found[-1].texts.append(line)
    return found, stray


def _faults_of_steps(found: list[_Found]) -> Iterator[ScriptFault]:
    known = {one.name for one in found}
    seen: set[str] = set()
    if len(found) > STEP_LIMIT:
        yield ScriptFault(line=1, sentence=tr("A script has at most {limit} steps.", limit=STEP_LIMIT))
    for one in found:
        for sentence in _faults_of_step(one, seen):
            yield ScriptFault(line=one.line, sentence=sentence)
        seen.add(one.name)
        for line, text, to in one.choices:
            if not to:
                sentence = tr("In step “{step}” the answer “{answer}” leads nowhere: write “-> step” behind it.",
                              step=one.name, answer=text)  # fmt: skip
                yield ScriptFault(line=line, sentence=sentence)
            elif to not in known and to not in ENDS:
                sentence = tr("Step “{step}” leads to “{to}”, which is no step.", step=one.name, to=to)
                yield ScriptFault(line=line, sentence=sentence)


def _faults_of_step(one: _Found, seen: set[str]) -> Iterator[str]:
    step = one.step
    if not one.name:
        yield tr("A step has a name: write it after “##”.")
    elif one.name in ENDS:
        yield tr("“{name}” is an end, not a step: give the step another name.", name=one.name)
    elif one.name in seen:
        yield tr("There are two steps “{step}”.", step=one.name)
    if not step.text:
        yield tr("Step “{step}” says nothing: write what the agent says or asks.", step=one.name)
    if not step.choices:
        yield tr("Step “{step}” is a dead end: add an answer, such as “- It works -> solved”.", step=one.name)
    if len(step.choices) > CHOICE_LIMIT:
        yield tr("Step “{step}” has more than {limit} answers.", step=one.name, limit=CHOICE_LIMIT)
    texts = [choice.text for choice in step.choices]
    if len(set(texts)) < len(texts):
        yield tr("Step “{step}” has the same answer twice.", step=one.name)
    for name in unknown_placeholders("\n".join((step.text, *texts))):
        yield tr("Step “{step}” has a placeholder that nothing fills: {name}.", step=one.name, name="{" + name + "}")


def _faults_of_ways(found: list[_Found]) -> Iterator[ScriptFault]:
    """Steps that nobody reaches, and those from which no way leads to an end."""
    ways = {one.name: {to for _, _, to in one.choices} for one in found}
    reached = _closure({found[0].name}, ways) if found else set()
    back: dict[str, set[str]] = {}
    for name, targets in ways.items():
        for to in targets:
            back.setdefault(to, set()).add(name)
    ending = _closure(set(ENDS), back)
    for one in found:
        if one.name not in reached:
            yield ScriptFault(line=one.line, sentence=tr("No way leads to step “{step}”.", step=one.name))
        elif one.name not in ending:
            sentence = tr("From step “{step}” there is no way out: no answer ever leads to “solved” or “escalate”.",
                          step=one.name)  # fmt: skip
            yield ScriptFault(line=one.line, sentence=sentence)


def _closure(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    """All that can be reached from `start`."""
    found, todo = set(start), list(start)
    while todo:
        fresh = ways.get(todo.pop(), set()) - found
        found |= fresh
        todo += fresh
    return found
