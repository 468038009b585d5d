"""`firstline-admin answers explain|gaps|tidy`: why hits stand where they stand, and what is searched in vain."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.cli.common import checked_database, console, database_option, say
from app.db.engine import Database
from app.domain import search_report
from app.domain.answers import Audience
from app.domain.search_report import GapKind
from app.i18n import plural, tr
from app.search.index import AnswerIndex
from app.search.results import ExplainedHit, Explanation, How, Part, WordMatch
from app.search.similar import grouped
from app.services.answer_copy import signals_of, vocabulary_of
from app.services.answers import Answers
from app.services.search_reports import CountedGap, SearchReports, today
from app.services.words import Words

_EXAMPLES = 4


def add_to(group: typer.Typer) -> None:
    @group.command("explain", help=tr("Say why each hit of a search stands where it stands."))
    def _explain(
        text: Annotated[str, typer.Argument(help=tr("What an agent would type."))],
        language: Annotated[str, typer.Option("--language", help=tr("The language of the call, “de” or “en”."))] = "",
        product: Annotated[
            list[str] | None, typer.Option("--product", help=tr("A product of the caller, by its code."))
        ] = None,
        limit: Annotated[int, typer.Option("--limit", min=1, max=50, help=tr("How many hits."))] = 10,
        second: Annotated[bool, typer.Option("--second", help=tr("With the answers of second level."))] = False,
        database: Annotated[str, database_option()] = "",
    ) -> None:
        audiences = frozenset(Audience) if second else frozenset({Audience.FIRST})
        with checked_database(database) as opened:
            _print_explanation(_explanation(opened, text, audiences, language, frozenset(product or ()), limit))

    @group.command("gaps", help=tr("Print what agents searched in vain, similar searches together."))
    def _gaps(
        since: Annotated[int, typer.Option("--since", min=1, help=tr("How many days back."))] = 30,
        limit: Annotated[int, typer.Option("--limit", min=1, help=tr("How many groups."))] = 30,
        database: Annotated[str, database_option()] = "",
    ) -> None:
        with checked_database(database) as opened:
            _print_gaps(SearchReports(opened).gaps(today(), timedelta(days=since)), since, limit)

    @group.command(
        "tidy",
        help=tr("Remove searches in vain after {days} days and fold the use of answers. Let it run daily.",
                days=search_report.KEPT.days),
    )  # fmt: skip
    def _tidy(database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            count = SearchReports(opened).tidy(today())
            say(plural(count, "1 row was removed.", "{n} rows were removed."))


def _explanation(
    database: Database, text: str, audiences: frozenset[Audience], language: str, products: frozenset[str], limit: int
) -> Explanation:
    """As a desk would search now: with the same answers, words and signals."""
    answers = Answers(database).published(audiences)
    with tempfile.TemporaryDirectory() as folder:
        index = AnswerIndex(Path(folder))
        try:
            index.replace(answers)
            index.set_vocabulary(vocabulary_of(Words(database).all()))
            signals = signals_of(SearchReports(database).use_counts(today()), answers)
            return index.explain(text, language=language, products=products, signals=signals, limit=limit)
        finally:
            index.close()


def _print_explanation(explanation: Explanation) -> None:
    if not explanation.words:
        say(tr("There is no word in this text that could be searched for."))
        return
    say(tr("Searched for: {words}", words=" ".join(explanation.words)))
    if not explanation.hits:
        say(tr("No answer has these words."))
        return
    parts = [part for part in Part if any(abs(hit.parts.get(part, 0.0)) >= 0.0005 for hit in explanation.hits)]
    table = Table("", tr("Scripted answer"), tr("Score"), *map(_part_name, parts), box=None, pad_edge=False)
    for column in table.columns[2:]:
        column.justify = "right"
    for number, explained in enumerate(explanation.hits, start=1):
        answer = explained.hit.answer
        figures = (f"{explained.parts[part]:.3f}" if part in explained.parts else "" for part in parts)
        table.add_row(str(number), f"{answer.key}.{answer.language}", f"{explained.hit.score:.3f}", *figures)
    wide = console()
    wide.width = max(wide.width, 160)
    wide.print(table)
    for number, explained in enumerate(explanation.hits, start=1):
        _print_reasons(number, explained)


def _print_reasons(number: int, explained: ExplainedHit) -> None:
    answer = explained.hit.answer
    problem = tr("known problem {name} in force", name=answer.known_problem) if answer.known_problem else ""
    console().print(Text.assemble((f"\n{number}  {answer.title}", "bold")))
    for line in filter(None, (problem, *map(_match_line, _strongest(explained.matches)))):
        say(f"   {line}")


def _strongest(matches: Iterable[WordMatch]) -> list[WordMatch]:
    """The three best of each typed word."""
    shown: Counter[str] = Counter()
    kept = []
    for match in sorted(matches, key=lambda m: -m.weight):
        shown[match.typed] += 1
        if shown[match.typed] <= 3:
            kept.append(match)
    return sorted(kept, key=lambda m: m.typed)


def _match_line(match: WordMatch) -> str:
    return f"{match.typed} → {match.found}  ({_how_name(match.how)}, {match.weight:.2f})"


def _print_gaps(found: Sequence[CountedGap], days: int, limit: int) -> None:
    if not found:
        say(tr("Nothing was searched in vain in the last {days} days.", days=days))
        return
    by_text: dict[str, list[CountedGap]] = {}
    for gap in found:
        by_text.setdefault(gap.text, []).append(gap)
    groups = [[gap for text in texts for gap in by_text[text]] for texts in grouped(by_text)]
    groups.sort(key=lambda gaps: -sum(gap.count for gap in gaps))
    for gaps in groups[:limit]:
        _print_group(gaps)
    if len(groups) > limit:
        say(tr("And {n} more groups; --limit shows them.", n=len(groups) - limit))


def _print_group(gaps: Sequence[CountedGap]) -> None:
    counts: Counter[GapKind] = Counter()
    for gap in gaps:
        counts[gap.kind] += gap.count
    details = filter(None, (
        tr("not found {n}", n=counts[GapKind.NOT_FOUND]) if counts[GapKind.NOT_FOUND] else "",
        tr("escalated all the same {n}", n=counts[GapKind.NOT_USED]) if counts[GapKind.NOT_USED] else "",
        ", ".join(sorted({gap.product for gap in gaps} - {""})),
        ", ".join(sorted({gap.language for gap in gaps} - {""})),
        tr("last on {day}", day=max(gap.last_on for gap in gaps).isoformat()),
    ))  # fmt: skip
    console().print(Text.assemble((f"{counts.total():5}  {gaps[0].text}", "bold"), f"   {' · '.join(details)}"))
    others = list(dict.fromkeys(gap.text for gap in gaps))[1:]
    for text in others[:_EXAMPLES]:
        say(f"       {text}")
    if len(others) > _EXAMPLES:
        say("       " + tr("and {n} more like these", n=len(others) - _EXAMPLES))


def _part_name(part: Part) -> str:
    return {
        Part.WORDS: tr("words"),
        Part.OFTEN: tr("how often"),
        Part.LETTERS: tr("letters"),
        Part.BODY: tr("text"),
        Part.OPENING: tr("opening"),
        Part.EXACTNESS: tr("exact"),
        Part.LANGUAGE: tr("language"),
        Part.PRODUCT: tr("product"),
        Part.POPULARITY: tr("popularity"),
        Part.IN_FORCE: tr("in force"),
    }[part]


def _how_name(how: How) -> str:
    return {
        How.EXACT: tr("the word"),
        How.PREFIX: tr("its beginning"),
        How.STEM: tr("same stem"),
        How.TYPO: tr("typing error"),
        How.COMPOUND: tr("part of a compound"),
        How.SYNONYM: tr("synonym"),
    }[how]
