"""What the pages laid over the desk have in common: a head with title and Done, and what scrolls below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.question import Question
from ui.words import tr


class LaidPage(QWidget):
    """`left` says that the page is done with. `body` is for what goes under the head, `area` for what scrolls in there.

    `first` has the keyboard when the page is laid; as a focus proxy it would keep Tab from what stands before it.
    """

    left = Signal()

    def __init__(self, name: str, title: str, first: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = first
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.done = QPushButton(tr("Done"))
        self.done.setProperty("primary", True)
        self.done.setToolTip(tr("Back to the article (Esc)"))
        self.done.clicked.connect(self.left)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head, called = QFrame(), QLabel(title)
        head.setObjectName("pageHead")
        called.setProperty("heading", True)
        self._head = QHBoxLayout(head)
        self._head.setContentsMargins(16, 8, 12, 8)
        self._head.setSpacing(10)
        self._head.addWidget(called)
        self._head.addWidget(self.done)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addWidget(head)

    def add_to_head(self, widget: QWidget, stretch: int = 0) -> None:
        """Put something between the title and Done, for the eye and for Tab."""
        self._head.insertWidget(self._head.count() - 1, widget, stretch)
        self.setTabOrder(widget, self.done)

    def stretch_head(self) -> None:
        """What comes next stands at the end."""
        self._head.insertStretch(self._head.count() - 1, 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        (self.first if self.first.isVisible() else self.done).setFocus(event.reason())


class AskingPage(LaidPage):
    """A page with a question that is asked in its `area`."""

    def __init__(self, name: str, title: str, first: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(name, title, first, parent)
        self.question = Question()
        self.question.asked.connect(
            lambda: QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.question))
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc says no to the question first, and only then leaves the page."""
        if event.key() == Qt.Key.Key_Escape and self.question.asking:
            self.question.close_()
            self.first.setFocus()
        else:
            super().keyPressEvent(event)
