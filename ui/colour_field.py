"""Choosing a label's colours: pairs that fit both themes, a colour of one's own for each, and how the label will look."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.colours import contrast
from desktop.formats.scheme import PALETTE
from desktop.model import Colour, Label
from desktop.scheme_edits import ThemeName
from ui import theme as themes
from ui.fields import LineEdit
from ui.parts import FlowLayout, is_rtl, resized
from ui.theme import DARK, LIGHT, Theme
from ui.words import later, tr

THEMES: dict[ThemeName, Theme] = {"light": LIGHT, "dark": DARK}
_SIDE = 26
# The label lies on the middle part.
_SENTENCE = later("Thursday, the |Iraqi army| announced")


def grounds(theme: Theme) -> tuple[str, str]:
    """What the letters of labels are painted on."""
    return theme.page, theme.panel


class Swatch(QAbstractButton):
    """A pair of colours: its left half for light, its right half for dark."""

    def __init__(self, light: str, dark: str) -> None:
        super().__init__()
        self.pair = light, dark
        self._theme = LIGHT
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Colours {light} and {dark}", light=light, dark=dark))
        self.setToolTip(tr("{light} on light, {dark} on dark", light=light, dark=dark))

    def nextCheckState(self) -> None:
        """The label says which is checked, a click does not."""

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(4, 4, -4, -4)
            painter.setPen(Qt.PenStyle.NoPen)
            for half, colour in enumerate(self.pair):
                painter.setClipRect(
                    QRectF(box.left() + half * box.width() / 2, box.top(), box.width() / 2, box.height())
                )
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(box, 4, 4)
            painter.setClipping(False)
            if self.isChecked() or self.hasFocus() or self.underMouse():
                strong = self._theme.focus if self.hasFocus() else self._theme.text
                painter.setPen(QPen(QColor(strong), 2 if self.isChecked() or self.hasFocus() else 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), 6, 6)
        finally:
            painter.end()


class Preview(QWidget):
    """A line of text with the label on it, on the page of each theme."""

    def __init__(self) -> None:
        super().__init__()
        self._label: Label | None = None
        self.setFixedHeight(58)
        self.setAccessibleName(tr("How the label looks on light and on dark"))

    def show_label(self, label: Label) -> None:
        self._label = label
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._label is None:
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            half = self.width() / 2
            for place, theme in enumerate(THEMES.values()):
                box = QRectF(place * half + (4 if place else 0), 0.5, half - 4, self.height() - 1)
                _paint_sample(painter, box, self._label, theme, self.font())
        finally:
            painter.end()


def _paint_sample(painter: QPainter, box: QRectF, label: Label, theme: Theme, font: QFont) -> None:
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(QColor(theme.page))
    painter.drawRoundedRect(box, 8, 8)
    serif = resized(font, 1.25)
    serif.setFamily(themes.load_fonts()[0])
    metrics = QFontMetricsF(serif)
    parts, rtl = tr(_SENTENCE).split("|"), is_rtl(tr(_SENTENCE))
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    room = box.width() - 18 - sum(map(metrics.horizontalAdvance, parts[:-1]))
    parts[-1] = metrics.elidedText(parts[-1], Qt.TextElideMode.ElideRight, room)
    parts = parts[::-1] if rtl else parts
    wide = [metrics.horizontalAdvance(part) for part in parts]
    x, base = box.left() + 14, box.center().y() + metrics.ascent() / 2
    colour = QColor(themes.line(label, theme))
    span = QRectF(x + wide[0], base - metrics.ascent(), wide[1], metrics.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(themes.tint(label, theme)))
    painter.drawRoundedRect(span, 3, 3)
    painter.fillRect(QRectF(span.left(), span.bottom() - 1, span.width(), 2), colour)
    painter.setPen(QColor(theme.text))
    painter.setFont(serif)
    painter.setClipRect(box.adjusted(1, 1, -2, -1))
    for part, advance in zip(parts, wide, strict=True):
        painter.drawText(
            QRectF(x, span.top(), advance + 2, span.height()), Qt.AlignmentFlag.AlignVCenter, part
        )
        x += advance
    painter.setClipping(False)
    small = resized(font, 0.75, QFont.Weight.Bold)
    painter.setFont(small)
    painter.setPen(colour)
    painter.drawText(
        QRectF(span.right() - 4, span.top() - 11, 20, 12),
        Qt.AlignmentFlag.AlignLeft,
        (label.key or label.name)[:1].upper(),
    )


class ColourField(QWidget):
    """`pair_chosen` tells a pair of the palette, `line_typed` a theme and what was typed for it."""

    pair_chosen = Signal(str, str)
    line_typed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.swatches = [Swatch(*pair) for pair in PALETTE]
        self.lines: dict[ThemeName, LineEdit] = {}
        self._contrasts: dict[ThemeName, QLabel] = {}
        self.preview = Preview()
        palette = QWidget()
        flow = FlowLayout(palette, gap=4)
        for swatch in self.swatches:
            flow.addWidget(swatch)
            swatch.clicked.connect(lambda _=False, pair=swatch.pair: self.pair_chosen.emit(*pair))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(palette)
        column.addLayout(self._make_lines())
        column.addWidget(self.preview)

    def _make_lines(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for place, theme in enumerate(THEMES):
            line = LineEdit(tr("Colour on light") if theme == "light" else tr("Colour on dark"))
            line.setMaximumWidth(110)
            line.committed.connect(lambda text, theme=theme: self.line_typed.emit(theme, text))
            said = QLabel()
            said.setProperty("muted", True)
            caption = QLabel(tr("on light") if theme == "light" else tr("on dark"))
            caption.setProperty("muted", True)
            caption.setBuddy(line)
            for column, widget in enumerate((caption, line, said)):
                grid.addWidget(widget, 0, place * 3 + column)
            grid.setColumnStretch(place * 3 + 2, 1)
            self.lines[theme], self._contrasts[theme] = line, said
        return grid

    def show_label(self, label: Label) -> None:
        colours = label.colours
        shades: dict[ThemeName, Colour] = {"light": colours.light, "dark": colours.dark}
        for theme, shade in shades.items():
            worst = min(contrast(shade.line, ground) for ground in grounds(THEMES[theme]))
            self.lines[theme].show_text(shade.line)
            self._contrasts[theme].setText(f"{worst:.1f} : 1")
            self._contrasts[theme].setToolTip(
                tr("Contrast of the label's letter on the page; 4.5 or more can be read")
            )
        shown = colours.light.line.lower(), colours.dark.line.lower()
        for swatch in self.swatches:
            swatch.setChecked((swatch.pair[0].lower(), swatch.pair[1].lower()) == shown)
        self.preview.show_label(label)

    def set_theme(self, theme: Theme) -> None:
        for swatch in self.swatches:
            swatch.set_theme(theme)
