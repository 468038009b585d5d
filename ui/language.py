"""The language of the window: our own texts, Qt's own (menus of fields, names of keys), and numbers and dates."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.i18n import language, set_language

_NAME = "qt_texts"


def choose_language(app: QApplication, code: str) -> None:
    """Use "de" or "en" from now on; widgets that are there already are made anew by whoever made them."""
    set_language(code)
    QLocale.setDefault(QLocale(language()))
    old = app.findChild(QTranslator, _NAME)
    if old:
        app.removeTranslator(old)
        old.setParent(None)
    texts = QTranslator(app)
    texts.setObjectName(_NAME)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if texts.load(f"qtbase_{language()}", folder):
        app.installTranslator(texts)
