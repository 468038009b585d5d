"""What stands behind a figure of the past: the same facts cut finer, whose parts and wholes add up to it.

The past is sums, so behind a sum stand smaller ones: behind that of a period or a group its days, behind that of a day
its hours, or for cases its products. Where small groups are withheld these are the same parts, put together otherwise.
"""

from dataclasses import dataclass, replace
from datetime import date

from app.domain.history.figures import Figure, definition
from app.domain.history.requests import Answer, Days, Group, Request
from app.domain.history.tallies import total

TOTAL, BEFORE = "\0total", "\0before"  # instead of the key of a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A figure that somebody wants to look behind.

    Attributes:
        name: of the line that it stands in.
        request: for the lines behind it.
        only_key: the line itself is all there is, as nothing finer is kept; of the answer this one alone.
    """

    figure: Figure
    name: str
    request: Request
    only_key: str | None = None


def opened(request: Request, key: str, name: str, figure: Figure) -> Opened:
    """What to ask for, to see what the figure in the line with this key was counted from."""
    found = _finer(request, key, figure)
    if found is None:
        return Opened(figure=figure, name=name, request=request, only_key=key)
    return Opened(figure=figure, name=name, request=found)


def lines_behind(answer: Answer, of: Opened) -> Answer:
    """The answer to `of.request`, as far as it is behind the figure."""
    if of.only_key is None:
        return answer
    lines = tuple(line for line in answer.lines if line.key == of.only_key)
    return replace(answer, lines=lines, total=total(line.tally for line in lines))


def _finer(request: Request, key: str, figure: Figure) -> Request | None:
    """The question whose lines make the line with this key; None: it is the finest that is kept."""
    if key in (TOTAL, BEFORE):
        return replace(request, by=Group.DAY, days=request.days.before if key == BEFORE else request.days)
    if request.by is Group.INTERVAL:
        return None
    if request.by is not Group.DAY:
        return replace(request, by=Group.DAY, only=(*request.only, (request.by, key)))
    day = date.fromisoformat(key)
    has_intervals = Group.INTERVAL in definition(figure).groups
    by = Group.INTERVAL if has_intervals else Group.PRODUCT
    if any(group is by for group, _ in request.only):
        return None
    return replace(request, by=by, days=Days(first=day, last=day, zone=request.days.zone))
