"""The style sheet's template: `@token@` stands for a colour of the theme, `@image:icon:token@` for an icon in it."""

from __future__ import annotations

TEMPLATE = """
QWidget { color: @text@; }
QMainWindow, QDialog, QMessageBox, QWizard { background: @window@; }
QMainWindow::separator { background: @border@; width: 1px; height: 1px; }
QSplitter::handle { background: @border@; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QLabel { background: transparent; }
QLabel[muted="true"] { color: @muted@; }
QLabel[heading="true"] { font-weight: 600; }
QLabel[centred="true"] { qproperty-alignment: AlignCenter; }
QLabel[problem="true"] { color: @danger@; }
QLabel:disabled { color: @muted@; }
QLabel[warning="true"] { color: @warning@; }

QMenuBar { background: @window@; border-bottom: 1px solid @border@; padding: 2px 6px; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 5px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @hover@; }
QMenu { background: @panel@; border: 1px solid @border_strong@; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 5px; }
QMenu::item:selected { background: @current_row@; color: @text@; }
QMenu::item:disabled { color: @muted@; }
QMenu::separator { height: 1px; background: @border@; margin: 5px 8px; }
QMenu::icon { padding-left: 6px; }
QMenu::indicator { width: 14px; height: 14px; left: 5px; }
QMenu::indicator:checked { image: url(@image:done:text@); }

QToolBar { background: @panel@; border: none; border-bottom: 1px solid @border@; padding: 6px 10px; spacing: 8px; }
QToolBar::separator { width: 1px; background: @border@; margin: 4px 6px; }
QStatusBar { background: @window@; border-top: 1px solid @border@; color: @muted@; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: @muted@; }

QPushButton, QToolButton {
    background: @panel@; border: 1px solid @border@; border-radius: 6px; padding: 5px 12px; min-height: 18px;
}
QPushButton, QToolButton, QCheckBox, QRadioButton, QTabBar { outline: none; }
QToolButton { padding: 5px 9px; }
QPushButton:hover, QToolButton:hover { background: @hover@; border-color: @border_strong@; }
QPushButton:pressed, QToolButton:pressed { background: @border@; }
QPushButton:focus, QToolButton:focus { border: 2px solid @focus@; padding: 4px 11px; }
QToolButton:focus { padding: 4px 8px; }
QPushButton:disabled, QToolButton:disabled { color: @muted@; background: @window@; border-color: @border@; }
QPushButton:checked, QToolButton:checked { background: @current_row@; border-color: @focus@; }
QPushButton:default, QPushButton[primary="true"], QToolButton[primary="true"] {
    background: @accent@; color: @on_accent@; border-color: @accent@; font-weight: 600;
}
QPushButton:default:hover, QPushButton[primary="true"]:hover, QToolButton[primary="true"]:hover {
    background: @accent_hover@; border-color: @accent_hover@;
}
QPushButton:default:focus, QPushButton[primary="true"]:focus, QToolButton[primary="true"]:focus {
    border: 2px solid @text@;
}
QPushButton:default:disabled, QPushButton[primary="true"]:disabled, QToolButton[primary="true"]:disabled {
    background: @border@; color: @muted@; border-color: @border@;
}
QPushButton[danger="true"]:enabled { color: @danger@; }
QPushButton[flat="true"], QToolButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover, QToolButton[flat="true"]:hover { background: @hover@; }
QPushButton[flat="true"]:focus, QToolButton[flat="true"]:focus { border: 2px solid @focus@; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QTextEdit, QPlainTextEdit, QComboBox {
    background: @field@; border: 1px solid @border@; border-radius: 6px; padding: 4px 8px;
    selection-background-color: @selection@; selection-color: @text@; min-height: 18px;
}
QLineEdit:hover, QComboBox:hover { border-color: @border_strong@; }
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QComboBox:focus {
    border: 2px solid @focus@; padding: 3px 7px;
}
QLineEdit:disabled, QTextEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {
    color: @muted@; background: @window@;
}
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url(@image:chevron-down:muted@); width: 14px; height: 14px; }
QComboBox QAbstractItemView {
    background: @panel@; border: 1px solid @border_strong@; outline: none; padding: 4px;
    selection-background-color: @current_row@; selection-color: @text@;
}

QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: @muted@; border: none; border-bottom: 2px solid transparent;
    padding: 9px 4px 7px 4px; margin: 0 7px;
}
QTabBar::tab:hover { color: @text@; }
QTabBar::tab:selected { color: @text@; font-weight: 600; border-bottom: 2px solid @accent@; }
QTabBar::tab:focus { border-bottom: 2px solid @focus@; background: @current_row@; }
QTabBar QToolButton { padding: 2px; min-height: 0; border: none; background: @window@; }
QTabBar QToolButton::left-arrow { image: url(@image:previous:muted@); width: 14px; height: 14px; }
QTabBar QToolButton::right-arrow { image: url(@image:next:muted@); width: 14px; height: 14px; }
QTabBar::tab:disabled { color: @border_strong@; }

QListView, QTreeView, QTableView, QListWidget, QTreeWidget, QTableWidget {
    background: @panel@; alternate-background-color: @window@; border: none; outline: none;
    selection-background-color: @current_row@; selection-color: @text@;
}
QListView::item, QTreeView::item { padding: 4px 6px; border: 1px solid transparent; }
QListView::item:hover, QTreeView::item:hover { background: @hover@; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
    background: @current_row@; color: @text@;
}
QListView::item:selected:focus, QTreeView::item:selected:focus, QTableView::item:selected:focus { border: 1px solid @focus@; }
QHeaderView { background: @window@; border: none; }
QHeaderView::section {
    background: @window@; color: @muted@; border: none; border-bottom: 1px solid @border@; padding: 5px 8px;
}

RowsView, RowsView:focus { background: @panel@; border: none; }
RowsView::item:selected:focus { border: none; }
RowsView[bare="true"], RowsView[bare="true"]:focus { background: transparent; border: none; }
HitsTable { background: @page@; border: none; }
HitsTable QHeaderView, HitsTable QHeaderView::section { background: @page@; }
GuidelinesPage, GuidelinesPage:focus { background: @panel@; border: none; border-radius: 0; padding: 0; }
GuidelinesPage:focus { border: 1px solid @focus@; }
GuidelinesPage:disabled { background: @panel@; }
#guideEditor, #guideEditor:focus { border: none; border-radius: 0; padding: 6px 12px; }

TypesetPopup { background: @panel@; border: 1px solid @border_strong@; }
QListWidget[boxed="true"] { background: @field@; border: 1px solid @border@; border-radius: 6px; }
QFrame[foot="true"] { background: @panel@; border: none; border-top: 1px solid @border@; border-bottom: 1px solid @border@; }
QScrollArea { background: transparent; border: none; }
ArticleView { background: @page@; border: none; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 11px; }
QScrollBar:horizontal { height: 11px; }
QScrollBar::handle { background: @border_strong@; border-radius: 3px; margin: 2px 3px 2px 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: @muted@; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QFileDialog {
    min-width: 780px; min-height: 480px;
    backward-icon: url(@image:previous:text@); forward-icon: url(@image:next:text@);
    filedialog-parent-directory-icon: url(@image:open:text@);
}
QFileDialog QTreeView::item, QFileDialog QListView::item { padding: 2px 0; }
QFileDialog #sidebar { min-width: 150px; }

QToolTip { background: @panel@; color: @text@; border: 1px solid @border_strong@; padding: 4px 7px; }

QGroupBox { border: 1px solid @border@; border-radius: 8px; margin-top: 20px; padding: 10px; }
QGroupBox::title { subcontrol-origin: margin; left: 2px; color: @muted@; }
QCheckBox, QRadioButton { spacing: 8px; padding: 3px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border-color: @focus@; }
QCheckBox:disabled, QRadioButton:disabled { color: @muted@; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
    width: 13px; height: 13px; border: 1px solid @muted@; border-radius: 4px; background: @field@;
}
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @focus@; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: @accent@; border-color: @accent@; image: url(@image:done:on_accent@);
}
QRadioButton::indicator:checked { width: 7px; height: 7px; border: 4px solid @accent@; border-radius: 7px; background: @on_accent@; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: @border_strong@; background: @window@; }

QProgressBar { background: @border@; border: none; border-radius: 3px; max-height: 6px; text-align: center; color: transparent; }
QProgressBar::chunk { background: @accent@; border-radius: 3px; }
QSlider::groove:horizontal { height: 4px; background: @border@; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; margin: -5px 0; border-radius: 7px; background: @accent@; }
QSlider::handle:horizontal:focus { background: @focus@; }

SearchField QToolButton, SearchField QToolButton:hover, SearchField QToolButton:focus, SearchField QToolButton:pressed,
SearchField QToolButton:disabled { background: transparent; border: none; padding: 0; margin: 0; min-height: 0; }
#searchKey { color: @muted@; background: transparent; }
QuietSpin { background: @field@; border: 1px solid @border@; border-radius: 6px; min-height: 26px; }
QuietSpin:focus { border: 2px solid @accent@; min-height: 24px; }
QuietSpin QLineEdit, QuietSpin QLineEdit:hover, QuietSpin QLineEdit:focus, QuietSpin QLineEdit:disabled {
    background: transparent; border: none; padding: 0; min-height: 0;
}

#toolrow { background: @panel@; border-bottom: 1px solid @border@; }
#palette_hint { color: @muted@; background: transparent; border: none; padding: 0 0 0 6px; }
#palette_hint:hover { color: @text@; text-decoration: underline; }
#palette_panel { background: @panel@; border: 1px solid @border_strong@; border-radius: 10px; }
#palette_foot { padding: 0 14px; }
#message { background: @panel@; border: 0; border-top: 1px solid @border@; }
#message[side="left"] { border-left: 3px solid @accent@; }
#message[side="right"] { border-right: 3px solid @accent@; }
#message[side="left"][kind="error"] { border-left: 3px solid @danger@; }
#message[side="right"][kind="error"] { border-right: 3px solid @danger@; }
#question { background: @current_row@; border: 1px solid @border_strong@; border-radius: 8px; }
#repeats { background: @current_row@; border-bottom: 1px solid @border@; }
#firstSteps { background: @current_row@; border: none; border-top: 1px solid @border@; }
#stepDisc { background: transparent; color: @muted@; border: 1px solid @border_strong@; border-radius: 12px; font-weight: 600; }
#stepDisc[turn="now"] { background: @accent@; color: @on_accent@; border-color: @accent@; }
#stepDisc[turn="done"] { border-color: transparent; }

#articles { background: @window@; }
#articles QTableView, #articles QTableView:focus { background: @window@; border: none; }
#articles QPushButton[chip="true"] {
    background: transparent; color: @muted@; border: 1px solid transparent; border-radius: 11px;
    padding: 2px 7px; min-height: 16px;
}
#articles QPushButton[chip="true"]:hover { background: @hover@; color: @text@; }
#articles QPushButton[chip="true"]:checked { background: @page@; color: @text@; border-color: @border_strong@; }
#articles QPushButton[filter] { background: @page@; color: @text@; border-color: @border_strong@; }
#articles FilterButtons QToolButton, #articles FilterButtons QToolButton:focus { padding: 0; }
#articles QPushButton[chip="true"]:focus { border: 2px solid @focus@; padding: 1px 6px; }

#inspector, #inspector #cardGround { background: @panel@; }
#inspector #edge, #inspector #under { background: @border@; }
#inspector QTabBar::tab { min-width: 0; padding: 9px 2px 7px 2px; margin: 0 6px; }
#inspector QTabBar[narrow="true"] { font-size: 12px; }
#inspector QTabBar[narrow="true"]::tab { padding: 9px 1px 7px 1px; margin: 0 2px; }
#inspector QTabBar QToolButton { padding: 0; }
#card { background: @page@; border: 1px solid @border@; border-radius: 9px; }
#card QLabel { border: none; }
#card QPushButton[small="true"], #card QToolButton[small="true"] { padding: 2px 5px; min-height: 16px; color: @muted@; }
#card QPushButton[small="true"]:hover { color: @text@; }
#card QPushButton[small="true"]:focus, #card QToolButton[small="true"]:focus { padding: 1px 4px; color: @text@; }
#card TieButton[small="true"], #card #more { text-align: left; padding: 3px 0; border: none; color: @text@; }
#card TieButton[small="true"]:focus, #card #more:focus { border: none; padding: 3px 0 1px 0; border-bottom: 2px solid @focus@; }
#card #more { color: @muted@; }
#card TieButton[small="true"]:hover { text-decoration: underline; }
#historyFoot { background: @page@; border: none; border-top: 1px solid @border@; }
#inspector HistoryPage QPushButton[small="true"] { padding: 3px 8px; min-height: 16px; }
#inspector HistoryPage QPushButton[small="true"]:focus { padding: 2px 7px; }

#welcome, #welcome #ground { background: @page@; }
#welcome #steps { background: @panel@; border: 1px solid @border@; border-radius: 9px; }
#welcome QPushButton[big="true"] { padding: 9px 16px; font-weight: 600; min-height: 20px; }
#welcome QPushButton[big="true"]:focus { padding: 8px 15px; }
#concordance, #schemePage, #schemeGround, #statisticsPage, #statisticsGround { background: @page@; }
#listPage { background: @panel@; }
#pageHead { background: @panel@; border: none; border-bottom: 1px solid @border@; }
#pageSide { background: @window@; border: none; border-left: 1px solid @border@; }
#schemeSide { background: @window@; border: none; border-right: 1px solid @border@; }
#hitBar { background: @panel@; border: none; border-top: 1px solid @border@; }
#statisticsPage QFrame[card="true"] { background: @panel@; border: 1px solid @border@; border-radius: 9px; }
#attributeForm { background: @page@; border: 1px solid @border@; border-radius: 9px; }
#attributeForm QLabel { border: none; }
#key_editor { background: @window@; border-top: 1px solid @border@; }
#key_field { background: @field@; border: 2px solid @focus@; border-radius: 6px; padding: 4px 10px; color: @muted@; }
"""

# Qt puts a text to the side where its own letters begin; in a mirrored window a Latin one, a name or a path, stays with the rest.
MIRRORED = """
QLabel, QLineEdit, QSpinBox { qproperty-alignment: "AlignRight | AlignAbsolute | AlignVCenter"; }
QLabel[centred="true"] { qproperty-alignment: AlignCenter; }
"""
