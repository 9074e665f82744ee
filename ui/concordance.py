"""Every place of a form in the whole project, with what is around it and the label it has; label those checked."""

from __future__ import annotations

from collections import defaultdict

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop import repeats
from desktop.errors import Cancelled
from desktop.model import Scheme
from desktop.occurrences import Form, keeps_case
from desktop.repeats import Place, Slice
from desktop.session import Changed
from desktop.text import Bounds
from ui.fields import SearchField
from ui.hits import HitsTable
from ui.offers import told
from ui.parts import FlowLayout, number
from ui.theme import Theme
from ui.toolbar import LabelButton
from ui.words import later, plural, tr
from ui.work import Work

_EMPTY = later("Type a word or phrase; it is looked for in all articles, whole words only.")


class Concordance(QDialog):
    """Asks for hits slice by slice, so that labels are stored in between and a search can be left at any time.

    `opened` carries article, start and end of a hit to go to, `labelled` the Outcome of a step.
    """

    opened = Signal(int, int, int)
    labelled = Signal(object)

    def __init__(self, work: Work, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Find in all articles"))
        self._work = work
        self._theme = theme
        self._layer = ""
        self._scheme: Scheme | None = None
        self._run = 0
        self._seen = self._total = 0
        self._running = self._labelling = False
        self.field = SearchField(tr("Word or phrase…"))
        self.case = QCheckBox(tr("Match case"))
        self.unlabelled = QCheckBox(tr("Unlabelled only"))
        self.stop = QPushButton(tr("Stop"))
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedSize(110, 6)
        self.status = QLabel()
        self.status.setProperty("muted", True)
        self.table = HitsTable()
        self.all = QPushButton(tr("Check all"))
        self._labels = QWidget()
        self._flow = FlowLayout(self._labels, gap=6)
        self.buttons: list[LabelButton] = []
        self._typed = QTimer(self, singleShot=True, interval=250)
        self._place()
        self._connect()
        self.set_theme(theme)
        self.resize(1000, 620)

    def _place(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.field, 1)
        top.addWidget(self.case)
        top.addWidget(self.unlabelled)
        middle = QHBoxLayout()
        middle.addWidget(self.status, 1)
        middle.addWidget(self.bar)
        middle.addWidget(self.stop)
        said = QLabel(tr("Label checked as"))
        bottom = QHBoxLayout()
        bottom.addWidget(self.all)
        bottom.addStretch(1)
        bottom.addWidget(said)
        bottom.addWidget(self._labels)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addLayout(top)
        column.addLayout(middle)
        column.addWidget(self.table, 1)
        column.addLayout(bottom)
        for button in (self.stop, self.all):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._wait)
        self.field.returnPressed.connect(self._returned)
        self._typed.timeout.connect(self.search)
        self.case.toggled.connect(self._wait)
        self.unlabelled.toggled.connect(self._narrow)
        self.stop.clicked.connect(self.cancel)
        self.all.clicked.connect(self._check_all)
        self.table.hits.checks_changed.connect(self._show_counts)
        self.table.opened.connect(self._open)
        self.table.letter.connect(self._key)
        self._work.progressed.connect(self._labelled_so_far)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.field.set_theme(theme)
        self.table.set_theme(theme)
        for button in self.buttons:
            button.set_theme(theme)

    def start(
        self, form: str, label: str | None, layer: str, scheme: Scheme, articles: int, *, unlabelled: bool
    ) -> None:
        """Show the window with the hits of a form, or empty, to be typed in."""
        self._layer, self._scheme, self._total = layer, scheme, articles
        self.table.hits.scheme = scheme
        self._show_labels(scheme, label)
        for box, on in ((self.unlabelled, unlabelled), (self.case, keeps_case(form))):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
        self.table.hits.narrow(unlabelled)
        self.field.setText(" ".join(form.split()))
        self._typed.stop()
        self.show()
        self.raise_()
        self.activateWindow()
        self.search()
        self.field.selectAll()
        (self.table if form else self.field).setFocus()

    def _show_labels(self, scheme: Scheme, chosen: str | None) -> None:
        for old in self.buttons:
            old.deleteLater()
        self.buttons = [LabelButton(label, self._theme) for label in scheme.labels]
        for button in self.buttons:
            button.longest = 120
            button.setChecked(button.label.name == chosen)
            button.setToolTip(
                "<p>{}</p>".format(tr("Label all checked hits {label}.", label=button.label.name))
            )
            button.clicked.connect(lambda _=False, name=button.label.name: self.label(name))
            self._flow.addWidget(button)
        width = sum(button.sizeHint().width() + 6 for button in self.buttons)
        self._labels.setFixedWidth(min(560, width))
        self._labels.setFixedHeight(self._flow.heightForWidth(min(560, width)))

    # Searching

    def search(self) -> None:
        """Look for what is in the field, from the first article on."""
        self._typed.stop()
        self._run += 1
        self._seen = 0
        self.table.hits.clear()
        text = self.field.text()
        self.table.fit(text)
        self._running = bool(text.strip()) and self._total > 0
        self._show_counts()
        if self._running:
            self._next(self._run, Form(text, case=self.case.isChecked()), -1)

    def _wait(self) -> None:
        self._typed.start()

    def _next(self, run: int, form: Form, after: int) -> None:
        # The first page is there at once; then the slices are larger.
        most = repeats.SLICE if after >= 0 else repeats.SLICE // 10
        self._work.read(
            repeats.scan_slice, form, self._layer, after, most,
            then=lambda found: self._take(run, form, found), failed=lambda error: self._failed(run, error),
        )  # fmt: skip

    def _take(self, run: int, form: Form, found: Slice) -> None:
        if run != self._run or not self._running:
            return
        had = self.table.hits.rowCount()
        self.table.hits.add(found.places)
        self._seen += found.articles
        self._running = found.last is not None
        if not had and self.table.hits.rowCount():
            self.table.selectRow(0)
        self._show_counts()
        if found.last is not None:
            self._next(run, form, found.last)

    def _failed(self, run: int, error: BaseException) -> None:
        if run == self._run:
            self._running = False
            self._show_counts()
        self._work.failed.emit(error)

    def cancel(self) -> None:
        """Stop what is running: a search keeps what it has found, a labelling leaves everything as it was."""
        if self._labelling:
            self._work.cancel()
        self._running = False
        self._show_counts()

    def _returned(self) -> None:
        if self._typed.isActive():
            self.search()
        self.table.setFocus()

    def _narrow(self, on: bool) -> None:
        self.table.hits.narrow(on)

    def _show_counts(self) -> None:
        hits = self.table.hits
        busy = self._running or self._labelling
        self.bar.setVisible(busy)
        self.stop.setVisible(busy)
        if not self._labelling:
            self.bar.setRange(0, max(1, self._total))
            self.bar.setValue(self._seen)
            self.status.setText(self._said())
        self.all.setEnabled(bool(hits.rows) and not busy)
        every = bool(hits.rows) and len(hits.checked) == len(hits.rows)
        self.all.setText(tr("Check none") if every else tr("Check all {count}", count=number(len(hits.rows))))
        for button in self.buttons:
            button.setEnabled(bool(hits.checked) and not busy)

    def _said(self) -> str:
        hits = self.table.hits
        if not self.field.text().strip():
            return tr(_EMPTY)
        if not hits.places:
            return (
                plural("Searching {n} article…", "Searching {n} articles…", self._total)
                if self._running
                else tr("Not found in any article.")
            )
        bare = sum(1 for place in hits.places if not place.labels) if not self._running else 0
        where = plural("{n} article", "{n} articles", self._articles())
        parts = [
            plural("{n} place in {articles}", "{n} places in {articles}", len(hits.places), articles=where)
        ]
        if self._running:
            parts.append(tr("{seen} of {total} searched", seen=number(self._seen), total=number(self._total)))
        else:
            parts.append(plural("{n} unlabelled", "{n} unlabelled", bare))
        if hits.checked:
            parts.append(plural("{n} checked", "{n} checked", len(hits.checked)))
        return " · ".join(parts)

    def _articles(self) -> int:
        return len({place.article for place in self.table.hits.places})

    # Checked hits

    def _check_all(self) -> None:
        hits = self.table.hits
        hits.check(range(len(hits.rows)), len(hits.checked) < len(hits.rows))

    def _key(self, letter: str) -> None:
        label = next((b.label.name for b in self.buttons if b.label.key.lower() == letter), None)
        if label and not self._running:
            self.label(label)

    def label(self, name: str) -> None:
        """Give the checked hits a label, as one step; what has one already is left out and told."""
        chosen = self.table.hits.chosen()
        if not chosen or self._labelling:
            self.status.setText(tr("Check some hits first, with the space bar or a click."))
            return
        places: dict[int, list[Bounds]] = defaultdict(list)
        for place in chosen:
            places[place.article].append((place.start, place.end))
        self._labelling = True
        self.status.setText(plural("Labelling {n} hit…", "Labelling {n} hits…", len(chosen)))
        self.bar.setRange(0, 0)
        self._show_counts()
        self._work.do(
            repeats.label_everywhere, places, name, self._layer, self._work.report_progress,
            then=self._done, failed=self._not_done, writing=True,
        )  # fmt: skip

    def _labelled_so_far(self, done: int, total: int) -> None:
        if self._labelling and total:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _done(self, outcome: repeats.Outcome) -> None:
        self._labelling = False
        self._show_counts()
        self.status.setText(told(outcome))
        self.labelled.emit(outcome)

    def _not_done(self, error: BaseException) -> None:
        self._labelling = False
        self._show_counts()
        if isinstance(error, Cancelled):
            self.status.setText(tr("Stopped. Nothing was labelled."))
        else:
            self._work.failed.emit(error)

    def changed(self, changed: Changed) -> None:
        """After a step: read the labels of the hits again that are in the articles it touched."""
        touched = [place for place in self.table.hits.places if place.article in changed.articles]
        if touched and "span" in changed.kinds:
            articles = changed.articles
            self._work.read(
                repeats.reread, touched, self._layer, then=lambda fresh: self._replace(articles, fresh)
            )

    def _replace(self, articles: frozenset[int], fresh: list[Place]) -> None:
        said = self.status.text()
        self.table.hits.replace(articles, fresh)
        self.status.setText(said)

    def _open(self, place: Place) -> None:
        self.opened.emit(place.article, place.start, place.end)

    def reject(self) -> None:
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._typed.stop()
        self._running = False
        self._run += 1
        event.accept()
