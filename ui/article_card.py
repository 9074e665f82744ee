"""One article in the list: state, title, a line about it and the stripe of its label counts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.model import Scheme, State
from desktop.store.lines import ArticleLine
from ui.parts import Wrapper, capital, draw_line, isolate, mirror, one_line, resized
from ui.theme import LIGHT, Theme, icon, line
from ui.words import later, plural, tr

Index = QModelIndex | QPersistentModelIndex
STATES: dict[State, str] = {
    "todo": later("to do"),
    "in_progress": later("in progress"),
    "done": later("done"),
}
LINE_ROLE = Qt.ItemDataRole.UserRole + 1
LEFT, RIGHT, TOP, STRIPE = 38, 14, 11, 4


def about(article: ArticleLine) -> list[tuple[str, int]]:
    """What is said of an article below its title, each part with how early it goes where room is short (0: last)."""
    date, author = (_word(article.meta.get(name)) for name in ("date", "author"))
    parts = (
        [(date, 2), (author, 3)]
        if date or author
        else [(plural("{n} character", "{n} characters", article.length), 1)]
    )
    if article.spans:
        parts.append((plural("{n} label", "{n} labels", article.spans), 0))
    else:
        parts.append((tr("not started") if article.state == "todo" else tr("no labels"), 0))
    if 0 < read_share(article) < 1:
        parts.append((tr("{share} read", share=f"{read_share(article):.0%}"), 1))
    if article.flag:
        parts.append((tr("flagged"), 0))
    if article.note:
        parts.append((tr("1\u00a0note"), 0))
    return [part for part in parts if part[0]]


def read_share(article: ArticleLine) -> float:
    """How much of an article was read, from 0 to 1."""
    return min(1.0, article.read_to / article.length) if article.length else 0.0


def _word(value: Any) -> str:
    return one_line(str(value), 60) if isinstance(value, str | int) else ""


def tip(article: ArticleLine) -> str:
    """Everything there is to say of an article, for the tooltip and for those who listen."""
    rest = " · ".join(part for part, _ in about(article))
    counts = ", ".join(f"{name} {count}" for name, count in sorted(article.labels.items()))
    return "\n".join(part for part in (article.title, f"{capital_state(article)} · {rest}", counts) if part)


def capital_state(article: ArticleLine) -> str:
    return capital(tr(STATES[article.state]))


class ArticleCards(QStyledItemDelegate):
    """Paints articles; `shown` is the key of the one on the page."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.theme: Theme = LIGHT
        self.scheme: Scheme | None = None
        self.shown: int | None = None
        self.set_font(view.font())

    def set_font(self, font: QFont) -> None:
        self._title = Wrapper(resized(font, 1.0, QFont.Weight.DemiBold), 2)
        self._small = resized(font, 0.9)

    @property
    def height(self) -> int:
        """Of each card."""
        return 2 * TOP + 2 * self._title.pitch + 3 + QFontMetrics(self._small).height() + 7 + STRIPE

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        article: ArticleLine = index.data(LINE_ROLE)
        rect: QRect = option.rect
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._ground(painter, rect, option.state, article)
            self._content(painter, rect, article)
        finally:
            painter.restore()

    def _ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, article: ArticleLine) -> None:
        if article.key == self.shown:
            painter.fillRect(rect, QColor(self.theme.page))
            for y in (rect.top(), rect.bottom()):
                painter.fillRect(QRect(rect.left(), y, rect.width(), 1), QColor(self.theme.border))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(self.theme.hover))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(self.theme.focus), 1.8))
            painter.drawRoundedRect(QRectF(rect).adjusted(4, 4, -4, -4), 6, 6)

    def _content(self, painter: QPainter, rect: QRect, article: ArticleLine) -> None:
        small = QFontMetrics(self._small)
        box = QStyle.visualRect(painter.layoutDirection(), rect, rect.adjusted(LEFT, 0, -RIGHT, 0))
        lines = len(self._title.lines(article.title, box.width()))
        # The card is as high as one with two lines of title; a shorter one stands in its middle.
        spare = (2 - lines) * self._title.pitch
        top = rect.top() + TOP + spare // 2
        self._signs(painter, QRect(rect.left() + 12, top, 16, 16), rect, article)
        painter.setPen(QColor(self.theme.text))
        top += (
            self._title.paint(
                painter, QRect(box.left(), top, box.width(), 2 * self._title.pitch), article.title
            )
            + 3
        )
        painter.setFont(self._small)
        painter.setPen(QColor(self.theme.muted))
        line = QRect(box.left(), top, box.width(), small.height())
        draw_line(painter, line, self._about(article, small, box.width()))
        stripe = QRectF(box.left(), top + small.height() + 7, box.width(), STRIPE)
        self._stripe(painter, stripe, article)

    def _signs(self, painter: QPainter, box: QRect, rect: QRect, article: ArticleLine) -> None:
        theme = self.theme
        colour = {"done": theme.ok, "in_progress": theme.accent, "todo": theme.muted}[article.state]
        box = QStyle.visualRect(painter.layoutDirection(), rect, box)
        box.translate(0, (self._title.pitch - 16) // 2)
        icon(article.state, colour).paint(painter, box)
        signs = [("flag", theme.warning)] if article.flag else []
        signs += [("note", theme.muted)] if article.note else []
        for place, (name, colour) in enumerate(signs, 1):
            icon(name, colour).paint(painter, box.translated(0, 20 * place))

    def _about(self, article: ArticleLine, metrics: QFontMetrics, width: int) -> str:
        """The line below the title; the less telling parts go first where it does not fit."""
        parts = about(article)
        for least in (3, 2, 1):
            text = " · ".join(isolate(part) for part, _ in parts)
            if metrics.horizontalAdvance(text) <= width:
                return text
            parts = [part for part in parts if part[1] < least]
        text = " · ".join(isolate(part) for part, _ in parts)
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

    def _stripe(self, painter: QPainter, rect: QRectF, article: ArticleLine) -> None:
        path = QPainterPath()
        path.addRoundedRect(rect, STRIPE / 2, STRIPE / 2)
        painter.fillPath(path, QColor(self.theme.border))
        # As far as was read; where nobody has said how far that is, labels fill all of it.
        far = rect.width() * (read_share(article) if article.state != "done" else 1)
        painter.setClipPath(path)
        x = rect.left()
        if not article.spans or self.scheme is None:
            read = QRectF(x, rect.top(), far if article.read_to else 0, STRIPE)
            painter.fillRect(mirror(read, rect, painter.layoutDirection()), QColor(self.theme.muted))
            return
        for label in self.scheme.labels:
            width = (far or rect.width()) * article.labels.get(label.name, 0) / article.spans
            part = mirror(QRectF(x, rect.top(), width, rect.height()), rect, painter.layoutDirection())
            painter.fillRect(part, QColor(line(label, self.theme)))
            x += width
