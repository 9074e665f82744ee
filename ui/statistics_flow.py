"""The page of figures from the window: counted slice by slice on the store thread, summed up on another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from desktop import figures
from desktop.errors import UserError
from desktop.figures import Extent, Figures, Part, Summary
from desktop.paths import projects_folder
from desktop.session import Changed
from desktop.store.lines import ArticleLine
from ui.statistics_page import StatisticsPage
from ui.words import tr

if TYPE_CHECKING:
    from ui.window import MainWindow

# After a step the figures in view are counted again when so many milliseconds have passed without another.
_LATER = 1500


class StatisticsFlow(QObject):
    """The page of a window. A run that another has overtaken ends at its next slice."""

    _summed = Signal(int, object, object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: StatisticsPage | None = None
        self._layer: str | None = ""
        self._run = 0
        self._stale = True
        self._figures = Figures()
        self._extent = Extent(0, 0, {})
        self._total = 0
        self._pool: ThreadPoolExecutor | None = None
        self._summed.connect(self._on_summed, Qt.ConnectionType.QueuedConnection)
        self._later = QTimer(self, singleShot=True, interval=_LATER)
        self._later.timeout.connect(self._recount)
        self.ask_path: Callable[[Path], str] = self._ask_path

    @property
    def page(self) -> StatisticsPage:
        if self._page is None:
            self._page = page = StatisticsPage(self._window.theme)
            page.left.connect(self._window.pages.leave)
            page.layer_chosen.connect(self._choose_layer)
            page.label_chosen.connect(lambda _: self._sum_forms())
            page.article_chosen.connect(self._open_article)
            page.form_chosen.connect(self._open_form)
            page.table_asked.connect(self._save)
        return self._page

    @property
    def counting(self) -> bool:
        return self._page is not None and self._page.bar.isVisible()

    def open(self) -> None:
        """Lay the page over the desk."""
        window, project = self._window, self._window.project
        if project:
            if self._layer not in project.layers and self._layer is not None:
                self._layer = window.browsing.layer
            layers = [*dict.fromkeys([*project.layers, window.browsing.layer])]
            self.page.show_layers(layers, self._layer)
            window.pages.lay(self.page)
            if self._stale:
                self._recount()

    def leave(self) -> None:
        """Another project is opened, or none."""
        self._run += 1
        self._stale, self._layer = True, ""
        self._later.stop()

    def close(self) -> None:
        """The window closes."""
        self.leave()
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def changed(self, changed: Changed) -> None:
        """After a step: count again, at once if the page is looked at."""
        if changed.kinds & {"span", "article", "status", "property"}:
            self._stale = True
            if self._page is not None and self._window.pages.shows(self._page):
                self._later.start()

    def set_theme(self, theme: Any) -> None:
        if self._page is not None:
            self._page.set_theme(theme)

    def _choose_layer(self, layer: str | None) -> None:
        self._layer = layer
        self._recount()

    # Counting

    def _recount(self) -> None:
        window = self._window
        if not window.project:
            return
        self._run += 1
        self._stale = False
        self._figures = Figures()
        layers = window.project.layers
        self._total = layers.get(self._layer, 0) if self._layer is not None else sum(layers.values())
        self.page.show_counting(0, max(1, self._total))
        window.work.read(figures.extent, then=partial(self._extent_read, self._run))

    def _extent_read(self, run: int, extent: Extent) -> None:
        if run == self._run:
            self._extent = extent
            self._read(run, 0)

    def _read(self, run: int, after: int) -> None:
        self._window.work.read(figures.part, self._layer, after, then=partial(self._part_read, run))

    def _part_read(self, run: int, part: Part) -> None:
        if run == self._run:
            self._off_thread(run, partial(_add, self._figures, part, self._extent), part)

    def _off_thread(self, run: int, function: Callable[[], Any], token: object) -> None:
        """Call a function that needs no project beside the store thread; its result comes back to `_on_summed`."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="figures")
        self._pool.submit(lambda: self._summed.emit(run, token, function()))

    def _on_summed(self, run: int, token: object, result: object) -> None:
        if run != self._run:
            return
        if isinstance(token, Part):
            self.page.show_counting(self._figures.read, max(self._total, self._figures.read + 1))
            if token.after is not None:
                self._read(run, token.after)
            else:
                self._off_thread(run, partial(figures.summary, self._figures, self._extent), self._extent)
        elif isinstance(result, Summary):
            self._counted(result)
        elif isinstance(token, Path):
            if isinstance(result, UserError):
                self._window.say_error(result)
            else:
                self._window.messages.info(tr("The table is in {file}.", file=token))
        elif token == self.page.label:
            assert isinstance(result, list)
            self.page.show_forms(result)

    def _counted(self, found: Summary) -> None:
        window = self._window
        self.page.show_counting(1, 1)
        self.page.show_figures(found, self._extent, self._layer, window.scheme, window.browsing.lines)
        self._sum_forms()

    def _sum_forms(self) -> None:
        label = self.page.label
        if label:
            self._off_thread(self._run, partial(figures.spellings, self._figures.forms, label), label)

    # What is chosen

    def _open_article(self, key: int) -> None:
        self._window.pages.leave()
        self._window.browsing.open(key)
        self._window.view.setFocus()

    def _open_form(self, form: str, label: str) -> None:
        self._window.pages.leave()
        self._window.repeats.open_concordance(form, label)

    def _save(self) -> None:
        project = self._window.project
        if project:
            path = self.ask_path(projects_folder() / tr("{stem} labels.csv", stem=project.path.stem))
            if path:
                lines, labels = (
                    list(self._window.browsing.lines.values()),
                    [x.name for x in project.scheme.labels],
                )
                self._off_thread(self._run, partial(_write_table, Path(path), labels, lines), Path(path))

    def _ask_path(self, offered: Path) -> str:
        return QFileDialog.getSaveFileName(
            self._window, tr("Save as table"), str(offered), tr("Tables (*.csv)")
        )[0]


def _add(figures: Figures, part: Part, extent: Extent) -> None:
    figures.add(part.rows, extent.gone)


def _write_table(path: Path, labels: list[str], lines: list[ArticleLine]) -> UserError | None:
    try:
        path.write_text(figures.table(labels, lines), encoding="utf-8-sig", newline="")
    except OSError as error:
        return UserError(
            tr("the table cannot be written: {problem}", problem=error.strerror),
            tr("choose another folder"),
            file=str(path),
        )
    return None
