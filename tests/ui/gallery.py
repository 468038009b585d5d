"""All widgets in all states in one picture: `python -m tests.ui.gallery OUT.png --scheme dark --language de`."""

import argparse
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tests.ui.pictures import save_as
from tests.ui.samples import CASES, COLUMNS, NOW
from ui import icons, theme
from ui.language import choose_language
from ui.models.records import RecordModel
from ui.shortcuts import Shortcut
from ui.theme import Scheme, Tone
from ui.widgets.banner import Banner
from ui.widgets.busy import Busy
from ui.widgets.card import Card
from ui.widgets.elapsed import Elapsed
from ui.widgets.empty_state import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.help_sheet import HelpSheet
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import ElidedLabel, PlainLabel
from ui.widgets.record_table import RecordTable
from ui.widgets.toast import show_toast

ICONS = [file.name.removesuffix(".svg") for file in files("resources.icons").iterdir() if file.name.endswith(".svg")]


class Gallery(QWidget):
    """Two columns of cards."""

    def __init__(self) -> None:
        super().__init__()
        self.busy: list[Busy] = []
        outer = QVBoxLayout(self)
        outer.addLayout(_state_line())
        for banner in _banners():
            outer.addWidget(banner)
        columns = QHBoxLayout()
        outer.addLayout(columns, 1)
        for cards in (
            (_buttons(), _fields(), _icons()),
            (_labels(), self._lists(), _table(), _emptiness()),
        ):
            column = QVBoxLayout()
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            columns.addLayout(column, 1)

    def _lists(self) -> QWidget:
        tabs = QTabWidget()
        answers = QListWidget()
        answers.addItems(["Router zurücksetzen", "Mesh neu koppeln", "Zweiter Faktor verloren"])
        answers.setCurrentRow(1)
        answers.setMaximumHeight(theme.row_px() * 3 + 12)
        tabs.addTab(answers, "Antworten")
        tabs.addTab(QWidget(), "Verlauf")
        tabs.addTab(QWidget(), "Vertrag")
        tabs.setTabEnabled(2, False)
        loading = QWidget()
        loading.setFixedHeight(100)
        self.busy.append(Busy(loading, delay_ms=0))
        self.busy[0].start()
        return _card("Listen", _column(tabs, loading))


def main() -> None:
    """Take the picture."""
    options = _options()
    app = QApplication([])
    app.setFont(QFont(options.font))
    choose_language(app, options.language)
    theme.apply(app, Scheme(options.scheme), options.font_px)
    gallery = Gallery()
    gallery.resize(1180, 900)
    gallery.show()
    sheet = HelpSheet(gallery)
    if options.sheet:
        sheet.open()
    else:
        show_toast(gallery, "Antwort kopiert", tone=Tone.INFO)
        show_toast(gallery, "Fall 7K2M-94QX ist an die 2. Ebene gegangen.", undo=lambda: None)
    QTimer.singleShot(300, lambda: _shoot(app, gallery, options))
    app.exec()


def _shoot(app: QApplication, gallery: QWidget, options: argparse.Namespace) -> None:
    if options.focus >= 0:
        gallery.activateWindow()
        controls = [it for it in gallery.findChildren(QWidget) if it.focusPolicy() & Qt.FocusPolicy.TabFocus]
        controls[options.focus].setFocus()
        app.processEvents()
    save_as(gallery, options.out)
    app.quit()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--scheme", default="light", choices=[scheme.value for scheme in Scheme])
    parser.add_argument("--language", default="de")
    parser.add_argument("--font", default="DejaVu Sans")
    parser.add_argument("--font-px", type=int, default=theme.BASE_FONT_PX)
    parser.add_argument("--focus", type=int, default=-1, help="give the focus to the n-th control")
    parser.add_argument("--sheet", action="store_true", help="show the sheet of keys")
    return parser.parse_args()


def _state_line() -> QLayout:
    since = Elapsed(NOW - timedelta(minutes=3, seconds=7), now=lambda: NOW)
    long = Elapsed(NOW - timedelta(hours=2, minutes=3, seconds=7), now=lambda: NOW, kind="muted")
    pills = [
        Pill("Verfügbar", Tone.GOOD, "check"),
        since,
        Pill("Im Gespräch", Tone.ACCENT, "phone"),
        Pill("Gehalten", Tone.INFO, "hold"),
        Pill("Nachbearbeitung", Tone.WARNING, "clock"),
        Pill("Verpasst", Tone.DANGER, "phone-off"),
        Pill("Pause", Tone.NEUTRAL, "pause"),
        Pill("ohne Bild"),
        long,
    ]
    row = QHBoxLayout()
    for pill in pills:
        row.addWidget(pill)
    row.addStretch(1)
    return row


def _banners() -> Iterator[QWidget]:
    for tone, text, action, icon in (
        (
            Tone.DANGER,
            "Die Datenbank ist nicht erreichbar. Stand der Daten: vor 2 Minuten.",
            "Erneut versuchen",
            "offline",
        ),
        (Tone.WARNING, "Der Wartungsvertrag endet in 3 Tagen.", "", ""),
        (Tone.INFO, "Nächster Status nach dem Gespräch: Pause.", "Zurücknehmen", ""),
        (Tone.GOOD, "Die Verbindung ist wieder da.", "", ""),
    ):
        banner = Banner(is_closable=tone is Tone.INFO)
        banner.show_message(tone, text, action_text=action, icon_name=icon)
        yield banner


def _buttons() -> QWidget:
    grid = QGridLayout()
    for row, kind in enumerate(("primary", "secondary", "ghost", "danger")):
        grid.addWidget(KeyButton(kind.title(), "F8", kind=kind, icon_name="escalate"), row, 0)
        grid.addWidget(KeyButton("Senden", Shortcut.SEND.key, kind=kind), row, 1)
        plain = QPushButton("Schlicht")
        plain.setProperty("kind", kind)
        grid.addWidget(plain, row, 2)
        off = KeyButton("Gesperrt", "F3", kind=kind, icon_name="hold")
        off.setEnabled(False)
        grid.addWidget(off, row, 3)
    tool = QToolButton()
    icons.put(tool, "copy")
    ghost = QToolButton()
    ghost.setProperty("kind", "ghost")
    icons.put(ghost, "refresh", Tone.ACCENT)
    checked = QPushButton("Angewählt")
    checked.setCheckable(True)
    checked.setChecked(True)
    grid.addWidget(checked, 4, 0)
    grid.addLayout(_row(tool, ghost), 4, 1)
    return _card("Knöpfe", grid)


def _fields() -> QWidget:
    empty = QLineEdit()
    empty.setPlaceholderText("Antworten durchsuchen")
    icon = empty.addAction(icons.icon("search", theme.colours().muted), QLineEdit.ActionPosition.LeadingPosition)
    icon.setEnabled(True)
    chosen = QLineEdit("ausgewählter Text")
    chosen.setSelection(0, 12)
    off = QLineEdit("gesperrt")
    off.setEnabled(False)
    wrong = QLineEdit("falsch")
    wrong.setProperty("invalid", "true")
    combo = QComboBox()
    combo.addItems(["Gelöst", "Eskaliert"])
    boxes = [QCheckBox("aus"), QCheckBox("an"), QRadioButton("eins"), QRadioButton("zwei")]
    boxes[1].setChecked(True)
    boxes[3].setChecked(True)
    note = QPlainTextEdit("Kundin meldet: seit gestern kein Netz.\n{{Kundennummer}}")
    note.setFixedHeight(64)
    bar = QProgressBar()
    bar.setValue(40)
    return _card(
        "Felder",
        _column(_row(empty, chosen), _row(off, wrong), _row(combo, QSpinBox(), *boxes), note, bar),
    )


def _icons() -> QWidget:
    grid = QGridLayout()
    for number, name in enumerate(sorted(ICONS)):
        picture = QLabel()
        picture.setPixmap(icons.icon(name).pixmap(24 if number % 2 else 16))
        picture.setToolTip(name)
        grid.addWidget(picture, number // 11, number % 11)
    return _card("Zeichen", grid)


def _labels() -> QWidget:
    kinds = [
        PlainLabel(kind.title(), kind=kind) for kind in ("title", "heading", "caption", "muted", "number", "danger")
    ]
    long = ElidedLabel(
        "Ein sehr langer Betreff, der nicht in seine Zeile passt und deshalb endet, wo der Platz endet " * 2
    )
    facts = Facts([("Kundin", "Erika <i>Muster</i> & Söhne"), ("Vertrag", "Premium, bis 31.12.2031"), ("E-Mail", None)])
    return _card("Texte", _column(_row(*kinds), long, facts))


def _table() -> QWidget:
    model = RecordModel(COLUMNS)
    model.replace(CASES)
    table = RecordTable(model)
    table.setFixedHeight(theme.row_px() * 7)
    table.choose(3)
    empty = RecordTable(RecordModel(COLUMNS), lambda: "Niemand wartet. Ctrl+L holt den nächsten Fall.")
    empty.setFixedHeight(90)
    body = _column(table, empty)
    body.setContentsMargins(0, 0, 0, 0)
    return _card("Warteschlange", body, is_padded=False)


def _emptiness() -> QWidget:
    return _card("", _column(EmptyState("headset", "Kein Gespräch", "Der nächste Anruf erscheint hier. F2 nimmt an.")))


def _card(title: str, content: QLayout, *, is_padded: bool = True) -> Card:
    card = Card(title, is_padded=is_padded)
    card.body.addLayout(content)
    return card


def _row(*widgets: QWidget) -> QLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row


def _column(*items: QWidget | QLayout) -> QLayout:
    column = QVBoxLayout()
    for item in items:
        if isinstance(item, QWidget):
            column.addWidget(item)
        else:
            column.addLayout(item)
    return column


if __name__ == "__main__":
    main()
