"""The page of figures: how far the project is, labels by kind, by day and by article, and how each is written.

Holds nothing but what it was last given to show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.figures import Extent, Spelling, Summary, last_days
from desktop.model import Scheme, State
from desktop.store.lines import ArticleLine
from ui.article_card import STATES
from ui.badges import BadgeRow
from ui.charts import Bar, Bars, Chart, Columns, Segments, bar_of, faint, figure_font
from ui.fields import QuietCombo
from ui.laid_page import LaidPage
from ui.parts import number, one_line, words
from ui.rows import ListRow, RowsView
from ui.theme import LIGHT, Theme
from ui.words import later, plural, tr

WIDE = 1060  # from here on the cards stand in two columns
DAYS = 60
_EVERYBODY = later("everybody")
_TALL = 330


class Card(QFrame):
    """A titled part of the page."""

    def __init__(self, title: str, *parts: QWidget) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.title, self.hint = QLabel(title), QLabel()
        self.title.setProperty("heading", True)
        self.hint.setProperty("muted", True)
        self.hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        for part in parts:
            column.addWidget(part, 1 if isinstance(part, RowsView) else 0)
        if not any(isinstance(part, RowsView) for part in parts):
            column.addStretch(1)

    def tell(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))


class StatisticsPage(LaidPage):
    """`layer_chosen` carries an annotator, None for all; `article_chosen` a key, `form_chosen` a form and its label."""

    layer_chosen = Signal(object)
    label_chosen = Signal(str)
    article_chosen = Signal(int)
    form_chosen = Signal(str, str)
    table_asked = Signal()

    def __init__(self, theme: Theme = LIGHT) -> None:
        self.layer = QuietCombo()
        super().__init__("statisticsPage", tr("Statistics"), self.layer)
        self._theme = theme
        self._scheme: Scheme | None = None
        self._found = Summary(Counter(), {}, [], [], 0.0, Counter())
        self._layer: str | None = None
        self._extent = Extent(0, 0, {})
        self.layer.setAccessibleName(tr("Labels by"))
        self.layer.setMinimumContentsLength(14)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedSize(110, 6)
        self.table = QPushButton(tr("Save as table…"))
        self.progress = Segments(tr("Articles by state"))
        self.labels = Bars(tr("Labels by kind"))
        self.days, self.spread = Columns(tr("Labels by day")), Columns(tr("Articles by number of labels"))
        self.badges = BadgeRow(checkable=True)
        self.articles, self.forms = (
            RowsView(tr("Articles with the most labels")),
            RowsView(tr("Most frequent forms")),
        )
        for view in (self.articles, self.forms):
            view.setProperty("bare", True)
        self.numbers: list[tuple[QLabel, QLabel]] = []  # the figure, and of what
        self._place()
        self._connect()
        self.set_theme(theme)

    def _place(self) -> None:
        self.cards = {
            "progress": Card(tr("Progress"), self._make_numbers(), self.progress),
            "labels": Card(tr("Labels"), self.labels),
            "days": Card(tr("By day"), self.days),
            "articles": Card(tr("By article"), self.spread, self.articles),
            "forms": Card(tr("How they are written"), self.badges, self.forms),
        }
        ground = QWidget()
        ground.setObjectName("statisticsGround")
        self._grid = QGridLayout(ground)
        self._grid.setContentsMargins(20, 18, 20, 18)
        self._grid.setSpacing(14)
        self._columns = 0
        self.area.setWidget(ground)
        self._fill_head()
        self.body.addWidget(self.area, 1)
        self._arrange()

    def _fill_head(self) -> None:
        whose = QLabel(tr("labels by"))
        whose.setProperty("muted", True)
        self.table.setToolTip(tr("Every article with its labels, as a file for a spreadsheet (CSV)"))
        for widget in (whose, self.layer, self.bar):
            self.add_to_head(widget)
        self.stretch_head()
        self.add_to_head(self.table)

    def _make_numbers(self) -> QWidget:
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(28)
        for _ in range(4):
            value, caption = QLabel(), QLabel()
            value.setFont(figure_font(self.font()))
            caption.setProperty("muted", True)
            cell = QVBoxLayout()
            cell.setSpacing(0)
            cell.addWidget(value)
            cell.addWidget(caption)
            row.addLayout(cell)
            self.numbers.append((value, caption))
        row.addStretch(1)
        return inner

    def _arrange(self) -> None:
        """One column, or two where there is room for them."""
        columns = 2 if self.width() >= WIDE else 1
        if columns == self._columns:
            return
        self._columns = columns
        while self._grid.count():
            self._grid.takeAt(0)
        places = (
            {"progress": (0, 0, 1, 2), "labels": (1, 0, 1, 1), "days": (1, 1, 1, 1), "articles": (2, 0, 1, 1),
             "forms": (2, 1, 1, 1)}
            if columns == 2
            else {name: (row, 0, 1, 2) for row, name in enumerate(self.cards)}
        )  # fmt: skip
        for name, place in places.items():
            self._grid.addWidget(self.cards[name], *place)
        for column in range(2):
            self._grid.setColumnStretch(column, 1)
        self._grid.setRowStretch(len(self.cards), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _connect(self) -> None:
        self.table.clicked.connect(self.table_asked)
        self.layer.activated.connect(lambda _: self.layer_chosen.emit(self.layer.currentData()))
        self.badges.chosen.connect(self._choose_label)
        self.articles.chosen.connect(self.article_chosen.emit)
        self.forms.chosen.connect(lambda form: self.form_chosen.emit(form, self.label))

    @property
    def label(self) -> str:
        """The label whose forms are listed."""
        return next(iter(self.badges.checked()), "")

    def _choose_label(self, name: str) -> None:
        self.badges.check((name,))
        self.label_chosen.emit(name)

    def show_layers(self, layers: Sequence[str], current: str | None) -> None:
        self.layer.clear()
        for name in layers:
            self.layer.addItem(one_line(name, 40), name)
        self.layer.addItem(tr(_EVERYBODY), None)
        self.layer.setCurrentIndex(max(0, self.layer.findData(current)))

    def show_counting(self, done: int, total: int) -> None:
        """How far the counting is; a bar that is full goes away."""
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.bar.setVisible(done < total)

    def show_figures(
        self,
        found: Summary,
        extent: Extent,
        layer: str | None,
        scheme: Scheme,
        lines: Mapping[int, ArticleLine],
    ) -> None:
        """Everything but the forms. `lines` are the articles as the list shows them."""
        self._scheme, self._found, self._extent, self._layer = scheme, found, extent, layer
        self._show_progress()
        self._show_labels()
        self._show_days()
        self._show_articles(lines)
        known = [label for label in scheme.labels if found.labels[label.name]]
        chosen = self.label
        self.badges.show_labels(known, later("How {label} is written"))
        if known and chosen not in {label.name for label in known}:
            self._choose_label(known[0].name)
        if not known:
            self.show_forms([])

    def _show_progress(self) -> None:
        extent, total = self._extent, self._found.read
        thousand = 1000 * total / extent.characters if extent.characters else 0
        shown = (
            (number(extent.articles), plural("article", "articles", extent.articles)),
            (number(total), plural("label", "labels", total)),
            (f"{self._found.median:g}", tr("per labelled article (median)")),
            (f"{thousand:.1f}", tr("per 1\u202f000 characters")),
        )
        for (value, caption), (text, of_what) in zip(self.numbers, shown, strict=True):
            value.setText(text)
            caption.setText(of_what)
        theme = self._theme
        whose = [self._layer] if self._layer is not None else list(extent.progress)
        colours: dict[State, str] = {"done": theme.ok, "in_progress": theme.accent, "todo": faint(theme)}
        counts = Counter[str]()
        for name in whose:
            found = extent.progress.get(name or "")
            for state in colours:
                counts[state] += found[state] if found else (extent.articles if state == "todo" else 0)
        self.progress.show_bars(
            [Bar(tr(STATES[state]), counts[state], colour) for state, colour in colours.items()]
        )
        several = self._layer is None and len(whose) > 1
        self.cards["progress"].tell(
            plural(
                "Over {n} annotator, each with every article.",
                "Over {n} annotators, each with every article.",
                len(whose),
            )
            if several
            else ""
        )

    def _bars(self, counts: Mapping[str, int]) -> list[Bar]:
        """In the order of the scheme; what it has lost at the end."""
        labels = {label.name: label for label in self._scheme.labels} if self._scheme else {}
        names = [*labels, *sorted(name for name in counts if name not in labels)]
        return [bar_of(labels.get(name), name, counts.get(name, 0), self._theme) for name in names]

    def _show_labels(self) -> None:
        self.labels.show_bars(self._bars(self._found.labels))
        self.cards["labels"].tell(
            "" if self._found.read else tr("No labels yet. They are counted here as they are made.")
        )

    def _show_days(self) -> None:
        days = self._found.days
        shown = last_days(days, DAYS)
        self.days.show_steps([(_day(day), self._bars(days.get(day, {}))) for day in shown])
        self.days.setVisible(bool(shown))
        unknown = self._found.read - sum(counts.total() for counts in days.values())
        said = [
            plural(
                "The last day up to the latest label.",
                "The last {n} days up to the latest label.",
                len(shown),
            )
            if len(days) > DAYS
            else ""
        ]
        said.append(
            plural("Of {n} label the day is not known.", "Of {n} labels the day is not known.", unknown)
            if unknown
            else ""
        )
        said.append("" if self._found.read else tr("No labels yet."))
        self.cards["days"].tell(" ".join(filter(None, said)))

    def _show_articles(self, lines: Mapping[int, ArticleLine]) -> None:
        counted_ = bool(self._found.read)
        steps = [
            (
                number(first) if first == last else f"{number(first)}–{number(last)}",
                [Bar(tr("articles"), many, self._theme.accent)],
            )
            for first, last, many in self._found.spread
        ]
        self.spread.show_steps(steps if self._extent.articles else [])
        self.spread.setVisible(self._extent.articles > 1 and counted_)
        said = tr("How many articles have how many labels, and those with the most.")
        self.cards["articles"].tell(said if counted_ else tr("No article has labels yet."))
        rows = [
            ListRow(lines[key].title, key, _of_article(lines[key], count), right=number(count))
            for key, count in self._found.top
            if key in lines
        ]
        _fill(self.articles, rows)

    def show_forms(self, forms: Sequence[Spelling]) -> None:
        """The most frequent forms of the label chosen."""
        _fill(self.forms, [_row_of(form) for form in forms])
        long = self._found.long[self.label]
        said = [tr("Click one to see all its places.") if forms or long else tr("Nothing is labelled yet.")]
        if long:
            said.append(plural("{n} longer one is left out.", "{n} longer ones are left out.", long))
        self.cards["forms"].tell(" ".join(said))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        charts: tuple[Chart, ...] = (self.progress, self.labels, self.days, self.spread)
        self.badges.set_theme(theme)
        for chart in charts:
            chart.set_theme(theme)
        for view in (self.articles, self.forms):
            view.set_theme(theme)
        if self._scheme:  # the colours of the pieces are the theme's
            self._show_progress()
            self._show_labels()
            self._show_days()


def _fill(view: RowsView, rows: list[ListRow]) -> None:
    view.show_rows(rows)
    view.setVisible(bool(rows))
    view.setMinimumHeight(_TALL if rows else 0)


def _day(day: str) -> str:
    return QLocale().toString(QDate.fromString(day, Qt.DateFormat.ISODate), tr("d MMM"))


def _of_article(line: ArticleLine, count: int) -> str:
    per = (
        tr("{count} per 1\u202f000 characters", count=f"{1000 * count / line.length:.1f}")
        if line.length
        else ""
    )
    return " · ".join(
        filter(None, (plural("{n} character", "{n} characters", line.length), per, tr(STATES[line.state])))
    )


def _row_of(form: Spelling) -> ListRow:
    """Isis, ISIS ×3, also location ×1: the most frequent way, then the others and the other labels it has."""
    ways = [f"{one_line(text, 60)} ×{number(count)}" for text, count in form.variants]
    also = [
        tr("also {label} ×{count}", label=words(label), count=number(count))
        for label, count in form.elsewhere
    ]
    rest = one_line(", ".join(ways[1:] + also), 70)
    tip = "\n".join((*(ways if len(ways) > 1 else ()), *also))
    return ListRow(form.text, form.text, right=number(form.count), after=rest, tip=tip)
