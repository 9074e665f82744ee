"""A page with a list and what can be done with the row that is chosen: repairs, backups, the bin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.laid_page import AskingPage
from ui.rows import ListRow, RowsView
from ui.theme import LIGHT, Theme

if TYPE_CHECKING:
    from ui.window import MainWindow

# What a button says, what it does, and whether what it does cannot be taken back.
Deed = tuple[str, Callable[[], object], bool]
_SIDE = 340
_WIDEST, _MARGINS = 480, 42


class ListPage(AskingPage):
    """`chosen` says which row is looked at."""

    chosen = Signal(object)

    def __init__(self, title: str, about: str, theme: Theme = LIGHT) -> None:
        self.list = RowsView(title)
        super().__init__("listPage", title, self.list)
        self.about = _text(about, muted=True)
        self.empty = _text("", muted=True)
        self.name, self.detail = _text("", heading=True), _text("")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.deeds: list[QPushButton] = []
        self.tools: list[QPushButton] = []
        self._place()
        self.list.chosen.connect(self._choose)
        self.set_theme(theme)

    def _place(self) -> None:
        self.add_to_head(self.about, 1)
        across = QHBoxLayout()
        across.setSpacing(0)
        lists = QVBoxLayout()
        lists.setSpacing(0)
        self.empty.setContentsMargins(16, 16, 16, 16)
        lists.addWidget(self.empty)
        lists.addSpacing(6)
        lists.addWidget(self.list, 1)
        lists.addStretch(0)
        across.addLayout(lists, 1)
        self._place_side()
        across.addWidget(self.area)
        self.body.addLayout(across, 1)

    def _place_side(self) -> None:
        ground = QWidget()
        ground.setObjectName("pageSide")
        self._side = QVBoxLayout(ground)
        self._side.setContentsMargins(18, 16, 18, 16)
        self._side.setSpacing(10)
        for widget in (self.name, self.detail):
            widget.setMinimumWidth(1)  # or a word that is wider than the side pushes the buttons out of view
            self._side.addWidget(widget)
        self._side.addSpacing(6)
        self._side.addWidget(self.question)
        self._side.addStretch(1)
        self.area.setObjectName("pageSide")
        self.area.setFixedWidth(_SIDE)
        self.area.setWidget(ground)

    def add_tool(self, text: str, act: Callable[[], object], tip: str = "") -> QPushButton:
        """A button for the whole page, beside Done."""
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda _=False: act())
        self.add_to_head(button)
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
        if rows and self.done.hasFocus():  # it was given the focus for want of a row
            self.setFocus()
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
        self.area.setFixedWidth(max(_SIDE, min(widest + _MARGINS, _WIDEST)))
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

    def set_theme(self, theme: Theme) -> None:
        self.list.set_theme(theme)


def _text(text: str, *, heading: bool = False, muted: bool = False) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
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
