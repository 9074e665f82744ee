"""The window in a language in which no text is English and every one is 40 % longer: nothing untranslated, nothing cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)

from desktop.paths import shipped
from ui.driver import Driver
from ui.parts import words
from ui.rows import ListRow
from ui.window import MainWindow

# What is the same in every language: names, keys, and what Qt itself says in languages that it knows.
SAME = re.compile(
    r"Tagline( JSONL)?|JSONL|CSV|UIMA|CAS|XMI|CoNLL|GLiNER|brat|doccano|Prodigy|Parquet|Label Studio|Hugging Face|spaCy|SQLite|PySide6"
    r"|\b(Ctrl|Shift|Alt|Return|Enter|Backspace|Del|Space|Esc|PgUp|PgDown|Left|Right|Up|Down)\b"
    r"|\b(OK|Cancel|Close|Save|Discard|Scroll Left|Scroll Right)\b|https?://|\S*/\S*|\S+\.(tagline|json|jsonl|qm)"
    r"|English|reference|\bana\b|(?i:event|actor|location|claim|about|agent|part of|coref\w*)s?"
)
# Lists in which articles and their words are shown, and widgets that show nothing else.
LISTS = ("RowsView", "HitsTable", "QHeaderView")
DATA = (
    "ArticlesView",
    "SpanList",
    "LinesLabel",
    "LabelButton",
    "BadgeButton",
    "TieButton",
    "GuidelinesPage",
    "ArticleView",
)


def plain(text: str) -> str:
    """What is left of a text without its translated parts."""
    before = None
    while before != text:
        before, text = text, re.sub(r"‹[^‹›]*›", "", text)
    return SAME.sub("", re.sub(r"‹.*", "", text))


def told(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that visible widgets show, with whose it is."""
    for widget in [root, *root.findChildren(QWidget)]:
        kind = type(widget).__name__
        if not widget.isVisible() or kind in DATA or isinstance(widget.parent(), QComboBox):
            continue
        typed = isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit | QAbstractSpinBox)
        for name in ("placeholderText", "toolTip", "accessibleName", *(() if typed else ("text",))):
            said = getattr(widget, name, str)
            yield kind, str(said() if callable(said) else "")
        yield from ((kind, text) for text in entries(widget))


def entries(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(place) for place in range(widget.count()))
    elif isinstance(widget, QMenuBar):
        yield from (text for action in widget.actions() for text in of_menu(action.menu()))
    elif isinstance(widget, QAbstractItemView) and widget.model():
        model = widget.model()
        columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
        rows = getattr(model, "rows", ())
        for row in range(min(30, model.rowCount(QModelIndex()))):
            shown = rows[row] if row < len(rows) else None
            if isinstance(shown, ListRow):
                yield from (
                    text for text in (shown.text, shown.below, shown.right, shown.after) if not shown.label
                )
            else:
                yield from (str(model.index(row, at).data() or "") for at in range(columns))


def of_menu(menu: QMenu | None) -> Iterator[str]:
    for action in menu.actions() if menu else ():
        yield action.text()
        yield from of_menu(action.menu())


def cut(root: QWidget) -> Iterator[str]:
    """Visible captions that are wider than the room they have, and pages wider than what shows them."""
    for area in root.findChildren(QScrollArea):
        if area.isVisible() and area.widget() and area.widget().width() > area.viewport().width() + 1:
            yield f"{area.widget().objectName()} is {area.widget().width()} wide, shown are {area.viewport().width()}"
    for widget in root.findChildren(QWidget):
        if (
            not isinstance(widget, QPushButton | QCheckBox | QRadioButton | QLabel | QToolButton)
            or not widget.isVisible()
        ):
            continue
        if not widget.text() or type(widget).__name__ in (
            "_Elided",
            "TieButton",
            "_Line",
            "FoldHead",
            "Elided",
        ):
            continue  # these say the whole as their tool tip
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        if wraps and widget.heightForWidth(widget.width()) > widget.height() + 2:
            yield f"{widget.text()!r} needs {widget.heightForWidth(widget.width())} of height, has {widget.height()}"
        elif not wraps and widget.sizeHint().width() > widget.width() + 1:
            yield f"{widget.text()!r} needs {widget.sizeHint().width()} of width, has {widget.width()}"


def letters(text: str) -> str:
    """The plain letters of a text, run together: quotation marks and the like differ by encoding."""
    return re.sub(r"[^A-Za-z]+", "", text)


def of_project(window: MainWindow) -> tuple[str, set[str]]:
    """What the project itself says: its articles, and the names and descriptions of its scheme."""
    texts = [path.read_text("utf-8", "replace") for path in shipped("seeds").rglob("*") if path.is_file()]
    named = re.findall(r'"(?:name|description)": "([^"]*)"', window.scheme.model_dump_json(indent=1))
    return letters(" ".join(texts)), {part for name in named for part in (name, words(name))}


class Eyes:
    """Looks at widgets and keeps what is wrong with them."""

    def __init__(self, window: MainWindow) -> None:
        self.articles, self.scheme = of_project(window)
        self.untranslated: dict[tuple[str, str], str] = {}
        self.cut: dict[str, str] = {}

    def look(self, name: str, widget: QWidget) -> None:
        for kind, text in told(widget):
            left = plain(text)
            if kind in LISTS and all(letters(part) in self.articles for part in re.split(r"×\d+,?|…", text)):
                continue
            if re.search(r"[A-Za-z]{3,}", left) and text not in self.scheme:
                self.untranslated.setdefault((kind, text), name)
        self.cut.update((said, name) for said in cut(widget))


@pytest.fixture
def longer(speak: Any, request: pytest.FixtureRequest) -> Driver:
    """The sample in the invented language, as small as the window is made for."""
    assert speak("eo") == "eo"
    driver: Driver = request.getfixturevalue("driver")
    driver.window.resize(1024, 700)
    return driver


def test_no_english_is_left_and_nothing_is_cut(longer: Driver, tmp_path: Any) -> None:
    window, eyes = longer.window, Eyes(longer.window)
    eyes.look("welcome", window)
    window.projects.make_sample(tmp_path / "sample.tagline", labels=True)
    longer.wait(lambda: len(window.browsing.lines) == 5, "the sample is open")
    longer.settle()
    eyes.look("desk", window)
    assert window.labelling.reading
    window.labelling.go_to(next(iter(window.labelling.reading.spans)))
    longer.settle()
    for tab in ("labels", "notes", "history"):
        window.inspector.focus_tab(tab)
        longer.settle()
        eyes.look(tab, window)
    for page in ("scheme", "statistics", "backups", "repair", "check", "label_all", "relate"):
        window.actions_.by_id[page].trigger()
        longer.settle()
        longer.wait(lambda: not window.long.busy, "it is looked at")
        QTest.qWait(50)
        longer.settle()
        eyes.look(page, window)
        window.pages.leave()
    window.repeats.leave()
    look_at_dialogs(longer, eyes)
    assert eyes.untranslated == {}
    assert eyes.cut == {}


def look_at_dialogs(driver: Driver, eyes: Eyes) -> None:
    window = driver.window
    window.actions_.by_id["concordance"].trigger()
    driver.settle()
    eyes.look("concordance", window)
    window.pages.leave()
    window.actions_.by_id["palette"].trigger()
    driver.settle()
    eyes.look("palette", window)
    window.command_palette.leave()
    from ui.dialogs import SettingsDialog
    from ui.keys_dialog import KeysDialog

    for dialog in (
        SettingsDialog(window.settings, window),
        KeysDialog(window.actions_.keymap, window),
    ):
        dialog.show()
        driver.settle()
        eyes.look(type(dialog).__name__, dialog)
        dialog.close()
