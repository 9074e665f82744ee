"""Small things that several panels share: numbers and words, text in lines, badges, chips that wrap, quiet fields."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QMargins, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QStyle,
    QWidget,
)

from ui.offsets import Utf16, drawable
from ui.theme import DARK, LIGHT, Theme

# Between the groups of a number: narrow, and no place to break a line.
THIN = "\u202f"
_KEPT = 2000


def number(value: int) -> str:
    """1 142"""
    return f"{value:,}".replace(",", THIN)


def counted(value: int, one: str, many: str = "") -> str:
    """1 label, 41 labels"""
    return f"{number(value)}\u00a0{one if value == 1 else many or one + 's'}"


def size(count: int) -> str:
    """Bytes as people read them: 412 kB, 1.4 MB."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))}\u00a0kB"
    amount, unit = (count / 1e6, "MB") if count < 1e9 else (count / 1e9, "GB")
    return f"{amount:.0f}\u00a0{unit}" if amount >= 10 else f"{amount:.1f}\u00a0{unit}"


def moment(iso: str, now: datetime | None = None) -> tuple[str, str]:
    """A stored time as people here read it: briefly (the time alone, if it was today), and to the second.

    What is no time, as an import may have brought it, is given back as it is.
    """
    try:
        made = datetime.fromisoformat(iso).astimezone()
    except (ValueError, OverflowError, OSError):
        return iso, iso
    today = (now or datetime.now().astimezone()).date() == made.date()
    return f"{made:%H:%M}" if today else f"{made:%Y-%m-%d %H:%M}", f"{made:%Y-%m-%d %H:%M:%S}"


def words(name: str) -> str:
    """A name of a scheme or a setting as people read it; one of underscores alone as it is."""
    return name.replace("_", " ").strip() or name


def language_name(code: str) -> str:
    """What a language is called, by its code: English for en."""
    return QLocale.languageToString(QLocale(code).language())


def capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def theme_of(widget: QWidget | None) -> Theme:
    """The theme a widget is dressed in, told by its ground; for windows that live too shortly to be told."""
    palette = widget.palette() if widget else QGuiApplication.palette()
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def restyle(widget: QWidget, **properties: object) -> None:
    """Give a widget properties that the style sheet asks for, and dress it anew where one of them has changed."""
    changed = {name: value for name, value in properties.items() if widget.property(name) != value}
    for name, value in changed.items():
        widget.setProperty(name, value)
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


def isolate(text: str) -> str:
    """`text` so that its direction does not turn what stands around it."""
    return f"\u2068{text}\u2069"


def one_line(text: str, most: int = 300) -> str:
    """A text without line breaks, cut where it is longer than `most`; what is painted in one row is never much longer."""
    whole = len(text) <= most + 1
    return drawable(" ".join(text[: most + 1].split())) + ("" if whole else "…")


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for letter in text[:200]:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def mirror(box: QRectF, around: QRectF, direction: Qt.LayoutDirection) -> QRectF:
    """Where a part of something painted lies in a window that runs in `direction`; `box` is where it lies from left to right."""
    if direction == Qt.LayoutDirection.LeftToRight:
        return box
    return QRectF(around.left() + around.right() - box.right(), box.top(), box.width(), box.height())


def leading(widget: QWidget, first: int, top: int, last: int, bottom: int) -> QMargins:
    """Margins of a widget's layout, which Qt does not mirror: `first` is at the side where a line begins."""
    left_to_right = widget.layoutDirection() == Qt.LayoutDirection.LeftToRight
    return QMargins(first, top, last, bottom) if left_to_right else QMargins(last, top, first, bottom)


def resized(font: QFont, factor: float, weight: QFont.Weight | None = None) -> QFont:
    """A font like `font`, larger or smaller, in whichever unit it was given."""
    result = QFont(font)
    if font.pixelSize() > 0:
        result.setPixelSize(max(8, round(font.pixelSize() * factor)))
    else:
        result.setPointSizeF(max(6.0, font.pointSizeF() * factor))
    if weight is not None:
        result.setWeight(weight)
    return result


class Wrapper:
    """Breaks texts into at most so many lines of a font, the last one elided, and remembers the results."""

    def __init__(self, font: QFont, most: int) -> None:
        self.font = QFont(font)
        self.most = most
        self.pitch = QFontMetrics(font).lineSpacing()
        self._kept: dict[tuple[str, int], tuple[str, ...]] = {}

    def lines(self, text: str, width: int) -> tuple[str, ...]:
        found = self._kept.get((text, width))
        if found is None:
            if len(self._kept) > _KEPT:
                self._kept.clear()
            found = self._kept[text, width] = self._break(text, max(8, width))
        return found

    def _break(self, text: str, width: int) -> tuple[str, ...]:
        text = one_line(text, 1000)
        layout = QTextLayout(text, self.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        offsets, ends = Utf16(text), [0]
        layout.beginLayout()
        while len(ends) <= self.most:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            ends.append(offsets.to_points(line.textStart() + line.textLength()))
        layout.endLayout()
        result = [text[a:b].strip() for a, b in pairwise(ends)]
        if ends[-1] < len(text):
            rest = text[ends[-2] :]
            result[-1] = QFontMetricsF(self.font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
        return tuple(result)

    def paint(self, painter: QPainter, rect: QRect, text: str) -> int:
        """Draw from the top of `rect`; returns the height used. Right-to-left text stands at the right."""
        lines, rtl = self.lines(text, rect.width()), is_rtl(text)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter.setFont(self.font)
        before = painter.layoutDirection()
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        for index, line in enumerate(lines):
            box = QRect(rect.left(), rect.top() + index * self.pitch, rect.width(), self.pitch)
            flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, int(flags) | int(Qt.TextFlag.TextSingleLine), line)
        painter.setLayoutDirection(before)
        return len(lines) * self.pitch


def paint_badge(painter: QPainter, rect: QRectF, colour: str, letter: str, theme: Theme) -> None:
    """The square of a label with its letter, so that the colour is not the only sign."""
    ratio = painter.device().devicePixelRatio()
    family = painter.font().family()
    picture = _badge(round(rect.height()), ratio, colour, letter[:1].upper(), theme.panel, family)
    painter.drawPixmap(round(rect.left()), round(rect.top()), picture)


@lru_cache(maxsize=256)
def _badge(side: int, ratio: float, colour: str, letter: str, ink: str, family: str) -> QPixmap:
    # Kept, since lists show some thirty of them and paint them with every label made.
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        box = QRectF(0, 0, side, side)
        painter.drawRoundedRect(box, 3.5, 3.5)
        font = QFont(family)
        font.setPixelSize(max(8, round(side * 0.68)))
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
    finally:
        painter.end()
    return picture


class Badge(QWidget):
    """A label's square as a widget."""

    SIDE = 16

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(self.SIDE, self.SIDE)
        self._colour, self._letter, self._theme = "#808080", "", LIGHT

    def show_label(self, colour: str, letter: str, theme: Theme) -> None:
        self._colour, self._letter, self._theme = colour, letter, theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            paint_badge(painter, QRectF(self.rect()), self._colour, self._letter, self._theme)
        finally:
            painter.end()


class LinesLabel(QWidget):
    """Text in a few lines, elided after the last; the whole of it is its tooltip."""

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._most, self._colour = "", most, LIGHT.text
        self._wrapper = Wrapper(self.font(), most)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_text(self, text: str, font: QFont, colour: str) -> None:
        self._text, self._colour = text, colour
        self._wrapper = Wrapper(font, self._most)
        self.setToolTip(text if len(text) < 600 else text[:600] + "…")
        self.setAccessibleName(text)
        self._fit()
        self.update()

    def heightForWidth(self, width: int) -> int:
        return max(1, len(self._wrapper.lines(self._text, width))) * self._wrapper.pitch + 2

    def sizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._wrapper.pitch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        # A layout inside a scroll area asks for the height at a width it then does not give.
        self.setFixedHeight(self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setPen(QColor(self._colour))
            self._wrapper.paint(painter, self.rect(), self._text)
        finally:
            painter.end()


class FlowLayout(QLayout):
    """Widgets side by side, going on in a new line where the width ends."""

    def __init__(self, parent: QWidget | None = None, gap: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, tallest = rect.left(), rect.top(), 0
        around = self.parentWidget()
        direction = around.layoutDirection() if around else Qt.LayoutDirection.LeftToRight
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rect.left() and x + size.width() > rect.left() + rect.width():
                x, y, tallest = rect.left(), y + tallest + self.spacing(), 0
            if move:
                item.setGeometry(QStyle.visualRect(direction, rect, QRect(QPoint(x, y), size)))
            x += size.width() + self.spacing()
            tallest = max(tallest, size.height())
        return y + tallest - rect.top()


def size_to_texts(dialog: QWidget, width: int) -> None:
    """Make a dialog `width` pixels wide, more where its texts need it, and as high as they are then.

    To be called when it is about to be shown: only then the style sheet has said how large its letters are.
    """
    layout = dialog.layout()
    assert layout
    width = max(width, layout.totalSizeHint().width())
    dialog.resize(width, max(layout.totalSizeHint().height(), layout.totalHeightForWidth(width)))


def draw_line(painter: QPainter, box: QRect, text: str) -> None:
    """One line at the leading side of `box`, in its own direction."""
    window = painter.layoutDirection()
    way, right = Qt.LayoutDirection, window == Qt.LayoutDirection.RightToLeft
    painter.setLayoutDirection(way.RightToLeft if is_rtl(text) else way.LeftToRight)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box, int(flags) | int(Qt.TextFlag.TextSingleLine), text)
    painter.setLayoutDirection(window)
