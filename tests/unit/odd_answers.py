"""Answers with texts that files trip over."""

from datetime import date

from hypothesis import strategies as st

from app.adapters.answer_files import rules
from app.domain.answers import Answer, Audience

NAMES = st.sampled_from(["link-a", "b", "c-1-d"])
# Everything that a file can hold and a rule allows: also line breaks of every kind, what looks like steps,
# formulas, escapes, quotation marks, separators, front matter.
SIGNS = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t\r\x0b\x85\u2028 1.)|=+-@'\"\\#:{}<>;,")
TRICKY = st.sampled_from(["1. x", "1\\. x", "  12) y", "---", "'=1+1", "''@x", "+49 30", "- a", "a | b", "\ufeff", "~"])
TEXTS = (st.text(SIGNS, max_size=60) | TRICKY | st.lists(TRICKY, max_size=4).map("\n".join)).map(
    lambda text: text.replace("{", "(")
)
ITEMS = st.lists(TEXTS, max_size=3).map(tuple)


@st.composite
def answers(draw: st.DrawFn) -> list[Answer]:
    made = {}
    for key in draw(st.lists(NAMES, max_size=3, unique=True)):
        language = draw(st.sampled_from(["de", "en"]))
        made[key, language] = rules.normalised(
            Answer(
                key=key,
                language=language,
                title="T" + draw(TEXTS),
                variants=draw(ITEMS),
                keywords=draw(ITEMS),
                products=draw(st.sampled_from([(), ("LINK-200",), ("LINK-200", "PRINT-10")])),
                audience=draw(st.sampled_from(Audience)),
                known_problem=draw(st.sampled_from(["", "P-12", "=1+1", "‚Ausfall Nord‘: 3"])),
                body=draw(TEXTS) + "b",
                steps=draw(ITEMS),
                closing=draw(TEXTS),
                script=draw(st.sampled_from(["", "## start\nRed?\n- Yes -> solved\n\n- No → escalate"])),
                valid_from=draw(st.sampled_from([None, date(2026, 3, 1)])),
                valid_until=draw(st.sampled_from([None, date(2026, 3, 31)])),
                review_on=draw(st.sampled_from([None, date(2027, 1, 1)])),
            )
        )
    return sorted(made.values(), key=lambda answer: (answer.key, answer.language))
