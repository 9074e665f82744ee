"""What an import would bring, before it is done: what there is to decide, the first articles as they will look, the account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import columns
from desktop.intake import Wishes, preview_lines
from desktop.mapping import Name
from desktop.preview import Glimpse, Guess, Preview
from ui.dialogs import report_rows
from ui.fields import Problem, muted
from ui.import_article import ArticlePage, TextPage
from ui.import_names import NamesPage
from ui.import_pages import (
    AnnotatorPage,
    ChangedPage,
    ColumnsPage,
    EncodingPage,
    FoundPage,
    Page,
    encoding_name,
)
from ui.parts import language_name, number, theme_of
from ui.rows import ListRow, RowsView
from ui.words import later, plural, retold, tr

FATES = {"new": "", "there": later("is there already"), "changed": later("changed, left as it is")}
# Milliseconds from a choice to another look, so that a run of them costs one.
_PAUSE = 250
_CHANGED = "changed: this file"
# Tables that can be decided about one by one; one decision holds for all with the same columns.
_MOST = 200


class ImportPreview(QDialog):
    """`looked` asks for another look with other wishes, `agreed` for the import itself."""

    looked = Signal(object)
    agreed = Signal(object)

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import"))
        self.wishes = wishes
        self.preview = Preview()
        self.tables: dict[str, ColumnsPage] = {}
        self._guesses: dict[str, Guess] = {}
        self._changed_files: list[str] = []
        self._pages: dict[object, Page] = {}
        self._rows: list[ListRow] = []
        self.summary = QLabel(tr("Looking at the files …"))
        self.summary.setWordWrap(True)
        self.summary.setProperty("heading", True)
        self.languages = muted("")
        self.problem = Problem()
        self.list = RowsView(tr("What would come in"))
        self.list.set_theme(theme_of(parent))
        self.list.setSelectionMode(
            RowsView.SelectionMode.NoSelection
        )  # the row that is shown is marked as picked
        self.article = ArticlePage(theme_of(parent))
        self.told = TextPage()
        self.stack = QStackedWidget()
        for page in (self.article, self.told):
            self.stack.addWidget(page)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._lay_out()
        self._connect()
        self._busy(True)

    def _lay_out(self) -> None:
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton(tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.save = self.buttons.addButton(tr("Save the report…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setAutoDefault(False)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setChildrenCollapsible(False)
        both.addWidget(self.list)
        both.addWidget(self.stack)
        both.setSizes([380, 560])
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(8)
        for widget in (self.summary, self.languages, self.problem):
            column.addWidget(widget)
        column.addSpacing(2)
        column.addWidget(both, 1)
        column.addSpacing(4)
        column.addWidget(self.buttons)
        self.resize(980, 640)

    def _connect(self) -> None:
        self.buttons.accepted.connect(lambda: self.agreed.emit(self.wishes))
        self.buttons.rejected.connect(self.reject)
        self.save.clicked.connect(self._ask_where)
        self.list.selectionModel().currentChanged.connect(lambda index: self._show_row(index.row()))
        self.list.chosen.connect(self._enter)
        self.article.decide.connect(lambda file: self._go_to(("guess", file)))
        self._pause.timeout.connect(self._look_again)

    # Choices

    def _choose(self, page: Page) -> None:
        """Something was chosen on a page: look again in a moment."""
        self.wishes = page.wish(self.wishes)
        if isinstance(page, ColumnsPage):
            self.tables[page.signature] = page
        self._busy(True)
        self._pause.start()

    def _look_again(self) -> None:
        self.looked.emit(self.wishes)

    def _busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.save.setEnabled(not busy)

    def progress(self, done: int) -> None:
        self.summary.setText(
            plural("Looking at the files: {n} article …", "Looking at the files: {n} articles …", done)
        )

    def failed(self, message: str) -> None:
        self.summary.setText(tr("The files cannot be imported."))
        self.problem.say(message)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._pause.stop()
        super().closeEvent(event)

    # What a look has found

    def show_preview(self, preview: Preview) -> None:
        """What a look has found; what was decided before stays in the list, so that it can be decided otherwise."""
        self.preview = preview
        self._busy(self._pause.isActive())
        self.problem.say("")
        report = preview.report
        self._guesses |= {guess.file: guess for guess in preview.guesses if guess.file not in self._guesses}
        self._changed_files = self._changed_files or [
            row["file"] for row in report.skipped if row["reason"].startswith(_CHANGED)
        ]
        self.summary.setText(_summary(preview))
        told = ", ".join(
            f"{language_name(code) if code else tr('unknown')} ({number(count)})"
            for code, count in preview.languages.most_common(8)
        )
        self.languages.setText(tr("Languages: {languages}.", languages=told) if told else "")
        self.languages.setVisible(bool(told))
        self.go.setText(
            plural("Import {n} article", "Import {n} articles", report.articles)
            if report.articles
            else tr("Import")
        )
        self.go.setMinimumWidth(
            self.go.sizeHint().width() + 24
        )  # its letters are bold, and the row of buttons keeps its first widths
        self.go.setEnabled(bool(preview.first) and not self._pause.isActive())
        self._show_rows()
        if not self.wishes.names and any(one.proposal for one in preview.unknown):
            self._choose(
                self._page(("names",))
            )  # names that differ in case only are shown as what they will become

    def _show_rows(self) -> None:
        here = self.list.currentIndex().row()
        key = self._rows[here].key if 0 <= here < len(self._rows) else None
        rows: list[ListRow] = []
        decisions = self._decisions()
        if decisions:
            rows += [ListRow(tr("To decide · {n}", n=number(len(decisions)))), *decisions]
        if self.preview.first:
            rows.append(ListRow(tr("The first articles")))
            rows += [
                ListRow(g.record.article.title, ("first", n), _about(g))
                for n, g in enumerate(self.preview.first)
            ]
        shown = {tr("Columns of tables"), tr("Guessed")} if decisions else set()
        rows += [row for row in report_rows(self.preview.report) if not _of(row, shown)]
        self._rows = rows
        self.list.show_rows(rows)
        if key is None or self.list.row_of(key) < 0:
            first = next((row.key for row in rows if row.key and row.key[0] == "first"), None)
            self._go_to(first or next((row.key for row in rows if row.key), None))
        else:
            self._show_row(self.list.row_of(key))

    def _decisions(self) -> list[ListRow]:
        """A row for each thing that a person may decide, with what holds now."""
        rows, report = [], self.preview.report
        unknown = self.preview.unknown
        if unknown:
            named = ", ".join(_becomes(one.name, self.wishes) for one in unknown[:4])
            title = plural("{n} name not in the scheme", "{n} names not in the scheme", len(unknown))
            rows.append(ListRow(title, ("names",), named, icon="layers"))
        for row in report.columns[:_MOST]:
            key = ("table", columns.signature(row["header"]), row["file"], row["sheet"])
            if key[1] not in [other.key[1] for other in rows if other.key[0] == "table"]:
                rows.append(ListRow(_columns_of(row), key, _file(row["file"]), icon="filter"))
        for file, guess in self._guesses.items():
            name = encoding_name(self.wishes.encodings.get(file, guess.encoding))
            said = tr("Read as {name}", name=name) if file in self.wishes.encodings else tr("Read as {name}, a guess", name=name)  # fmt: skip
            rows.append(ListRow(said, ("guess", file), _file(file), icon="file"))
        if self._changed_files:
            said = plural("{n} file has changed", "{n} files have changed", len(self._changed_files))
            rows.append(ListRow(said, ("changed",), _file(self._changed_files[0]), icon="warning"))
        own = self.preview.annotators.get(self.preview.annotator, 0)
        if own:
            said = tr("Labels by {name}", name=self.preview.annotator)
            rows.append(ListRow(said, ("annotator",), plural("{n} label", "{n} labels", own), icon="note"))
        if report.found:
            rows.append(ListRow(tr("Found in the texts"), ("found",), _found(self.preview), icon="search"))
        return rows

    def _page(self, key: tuple[object, ...]) -> Page:
        """The page of a decision: made once, but for names, which other choices may change."""
        if key[0] == "names":
            key = ("names", tuple(one.name for one in self.preview.unknown))
        if key not in self._pages:
            page = self._made(key)
            page.changed.connect(lambda: self._choose(page))
            self._pages[key] = page
            self.stack.addWidget(page)
        return self._pages[key]

    def _made(self, key: tuple[object, ...]) -> Page:
        preview, report = self.preview, self.preview.report
        makers: dict[object, Callable[[], Page]] = {
            "names": lambda: NamesPage(preview.unknown, preview.scheme, self.wishes.names),
            "table": lambda: ColumnsPage(
                next(row for row in report.columns if (row["file"], row["sheet"]) == key[2:])
            ),
            "guess": lambda: EncodingPage(
                self._guesses[str(key[1])], [file for file in self._guesses if file != key[1]]
            ),
            "changed": lambda: ChangedPage(self._changed_files, self.wishes.changed),
            "annotator": lambda: AnnotatorPage(preview.annotator, preview.annotators[preview.annotator]),
            "found": lambda: FoundPage(preview, self.wishes.details),
        }
        return makers[key[0]]()

    def _go_to(self, key: object) -> None:
        place = self.list.row_of(key)
        if place >= 0:
            self.list.setCurrentIndex(self.list.rows.index(place))
            self._show_row(place)

    def _show_row(self, place: int) -> None:
        if not 0 <= place < len(self._rows) or self._rows[place].heading:
            return
        row = self._rows[place]
        self.list.pick(row.key)
        kind = row.key[0]
        if kind == "first":
            glimpse = self.preview.first[row.key[1]]
            file = self.preview.report.shown(glimpse.record.file)
            self.article.show_glimpse(glimpse, self._guesses.get(file))
            self.stack.setCurrentWidget(self.article)
        elif kind in ("names", "table", "guess", "changed", "annotator", "found"):
            self.stack.setCurrentWidget(self._page(row.key))
        else:
            self.told.show_words(row.below, row.text)
            self.stack.setCurrentWidget(self.told)

    def _enter(self, key: tuple[object, ...]) -> None:
        """A row was chosen: go to its choices."""
        page = self.stack.currentWidget()
        for widget in page.findChildren(QWidget) if page else ():
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                return

    # The report

    def _ask_where(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Save the report"), tr("import report.txt"), tr("Text (*.txt)")
        )
        if path:
            self.save_report(Path(path))

    def save_report(self, path: Path) -> None:
        """Everything the preview knows, as text."""
        report = self.preview.report
        skipped = [
            tr("skipped: {file} {position}: {reason}", file=row["file"], position=retold(row["position"]), reason=retold(row["reason"]))
            for row in report.skipped
        ]  # fmt: skip
        try:
            path.write_text(
                "\n".join([*preview_lines(self.preview), *skipped]) + "\n", "utf-8", "backslashreplace"
            )
        except OSError as error:
            self.problem.say(tr("The report cannot be written: {problem}.", problem=error.strerror))


def _summary(preview: Preview) -> str:
    report = preview.report
    parts = [
        plural("{n} article would come in", "{n} articles would come in", report.articles),
        plural("{n} label", "{n} labels", report.spans) if report.spans else "",
        plural("{n} there already", "{n} there already", len(report.duplicates)) if report.duplicates else "",
        plural("{n} left out", "{n} left out", len(report.skipped)) if report.skipped else "",
    ]
    return " · ".join(filter(None, parts))


def _about(glimpse: Glimpse) -> str:
    article = glimpse.record.article
    facts = [str(article.meta[name]) for name in ("date", "author", "source") if article.meta.get(name)]
    length = plural("{n} character", "{n} characters", article.length) if article.length else tr("no text")
    return " · ".join(filter(None, [tr(FATES[glimpse.fate]) if FATES[glimpse.fate] else "", *facts, length]))


def _becomes(name: Name, wishes: Wishes) -> str:
    """A name and what was decided about it."""
    to = wishes.names.names.get(name, "")
    if not to:
        return tr("{name} left out", name=name)
    return tr("{name} added", name=name) if to == name.name else tr("{name} as {other}", name=name, other=to)


def _found(preview: Preview) -> str:
    names = {"date": later("date"), "author": later("author"), "outside": later("page furniture")}
    return ", ".join(
        f"{tr(names[what])} {number(count)}" for what, count in preview.report.found.items() if what in names
    )


def _columns_of(row: dict[str, object]) -> str:
    fields = row["fields"]
    assert isinstance(fields, dict)
    text = next((column for column, field in fields.items() if field == "text"), None)
    if text is None:
        return tr("Which column holds the texts?")
    return tr("Texts in column “{name}”", name=text) if not row["guessed"] else tr("Texts in column “{name}”, a guess", name=text)  # fmt: skip


def _file(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _of(row: ListRow, titles: set[str]) -> bool:
    """Whether a row of the report belongs to one of these sections, or heads it."""
    return (row.key[0] if row.key else row.text.rpartition(" · ")[0]) in titles
