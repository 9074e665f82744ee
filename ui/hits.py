"""The hits of the concordance as rows: the form in the middle, what is around it at both sides, the labels it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap

from desktop.model import Scheme
from desktop.searching import Place
from desktop.skips import Skip
from ui.parts import is_rtl, one_line, paint_badge, resized, words
from ui.theme import LIGHT, Theme, line
from ui.words import later, tr

Index = QModelIndex | QPersistentModelIndex
TICK, LEFT, FORM, RIGHT, LABEL, ARTICLE = range(6)
HEADERS = ("", later("Before"), later("Form"), later("After"), later("Label"), later("Article"))
_TEXTS = (LEFT, FORM, RIGHT)
_CENTRE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
Role = Qt.ItemDataRole


class HitsModel(QAbstractTableModel):
    """The places found and, as indices into them, the order they are shown in; which are ticked, and which not meant."""

    ticks_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.places: list[Place] = []
        self.rows: list[int] = []
        self.ticked: set[int] = set()
        self.skipped: set[int] = set()
        self.skips: frozenset[Skip] = frozenset()
        self._number: dict[Skip, int] = {}
        self.scheme: Scheme | None = None
        self.theme = LIGHT
        self.serif = ""
        self._badges: dict[str, QIcon] = {}
        self._reading, self._bold = QFont(), QFont()

    def clear(self, skips: frozenset[Skip] = frozenset()) -> None:
        """No hits; `skips` are those to come that were marked as not meant before."""
        self.beginResetModel()
        self.places, self.rows, self.skips = [], [], skips
        self._number.clear()
        self.ticked.clear()
        self.skipped.clear()
        self.endResetModel()
        self.ticks_changed.emit()

    def add(self, places: Sequence[Place]) -> None:
        """More hits, behind those that are there."""
        if not places:
            return
        first = len(self.places)
        fresh = range(first, first + len(places))
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(places) - 1)
        self.places += places
        self.rows += fresh
        self._number.update((skip_of(self.places[number]), number) for number in fresh)
        if self.skips:
            self.skipped |= {number for number in fresh if skip_of(self.places[number]) in self.skips}
        self.endInsertRows()

    def put_in_order(self, order: Sequence[int]) -> None:
        """Show the hits in another order, given as indices of places."""
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        row_of = {number: row for row, number in enumerate(order)}
        moved = [self.index(row_of[self.rows[index.row()]], index.column()) for index in kept]
        self.rows = list(order)
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def replace(self, fresh: Iterable[Place]) -> None:
        """Some hits as they are now. They stay in view even where they are no longer what was looked for."""
        for place in fresh:
            number = self._number.get(skip_of(place))
            if number is not None and self.places[number] != place:
                self.places[number] = place
                self.ticked.discard(number)
        self._tell_all()

    def tick(self, rows: Iterable[int], on: bool, *, all_: bool = False) -> None:
        """Tick rows, or take the ticks away. What was marked as not meant is ticked by itself only, and is meant then."""
        numbers = {self.rows[row] for row in rows}
        if on and all_:
            numbers -= self.skipped
        elif on:
            self.skipped -= numbers
        self.ticked = self.ticked | numbers if on else self.ticked - numbers
        self._tell_all()

    def skip(self, rows: Iterable[int], on: bool) -> None:
        """Mark rows as not meant, or take that back."""
        numbers = {self.rows[row] for row in rows}
        self.skipped = self.skipped | numbers if on else self.skipped - numbers
        self.ticked -= self.skipped
        self._tell_all()

    def _tell_all(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, ARTICLE))
        self.ticks_changed.emit()

    def marked(self) -> frozenset[Skip]:
        """All that is marked as not meant, also what this search has not come to."""
        here = {skip_of(self.places[number]) for number in self.skipped}
        return frozenset(here | (self.skips - {skip_of(place) for place in self.places}))

    def chosen(self) -> list[Place]:
        """The ticked hits."""
        return [self.places[number] for number in sorted(self.ticked)]

    def place(self, row: int) -> Place:
        return self.places[self.rows[row]]

    def show_theme(self, theme: Theme, font: QFont) -> None:
        self.theme = theme
        self._badges.clear()
        self._reading = resized(font, 1.12)
        if self.serif:
            self._reading.setFamily(self.serif)
        self._bold = QFont(self._reading)
        self._bold.setWeight(QFont.Weight.DemiBold)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return tr(HEADERS[section]) if HEADERS[section] else ""
        if orientation == Qt.Orientation.Horizontal and role == Role.TextAlignmentRole:
            return _CENTRE | (Qt.AlignmentFlag.AlignRight if section == LEFT else Qt.AlignmentFlag.AlignLeft)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == TICK else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        tell = _TELL.get(role)
        return tell(self, self.place(index.row()), index) if tell else None

    def _shown(self, place: Place, index: Index) -> str:
        if index.column() == LABEL and self.rows[index.row()] in self.skipped:
            return tr("not this one")
        return self._text(place, index.column())

    def _check(self, place: Place, index: Index) -> Any:
        if index.column() != TICK:
            return None
        on = self.rows[index.row()] in self.ticked
        return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked

    def _font(self, place: Place, index: Index) -> QFont | None:
        if index.column() not in _TEXTS:
            return None
        return self._bold if index.column() == FORM else self._reading

    def _alignment(self, place: Place, index: Index) -> Any:
        sides = {LEFT: Qt.AlignmentFlag.AlignRight, FORM: Qt.AlignmentFlag.AlignHCenter}
        return _CENTRE | sides.get(index.column(), Qt.AlignmentFlag.AlignLeft)

    def _picture(self, place: Place, index: Index) -> QIcon | None:
        shown = index.column() == LABEL and place.labels and self.rows[index.row()] not in self.skipped
        return self._badge(place.labels[0]) if shown else None

    def _colour(self, place: Place, index: Index) -> QColor | None:
        muted = index.column() == ARTICLE or (index.column() == LABEL and not place.labels)
        muted = muted or self.rows[index.row()] in self.skipped
        return QColor(self.theme.muted) if muted else None

    def _tip(self, place: Place, index: Index) -> str:
        return f"{place.title}\n…{place.before}{place.form}{place.after}…"

    def _spoken(self, place: Place, index: Index) -> str:
        whole = f"{place.before}{place.form}{place.after}"
        return whole if index.column() == FORM else self._shown(place, index)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.CheckStateRole:
            return False
        self.tick([index.row()], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _text(self, place: Place, column: int) -> str:
        if column in (LEFT, RIGHT):
            # Where the text runs from right to left, what comes before stands at the right.
            before = (column == LEFT) != is_rtl(place.form)
            return one_line(place.before if before else place.after)
        if column == FORM:
            return one_line(place.form)
        if column == ARTICLE:
            return one_line(place.title)
        return _label(place) if column == LABEL else ""

    def _badge(self, name: str) -> QIcon | None:
        label = self.scheme.label(name) if self.scheme else None
        if label is None:
            return None
        if name not in self._badges:
            picture = QPixmap(28, 28)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            try:
                paint_badge(painter, QRectF(0, 0, 28, 28), line(label, self.theme), label.key, self.theme)
            finally:
                painter.end()
            picture.setDevicePixelRatio(2)
            badge = QIcon(picture)
            badge.addPixmap(picture, QIcon.Mode.Selected)  # or it is tinted where the row is
            self._badges[name] = badge
        return self._badges[name]


_TELL: dict[int, Callable[[HitsModel, Place, Index], Any]] = {
    Role.DisplayRole: HitsModel._shown,
    Role.CheckStateRole: HitsModel._check,
    Role.FontRole: HitsModel._font,
    Role.TextAlignmentRole: HitsModel._alignment,
    Role.DecorationRole: HitsModel._picture,
    Role.ForegroundRole: HitsModel._colour,
    Role.ToolTipRole: HitsModel._tip,
    Role.AccessibleTextRole: HitsModel._spoken,
}


def _label(place: Place) -> str:
    if place.labels:
        return ", ".join(map(words, place.labels))
    if place.outside:
        return tr("page furniture")
    return tr("in {label}", label=words(place.within[-1])) if place.within else "–"


def skip_of(place: Place) -> Skip:
    """What a hit is remembered by."""
    return place.name, place.start, place.end
