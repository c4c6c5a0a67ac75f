"""The small style sheet: edges, paddings and chips that a palette cannot say. All values come from ``tokens``.

Widgets choose a variant by the dynamic property ``kind``; a field with a problem has the property ``invalid``.
"""

from string import Template

from bri_desktop import paths
from bri_desktop.ui.shared.tokens import (
    BODY,
    DARK,
    FINDING,
    PAGE_TITLE,
    SECTION,
    SMALL,
    Colours,
    Size,
    Space,
)

_SHEET = Template(
    """
QWidget { font-size: ${body}px; }
QToolTip { background: $surface; color: $text; border: 1px solid $button_edge; padding: 4px 6px;
    font-size: ${small}px; }
QAbstractScrollArea { border: none; }
QLabel { background: transparent; }
QLabel[kind="title"] { font-size: ${page_title}px; font-weight: bold; }
QLabel[kind="finding"] { font-size: ${finding}px; font-weight: bold; }
QLabel[kind="section"] { font-size: ${section}px; font-weight: bold; }
QLabel[kind="strong"] { font-weight: bold; }
QLabel[kind="label"], QLabel[kind="subtitle"] { color: $secondary; }
QLabel[kind="hint"] { color: $secondary; font-size: ${small}px; }
QLabel[kind="small"] { font-size: ${small}px; }
QLabel[kind="problem"] { color: $error; font-size: ${small}px; }
QLabel[kind="sample"] { color: $warning; font-size: ${small}px; font-weight: bold; }

QPushButton, QToolButton[kind="button"] {
    background: $surface; color: $text; border: 1px solid $button_edge; border-radius: ${radius}px;
    padding: 0 11px; min-height: ${inner_control}px; max-height: ${inner_control}px; }
QPushButton:hover, QToolButton[kind="button"]:hover { background: $hover; border-color: $field_edge; }
QPushButton:pressed, QToolButton[kind="button"]:pressed, QToolButton[kind="button"]:checked { background: $tint; }
QPushButton:checked { background: $tint; border-color: $accent; color: $accent; }
QPushButton:focus, QToolButton[kind="button"]:focus { border: 2px solid $accent; padding: 0 10px;
    min-height: ${focus_control}px; max-height: ${focus_control}px; }
QPushButton:disabled, QToolButton[kind="button"]:disabled {
    background: $window; color: $disabled; border: 1px solid $line; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { border-color: $text; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $window; color: $disabled; border: 1px solid $line; }
QPushButton[kind="small"] { font-size: ${small}px; padding: 0 7px;
    min-height: ${inner_small}px; max-height: ${inner_small}px; }
QPushButton[kind="small"]:focus { padding: 0 6px; min-height: ${focus_small}px; max-height: ${focus_small}px; }
QPushButton[kind="link"], QPushButton[kind="link-small"] { background: transparent; color: $accent; border: none;
    padding: 0; text-align: left; }
QPushButton[kind="link-small"] { font-size: ${small}px; min-height: 18px; max-height: 18px; }
QPushButton[kind="link"]:hover, QPushButton[kind="link-small"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus, QPushButton[kind="link-small"]:focus {
    text-decoration: underline; }
QPushButton[kind="link"]:disabled, QPushButton[kind="link-small"]:disabled { color: $disabled; }
QToolButton[kind="button"] { padding: 0 8px; }
QToolButton[kind="button"][popupMode="2"] { padding-right: 22px; }
QToolButton::menu-indicator { image: none; }
QToolButton[kind="plain"] { background: transparent; border: 1px solid transparent; border-radius: ${radius}px;
    padding: 0; min-height: 0; }
QToolButton[kind="plain"]:hover { background: $line; }
QToolButton[kind="plain"]:focus { border: 1px solid $accent; }

QLineEdit, QPlainTextEdit, QComboBox, QFrame[kind="field"], QDateEdit, QSpinBox, QDoubleSpinBox {
    background: $surface; color: $text; border: 1px solid $field_edge; border-radius: ${radius}px;
    selection-background-color: $selection; selection-color: $text; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox { padding: 0 7px;
    min-height: ${inner_control}px; max-height: ${inner_control}px; }
QPlainTextEdit { padding: 2px 3px; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus { border: 2px solid $accent; padding: 0 6px;
    min-height: ${focus_control}px; max-height: ${focus_control}px; }
QPlainTextEdit:focus { border: 2px solid $accent; padding: 1px 2px; }
QFrame[kind="field"][focused="true"] { border: 2px solid $accent; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QPlainTextEdit[invalid="true"] { border: 2px solid $error; }
QLineEdit[invalid="true"], QComboBox[invalid="true"] { padding: 0 6px;
    min-height: ${focus_control}px; max-height: ${focus_control}px; }
QPlainTextEdit[invalid="true"] { padding: 1px 2px; }
QFrame[kind="field"][invalid="true"] { border: 2px solid $error; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled { background: $window; color: $disabled;
    border-color: $line; }
QFrame[kind="field"] > QLineEdit, QFrame[kind="field"] > QWidget > QLineEdit { border: none; padding: 0 1px;
    min-height: ${field_chip}px; max-height: ${field_chip}px; background: transparent; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView, QListView[kind="popup"] { background: $surface; border: 1px solid $button_edge;
    outline: none; selection-background-color: $selection; selection-color: $text; }

QCheckBox::indicator, QAbstractItemView::indicator { width: 13px; height: 13px; border: 1px solid $field_edge;
    border-radius: 2px; background: $surface; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: $accent; border-color: $accent;
    image: url("$checked"); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate { background: $field_edge; }
QCheckBox::indicator:disabled, QAbstractItemView::indicator:disabled { border-color: $line; }
QCheckBox:focus { color: $accent; }

QFrame[kind="surface"], QWidget[kind="surface"] { background: $surface; }
QFrame[kind="band"] { background: $window; border: none; border-bottom: 1px solid $line; }
QFrame[kind="surface-band"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[kind="header-band"] { background: $header; border: none; border-bottom: 1px solid $line; }
QFrame[kind="action-bar"] { background: $header; border: none; border-top: 1px solid $line; }
QFrame[kind="card"] { background: $surface; border: 2px solid $accent; border-radius: ${radius}px; }
QFrame[kind="note"] { background: $tint; border: none; border-radius: ${radius}px; }
QFrame[kind="note-warning"] { background: $warning_tint; border: none; border-radius: ${radius}px; }
QFrame[kind="note-error"] { background: $error_tint; border: none; border-radius: ${radius}px; }
QFrame[kind="side"] { background: $surface; border: none; border-left: 1px solid $line; }
QFrame[kind="rule"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame[kind="chip"] { background: $tint; border: 1px solid $chip_edge; border-radius: ${radius}px; }
QFrame[kind="chip"][flat="true"] { background: transparent; border-color: transparent; }
QFrame[kind="chip"] QLabel { font-size: ${small}px; }
QFrame[kind="chip"][flat="true"] QLabel[kind="value"] { font-size: ${body}px; }

QTableView, QTreeView, QListView { background: $surface; border: none; outline: none; }
QListView#navigation { background: $window; border: none; }
QFrame#navigation_frame { background: $window; border: none; border-right: 1px solid $line; }
QTableCornerButton::section { background: $header; border: none; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; background: $surface; }
QSplitter::handle:vertical { height: 1px; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $secondary; border: none; border-bottom: 2px solid transparent;
    padding: 4px 0 5px 0; margin: 0 6px; }
QTabBar::tab:selected { color: $accent; font-weight: bold; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; border-bottom: 2px solid $accent; }

QStatusBar { background: $window; border-top: 1px solid $line; min-height: ${status_inner}px;
    max-height: ${status_inner}px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { font-size: ${small}px; color: $secondary; }
QStatusBar QLabel[kind="sample"] { color: $warning; font-weight: bold; }

QMenu { background: $surface; border: 1px solid $button_edge; padding: 4px 0; }
QMenu::item { padding: 4px 24px 4px 12px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 0; }
QProgressBar { background: $window; border: 1px solid $line; border-radius: ${radius}px; max-height: 6px;
    min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; border-left: 1px solid $line; }
QScrollBar::handle:vertical { background: $button_edge; min-height: 32px; margin: 2px 2px 2px 2px; border-radius: 3px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; border-top: 1px solid $line; }
QScrollBar::handle:horizontal { background: $button_edge; min-width: 32px; margin: 2px; border-radius: 3px; }
QScrollBar::handle:hover { background: $field_edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
)


def style_sheet(colours: Colours) -> str:
    """Return the application's style sheet in ``colours``."""
    roles = {role: getattr(colours, role) for role in Colours.__slots__}
    sizes = {
        "body": BODY.px,
        "small": SMALL.px,
        "section": SECTION.px,
        "finding": FINDING.px,
        "page_title": PAGE_TITLE.px,
        "radius": Size.RADIUS,
        "inner_control": Size.CONTROL - 2 * Size.LINE,
        "focus_control": Size.CONTROL - 2 * Size.FOCUS,
        "inner_small": Size.SMALL_CONTROL - 2 * Size.LINE,
        "focus_small": Size.SMALL_CONTROL - 2 * Size.FOCUS,
        "field_chip": Size.FIELD_CHIP,
        "status_inner": Size.STATUS_BAR - Size.LINE,
        "inside": Space.INSIDE,
    }
    checked = paths.resources() / "icons" / f"checked-{'dark' if colours is DARK else 'light'}.svg"
    named = {name: str(size) for name, size in sizes.items()}
    return _SHEET.substitute(roles | named | {"checked": checked.as_posix()})
