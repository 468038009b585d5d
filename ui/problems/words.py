"""What the page of a known problem says of it in one line."""

from app.domain.problems import Origin, ProblemState
from app.i18n import plural, tr
from ui.labels import clock_text, label
from ui.problems.reading import OpenProblem


def about(opened: OpenProblem) -> str:
    """Who raised and decided it, how many cases; below that what was said last."""
    line, problem = opened.line, opened.line.problem
    at = clock_text(problem.made_at)
    if problem.origin is Origin.RADAR:
        parts = [tr("Raised by the radar, {time}", time=at)]
    else:
        parts = [tr("Raised by {name}, {time}", name=problem.made_by, time=at)]
    if problem.state is not ProblemState.CANDIDATE:
        parts.append(f"{label(problem.state)}: {problem.state_by}, {clock_text(problem.state_since)}")
    parts.append(plural(line.case_count, "1 case attached", "{n} cases attached"))
    if problem.state is ProblemState.SOLVED and line.waiting_count:
        parts.append(
            plural(line.waiting_count, "1 left out: solved otherwise, or back at first level",
                   "{n} left out: solved otherwise, or back at first level")
        )  # fmt: skip
    if line.suggested_count:
        parts.append(plural(line.suggested_count, "1 suggested", "{n} suggested"))
    return " · ".join(parts) + (f"\n{problem.said}" if problem.said else "")
