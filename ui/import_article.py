"""An article as it will look when it is imported: its details, where they come from, its text with what is outside grey."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout, QWidget

from desktop.preview import Glimpse, Guess
from ui.fields import heading, muted
from ui.import_pages import encoding_name, reading_text
from ui.offsets import Utf16
from ui.parts import isolate, language_name, leading, one_line
from ui.theme import Theme
from ui.words import later, tr

_DETAILS = {
    "date": later("Date"), "author": later("Author"), "source": later("Source"), "url": later("Address"), "file": later("File"),
}  # fmt: skip


class ArticlePage(QWidget):
    """`decide` asks for the choice of the encoding of a file."""

    decide = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._file = ""
        self.title = heading("")
        self.title.setWordWrap(True)
        self.details = muted("")
        self.encoding = QPushButton()
        self.encoding.setAutoDefault(False)
        self.encoding.clicked.connect(lambda: self.decide.emit(self._file))
        self.text = reading_text(tr("How it will look"))
        column = QVBoxLayout(self)
        column.setContentsMargins(leading(self, 18, 4, 0, 0))
        column.setSpacing(6)
        for widget in (self.title, self.details, self.encoding):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addWidget(self.text, 1)

    def show_glimpse(self, glimpse: Glimpse, guess: Guess | None) -> None:
        article = glimpse.record.article
        self.title.setText(one_line(article.title, 200))
        self.details.setText("\n".join(self._lines(glimpse)))
        self._file = guess.file if guess else ""
        self.encoding.setVisible(guess is not None)
        if guess:
            self.encoding.setText(
                tr("The encoding was guessed as {name}: change it…", name=encoding_name(guess.encoding))
            )
        show_outside(self.text, glimpse.text, article.outside, self._theme)

    @staticmethod
    def _lines(glimpse: Glimpse) -> list[str]:
        article, found = glimpse.record.article, glimpse.record.found
        lines = []
        for name, shown in _DETAILS.items():
            value = article.meta.get(name)
            if value not in ("", None):
                line = f"{tr(shown)}: {isolate(one_line(str(value), 160))}"
                lines.append(f"{line} ({tr('found in the text')})" if name in found else line)
        if article.language:
            lines.append(tr("Language: {name}", name=language_name(article.language)))
        if article.outside:
            lines.append(tr("Grey stands outside the article."))
        return lines


class TextPage(QWidget):
    """A line of the report in full."""

    def __init__(self) -> None:
        super().__init__()
        self.below, self.words = muted(""), QLabel("")
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(leading(self, 18, 4, 0, 0))
        column.setSpacing(8)
        column.addWidget(self.below)
        column.addWidget(self.words)
        column.addStretch(1)

    def show_words(self, below: str, words: str) -> None:
        self.below.setText(below)
        self.words.setText(words)


def show_outside(
    text: QPlainTextEdit, content: str, outside: tuple[tuple[int, int], ...], theme: Theme
) -> None:
    """A text with what is outside the article grey; offsets are code points."""
    text.setPlainText(content)
    units = Utf16(content)
    grey = QTextCharFormat()
    grey.setForeground(QColor(theme.muted))
    selections = []
    for start, end in outside:
        if start < len(content):
            part = QTextEdit.ExtraSelection()
            part.format = grey
            part.cursor = QTextCursor(text.document())
            part.cursor.setPosition(units.to_utf16(start))
            part.cursor.setPosition(units.to_utf16(min(end, len(content))), QTextCursor.MoveMode.KeepAnchor)
            selections.append(part)
    text.setExtraSelections(selections)
