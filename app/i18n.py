"""The program's texts: English in the code, other languages in `resources/translations/<language>.toml`.

One mechanism serves the window, the command line and the sentences of errors, so it knows nothing of Qt.
A text is a literal in `tr("...")`; values are filled in by name, after the translation was chosen.
"""

import locale
import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "de")
PSEUDO = "xx"  # wraps each text in ⟦⟧, so that a test finds the texts that never came through here

_language = "en"


def tr(text: str, /, **values: object) -> str:
    """The text in the current language, with `{name}` replaced by `values["name"]`."""
    return _translated(text).format(**values) if values else _translated(text)


def plural(count: int, one: str, many: str, /, **values: object) -> str:
    """One of two texts by count; `{n}` is the count. German and English share the rule: one is singular."""
    return tr(one if count == 1 else many, n=count, **values)


def set_language(language: str) -> None:
    """Choose the language of all texts from now on; an unknown one becomes English."""
    global _language
    _language = language if language in (*LANGUAGES, PSEUDO) else "en"


def language() -> str:
    """The current language: "de" or "en"."""
    return _language


def system_language() -> str:
    """The language of the person's system, as far as it is one of ours; else English."""
    code = (locale.getlocale()[0] or "")[:2].lower()
    return code if code in LANGUAGES else "en"


@cache
def catalogue(language: str) -> dict[str, str]:
    """English text -> text of `language`, from its file; the file's tables only group."""
    if language == "en":
        return {}
    source = files("resources.translations").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return {text: translation for table in tomllib.loads(source).values() for text, translation in table.items()}


def _translated(text: str) -> str:
    if _language == PSEUDO:
        return f"⟦{text}⟧"
    return catalogue(_language).get(text, text)
