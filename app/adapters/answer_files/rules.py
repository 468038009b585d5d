"""What an answer must fulfil to be published, and the one form in which its texts are kept.

White space is the only thing that is changed: every line break becomes a line feed, spaces and tabs at the end of a
line go, and so does all white space at the start and end of a text; a title, a step and an item of a list are one line
each. A closing without steps is the end of the body, because nothing parts the two.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import cast

from app.adapters.answer_files.entries import DATES, FIELDS, LISTS, REQUIRED, Entry, Reading, as_fields
from app.adapters.text_files import Fault
from app.domain import scripts
from app.domain.answers import Answer, Audience, unknown_placeholders
from app.i18n import LANGUAGES, tr

KEY_LIMIT = 100  # characters, as the table has it
PROBLEM_LIMIT = 40  # characters of a known problem's name, as the table has it
LINE_LIMIT = 300  # characters of a title, variant, keyword or product code
STEP_LIMIT = 2_000  # characters
ITEM_LIMIT = 50  # items of one list
TEXT_LIMIT = 1 << 20  # bytes in UTF-8 of a body or closing

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANK = re.compile(r"[ \t\n]+")  # not the no-break spaces: they are typography
# Control characters and halves of a character: PostgreSQL stores neither, and a person typed neither.
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def check(found: Iterable[Entry | Fault], product_codes: Collection[str] | None) -> Reading:
    """The answers of these entries, and everything that is wrong; product codes are not checked where None is given."""
    answers: list[Answer] = []
    faults: list[Fault] = []
    places: dict[tuple[str, str], str] = {}
    for item in found:
        if isinstance(item, Fault):
            faults.append(item)
            continue
        answer, wrong = _checked(item, product_codes)
        faults += wrong
        if answer is None:
            continue
        here = Fault(file=item.file, line=item.line, reason="")
        first = places.setdefault((answer.key, answer.language), here.place)
        if first == here.place:
            answers.append(answer)
        else:
            reason = tr("“{key}” in the language “{language}” is already there: {place}.",
                        key=answer.key, language=answer.language, place=first)  # fmt: skip
            faults.append(replace(here, reason=reason))
    return Reading(answers=tuple(answers), faults=tuple(faults))


def normalised(answer: Answer) -> Answer:
    """The answer in the form in which it is kept; see the module."""
    body, closing = _block(answer.body), _block(answer.closing)
    steps = _items(answer.steps)
    if closing and not steps:
        body, closing = _block(f"{body}\n\n{closing}"), ""
    return replace(
        answer,
        key=_line(answer.key),
        language=_line(answer.language),
        title=_line(answer.title),
        variants=_items(answer.variants),
        keywords=_items(answer.keywords),
        products=_items(answer.products),
        known_problem=_line(answer.known_problem),
        body=body,
        steps=steps,
        closing=closing,
        script=_block(answer.script),
    )


def reasons(answer: Answer, product_codes: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a normalised answer: the field's name, and a sentence."""
    strange = list(_character_reasons(answer))
    if strange:  # such a text can neither be measured nor shown
        yield from strange
        return
    yield from _name_reasons(answer)
    for name in LISTS:
        yield from _list_reasons(name, getattr(answer, name))
    for name in ("body", "closing", "script"):
        if len(getattr(answer, name).encode()) > TEXT_LIMIT:
            yield name, tr("“{field}” is longer than {limit} MB.", field=name, limit=TEXT_LIMIT >> 20)
    if not answer.body:
        yield "body", tr("The text is empty.")
    for code in answer.products:
        if product_codes is not None and code not in product_codes:
            yield "products", tr("There is no product “{code}”.", code=code[:60])
    yield from (("script", fault.sentence) for fault in scripts.faults(answer.script))
    if answer.valid_from and answer.valid_until and answer.valid_until < answer.valid_from:
        yield "valid_until", tr("The answer would end before it begins to be valid.")
    for name, text in _filled_texts(answer):
        for placeholder in dict.fromkeys(unknown_placeholders(text)):
            yield name, tr("There is no placeholder “{name}”.", name="{" + placeholder + "}")


def _checked(entry: Entry, product_codes: Collection[str] | None) -> tuple[Answer | None, list[Fault]]:
    wrong = list(_shape_reasons(entry.fields))
    answer = None
    if not wrong:
        answer = normalised(_answer(entry.fields))
        wrong = list(reasons(answer, product_codes))
    faults = [Fault(file=entry.file, line=entry.lines.get(name, entry.line), reason=reason) for name, reason in wrong]
    return (None if faults else answer), faults


def _shape_reasons(fields: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name in REQUIRED:
        if name not in fields:
            yield name, tr("“{field}” is missing.", field=name)
    for name, value in fields.items():
        texts = value if isinstance(value, list) else [value]
        if name not in FIELDS:
            yield name, tr("There is no field “{field}”.", field=name)
        elif name in LISTS and not isinstance(value, list):
            yield name, tr("“{field}” must be a list of texts.", field=name)
        elif (isinstance(value, list) and name not in LISTS) or not all(isinstance(text, str) for text in texts):
            yield name, tr("“{field}” must be text.", field=name)
    for name in DATES:
        if isinstance(day := fields.get(name), str) and day.strip() and not _is_date(day.strip()):
            yield name, tr("“{value}” is no date. Write it like 2026-03-31.", value=day.strip()[:60])
    audience = fields.get("audience")
    if isinstance(audience, str) and audience.strip() not in ("", *Audience):
        yield "audience", tr("“{value}” is no audience. Use one of: {allowed}.", value=audience.strip(),
                             allowed=", ".join(Audience))  # fmt: skip


def _answer(fields: Mapping[str, object]) -> Answer:
    """From fields whose shape was checked."""
    texts = cast("Mapping[str, str]", fields)
    lists = cast("Mapping[str, list[str]]", fields)
    return Answer(
        key=texts["key"],
        language=texts["language"],
        title=texts["title"],
        variants=tuple(lists.get("variants", ())),
        keywords=tuple(lists.get("keywords", ())),
        products=tuple(lists.get("products", ())),
        audience=Audience(texts.get("audience", "").strip() or Audience.FIRST),
        known_problem=texts.get("known_problem", ""),
        body=texts["body"],
        steps=tuple(lists.get("steps", ())),
        closing=texts.get("closing", ""),
        script=texts.get("script", ""),
        valid_from=_day(texts, "valid_from"),
        valid_until=_day(texts, "valid_until"),
        review_on=_day(texts, "review_on"),
    )


def _day(texts: Mapping[str, str], name: str) -> date | None:
    text = texts.get(name, "").strip()
    return date.fromisoformat(text) if text else None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-03-31")


def _character_reasons(answer: Answer) -> Iterator[tuple[str, str]]:
    for name, value in as_fields(answer).items():
        if strange := _NO_TEXT.search(value if isinstance(value, str) else "".join(value)):
            code = f"U+{ord(strange[0]):04X}"
            yield name, tr("“{field}” contains a character that is no text ({code}).", field=name, code=code)


def _name_reasons(answer: Answer) -> Iterator[tuple[str, str]]:
    if not _KEY.fullmatch(answer.key):
        yield "key", tr("The key “{key}” must be lower-case letters, digits and single hyphens.", key=answer.key[:60])
    if len(answer.key) > KEY_LIMIT:
        yield "key", tr("The key is longer than {limit} characters.", limit=KEY_LIMIT)
    if answer.language not in LANGUAGES:
        yield "language", tr("“{value}” is no language. Use one of: {allowed}.", value=answer.language[:60],
                             allowed=", ".join(LANGUAGES))  # fmt: skip
    if not answer.title:
        yield "title", tr("The title is empty.")
    if len(answer.title) > LINE_LIMIT:
        yield "title", tr("The title is longer than {limit} characters.", limit=LINE_LIMIT)
    if len(answer.known_problem) > PROBLEM_LIMIT:
        yield "known_problem", tr("“{field}” is longer than {limit} characters.",
                                  field="known_problem", limit=PROBLEM_LIMIT)  # fmt: skip


def _list_reasons(name: str, items: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    limit = STEP_LIMIT if name == "steps" else LINE_LIMIT
    if len(items) > ITEM_LIMIT:
        yield name, tr("“{field}” has more than {limit} entries.", field=name, limit=ITEM_LIMIT)
    if any(len(item) > limit for item in items):
        yield name, tr("An entry of “{field}” is longer than {limit} characters.", field=name, limit=limit)


def _filled_texts(answer: Answer) -> Iterator[tuple[str, str]]:
    """The texts in which placeholders are filled, with the fields that they belong to."""
    yield "body", answer.body
    yield from (("steps", step) for step in answer.steps)
    yield "closing", answer.closing


def _block(text: str) -> str:
    lines = _LINE_BREAK.sub("\n", text).split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).strip(" \t\n")


def _line(text: str) -> str:
    return _BLANK.sub(" ", _LINE_BREAK.sub("\n", text)).strip(" ")


def _items(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in map(_line, texts) if line)
