"""The table of the concordance: one hit a row, its form in the middle, what is around it at both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from desktop.model import Scheme
from desktop.repeats import Place
from ui.parts import is_rtl, one_line, paint_badge
from ui.theme import LIGHT, Theme, line
from ui.words import later, tr

Index = QModelIndex | QPersistentModelIndex
CHECK, LEFT, FORM, RIGHT, ARTICLE, LABEL = range(6)
HEADERS = ("", later("Before"), later("Form"), later("After"), later("Article"), later("Label"))
_CENTRE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
Role = Qt.ItemDataRole


class HitsModel(QAbstractTableModel):
    """The places found and, as indices into them, those that are shown; which of them are checked."""

    checks_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.places: list[Place] = []
        self.checked: set[int] = set()
        self.rows: list[int] = []
        self.unlabelled = False
        self.scheme: Scheme | None = None
        self.theme = LIGHT
        self._badges: dict[str, QPixmap] = {}
        self._bold = QFont()

    def clear(self) -> None:
        self.beginResetModel()
        self.places, self.rows = [], []
        self.checked.clear()
        self.endResetModel()
        self.checks_changed.emit()

    def add(self, places: Sequence[Place]) -> None:
        """More hits, behind those that are there."""
        first = len(self.places)
        fresh = [first + number for number, place in enumerate(places) if self._passes(place)]
        self.places += places
        if fresh:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(fresh) - 1)
            self.rows += fresh
            self.endInsertRows()

    def narrow(self, unlabelled: bool) -> None:
        """Show all hits, or only those that have no label; what is not shown is not checked either."""
        self.beginResetModel()
        self.unlabelled = unlabelled
        self.rows = [number for number, place in enumerate(self.places) if self._passes(place)]
        self.checked &= set(self.rows)
        self.endResetModel()
        self.checks_changed.emit()

    def _passes(self, place: Place) -> bool:
        return not self.unlabelled or not place.labels

    def replace(self, articles: Iterable[int], fresh: Iterable[Place]) -> None:
        """The hits of these articles as they are now. They stay in view even where they no longer pass the filter."""
        now = {(place.article, place.start, place.end): place for place in fresh}
        wanted = frozenset(articles)
        for number, place in enumerate(self.places):
            if place.article in wanted:
                found = now.get((place.article, place.start, place.end))
                if found and found.labels and not place.labels:
                    self.checked.discard(number)
                self.places[number] = found or place
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, LABEL))
        self.checks_changed.emit()

    def check(self, rows: Iterable[int], on: bool) -> None:
        """Check rows, or take the marks away."""
        numbers = {self.rows[row] for row in rows}
        self.checked = self.checked | numbers if on else self.checked - numbers
        if self.rows:
            self.dataChanged.emit(
                self.index(0, CHECK), self.index(len(self.rows) - 1, CHECK), [Role.CheckStateRole]
            )
        self.checks_changed.emit()

    def chosen(self) -> list[Place]:
        return [self.places[number] for number in sorted(self.checked)]

    def place(self, row: int) -> Place:
        return self.places[self.rows[row]]

    def show_theme(self, theme: Theme, font: QFont) -> None:
        self.theme = theme
        self._badges.clear()
        self._bold = QFont(font)
        self._bold.setWeight(QFont.Weight.DemiBold)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return HEADERS[section]
        if orientation == Qt.Orientation.Horizontal and role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | (
                Qt.AlignmentFlag.AlignRight if section == LEFT else Qt.AlignmentFlag.AlignLeft
            )
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == CHECK else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        tell = _TELL.get(role)
        return tell(self, self.place(index.row()), index) if tell else None

    def _shown(self, place: Place, index: Index) -> str:
        return self._text(place, index.column())

    def _check(self, place: Place, index: Index) -> Any:
        if index.column() != CHECK:
            return None
        on = self.rows[index.row()] in self.checked
        return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked

    def _font(self, place: Place, index: Index) -> QFont | None:
        return self._bold if index.column() == FORM else None

    def _alignment(self, place: Place, index: Index) -> Any:
        sides = {LEFT: Qt.AlignmentFlag.AlignRight, FORM: Qt.AlignmentFlag.AlignHCenter}
        return _CENTRE | sides.get(index.column(), Qt.AlignmentFlag.AlignLeft)

    def _picture(self, place: Place, index: Index) -> QPixmap | None:
        return self._badge(place.labels[0]) if index.column() == LABEL and place.labels else None

    def _colour(self, place: Place, index: Index) -> QColor | None:
        muted = index.column() == ARTICLE or (index.column() == LABEL and not place.labels)
        return QColor(self.theme.muted) if muted else None

    def _tip(self, place: Place, index: Index) -> str:
        return f"{place.title}\n…{place.before}{place.form}{place.after}…"

    def _spoken(self, place: Place, index: Index) -> str:
        whole = f"{place.before}{place.form}{place.after}"
        return whole if index.column() == FORM else self._text(place, index.column())

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.CheckStateRole:
            return False
        self.check([index.row()], Qt.CheckState(value) == Qt.CheckState.Checked)
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

    def _badge(self, name: str) -> QPixmap | None:
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
            self._badges[name] = picture
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
        return ", ".join(place.labels)
    if place.outside:
        return tr("page furniture")
    return tr("in {within}", within=place.within[-1]) if place.within else "–"


class _Cells(QStyledItemDelegate):
    """Cuts the context at the side that is away from the form."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        before = index.column() == LEFT
        rtl = is_rtl(option.text) if index.column() in (LEFT, FORM, RIGHT) else False
        option.textElideMode = Qt.TextElideMode.ElideLeft if before != rtl else Qt.TextElideMode.ElideRight
        option.direction = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.WrapText


class HitsTable(QTableView):
    """Enter or a double click opens a hit; the space bar checks the rows that are selected. Letters are labels' keys."""

    opened = Signal(object)
    letter = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Hits"))
        self.hits = HitsModel()
        self.setModel(self.hits)
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head, side = self.horizontalHeader(), self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(self.fontMetrics().height() + 12)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(28)
        for column in (LEFT, RIGHT):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for column, width in ((CHECK, 34), (FORM, 150), (ARTICLE, 190), (LABEL, 110)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            head.resizeSection(column, width)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.hits.place(index.row())))

    def fit(self, form: str) -> None:
        """As much room as the form needs; a wide window has more for the article."""
        wide = self.fontMetrics().horizontalAdvance(one_line(form)) * 11 // 10 + 24
        self.horizontalHeader().resizeSection(FORM, max(70, min(260, wide)))
        self.horizontalHeader().resizeSection(ARTICLE, 190 if self.width() > 860 else 120)

    def set_theme(self, theme: Theme) -> None:
        self.hits.show_theme(theme, self.font())
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, key = self.currentIndex().row(), event.key()
        held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        deeds: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Space: self._toggle, Qt.Key.Key_Return: self._open, Qt.Key.Key_Enter: self._open,
        }  # fmt: skip
        if key in deeds and row >= 0:
            deeds[key]()
        elif event.text().isalnum() and not held:
            self.letter.emit(event.text().lower())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of labels."""

    def _open(self) -> None:
        self.opened.emit(self.hits.place(self.currentIndex().row()))

    def _toggle(self) -> None:
        """All that is selected gets what the row with the cursor has not."""
        here = self.currentIndex()
        rows = {index.row() for index in self.selectionModel().selectedRows()} or {here.row()}
        self.hits.check(rows, self.hits.rows[here.row()] not in self.hits.checked)
