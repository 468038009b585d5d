"""The demo centre's scripted answers, as they lie in `resources/demo/answers`."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import resources.demo
from app.adapters import answer_files
from app.domain.answers import Answer, Audience
from app.i18n import LANGUAGES
from app.services.demo_data import load_centre

FOLDER = Path(resources.demo.__path__[0])
LEAST_KEY_COUNT = 150
FREE_NUMBER = re.compile(r"\+493023125\d{3}|\+442079460\d{3}")  # ranges that no network gives to anybody
LIKE_NUMBER = re.compile(r"\+\d[\d ()/-]{6,}\d")


@cache
def _reading() -> answer_files.Reading:
    return answer_files.read(FOLDER / "answers", product_codes={product.code for product in load_centre().products})


def _pairs() -> Iterator[tuple[str, Answer, Answer]]:
    by_key: dict[str, dict[str, Answer]] = defaultdict(dict)
    for answer in _reading().answers:
        by_key[answer.key][answer.language] = answer
    for key, found in sorted(by_key.items()):
        if set(found) == {"de", "en"}:
            yield key, found["de"], found["en"]


def test_all_files_are_without_fault() -> None:
    assert [f"{fault.place}: {fault.reason}" for fault in _reading().faults] == []


def test_there_are_enough_answers_and_each_in_both_languages() -> None:
    languages: dict[str, set[str]] = defaultdict(set)
    for answer in _reading().answers:
        languages[answer.key].add(answer.language)
    assert {key: found for key, found in languages.items() if found != set(LANGUAGES)} == {}
    assert len(languages) >= LEAST_KEY_COUNT


def test_both_languages_say_the_same_thing() -> None:
    differing = [
        key
        for key, german, english in _pairs()
        if (german.products, german.audience, len(german.steps))
        != (english.products, english.audience, len(english.steps))
    ]
    assert differing == []


def test_titles_are_unique() -> None:
    count = Counter((answer.language, answer.title) for answer in _reading().answers)
    assert [title for title, n in count.items() if n > 1] == []


def test_each_answer_can_be_found() -> None:
    assert [a.key for a in _reading().answers if not (a.variants and a.keywords and a.products)] == []


def test_most_are_for_first_level_and_some_for_second() -> None:
    count = Counter(answer.audience for answer in _reading().answers)
    assert count[Audience.SECOND] >= 2
    assert count[Audience.FIRST] > 10 * count[Audience.SECOND]


def test_files_are_named_as_their_answers() -> None:
    found = {path.name for path in (FOLDER / "answers").rglob("*.md")}
    assert found == {f"{answer.key}.{answer.language}.md" for answer in _reading().answers}


def test_the_centre_names_answers_that_exist() -> None:
    keys = {answer.key for answer in _reading().answers}
    assert [key for case in load_centre().cases for key in case.answers if key not in keys] == []


def test_telephone_numbers_are_nobodys() -> None:
    centre = load_centre()
    numbers = [phone.normal for customer in centre.customers for phone in customer.phones]
    numbers += [made.prefix + "000" for made in centre.made.values()]
    for path in (FOLDER / "answers").rglob("*.md"):
        numbers += LIKE_NUMBER.findall(path.read_text(encoding="utf-8"))
    assert [number for number in numbers if not FREE_NUMBER.fullmatch(re.sub(r"[ ()/-]", "", number))] == []
