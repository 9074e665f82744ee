"""The list's filters and order: two quiet buttons with menus, and what is on now as chips that a click takes away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import get_args

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.model import Scheme
from desktop.sifting import FACTS, Order, Sift, own_details, values
from desktop.store.lines import ArticleLine
from ui.parts import THIN, FlowLayout, capital, number, one_line, words
from ui.theme import LIGHT, Theme, icon
from ui.words import later, tr

ORDERS: dict[Order, str] = {
    "imported": later("as imported"),
    "title": later("title"),
    "date": later("date, latest first"),
    "length": later("length, longest first"),
    "labels": later("labels, most first"),
    "state": later("state, to do first"),
}
_SIDE = 30


class StayingMenu(QMenu):
    """A menu that stays open while ticks are set in it, so that several can be."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._tick(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space or not self._tick(self.activeAction()):
            super().keyPressEvent(event)

    @staticmethod
    def _tick(action: QAction | None) -> bool:
        ticks = action is not None and action.isCheckable() and action.isEnabled()
        if ticks and action:
            action.trigger()
        return ticks


def clear(sift: Sift) -> Sift:
    """The same order, nothing left out."""
    return Sift(order=sift.order, turned=sift.turned)


def active(sift: Sift) -> Iterator[tuple[str, Sift]]:
    """What is filtered by, besides search and state, and what would be asked without it."""
    if sift.flagged:
        yield tr("flagged"), sift.model_copy(update={"flagged": False})
    if sift.noted:
        yield tr("with a note"), sift.model_copy(update={"noted": False})
    for label in sift.having:
        rest = tuple(other for other in sift.having if other != label)
        yield tr("with {label}", label=words(label)), sift.model_copy(update={"having": rest})
    for label in sift.lacking:
        rest = tuple(other for other in sift.lacking if other != label)
        yield tr("without {label}", label=words(label)), sift.model_copy(update={"lacking": rest})
    for name, value in sift.facts:
        yield f"{words(name)} {one_line(value, 40) or tr('unknown')}", with_fact(sift, name, value, on=False)


# Whether a tick is on, and what is asked when it is set or taken off.
Tick = tuple[Callable[[Sift], bool], Callable[[Sift, bool], Sift]]


def _field(name: str) -> Tick:
    return lambda sift: bool(getattr(sift, name)), lambda sift, on: sift.model_copy(update={name: on})


def _order(order: Order) -> Tick:
    return lambda sift: sift.order == order, lambda sift, on: sift.model_copy(update={"order": order})


def _label(name: str, *, there: bool) -> Tick:
    return (
        lambda sift: name in (sift.having if there else sift.lacking),
        lambda sift, on: with_label(sift, name, there=there, on=on),
    )


def with_label(sift: Sift, label: str, *, there: bool, on: bool) -> Sift:
    """Ask for a label, or for its absence: never for both."""
    having = [other for other in sift.having if other != label]
    lacking = [other for other in sift.lacking if other != label]
    if on:
        (having if there else lacking).append(label)
    return sift.model_copy(update={"having": tuple(having), "lacking": tuple(lacking)})


def with_fact(sift: Sift, name: str, value: str, *, on: bool) -> Sift:
    """Let articles through that say this of a detail, besides those asked for already."""
    rest = tuple(pair for pair in sift.facts if pair != (name, value))
    return sift.model_copy(update={"facts": (*rest, (name, value)) if on else rest})


def _fact(name: str, value: str) -> Tick:
    return lambda sift: (name, value) in sift.facts, lambda sift, on: with_fact(sift, name, value, on=on)


class FilterButtons(QWidget):
    """The two buttons. `asked` carries what is wanted when a menu changes it, `wanted` tells that they must be seen."""

    asked = Signal(object)
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sift = Sift()
        self._theme = LIGHT
        self._scheme: Scheme | None = None
        self._ticks: list[tuple[QAction, Callable[[Sift], bool]]] = []
        self.filter, self.sort = QToolButton(), QToolButton()
        self.filters, self.orders = StayingMenu(self), StayingMenu(self)
        self.having, self.lacking = (
            StayingMenu(name, self) for name in (tr("With label"), tr("Without label"))
        )
        # Filled when they are looked at: to count the values of 100,000 articles takes a moment.
        self.lines: Callable[[], Sequence[ArticleLine]] = lambda: ()
        self.facts = {name: StayingMenu(capital(name), self) for name in FACTS}
        self.own = QMenu(tr("Other details"), self)
        self._place()
        self._fill_filters()
        self._fill_orders()
        self.show_sift(Sift())

    def _place(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        for button, menu, name in (
            (self.filter, self.filters, tr("Filter articles")),
            (self.sort, self.orders, tr("Sort articles")),
        ):
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("flat", True)
            button.setFixedSize(_SIDE, _SIDE)
            button.setAccessibleName(name)
            row.addWidget(button)

    def _fill_filters(self) -> None:
        self._add(self.filters, tr("Flagged"), _field("flagged"))
        self._add(self.filters, tr("With a note"), _field("noted"))
        self.filters.addSeparator()
        self.filters.addMenu(self.having)
        self.filters.addMenu(self.lacking)
        self.filters.addSeparator()
        for name, menu in self.facts.items():
            self.filters.addMenu(menu)
            self._fill_when_shown(name, menu)
        self.filters.addMenu(self.own)
        self.own.aboutToShow.connect(self._fill_own)
        self.filters.addSeparator()
        self._all = self.filters.addAction(tr("Show all articles"))
        self._all.triggered.connect(lambda: self._ask(clear(self._sift)))

    def _fill_when_shown(self, name: str, menu: QMenu) -> None:
        menu.aboutToShow.connect(lambda: self._fill_facts(name, menu))

    def _fill_facts(self, name: str, menu: QMenu) -> None:
        """The values of a detail, those asked for among them."""
        self._empty(menu)
        found = dict(values(self.lines(), name))
        found |= {value: 0 for other, value in self._sift.facts if other == name and value not in found}
        for value, count in found.items():
            shown = self._named(name, value)
            self._add(menu, f"{shown}{THIN}{THIN}({number(count)})", _fact(name, value))
        self.show_sift(self._sift)

    @staticmethod
    def _named(name: str, value: str) -> str:
        if not value:
            return tr("Unknown")
        if name == "language":
            return QLocale.languageToString(QLocale(value).language())
        return one_line(value, 60)

    def _fill_own(self) -> None:
        for menu in self.own.findChildren(QMenu):
            self._empty(menu)
            menu.deleteLater()
        self.own.clear()
        names = [name for name in own_details(self.lines()) if name not in FACTS]
        for name in names:
            menu = StayingMenu(capital(words(name)).replace("&", "&&"), self.own)
            self.own.addMenu(menu)
            self._fill_when_shown(name, menu)
        if not names:
            self.own.addAction(tr("The articles have none to filter by")).setEnabled(False)

    def _empty(self, menu: QMenu) -> None:
        old = set(menu.actions())
        self._ticks = [(action, is_on) for action, is_on in self._ticks if action not in old]
        menu.clear()

    def _fill_orders(self) -> None:
        for order in get_args(Order):
            self._add(self.orders, capital(tr(ORDERS[order])), _order(order))
        self.orders.addSeparator()
        self._add(self.orders, tr("The other way round"), _field("turned"))

    def _add(self, menu: QMenu, text: str, tick: Tick) -> None:
        is_on, change = tick
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.triggered.connect(lambda on: self._ask(change(self._sift, on)))
        self._ticks.append((action, is_on))

    def show_scheme(self, scheme: Scheme) -> None:
        """The labels that can be asked for."""
        if scheme is self._scheme:
            return
        self._scheme = scheme
        for menu, there in ((self.having, True), (self.lacking, False)):
            self._empty(menu)
            menu.menuAction().setEnabled(bool(scheme.labels))
            for name in (label.name for label in scheme.labels):
                self._add(menu, capital(words(name)), _label(name, there=there))
        self.show_sift(self._sift)

    def show_sift(self, sift: Sift) -> None:
        """What is asked for now: a button whose menu has a hand in it is in the accent's colour."""
        self._sift = sift
        filters = [name for name, _ in active(sift)]
        self.filter.setToolTip(
            tr("Filter: {filters}", filters=", ".join(filters)) if filters else tr("Filter articles")
        )
        self.sort.setToolTip(
            tr("Sorted by {order}", order=order_name(sift)) if reorders(sift) else tr("Sort articles")
        )
        theme = self._theme
        self.filter.setIcon(icon("filter", theme.accent if filters else theme.muted))
        self.sort.setIcon(icon("sort", theme.accent if reorders(sift) else theme.muted))
        self._all.setEnabled(sift.narrows)
        for action, is_on in self._ticks:
            action.setChecked(is_on(sift))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.show_sift(self._sift)

    def open_filters(self) -> None:
        """The filters' menu, for who comes by key."""
        self.wanted.emit()
        self.filters.popup(self.filter.mapToGlobal(QPoint(0, self.filter.height())))
        self.filters.setActiveAction(self.filters.actions()[0])

    def _ask(self, sift: Sift) -> None:
        self.asked.emit(sift)
        # A tick that changes nothing, such as the order's own again, must not come off.
        self.show_sift(self._sift)


class FilterChips(QWidget):
    """How many articles are shown and why not all. `removed` names the filter whose chip was clicked."""

    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = QLabel()
        self.count.setProperty("muted", True)
        self.count.setWordWrap(True)
        self.count.setContentsMargins(8, 0, 0, 0)
        self._place = QWidget()
        self._row = FlowLayout(self._place, gap=4)
        self.chips: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self._place)
        column.addWidget(self.count)
        self.show_sift(Sift(), 0, 0)

    def show_sift(self, sift: Sift, shown: int, total: int) -> None:
        """Chips for what is on; the line with the count only where something is out of the ordinary."""
        names = [name for name, _ in active(sift)]
        if [chip.property("filter") for chip in self.chips] != names:
            self._make(names)
        said = [tr("{shown} of {total} shown", shown=number(shown), total=number(total))]
        if reorders(sift):
            said.append(tr("by {order}", order=order_name(sift)))
        self.count.setText(" · ".join(said))
        self._place.setVisible(bool(names))
        self.setVisible(sift.narrows or reorders(sift))

    def _make(self, names: list[str]) -> None:
        focused = any(chip.hasFocus() for chip in self.chips)
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for name in names:
            chip = QPushButton(f"{capital(name)}{THIN}{THIN}×".replace("&", "&&"))
            chip.setProperty("chip", True)
            chip.setProperty("filter", name)
            chip.setToolTip(tr("Take this filter away"))
            chip.setAccessibleName(tr("Filter {name}: take it away", name=name))
            chip.clicked.connect(lambda _=False, name=name: self.removed.emit(name))
            self._row.addWidget(chip)
            self.chips.append(chip)
        if focused and self.chips:
            self.chips[0].setFocus(Qt.FocusReason.TabFocusReason)


def reorders(sift: Sift) -> bool:
    return sift.order != "imported" or sift.turned


def order_name(sift: Sift) -> str:
    """The order as the line below the chips says it."""
    name = {"imported": "import"}.get(sift.order) or ORDERS[sift.order].split(",", maxsplit=1)[0]
    return tr("{name}, turned round", name=name) if sift.turned else name
