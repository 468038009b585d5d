"""Searches in vain, similar ones together, as an editor reads them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.search_report import GapKind
from app.search.similar import grouped
from app.services.search_reports import CountedGap, SearchReports, today


@dataclass(frozen=True, slots=True, kw_only=True)
class GapGroup:
    """Searches that say nearly the same; `texts` the most frequent first."""

    texts: tuple[str, ...]
    count: int
    not_found_count: int
    language: str
    products: tuple[str, ...]
    last_on: date

    @property
    def id(self) -> str:
        return self.texts[0]


def grouped_gaps(reports: SearchReports, within: timedelta) -> tuple[GapGroup, ...]:
    """The groups of the last days, the most frequent first."""
    return groups_of(reports.gaps(today(), within))


def groups_of(found: tuple[CountedGap, ...]) -> tuple[GapGroup, ...]:
    by_text: dict[str, list[CountedGap]] = {}
    for gap in found:
        by_text.setdefault(gap.text, []).append(gap)
    made = [_group(texts, [gap for text in texts for gap in by_text[text]]) for texts in grouped(by_text)]
    return tuple(sorted(made, key=lambda group: (-group.count, group.texts)))


def _group(texts: list[str], gaps: list[CountedGap]) -> GapGroup:
    counts: Counter[GapKind] = Counter()
    languages: Counter[str] = Counter()
    for gap in gaps:
        counts[gap.kind] += gap.count
        languages[gap.language] += gap.count
    del languages[""]
    return GapGroup(
        texts=tuple(texts),
        count=counts.total(),
        not_found_count=counts[GapKind.NOT_FOUND],
        language=languages.most_common(1)[0][0] if languages else "",
        products=tuple(sorted({gap.product for gap in gaps} - {""})),
        last_on=max(gap.last_on for gap in gaps),
    )
