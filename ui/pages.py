"""The pages of the window: welcome, the desk with the article, and those that are laid over the desk for a while."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget


class Pages(QStackedWidget):
    """One at a time. `turned` tells that another is shown.

    The desk is put in when it is first turned to: dressed and laid out before, it would keep the welcome page waiting.
    """

    turned = Signal()

    def __init__(self, welcome: QWidget, desk: QWidget) -> None:
        super().__init__()
        self._welcome, self._desk = welcome, desk
        self.addWidget(welcome)

    @property
    def at_desk(self) -> bool:
        """Whether the article is in view, so that keys can mean it."""
        return self.currentWidget() is self._desk

    def shows(self, page: QWidget) -> bool:
        return self.currentWidget() is page

    def welcome(self) -> None:
        self._turn(self._welcome)

    def desk(self) -> None:
        self._turn(self._desk)

    def lay(self, page: QWidget) -> None:
        """Lay a page over the desk."""
        self._turn(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        """Back to the desk from a page that lies over it; False where none does."""
        if self.currentWidget() in (self._welcome, self._desk):
            return False
        self._turn(self._desk)
        return True

    def _turn(self, page: QWidget) -> None:
        if self.indexOf(page) < 0:
            self.addWidget(page)
        if self.currentWidget() is not page:
            self.setCurrentWidget(page)
            self.turned.emit()


def column(*widgets: QWidget) -> QWidget:
    """Widgets one below the other, with nothing between them."""
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    for widget in widgets:
        rows.addWidget(widget)
    return page
