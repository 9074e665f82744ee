"""The window in a language in which no text is English and every one is 40 % longer: nothing untranslated, nothing cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
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
    QStyleOptionComboBox,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)
from walk import TEXTS, Walk

from desktop.paths import shipped
from ui.driver import Driver
from ui.fields import SearchField
from ui.parts import words
from ui.rows import ListRow
from ui.window import MainWindow

# What is the same in every language: names, keys, and what Qt itself says in languages that it knows.
SAME = re.compile(
    r"Tagline( JSONL)?|JSONL|CSV|UIMA|CAS|XMI|CoNLL|GLiNER|brat|doccano|Prodigy|Parquet|Label Studio|Hugging Face|spaCy|SQLite|PySide6"
    r"|\b(Ctrl|Shift|Alt|Return|Enter|Backspace|Del|Space|Esc|PgUp|PgDown|Left|Right|Up|Down)\b"
    r"|\b(OK|Cancel|Close|Save|Discard|Scroll Left|Scroll Right)\b|https?://|\S*/\S*|\S+\.(tagline|json|jsonl|qm)"
    r"|\b(train|validation|test)\b|\b(utf-|iso8859-|koi8-|cp|mac-)[a-z0-9-]+|\S+\.(txt|csv)\b|\bLinux-\S+|\bSystem\b"
    r"|\b(Python|pydantic|spacy|duckdb|trafilatura|pypdfium2|python-docx|openpyxl|dkpro-cassis)\b"
    r"|English|reference|\bana\b|(?i:event|actor|location|claim|about|agent|part of|coref\w*)s?"
)
# Widgets that show nothing but articles and their words.
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
    for field in root.findChildren(QWidget):
        if field.isVisible() and isinstance(field, QComboBox | QLineEdit):
            yield from cut_in_field(field)
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


def cut_in_field(field: QComboBox | QLineEdit) -> Iterator[str]:
    """The choice that is shown, or the hint of an empty field, where it is wider than the field."""
    if isinstance(field, QComboBox):
        option = QStyleOptionComboBox()
        field.initStyleOption(option)
        if option.currentText != field.currentText():
            yield f"{field.currentText()!r} is cut to {option.currentText!r}"
    elif not field.text() and not isinstance(field, SearchField):  # the lens says it too
        hint = field.placeholderText()
        needs = field.fontMetrics().horizontalAdvance(hint) + 16
        if needs > field.width():
            yield f"{hint!r} needs {needs} of width, has {field.width()}"


def letters(text: str) -> str:
    """The plain letters of a text, run together: quotation marks and the like differ by encoding."""
    return re.sub(r"[^A-Za-z]+", "", text)


def of_project(window: MainWindow) -> tuple[str, set[str]]:
    """What the project itself says: its articles, and the names and descriptions of its scheme."""
    texts = [path.read_text("utf-8", "replace") for path in shipped("seeds").rglob("*") if path.is_file()]
    texts += TEXTS
    named = re.findall(r'"(?:name|description)": "([^"]*)"', window.scheme.model_dump_json(indent=1))
    return letters(" ".join(texts)), {part for name in named for part in (name, words(name))}


class Eyes:
    """Looks at widgets and keeps what is wrong with them."""

    def __init__(self, window: MainWindow) -> None:
        self.articles, self.scheme = of_project(window)
        self.untranslated: dict[tuple[str, str], str] = {}
        self.cut: dict[str, str] = {}

    def english(self, text: str) -> bool:
        """Whether something in a line is neither translated nor what the project says, nor the same in all languages."""
        left = plain(text)
        return (
            bool(re.search(r"[A-Za-z]{3,}", left))
            and text not in self.scheme
            and not all(letters(part) in self.articles for part in re.split(r"×\d+,?|…", left))
        )

    def look(self, name: str, widget: QWidget) -> None:
        for kind, text in told(widget):
            if any(self.english(part) for part in text.split("\n")):
                self.untranslated.setdefault((kind, text), name)
        self.cut.update((said, name) for said in cut(widget))


@pytest.fixture(params=["eo", pytest.param("he", marks=pytest.mark.slow)])
def longer(speak: Any, request: pytest.FixtureRequest) -> Driver:
    """The window in an invented language, as small as it is made for; the second one runs from right to left."""
    assert speak(request.param) == request.param
    driver: Driver = request.getfixturevalue("driver")
    driver.window.resize(1024, 700)
    return driver


def unmirrored(root: QWidget) -> Iterator[str]:
    """Visible labels that stand at the other side than the lines of the language."""
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
    for label in root.findChildren(QLabel):
        way = label.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        if label.isVisible() and label.text() and way not in (right, Qt.AlignmentFlag.AlignHCenter):
            yield label.text()


def test_no_english_is_left_and_nothing_is_cut(longer: Driver, tmp_path: Path) -> None:
    eyes, astray = Eyes(longer.window), dict[str, str]()
    mirrored = longer.window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    for name, widget in Walk(longer, tmp_path).all():
        eyes.look(name, widget)
        assert longer.window.width() == 1024, f"{name} makes the window wider"
        if mirrored:
            astray.update((text, name) for text in unmirrored(widget))
    assert eyes.untranslated == {}
    assert eyes.cut == {}
    assert astray == {}
