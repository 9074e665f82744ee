"""A page with a list and what can be done with the row that is chosen: repairs, backups, the bin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.question import Question
from ui.rows import ListRow, RowsView
from ui.theme import LIGHT, Theme
from ui.words import tr

if TYPE_CHECKING:
    from ui.window import MainWindow

# What a button says, what it does, and whether what it does cannot be taken back.
Deed = tuple[str, Callable[[], object], bool]
_SIDE = 340
_WIDEST, _MARGINS = 480, 42


class ListPage(QWidget):
    """`left` says that the page is done with, `chosen` which row is looked at. `question` asks in its place."""

    left = Signal()
    chosen = Signal(object)

    def __init__(self, title: str, about: str, theme: Theme = LIGHT) -> None:
        super().__init__()
        self.setObjectName("listPage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list = RowsView(title)
        self.about = _text(about, muted=True)
        self.empty = _text("", muted=True)
        self.name, self.detail = _text("", heading=True), _text("")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.question = Question()
        self.done = QPushButton(tr("Done"))
        self.done.setProperty("primary", True)
        self.done.setToolTip(tr("Back to the article (Esc)"))
        self.deeds: list[QPushButton] = []
        self.tools: list[QPushButton] = []
        self.setFocusProxy(self.list)
        self._place(title)
        self.done.clicked.connect(self.left)
        self.list.chosen.connect(self._choose)
        self.question.asked.connect(
            lambda: QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self.question))
        )
        self.set_theme(theme)

    def _place(self, title: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head(title))
        body = QHBoxLayout()
        body.setSpacing(0)
        lists = QVBoxLayout()
        lists.setSpacing(0)
        self.empty.setContentsMargins(16, 16, 16, 16)
        lists.addWidget(self.empty)
        lists.addSpacing(6)
        lists.addWidget(self.list, 1)
        lists.addStretch(0)
        body.addLayout(lists, 1)
        body.addWidget(self._make_side())
        column.addLayout(body, 1)

    def _make_head(self, title: str) -> QWidget:
        head = QFrame()
        head.setObjectName("pageHead")
        self._head = QHBoxLayout(head)
        self._head.setContentsMargins(16, 8, 12, 8)
        self._head.setSpacing(10)
        self._head.addWidget(_text(title, heading=True, wrap=False))
        self._head.addWidget(self.about, 1)
        self._head.addWidget(self.done)
        return head

    def _make_side(self) -> QWidget:
        self._ground = QWidget()
        self._ground.setObjectName("pageSide")
        self._side = QVBoxLayout(self._ground)
        self._side.setContentsMargins(18, 16, 18, 16)
        self._side.setSpacing(10)
        for widget in (self.name, self.detail):
            widget.setMinimumWidth(1)  # or a word that is wider than the side pushes the buttons out of view
            self._side.addWidget(widget)
        self._side.addSpacing(6)
        self._side.addWidget(self.question)
        self._side.addStretch(1)
        self._area = QScrollArea()
        self._area.setObjectName("pageSide")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFixedWidth(_SIDE)
        self._area.setWidget(self._ground)
        return self._area

    def add_tool(self, text: str, act: Callable[[], object], tip: str = "") -> QPushButton:
        """A button for the whole page, beside Done."""
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda _=False: act())
        self._head.insertWidget(self._head.count() - 1, button)
        self.tools.append(button)
        return button

    def add_key(self, key: str, act: Callable[[], object]) -> None:
        """A key that does something with the chosen row."""
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    def show_rows(self, rows: Sequence[ListRow], empty: str, *, afresh: bool = True) -> None:
        """`empty` is said where there are none. The row that was chosen stays chosen if it is still there.

        Unless `afresh`, what is shown of it stays as well.
        """
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.empty.setText(empty)
        self.empty.setVisible(not rows)
        keys = [row.key for row in rows if row.key is not None]
        gone = self.list.picked not in keys
        if gone:
            self.list.pick(keys[0] if keys else None)
            self.question.close_()
        if gone or afresh:
            self.chosen.emit(self.list.picked)

    def show_detail(self, name: str, detail: str, deeds: Sequence[Deed] = ()) -> None:
        """What is known of the chosen row, and what can be done with it."""
        self.name.setText(name)
        self.detail.setText(detail)
        had_focus = any(button.hasFocus() for button in self.deeds)
        for old in self.deeds:
            old.deleteLater()
        self.deeds = [self._deed(*deed) for deed in deeds]
        # Some languages need more words for a deed; it is read whole.
        widest = max((button.sizeHint().width() for button in self.deeds), default=0)
        self._area.setFixedWidth(max(_SIDE, min(widest + _MARGINS, _WIDEST)))
        if had_focus:
            self.list.setFocus()

    def _deed(self, text: str, act: Callable[[], object], danger: bool) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("danger", danger)
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False: act())
        self._side.insertWidget(self._side.indexOf(self.question), button)
        return button

    def _choose(self, key: Any) -> None:
        self.question.close_()
        self.list.pick(key)
        self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc says no to the question first, and only then leaves the page."""
        if event.key() == Qt.Key.Key_Escape and self.question.asking:
            self.question.close_()
            self.list.setFocus()
        else:
            super().keyPressEvent(event)

    def set_theme(self, theme: Theme) -> None:
        self.list.set_theme(theme)


def _text(text: str, *, heading: bool = False, muted: bool = False, wrap: bool = True) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(wrap)
    label.setProperty("heading", heading)
    label.setProperty("muted", muted)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


P = TypeVar("P", bound=ListPage)


class PageFlow(Generic[P]):
    """What stands behind such a page: it is made when it is first wanted, and laid over the desk."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._page: P | None = None

    @property
    def page(self) -> P:
        if self._page is None:
            self._page = self._make_page()
            self._page.left.connect(self._window.pages.leave)
        return self._page

    def _make_page(self) -> P:
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        if self._page:
            self._page.set_theme(theme)
