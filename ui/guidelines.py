"""The guidelines of the project, read and edited beside the article, and the way to the part on a label."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QShowEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.errors import UserError
from desktop.guidelines import read
from desktop.model import Scheme
from desktop.paths import projects_folder
from ui.badges import BadgeRow
from ui.fields import NoteEdit
from ui.parts import words
from ui.report import sentence
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
        self._faded = True  # set in other colours than these, or not at all

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
        self._faded = True
        if self.isVisible():
            self._set()

    def showEvent(self, event: QShowEvent) -> None:
        """Other colours come when they are seen: all of the text has to be set anew for them."""
        if self._faded:
            self._set()
        super().showEvent(event)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing is fetched, neither pictures nor pages."""
        return None

    def _go(self, url: QUrl) -> None:
        if url.hasFragment() and not url.path():
            self.scrollToAnchor(url.fragment())

    def _set(self) -> None:
        self._faded = False
        place = self.verticalScrollBar().value()
        self.setExtraSelections([])
        self.setMarkdown(self._markdown or tr("*This project has no guidelines.*"))
        document = self.document()
        whole = QTextCursor(document)
        whole.beginEditBlock()  # or all of it is laid out anew for every block
        block = document.begin()
        while block.isValid():
            self._set_block(block)
            block = block.next()
        whole.endEditBlock()
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
    """The guidelines under a row of labels, each of which leads to the part on it; and where they are edited.

    `set_asked` carries other guidelines and the title of the step. `ask_path` asks for a file, and can be replaced in tests.
    """

    set_asked = Signal(str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = GuidelinesPage()
        self.badges = BadgeRow(checkable=False)
        self.badges.chosen.connect(self.page.show_part)
        self.editor = NoteEdit(tr("Guidelines, in Markdown"), tr("# Guidelines\n\n## Actor\n\nWho acts…"))
        self.editor.setObjectName("guideEditor")
        self.editor.committed.connect(self._tell)
        self.editor.left.connect(self._leave)
        self.editing, self.loading = QPushButton(), QPushButton(tr("Load…"))
        self.loading.setToolTip(
            tr("Put a Markdown file in the place of these guidelines; undo brings them back")
        )
        self.editing.clicked.connect(lambda: self.read() if self.is_editing else self.edit())
        self.loading.clicked.connect(self.load)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setProperty("problem", True)
        self.said.hide()
        self.ask_path: Callable[[], str] = self._ask_path
        self._shown = ""
        self._markdown = ""
        self._place()
        self.read()

    def _place(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(12, 6, 8, 4)
        top.addWidget(self.badges, 1)
        top.addStretch(0)
        for button in (self.editing, self.loading):
            button.setProperty("flat", True)
            button.setProperty("small", True)
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._texts = QStackedWidget()
        self._texts.addWidget(self.page)
        self._texts.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        inset = QVBoxLayout()
        inset.setContentsMargins(12, 0, 12, 6)
        inset.addWidget(self.said)
        column.addLayout(inset)
        column.addWidget(self._texts, 1)

    def show_markdown(self, markdown: str, scheme: Scheme | None) -> None:
        """Other guidelines. Labels that have no part of their own lead nowhere and are left out."""
        self._markdown = markdown
        self.page.show_markdown(markdown)
        self.editor.show_text(markdown)
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

    @property
    def is_editing(self) -> bool:
        return self._texts.currentWidget() is self.editor

    def edit(self) -> None:
        """Show the Markdown to be changed; it is kept when the field is left, and with Ctrl+Enter or Esc."""
        self.editor.reset(self._markdown)
        self._turn(self.editor, tr("Done"), tr("Keep what is written (Ctrl+Enter)"))
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def read(self) -> None:
        """Keep what was written and show the guidelines to be read."""
        self.editor.commit()
        self._turn(self.page, tr("Edit"), tr("Edit the guidelines of this project"))

    def _turn(self, text: QWidget, way: str, tip: str) -> None:
        self.said.hide()
        self._texts.setCurrentWidget(text)
        self.editing.setText(way)
        self.editing.setToolTip(tip)

    def _leave(self) -> None:
        self.read()
        self.left.emit()

    def _tell(self, markdown: str) -> None:
        self.set_asked.emit(f"{markdown}\n" if markdown else "", "Edit the guidelines")

    def load(self) -> None:
        """Ask for a file and put its text in the place of the guidelines; what is wrong with it is said here."""
        path = self.ask_path()
        if not path:
            return
        self.read()
        try:
            markdown = read(Path(path))
        except UserError as error:
            self.said.setText(sentence(error))
            self.said.show()
        else:
            self.set_asked.emit(markdown, f"Load guidelines: {Path(path).name}")

    def _ask_path(self) -> str:
        kinds = tr("Markdown and text (*.md *.markdown *.txt)")
        return QFileDialog.getOpenFileName(
            self.window(), tr("Load guidelines"), str(projects_folder()), f"{kinds};;{tr('All files (*)')}"
        )[0]

    def allow(self, on: bool) -> None:
        """Whether they may be changed now."""
        if not on and self.is_editing:
            self.read()
        self.editing.setEnabled(on)
        self.loading.setEnabled(on)

    def set_theme(self, theme: Theme) -> None:
        self.page.set_theme(theme)
        self.badges.set_theme(theme)
