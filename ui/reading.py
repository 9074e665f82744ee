"""A window to read in: the guide, the release notes, the licences. Chapters on the left, the one chosen on the right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from ui.guidelines import GuidelinesPage
from ui.parts import theme_of
from ui.rows import ListRow, RowsView
from ui.theme import Theme
from ui.words import tr

_SIDE = 24  # free space at both sides of the text, in pixels
_GAP = 8
_PICTURE = "\ufffc"  # what stands for one in the text
_WIDEST = 760  # longer lines are hard to read


@dataclass(frozen=True)
class Chapter:
    """`text` is Markdown, unless `plain`; pictures are looked for in `folder`."""

    title: str
    text: str
    folder: Path | None = None
    plain: bool = False

    @property
    def anchor(self) -> str:
        """What links in other chapters call it: `#first-project`."""
        return re.sub(r"\W+", "-", self.title.lower()).strip("-")


def chapters_of(path: Path) -> list[Chapter]:
    """A Markdown file cut at its headings of the second level; what stands before the first is left out."""
    parts = re.split(r"^## (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [Chapter(title.strip(), f"# {title}\n{text}", path.parent) for title, text in pairs]


class ReadingPage(GuidelinesPage):
    """One chapter, its pictures as wide as the text at most, sharp on dense screens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Text"))
        self._chapter = Chapter("", "")
        self._later = QTimer(self, singleShot=True, interval=50)
        self._later.timeout.connect(self._fit)

    def show_chapter(self, chapter: Chapter) -> None:
        self._chapter, self._markdown = chapter, chapter.text
        self._set()
        self.verticalScrollBar().setValue(0)

    def _set(self) -> None:
        if self._chapter.plain:
            self._faded = False
            self.setPlainText(self._chapter.text)
        else:
            super()._set()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.document().setDocumentMargin(max(_SIDE, (self.viewport().width() - _WIDEST) // 2))
        self._later.start()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Pictures from the chapter's own folder; nothing is fetched from anywhere else."""
        place, folder = QUrl(name), self._chapter.folder
        pictures = QTextDocument.ResourceType.ImageResource.value
        if kind != pictures or not place.isRelative() or place.host() or folder is None:
            return None
        image = QImage(str(folder / place.path()))
        ratio = self.devicePixelRatioF()
        width = min(image.width(), round(self._room() * ratio))
        image = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        self._frame(image)
        image.setDevicePixelRatio(ratio if width == round(self._room() * ratio) else 1.0)
        return image

    def _frame(self, image: QImage) -> None:
        """A line around a picture, or a window in it would run into the page."""
        painter = QPainter(image)
        try:
            painter.setPen(QColor(self._theme.border_strong))
            painter.drawRect(0, 0, image.width() - 1, image.height() - 1)
        finally:
            painter.end()

    def _set_block(self, block: QTextBlock) -> None:
        super()._set_block(block)
        if (
            _PICTURE in block.text()
        ):  # lines are set wide; a picture would get a gap of a quarter of its height
            shape = block.blockFormat()
            shape.setLineHeight(100, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            QTextCursor(block).setBlockFormat(shape)

    def _room(self) -> float:
        bar = self.verticalScrollBar().sizeHint().width()  # which comes when the chapter turns out to be long
        return max(200.0, self.viewport().width() - 2 * self.document().documentMargin() - bar)

    def _fit(self) -> None:
        """Pictures anew at another width."""
        if not self._chapter.plain and "![" in self._chapter.text:
            self.document().clear()
            self._set()


class ReadingDialog(QDialog):
    """Chapters to read beside the work: the main window stays usable."""

    def __init__(self, title: str, chapters: Sequence[Chapter], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.chapters = tuple(chapters)
        self.list = RowsView(tr("Chapters"))
        self.list.setFixedWidth(210)
        self.list.setVisible(len(self.chapters) > 1)
        self.list.show_rows([ListRow(chapter.title, number) for number, chapter in enumerate(self.chapters)])
        self.list.chosen.connect(self.show_chapter)
        self.list.selectionModel().currentChanged.connect(lambda index: self.show_chapter(index.row()))
        self.page = ReadingPage(self)
        self.page.anchorClicked.connect(self._follow)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self.page, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.addLayout(row, 1)
        inset = QHBoxLayout()
        inset.setContentsMargins(16, 0, 16, 0)
        inset.addWidget(buttons)
        column.addLayout(inset)
        self.set_theme(theme_of(parent))
        self.resize(960 if len(self.chapters) > 1 else 720, 720)
        self.show_chapter(0)

    def set_theme(self, theme: Theme) -> None:
        self.list.set_theme(theme)
        self.page.set_theme(theme)

    def show_chapter(self, number: int) -> None:
        if 0 <= number < len(self.chapters) and self.list.picked != number:
            self.list.pick(number)
            self.page.show_chapter(self.chapters[number])

    def _follow(self, url: QUrl) -> None:
        """A link to another chapter; there are no others."""
        names = [chapter.anchor for chapter in self.chapters]
        if url.fragment() in names:
            self.show_chapter(names.index(url.fragment()))


def texts(files: Iterable[tuple[str, Path]]) -> list[Chapter]:
    """Plain text files as chapters; one that cannot be read is left out."""
    found = []
    for title, path in files:
        try:
            found.append(Chapter(title, path.read_text(encoding="utf-8", errors="replace"), plain=True))
        except OSError:
            continue
    return found
