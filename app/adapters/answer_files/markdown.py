"""An answer as a Markdown file: YAML front matter, then what is said, the numbered steps, and the closing.

A line of text that begins like a step ("1. ...") has a backslash before its dot, as Markdown has it.
"""

import re
from collections.abc import Iterator

import yaml

from app.adapters.answer_files.entries import LISTS, SELDOM, Entry, as_fields
from app.adapters.text_files import Fault
from app.domain.answers import Answer
from app.i18n import tr

FRONT_LIMIT = 1 << 17  # characters; PyYAML takes seconds for so much
_DEPTH_LIMIT = 4
_IN_FRONT = ("key", "language", "title", "variants", "keywords", "products", "audience", *SELDOM)

_FENCE = re.compile(r"---[ \t]*")
_STEP = re.compile(r"[ ]{0,3}\d{1,9}[.)](?:[ \t]+(.*))?")
_CONTINUED = re.compile(r"[ \t]{2,}\S")
_LIKE_STEP = re.compile(r"([ ]{0,3}\d{1,9}\\*)([.)](?:[ \t]|$))")
_ESCAPED = re.compile(r"([ ]{0,3}\d{1,9}\\*)\\([.)](?:[ \t]|$))")


def parse(text: str, file: str) -> Iterator[Entry | Fault]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = next((i for i, line in enumerate(lines) if i and _FENCE.fullmatch(line)), None)
    if end is None or not _FENCE.fullmatch(lines[0]):
        yield Fault(file=file, line=1, reason=tr("An answer begins with its details between two lines “---”."))
        return
    front = "\n".join(lines[1:end])
    if len(front) > FRONT_LIMIT:
        yield Fault(file=file, line=1, reason=tr("The details between the lines “---” are too long."))
        return
    fields: dict[str, object] = {}
    places: dict[str, int] = {}
    try:
        _read_front(front, fields, places)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        yield Fault(file=file, line=line, reason=_yaml_reason(error))
        return
    except yaml.YAMLError:
        yield Fault(file=file, line=1, reason=tr("The details between the lines “---” are not valid YAML."))
        return
    yield from _with_body(fields, places, lines[end + 1 :], file, end + 2)


def compose(answer: Answer) -> str:
    """The file of an answer, exactly as `parse` takes it."""
    fields = as_fields(answer)
    details = {name: fields[name] for name in _IN_FRONT if name not in SELDOM or fields[name]}
    front = yaml.safe_dump(details, allow_unicode=True, sort_keys=False, width=100)
    parts = [_escaped(answer.body)]
    if answer.steps:
        parts.append("\n".join(f"{n}. {step}" for n, step in enumerate(answer.steps, 1)))
    if answer.closing:
        parts.append(_escaped(answer.closing))
    return f"---\n{front}---\n" + "\n\n".join(parts) + "\n"


class _Refused(yaml.MarkedYAMLError):
    """Valid YAML that no answer needs; `problem` is a sentence in the person's language."""


class _Loader(yaml.BaseLoader):
    """All scalars stay text: "0x80070005" is an error code, not a number. Neither aliases nor deep nesting."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):  # a few of them, nested, unfold to gigabytes
            raise _Refused(problem=tr("References (“*name”) are not allowed here."), problem_mark=mark)
        if self._depth >= _DEPTH_LIMIT:
            raise _Refused(problem=tr("Lists within lists are not allowed here."), problem_mark=mark)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


def _read_front(front: str, fields: dict[str, object], places: dict[str, int]) -> None:
    root = yaml.compose(front, Loader=_Loader)
    if not isinstance(root, yaml.MappingNode):
        mark = root.start_mark if root else None
        raise _Refused(problem=tr("The details are lines of the form “name: value”."), problem_mark=mark)
    for key, value in root.value:
        name = str(key.value)[:60]
        if name in fields or name not in _IN_FRONT:
            text = (
                tr("“{field}” stands here twice.", field=name)
                if name in fields
                else tr("There is no field “{field}”.", field=name)
            )
            raise _Refused(problem=text, problem_mark=key.start_mark)
        fields[name] = _value(value, is_list=name in LISTS)
        places[name] = key.start_mark.line + 2


def _value(node: yaml.Node, *, is_list: bool) -> object:
    """Text, a list of texts, or None for what is neither; nothing after a list's name is an empty list."""
    if isinstance(node, yaml.ScalarNode):
        text = str(node.value)
        return [] if is_list and not text.strip() else text
    if isinstance(node, yaml.SequenceNode):
        return [str(item.value) if isinstance(item, yaml.ScalarNode) else None for item in node.value]
    return None


def _yaml_reason(error: yaml.MarkedYAMLError) -> str:
    if isinstance(error, _Refused):
        return str(error.problem)
    return tr("This is not valid YAML. Put a text that contains “: ” or “#” in quotation marks.")


def _with_body(
    fields: dict[str, object], places: dict[str, int], lines: list[str], file: str, first_line: int
) -> Iterator[Entry | Fault]:
    """The entry with body, steps and closing from `lines`, of which the first is the file's line `first_line`."""
    start = next((i for i, line in enumerate(lines) if _STEP.fullmatch(line)), len(lines))
    steps: list[str] = []
    end = start
    while end < len(lines):
        if step := _STEP.fullmatch(lines[end]):
            steps.append(step[1] or "")
        elif _CONTINUED.match(lines[end]):
            steps[-1] += " " + lines[end]
        elif lines[end].strip(" \t"):
            break
        end += 1
    again = next((i for i in range(end, len(lines)) if _STEP.fullmatch(lines[i])), None)
    if again is not None:
        reason = tr("An answer has one numbered list. Write “1\\.” where a number is only text.")
        yield Fault(file=file, line=first_line + again, reason=reason)
        return
    fields |= {"body": _text(lines[:start]), "steps": steps, "closing": _text(lines[end:])}
    places |= {"body": first_line, "steps": first_line + start, "closing": first_line + end}
    yield Entry(file=file, line=1, fields=fields, lines=places)


def _text(lines: list[str]) -> str:
    return "\n".join(_ESCAPED.sub(r"\1\2", line, count=1) if _ESCAPED.match(line) else line for line in lines)


def _escaped(text: str) -> str:
    return "\n".join(
        _LIKE_STEP.sub(r"\1\\\2", line, count=1) if _LIKE_STEP.match(line) else line for line in text.split("\n")
    )
