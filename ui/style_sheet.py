"""The style sheet: what Fusion and a palette alone do not give."""

from dataclasses import fields
from importlib.resources import files
from string import Template

from PySide6.QtGui import QColor

from ui.colours import Colours

_SHEET = Template("""
QToolTip { background: $text; color: $raised; border: none; padding: 4px 7px; }

QFrame[card="true"] { background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame[card="flat"] { background: $raised; border: none; border-radius: 8px; }

QLabel[kind="title"] { font-size: ${title_px}px; font-weight: 600; }
QLabel[kind="heading"] { font-weight: 600; }
QLabel[kind="caption"] { color: $muted; font-size: ${caption_px}px; font-weight: 600; }
QLabel[kind="muted"] { color: $muted; }
QLabel[kind="number"] { font-size: ${number_px}px; font-weight: 600; }
QLabel[kind="figure"] { font-size: ${figure_px}px; font-weight: 600; }
QLabel[kind="age"] { color: $muted; font-size: ${caption_px}px; }
QLabel[kind="danger"] { color: $danger; }
QLabel[kind="warning"] { color: $warning; }
QLabel[kind="good"] { color: $good; }

QPushButton, QToolButton {
    background: $raised; color: $text; border: 1px solid $field_line; border-radius: 6px;
    padding: 3px 11px; min-height: ${control_px}px;
}
QToolButton { padding: 3px 5px; }
QPushButton:hover, QToolButton:hover { background: $sunken; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {
    background: $accent_soft; border-color: $accent; color: $accent;
}
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 2px 10px; }
QToolButton:focus { padding: 2px 4px; }
QPushButton:disabled, QToolButton:disabled { background: $surface; color: $faint; border: 1px solid $line; }
QPushButton[kind="primary"] {
    background: $accent_fill; color: $on_accent; border: 1px solid $accent_fill; font-weight: 600;
}
QPushButton[kind="primary"]:hover { background: $accent_fill_hover; border-color: $accent_fill_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_fill_hover; color: $on_accent; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="danger"] {
    background: $danger_fill; color: $on_danger; border: 1px solid $danger_fill; font-weight: 600;
}
QPushButton[kind="danger"]:hover { background: $danger_fill_hover; border-color: $danger_fill_hover; }
QPushButton[kind="danger"]:pressed { background: $danger_fill_hover; color: $on_danger; }
QPushButton[kind="danger"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled {
    background: $sunken; color: $faint; border: 1px solid $line;
}
QPushButton[kind="ghost"], QToolButton[kind="ghost"] {
    background: transparent; color: $accent; border: 1px solid transparent;
}
QPushButton[kind="ghost"]:hover, QToolButton[kind="ghost"]:hover { background: $accent_soft; }
QPushButton[kind="ghost"]:focus, QToolButton[kind="ghost"]:focus { border: 2px solid $accent; }
QPushButton[kind="ghost"]:disabled { color: $faint; background: transparent; }
QToolButton[kind="inline"] {
    background: transparent; border: 1px solid transparent; min-height: 0; padding: 0 3px;
}
QToolButton[kind="inline"]:hover { background: $accent_soft; }
QToolButton[kind="inline"]:focus { border: 2px solid $accent; padding: 0 2px; }
QPushButton[kind="choice"] { text-align: left; padding: 3px 9px; }
QPushButton[kind="tab"] { background: transparent; border: 1px solid transparent; font-weight: 600; color: $muted; }
QPushButton[kind="tab"]:hover { background: $sunken; }
QPushButton[kind="tab"]:checked { background: $accent_soft; color: $accent; border-color: transparent; }
QPushButton[kind="tab"]:focus { border: 2px solid $accent; }
QToolButton[popupMode="2"] { padding-right: 16px; }
QToolButton::menu-indicator, QPushButton::menu-indicator {
    image: url("$icons/chevron-down.svg"); width: 12px; subcontrol-position: right center; right: 6px;
}

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateTimeEdit {
    background: $raised; color: $text; border: 1px solid $field_line; border-radius: 6px;
    selection-background-color: $selection; selection-color: $on_selection; placeholder-text-color: $muted;
}
QLineEdit, QComboBox, QSpinBox, QDateTimeEdit { padding: 3px 7px; min-height: ${control_px}px; }
QPlainTextEdit, QTextEdit { padding: 4px 5px; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDateTimeEdit:focus {
    border: 2px solid $accent; padding: 2px 6px;
}
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 3px 4px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled, QSpinBox:disabled,
QLineEdit:read-only {
    background: $surface; color: $faint; border-color: $line;
}
QLineEdit:read-only { color: $text; }
QTextEdit[kind="reading"], QTextEdit[kind="reading"]:focus { background: transparent; border: none; padding: 0; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QPlainTextEdit[invalid="true"] { border-color: $danger; }
QLineEdit > QToolButton { border: none; background: transparent; padding: 0; min-height: 0; }
QAbstractSpinBox > QLineEdit { border: none; background: transparent; padding: 0 6px; min-height: 0; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 22px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$icons/chevron-down.svg"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { border: 1px solid $field_line; outline: 0; padding: 3px; }
QSpinBox::up-button, QSpinBox::down-button, QDateTimeEdit::up-button, QDateTimeEdit::down-button {
    border: none; width: 18px; background: transparent;
}
QSpinBox::up-arrow, QDateTimeEdit::up-arrow { image: url("$icons/chevron-up.svg"); width: 11px; height: 11px; }
QSpinBox::down-arrow, QDateTimeEdit::down-arrow { image: url("$icons/chevron-down.svg"); width: 11px; height: 11px; }

QCheckBox, QRadioButton { spacing: 7px; min-height: ${control_px}px; border: 2px solid transparent; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; border-radius: 6px; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 14px; height: 14px; border: 1px solid $field_line; border-radius: 4px; background: $raised;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url("$icons/mark.svg"); }
QRadioButton::indicator:checked { background: $raised; border: 5px solid $accent; width: 6px; height: 6px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $surface; border-color: $line; }

QAbstractItemView {
    background: $raised; color: $text; border: 1px solid $line; border-radius: 8px; outline: 0;
    selection-background-color: $selection; selection-color: $on_selection;
}
QAbstractItemView:focus { border: 1px solid $accent; }
QTableView::item { border: none; padding: 0 7px; }
QListView::item { border-radius: 5px; padding: 0 7px; min-height: ${row_px}px; }
QListView::item:hover:!selected { background: $sunken; }
QAbstractItemView::item:selected { background: $selection; color: $on_selection; }
QFrame[card="true"] QAbstractItemView, QAbstractItemView[kind="bare"] { border: none; border-radius: 0; }
QFrame[card="true"] QAbstractItemView:focus { border: 1px solid $accent; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
    background: $raised; color: $muted; font-size: ${caption_px}px; font-weight: 600;
    border: none; border-bottom: 1px solid $line; padding: 5px 10px;
}
QTableCornerButton::section { background: $raised; border: none; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; border: none; border-bottom: 3px solid transparent;
    padding: 6px 12px 4px 12px; margin-right: 2px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 3px solid $accent; font-weight: 600; }
QTabBar::tab:focus { background: $accent_soft; }
QTabBar::tab:disabled { color: $faint; }

QMenu { background: $raised; color: $text; border: 1px solid $field_line; padding: 4px; }
QMenu::item { padding: 5px 22px 5px 10px; border-radius: 5px; }
QMenu::item:selected { background: $selection; color: $on_selection; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }

QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $field_line; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea, QScrollArea > QWidget > QWidget[kind="page"] { background: transparent; border: none; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QProgressBar { background: $sunken; border: none; border-radius: 3px; max-height: 6px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QStatusBar { background: $surface; }
QStatusBar::item { border: none; }
QGroupBox { border: none; margin-top: ${row_px}px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; }
""")


def make(scheme: Colours, font_px: int) -> str:
    """The sheet of a scheme, with lengths that follow the font."""
    colours = {field.name: getattr(scheme, field.name) for field in fields(scheme)}
    return _SHEET.substitute(
        {name: colour.name() for name, colour in colours.items() if isinstance(colour, QColor)},
        icons=str(files("resources.icons")).replace("\\", "/"),
        title_px=round(font_px * 1.25),
        number_px=round(font_px * 1.9),
        figure_px=round(font_px * 2.4),
        caption_px=max(10, font_px - 1),
        control_px=font_px + 5,
        row_px=font_px * 2,
    )
