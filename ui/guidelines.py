"""The guidelines of the project, to be read beside the article."""

from __future__ import annotations

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
from PySide6.QtWidgets import QTextBrowser, QWidget

from ui.theme import LIGHT, Theme


class GuidelinesPage(QTextBrowser):
    """Markdown set calmly. Links lead to places in the same text and nowhere else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Guidelines")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.anchorClicked.connect(self._go)
        self.document().setDocumentMargin(14)
        self._theme: Theme = LIGHT
        self._markdown = ""

    def show_markdown(self, markdown: str) -> None:
        if markdown != self._markdown:
            self._markdown = markdown
            self._set()

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
        self.setMarkdown(self._markdown or "*This project has no guidelines.*")
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
