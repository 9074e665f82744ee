"""The guidelines of the project, to be read beside the article, and the way to the part on a label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QColor,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QVBoxLayout, QWidget

from desktop.model import Scheme
from ui.badges import BadgeRow
from ui.parts import words
from ui.theme import LIGHT, Theme, load_fonts
from ui.words import later, tr


class GuidelinesPage(QTextBrowser):
    """Markdown set calmly. Links lead to places in the same text and nowhere else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Guidelines"))
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.anchorClicked.connect(self._go)
        self.document().setDocumentMargin(14)
        self.document().setIndentWidth(20)  # lists in lists must leave room in a narrow panel
        self._theme: Theme = LIGHT
        self._markdown = ""

    def show_markdown(self, markdown: str) -> None:
        if markdown != self._markdown:
            self._markdown = markdown
            self._set()

    def part_on(self, label: str) -> int | None:
        """Where the part on a label begins, as a block number: the heading with its name and the fewest other words."""
        found: list[tuple[int, int]] = []
        for block in self._headings():
            said = [_stem(word) for word in re.findall(r"[^\W\d_]+", block.text().casefold())]
            wanted = [_stem(word) for word in re.findall(r"[^\W\d_]+", words(label).casefold())]
            if wanted and all(word in said for word in wanted):
                found.append((len(said) - len(wanted), block.blockNumber()))
        return min(found)[1] if found else None

    def _headings(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                yield block
            block = block.next()

    def show_part(self, label: str) -> bool:
        """Bring the part on a label to the top and mark its heading; False where there is none."""
        number = self.part_on(label)
        if number is None:
            self.setExtraSelections([])
            return False
        block = self.document().findBlockByNumber(number)
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(round(top) - 4)
        mark = QTextEdit.ExtraSelection()
        # The stubs know these two only as types, not as what may be set.
        mark.cursor = QTextCursor(block)
        mark.format.setBackground(QColor(self._theme.current_row))
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection.value, True)
        self.setExtraSelections([mark])
        return True

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setStyleSheet(
            f"QTextBrowser, QTextBrowser:focus {{ background: {theme.panel}; border: none; border-radius: 0; padding: 0; }}"
            f"QTextBrowser:focus {{ border: 1px solid {theme.focus}; }}"
        )
        self._set()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing is fetched, neither pictures nor pages."""
        return None

    def _go(self, url: QUrl) -> None:
        if url.hasFragment() and not url.path():
            self.scrollToAnchor(url.fragment())

    def _set(self) -> None:
        place = self.verticalScrollBar().value()
        self.setExtraSelections([])
        self.setMarkdown(self._markdown or tr("*This project has no guidelines.*"))
        document = self.document()
        block = document.begin()
        while block.isValid():
            self._set_block(block)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._set_table(frame)
        document.setModified(False)
        self.verticalScrollBar().setValue(place)

    def _set_block(self, block: QTextBlock) -> None:
        level = block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        shape = QTextBlockFormat()
        shape.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if level:
            shape.setTopMargin(16 if level > 1 else 4)
            shape.setBottomMargin(6)
            letters = QTextCharFormat()
            # Markdown gives headings a relative size that would dwarf a narrow panel.
            letters.setProperty(QTextFormat.Property.FontSizeAdjustment.value, 1 if level == 1 else 0)
            letters.setFontWeight(600)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(letters)
        cursor.mergeBlockFormat(shape)
        self._set_quotes(block)

    def _set_quotes(self, block: QTextBlock) -> None:
        """What stands between backticks is words of an article: in the article's type, not a typewriter's."""
        letters = QTextCharFormat()
        letters.setFontFamilies([load_fonts()[0]])
        letters.setFontFixedPitch(False)
        letters.setBackground(QColor(self._theme.hover))
        places, parts = [], block.begin()
        while not parts.atEnd():
            part = parts.fragment()
            if part.charFormat().fontFixedPitch():
                places.append((part.position(), part.length()))
            parts += 1
        for place, length in places:
            cursor = QTextCursor(self.document())
            cursor.setPosition(place)
            cursor.setPosition(place + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(letters)

    def _set_table(self, table: QTextTable) -> None:
        shape = table.format()
        shape.setBorder(1)
        shape.setBorderCollapse(True)
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setBorderBrush(QColor(self._theme.border))
        shape.setCellPadding(5)
        shape.setCellSpacing(0)
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        shape.setColumnWidthConstraints([])
        table.setFormat(shape)


def _stem(word: str) -> str:
    """A word without the ending of its plural: a heading may say "Actors"."""
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


class GuidelinesTab(QWidget):
    """The guidelines under a row of labels; each leads to the part on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = GuidelinesPage()
        self.badges = BadgeRow(checkable=False)
        self.badges.chosen.connect(self.page.show_part)
        self._shown = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inset = QVBoxLayout()
        inset.setContentsMargins(12, 6, 12, 4)
        inset.addWidget(self.badges)
        column.addLayout(inset)
        column.addWidget(self.page, 1)

    def show_markdown(self, markdown: str, scheme: Scheme | None) -> None:
        """Other guidelines. Labels that have no part of their own lead nowhere and are left out."""
        self.page.show_markdown(markdown)
        labels = (
            [label for label in scheme.labels if self.page.part_on(label.name) is not None] if scheme else []
        )
        self.badges.show_labels(labels, later("Guidelines on {label}"))
        self.badges.setVisible(bool(labels))
        self._shown = ""

    def show_label(self, label: str | None) -> None:
        """Go to the part on the label of the picked span, unless that is where the reader was led last."""
        if label and label != self._shown and self.page.show_part(label):
            self._shown = label

    def set_theme(self, theme: Theme) -> None:
        self.page.set_theme(theme)
        self.badges.set_theme(theme)
