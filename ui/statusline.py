"""The line at the bottom: whether the labels are on disk, how many there are, how far the project is."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar, QWidget

from ui.parts import draw_line, leading, number
from ui.theme import Theme
from ui.words import later, plural, tr

Saved = Literal["saved", "saving", "not saved", "read only"]
_SAID = {
    "saved": later("● Saved"),
    "saving": later("○ Saving…"),
    "not saved": later("▲ Not saved"),
    "read only": later("◇ Read only"),
}


class StatusLine(QStatusBar):
    """`show_saved` tells what the disk said, `show_counts` the numbers; long work shows a count instead.

    A click on the first asks for the reason. At the right end stands the key of the palette; a click there opens it as
    well.
    """

    palette_asked = Signal()
    saved_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: Saved = "saved"
        self._why = ""
        self.setSizeGripEnabled(False)
        self._saved = _Said("saved_state")
        self._saved.clicked.connect(self.saved_asked)
        self._counts = _Elided()
        self._layer = QLabel()
        self._done = QLabel()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedSize(120, 6)
        self._bar.setAccessibleName(tr("Articles done"))
        left = QWidget()
        row = QHBoxLayout(left)
        row.setContentsMargins(leading(self, 12, 3, 0, 3))
        row.setSpacing(18)
        for label in (self._saved, self._counts):
            row.addWidget(label)
        row.setStretchFactor(self._counts, 1)
        self.addWidget(left, 1)
        self._palette = _quiet_button("palette_hint")
        self._palette.clicked.connect(self.palette_asked)
        right = QWidget()
        row = QHBoxLayout(right)
        row.setContentsMargins(leading(self, 0, 3, 12, 3))
        row.setSpacing(14)
        row.addStretch(1)
        for widget in (self._layer, self._done, self._bar, self._palette):
            row.addWidget(widget)
        self.addPermanentWidget(right)
        self.set_theme(theme)
        self.show_palette_key("")
        self.clear_counts()

    @property
    def saved(self) -> Saved:
        return self._state

    @property
    def counts(self) -> str:
        return self._counts.text()

    def show_saved(self, state: Saved, why: str = "") -> None:
        """`why` is told where nothing can be saved."""
        if (state, why) != (self._state, self._why):
            self._state, self._why = state, why
            self._dress_saved()

    def _dress_saved(self) -> None:
        theme, state = self._theme, self._state
        said = tr(_SAID[state])
        asks = state in ("not saved", "read only")
        self._saved.setEnabled(asks)
        self._saved.setToolTip(tr("Why, and what to do") if asks else "")
        colour = {
            "saved": theme.ok,
            "saving": theme.muted,
            "not saved": theme.danger,
            "read only": theme.muted,
        }[state]
        self._saved.say(f"{said}: {self._why}" if self._why else said, colour)

    def show_counts(self, here: int, labels: int, done: int, articles: int) -> None:
        """`here` labels in the article shown, and the totals of the list."""
        self._counts.say(
            plural(
                "{n} label in this article · {labels} in the project",
                "{n} labels in this article · {labels} in the project",
                here,
                labels=number(labels),
            )
        )
        self._done.setText(tr("{done} of {articles} done", done=number(done), articles=number(articles)))
        self._bar.setRange(0, max(1, articles))
        self._bar.setValue(done)
        self._bar.setVisible(articles > 0)

    def show_layer(self, text: str) -> None:
        self._layer.setText(text)

    def show_palette_key(self, key: str) -> None:
        self._palette.setText(tr("{key} commands", key=key) if key else tr("Commands"))

    def show_progress(self, text: str) -> None:
        self._counts.say(text)

    def clear_counts(self) -> None:
        self._counts.say("")
        for label in (self._done, self._layer):
            label.clear()
        self._bar.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._dress_saved()


def _quiet_button(name: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # who has a keyboard has the key
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


class _Said(QPushButton):
    """A few words in a colour of their own. Painted, since another style sheet for every label made costs 1 ms each."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._said = ""
        self._colour = QColor()
        self._widest = QSize()

    def say(self, said: str, colour: str) -> None:
        self._said, self._colour = said, QColor(colour)
        self.setAccessibleName(said)
        if self.sizeHint() != self._widest:  # or the whole window would be laid out with every label
            self._widest = self.sizeHint()
            self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._said

    def sizeHint(self) -> QSize:
        # As wide as saving is, so that nothing beside it moves with every label.
        metrics = QFontMetrics(self._bold())
        widest = max(metrics.horizontalAdvance(text) for text in (self._said, tr(_SAID["saving"])))
        return QSize(widest + 2, metrics.height())

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setUnderline(self.isEnabled() and self.underMouse())
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setFont(self._bold())
            painter.setPen(self._colour)
            draw_line(painter, self.rect(), self._said)
        finally:
            painter.end()


class _Elided(QLabel):
    """Gives way where the line is short: the window must not be as wide as everything that is said here.

    It takes what room there is, so that other words in it lay nothing out anew.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._said = ""

    def say(self, said: str) -> None:
        if said != self._said:
            self._said = said
            self.setAccessibleName(said)
            self.update()

    def text(self) -> str:
        return self._said

    def sizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            text = self.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, self.width())
            painter.setPen(self.palette().color(self.foregroundRole()))
            draw_line(painter, self.rect(), text)
        finally:
            painter.end()
