"""The list of articles: search, filters, order, one card an article. Shows lines and tells which one was chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.model import Scheme, State
from desktop.sifting import STATES as STATE_ORDER
from desktop.sifting import Sift, Sifted
from desktop.store.lines import ArticleLine
from ui.article_card import STATES, ArticleCards
from ui.article_filters import FilterButtons, FilterChips, active, clear
from ui.article_list import ArticlesModel, ArticlesView
from ui.fields import SearchField
from ui.parts import FlowLayout, capital, leading, number
from ui.theme import LIGHT, Theme
from ui.words import tr

CHIPS: tuple[State | None, ...] = (None, *STATE_ORDER)


class ArticlesPanel(QWidget):
    """Search, chips and cards. `chosen` tells the key of an article a person wants on the page, `wanted` that the panel itself
    is asked for.
    """

    chosen = Signal(int)
    wanted = Signal()

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("articles")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = ArticlesModel(self)
        self.view = ArticlesView()
        self.view.setModel(self.model)
        self.cards = ArticleCards(self.view)
        self.view.setItemDelegate(self.cards)
        self.view.set_card_height(self.cards.height)
        self.view.chosen.connect(self._on_chosen)
        self.search = SearchField(tr("Search articles…"), QKeySequence(QKeySequence.StandardKey.Find))
        self.search.textChanged.connect(lambda text: self._ask_for(text=text))
        self.search.went_down.connect(self._enter_list)
        self.search.entered.connect(self._choose_first)
        self.buttons, self.filters = FilterButtons(), FilterChips()
        self.buttons.asked.connect(self.ask)
        self.buttons.wanted.connect(self.wanted)
        self.filters.removed.connect(self._take_away)
        self._stale = False
        self._build()
        self.set_theme(theme)
        self._show_counts()
        self._tell_emptiness()

    def _build(self) -> None:
        self.chips, self._group = QWidget(), QButtonGroup(self)
        row = FlowLayout(self.chips, gap=2)
        for place in range(len(CHIPS)):
            chip = QPushButton()
            chip.setCheckable(True)
            chip.setProperty("chip", True)
            state = CHIPS[place]
            chip.setToolTip(tr("Articles {state}", state=tr(STATES[state])) if state else tr("All articles"))
            self._group.addButton(chip, place)
            row.addWidget(chip)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(lambda place, on: self._ask_for(state=CHIPS[place]) if on else None)
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        self.hint.setProperty("centred", True)
        self.hint.setProperty("muted", True)
        self.hint.setContentsMargins(18, 36, 18, 18)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.view)
        self.pages.addWidget(_at_top(self.hint))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 11, 0, 0)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setContentsMargins(leading(self, 12, 0, 8, 0))
        top.setSpacing(4)
        top.addWidget(self.search, 1)
        top.addWidget(self.buttons)
        column.addLayout(top)
        for widget in (self.chips, self.filters):
            inset = QVBoxLayout()
            inset.setContentsMargins(8, 0, 8, 0)
            inset.addWidget(widget)
            column.addLayout(inset)
        column.addWidget(self.pages, 1)

    def show_lines(self, lines: Sifted, scheme: Scheme) -> None:
        """Other lines, not yet sifted; search, filters, order, cursor and scroll stay."""
        cursor = self.model.key_at(self.view.currentIndex().row())
        place = self.view.verticalScrollBar().value()
        self.cards.scheme = scheme
        self.buttons.show_scheme(scheme)
        self.buttons.lines = lambda: self.model.sifted.lines
        self._stale = False
        self.ask(_known(self.sift, scheme))
        self.model.show(lines)
        self.view.doItemsLayout()
        self._put_cursor(cursor)
        self.view.verticalScrollBar().setValue(place)
        self._show_counts()
        self._tell_emptiness()

    def update_line(self, line: ArticleLine) -> None:
        """Another value for one of the lines shown: much cheaper than showing them all again.

        An article that no longer passes a filter, or belongs elsewhere, goes when another one is selected, not from
        under the hand.
        """
        if self.model.sifted.line(line.key) is None:
            return
        self._stale = self.model.replace(line) or self._stale
        self._show_counts()

    def select(self, key: int | None) -> None:
        """Mark the article that is on the page; tells nobody."""
        if self._stale and key != self.cards.shown:
            self._stale = False
            place = self.view.verticalScrollBar().value()
            self.model.sift_again()
            self.view.doItemsLayout()
            self.view.verticalScrollBar().setValue(place)
            self._tell_emptiness()
        self.cards.shown = key
        row = self.model.row_of(key)
        if row >= 0:
            self._put_cursor(key)
            self.view.scrollTo(self.model.index(row))
        self.view.viewport().update()

    def keys(self) -> list[int]:
        """The articles in the order shown."""
        return [self.model.sifted.lines[i].key for i in self.model.sifted.rows]

    def next_key(self, after: int | None) -> int | None:
        """The article shown below `after`, which need not be shown itself; the first one for None."""
        return self.model.sifted.below(after)

    def previous_key(self, before: int | None) -> int | None:
        """The article shown above `before`; the last one for None."""
        return self.model.sifted.above(before)

    def focus_search(self) -> None:
        self.wanted.emit()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @property
    def sift(self) -> Sift:
        """What the list is asked for."""
        return self.model.sifted.sift

    def ask(self, sift: Sift) -> None:
        """Let through what is asked for, in that order; search, chips and menus show it."""
        if not self.model.ask(sift):
            return
        self._stale = False
        self._group.button(CHIPS.index(sift.state)).setChecked(True)
        if self.search.text() != sift.text:
            self.search.setText(sift.text)
        self.buttons.show_sift(sift)
        self.view.scrollToTop()
        row = self.model.row_of(self.cards.shown)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))
        self._tell_emptiness()

    def show_all(self) -> None:
        """Take away search and filters; the order stays."""
        self.ask(clear(self.sift))

    def _ask_for(self, **update: object) -> None:
        self.ask(self.sift.model_copy(update=update))

    def _take_away(self, name: str) -> None:
        without = dict(active(self.sift)).get(name)
        if without:
            self.ask(without)

    def set_theme(self, theme: Theme) -> None:
        self.cards.theme = theme
        self.search.set_theme(theme)
        self.buttons.set_theme(theme)
        self.view.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "cards"):
            self.cards.set_font(self.font())
            self.view.set_card_height(self.cards.height)

    def _show_counts(self) -> None:
        for state, chip in zip(CHIPS, self._group.buttons(), strict=True):
            count = self.model.sifted.states[state] if state else len(self.model.sifted.lines)
            name = capital(tr(STATES[state])) if state else tr("All")
            chip.setText(f"{name} {number(count)}")

    def _tell_emptiness(self) -> None:
        """How many are shown; and where none is, why."""
        shown, total, sift = len(self.model.sifted.rows), len(self.model.sifted.lines), self.sift
        self.filters.show_sift(sift, shown, total)
        if not total:
            self.hint.setText(tr("No articles yet.\n\nImport some, or drop files here."))
        elif not shown and any(active(sift)):
            self.hint.setText(tr("No article passes these filters.\n\nA click on one takes it away."))
        elif not shown and sift.text:
            self.hint.setText(
                tr("Nothing found for “{typed}”.\n\nEsc empties the search.", typed=sift.text.strip()[:60])
            )
        elif not shown:
            self.hint.setText(tr("No article is in this state."))
        self.pages.setCurrentIndex(0 if shown else 1)

    def _put_cursor(self, key: int | None) -> None:
        row = self.model.row_of(key)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))

    def _enter_list(self) -> None:
        if self.model.sifted.rows:
            if not self.view.currentIndex().isValid():
                self.view.setCurrentIndex(self.model.index(0))
            self.view.setFocus(Qt.FocusReason.TabFocusReason)

    def _choose_first(self) -> None:
        key = self.model.key_at(0)
        if key is not None:
            self._on_chosen(key)

    def _on_chosen(self, key: int) -> None:
        self.chosen.emit(key)


def _known(sift: Sift, scheme: Scheme) -> Sift:
    """Without labels that the scheme no longer has: nobody could take them away."""
    names = {label.name for label in scheme.labels}
    kept = {
        field: tuple(name for name in getattr(sift, field) if name in names)
        for field in ("having", "lacking")
    }
    return sift.model_copy(update=kept)


def _at_top(widget: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    column.addStretch(1)
    return page
