"""Which articles are listed and which one is on the page; reads again what a step has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop import commands
from desktop.errors import UserError
from desktop.session import Changed
from desktop.sifting import Sifted
from desktop.store import queries
from desktop.store.lines import ArticleLine, article_lines
from desktop.store.queries import Reading, Update
from desktop.store.store import Store
from ui.lull import Lull
from ui.parts import language_name
from ui.words import plural, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

# A step over more articles than this has the whole list read again.
_MANY = 50
_OPENED = 12


class Browsing:
    """The list and the page of a window, in the layer it works in. Views hold no truth: they are given what was read."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.layer = ""
        self.lines: dict[int, ArticleLine] = {}
        self.totals: Counter[str] = Counter()
        self.article: int | None = None
        self.opened: list[int] = []  # latest first
        self._beside: Reading | None = None  # what is shown beside the page
        self._spans: set[int] = set()  # in which the page differs from that
        self._touched: set[int] = set()  # articles of which the lines are to be read again
        self._lull = Lull(window, self._catch_up, lambda: window.work.pending)

    def leave(self) -> None:
        """Forget the project that was shown."""
        self._window.resume.leave()
        self.layer, self.lines, self.article, self.opened = "", {}, None, []
        self.totals.clear()
        self._touched.clear()
        self._lull.stop()
        self._window.labelling.show(None, "")

    def show_layer(self, layer: str) -> None:
        """Show and change the labels of this annotator."""
        self.layer = layer
        self.reread()

    def reread(self) -> None:
        self._window.work.read(_all_lines, self.layer, then=self._show_lines)

    def _show_lines(self, found: tuple[Sifted, dict[int, ArticleLine], Counter[str]]) -> None:
        window = self._window
        if not window.project:
            return
        sifted, self.lines, self.totals = found
        window.articles.show_lines(sifted, window.project.scheme)
        if self.article not in self.lines:
            self.article = window.resume.article(sifted.lines) or _first_to_do(sifted.lines)
        if self.article is None:
            self._show_nothing()
        else:
            self.open(self.article)

    def _show_nothing(self) -> None:
        window = self._window
        window.labelling.show(None, self.layer)
        window.view.show_nothing(
            tr("No articles yet"), tr("Drop files or folders here, or use File › Import articles")
        )
        window.view.show_spans([], window.scheme)
        window.inspector.show_reading(None, window.scheme)
        window.reading_shown()

    def open(self, key: int) -> None:
        """Put an article on the page."""
        self.article = key
        self.opened = [key, *(other for other in self.opened if other != key)][:_OPENED]
        self._window.articles.select(key)
        self._window.work.read(queries.reading, key, self.layer, then=self._show_reading)

    def _show_reading(self, reading: Reading) -> None:
        window = self._window
        if not window.project or (reading.article.key, reading.layer) != (self.article, self.layer):
            return
        self._show(reading)

    def _show(self, reading: Reading, only: Collection[int] | None = None) -> None:
        """Show what was read; with `only`, none but the spans of these keys differ from those shown."""
        window = self._window
        shown = window.labelling.reading
        window.labelling.show(reading, self.layer)
        article = reading.article
        if shown is None or shown.article.key != article.key:
            window.view.show_article(reading.text, article.title, _subtitle(reading), article.outside)
        elif shown.article != article:
            window.view.show_details(article.title, _subtitle(reading), article.outside)
        window.view.show_spans(reading.spans, window.scheme, only)
        window.view.show_read_to(reading.read_to)
        window.resume.shown(reading)
        # The page first: what is beside it can come a moment later.
        if only is not None and self._beside is not None:
            self._spans.update(only)
            self._lull.ask()
        else:
            self._beside = None
            QTimer.singleShot(0, window, lambda: self._show_beside(reading))

    def _show_beside(self, reading: Reading) -> None:
        if self._window.labelling.reading is reading:
            only = self._spans if self._beside else None
            self._beside, self._spans = reading, set()
            self._window.inspector.show_reading(reading, self._window.scheme, only)
            self._window.reading_shown()

    def _catch_up(self) -> None:
        """Show beside the page what a step has changed, and read the lines of the articles it touched."""
        reading, keys = self._window.labelling.reading, sorted(self._touched)
        self._touched.clear()
        if reading and self._beside and reading is not self._beside:
            self._show_beside(reading)
        if keys and self._window.project:
            self._window.work.read(
                article_lines, self.layer, keys, then=lambda lines: self._update_lines(keys, lines)
            )

    def go(self, step: int) -> None:
        """Open the next or the previous article of the list as it is filtered."""
        articles = self._window.articles
        key = articles.next_key(self.article) if step > 0 else articles.previous_key(self.article)
        if key is not None:
            self.open(key)
        else:
            self._window.messages.info(
                tr("This is the last article of the list.")
                if step > 0
                else tr("This is the first article of the list.")
            )

    def done_and_next(self) -> None:
        following = self._window.articles.next_key(self.article)
        self._window.labelling.set_state("done", then=lambda _: self._go_on(following))

    def _go_on(self, following: int | None) -> None:
        if following is not None:
            self.open(following)
        else:
            self._window.messages.info(tr("Marked done. It was the last article of the list."))

    def read_to_here(self) -> None:
        """Set the reading mark at the caret; at the start of the article that takes it away."""
        reading, caret = self._window.labelling.reading, self._window.view.caret
        if reading and reading.read_to == caret:
            self._window.messages.info(
                tr(
                    "It is read to here already. With the caret at the start, the same key takes the mark away."
                )
                if caret
                else tr("Put the caret behind what you have read, then press the key again.")
            )
        elif reading:
            self._window.work.do(commands.set_read_to, reading.article.key, self.layer, caret, writing=True)

    def to_reading_mark(self) -> None:
        """Put the caret where reading goes on."""
        view = self._window.view
        view.set_caret(view.read_to)
        view.reveal(view.read_to, view.read_to)

    def refresh(self, changed: Changed) -> None:
        """After a step: read again what it touched."""
        window = self._window
        if not window.project:
            return
        keys = sorted(changed.articles)
        # An article that is new, or came back, has a place to be found among the others.
        if len(keys) > _MANY or not self.lines.keys() >= changed.articles:
            self.reread()
        else:
            self._touched |= changed.articles
            self._lull.ask()
            if self.article in changed.articles:
                self._reread_article(changed)

    def _reread_article(self, changed: Changed) -> None:
        """Of the article on the page, what the step changed; all of it where the step does not tell, or it is just coming."""
        work, reading, key = self._window.work, self._window.labelling.reading, self.article
        if changed.rows is None or not reading or (reading.article.key, reading.layer) != (key, self.layer):
            work.read(queries.reading, key, self.layer, then=self._show_reading, failed=self._not_read)
            return
        spans = frozenset(row for kind, row in changed.rows if kind == "span")
        ties = frozenset(row for kind, row in changed.rows if kind == "relation")
        work.read(queries.update, key, self.layer, spans, ties, then=self._show_update, failed=self._not_read)

    def _not_read(self, error: BaseException) -> None:
        """An article that was deleted: the list is read again, and another one shown."""
        if not isinstance(error, UserError) or error.kind:
            self._window.work.failed.emit(error)

    def _show_update(self, update: Update) -> None:
        window, reading = self._window, self._window.labelling.reading
        if not window.project or not reading:
            return
        # Another article or layer may be on the page by now: then it was read after the step.
        if (reading.article.key, reading.layer) == (update.article.key, update.layer):
            self._show(reading.updated(update), update.spans)

    def _update_lines(self, keys: list[int], lines: list[ArticleLine]) -> None:
        if len(lines) < len(keys):  # one was deleted
            self.reread()
            return
        if not self.lines.keys() >= set(keys):  # the project was opened anew: all of it is being read
            return
        for line in lines:
            before, self.lines[line.key] = self.lines[line.key], line
            self.totals["labels"] += line.spans - before.spans
            self.totals["done"] += (line.state == "done") - (before.state == "done")
            self._window.articles.update_line(line)
        self._window.show_counts()


def _all_lines(store: Store, layer: str) -> tuple[Sifted, dict[int, ArticleLine], Counter[str]]:
    """The articles, by key too, and what they add up to: for 100,000 that would keep the window's thread for 50 ms."""
    lines = Sifted(article_lines(store, layer))
    totals = Counter(labels=sum(line.spans for line in lines.lines if line.labels), done=lines.states["done"])
    return lines, {line.key: line for line in lines.lines}, totals


def _first_to_do(lines: list[ArticleLine]) -> int | None:
    """Where a person would go on: what is in progress, else the first not done, else the first."""
    # Among 100,000 the first is soon found; they lie in the order of their keys.
    for state in ("in_progress", "todo", "done"):
        for line in lines:
            if line.state == state:
                return line.key
    return None


def _subtitle(reading: Reading) -> str:
    article = reading.article
    meta = [str(article.meta[name]) for name in ("date", "author", "source") if article.meta.get(name)]
    language = [language_name(article.language)] if article.language else []
    return " · ".join([*meta, *language, plural("{n} character", "{n} characters", article.length)])
