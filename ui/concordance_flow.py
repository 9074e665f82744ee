"""The search of all articles from the window: what is asked and remembered, hits opened and come back from, labels given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from desktop import places, repeats, searching, skips
from desktop.errors import Cancelled, UserError
from desktop.form_search import FormSearch
from desktop.occurrences import keeps_case
from desktop.places import Mark
from desktop.query import Query
from desktop.repeats import Outcome, Progress
from desktop.searching import Group, GroupSearch, Place, Slice, by_article
from desktop.session import Changed, Session
from desktop.text import Bounds
from ui import theme as themes
from ui.offers import told
from ui.parts import one_line
from ui.search_run import SearchRun
from ui.theme import Theme
from ui.words import number, tr

if TYPE_CHECKING:
    from ui.concordance import Concordance
    from ui.window import MainWindow

# What is done with ticked hits: their stretches by article, the layer, the only label that is meant, progress.
Deed = Callable[[Session, dict[int, list[Bounds]], str, str, Progress], Outcome]
# So many hits are read again at once after a step: some hundredths of a second.
_REREAD = 5_000


class ConcordanceFlow(QObject):
    """The page of a window, laid over the article; it keeps what was found until it is asked something else."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: Concordance | None = None
        self._run = SearchRun(window.work, self)
        self._run.found.connect(self._take)
        self._run.failed.connect(self._failed)
        self._asked: object = None  # the query (or ready question) whose answer is shown
        self._groups: tuple[Group, ...] = ()
        self._came: Place | None = None
        self._acting = self._stale = self._touched = False
        self._project: Mark | None = None

    @property
    def page(self) -> Concordance:
        """The page, made when it is first wanted."""
        if self._page is None:
            from ui.concordance import Concordance  # not needed to show the window  # noqa: PLC0415

            self._page = page = Concordance(self._window.theme, themes.load_fonts()[0], self._window.pages)
            page.left.connect(self._window.pages.leave)
            page.bar.changed.connect(self.search)
            page.stopped.connect(self.stop)
            page.opened.connect(self._open)
            page.group_opened.connect(self._open_group)
            page.groups_asked.connect(self._back_to_groups)
            page.every.clicked.connect(self._every_place)
            page.sorted.connect(self._sort)
            page.table.letter.connect(self._key)
            page.table.removed.connect(self.remove)
            page.hits.labelled.connect(self.label)
            page.hits.removed.connect(self.remove)
            page.hits.undone.connect(self._window.undoing.undo)
            page.hits.left_out.connect(self._remember)
            page.table.left_out.connect(self._remember)
            self._window.work.progressed.connect(self._so_far)
        return self._page

    @property
    def shown(self) -> bool:
        return self._page is not None and self._window.pages.shows(self._page)

    @property
    def running(self) -> bool:
        return self._run.running or (self._page is not None and self._page.bar.waiting)

    def set_theme(self, theme: Theme) -> None:
        if self._page:
            self._page.set_theme(theme)

    # Coming and going

    def open(self, form: str, label: str | None, *, bare: bool = False) -> None:
        """Show the places of a form; without one, what was shown before."""
        project, page = self._window.project, self.page
        if not project:
            return
        layer = self._window.browsing.layer
        if layer != page.layer or self._stale:
            self._asked = None
        self._project = places.mark(project.path, project.born, self._window.settings.name)
        page.show_project(self._window.scheme, layer, label)
        page.hits.lock(project.why_locked)
        if form:
            query = Query(" ".join(form.split()), case=keeps_case(form), bare=bare)
            page.bar.show_query(query, self._window.scheme)
        self._window.pages.lay(page)
        page.bar.field.selectAll()
        if self._question() != self._asked:
            self.search()
        if form:
            QTimer.singleShot(0, page, page.focus_results)

    def came_from(self, article: int, start: int, end: int) -> bool:
        """Whether this is the hit that was opened last: the same key leads back then."""
        return self._came is not None and (article, start, end) == (
            self._came.article, self._came.start, self._came.end
        )  # fmt: skip

    def back(self) -> bool:
        """From the article of a hit back to the hits, as they were; False where the person did not come from there."""
        if self._came is None or not self._page or self._window.browsing.article != self._came.article:
            return False
        self._came = None
        self._window.pages.lay(self._page)
        self._page.focus_results()
        return True

    def leave(self) -> None:
        """The project is closed, or another layer is shown, in which the same is then looked for."""
        self._run.stop()
        self._came, self._asked, self._groups = None, None, ()
        if self._page:
            self._page.clear()
            self._page.show_progress(Slice([], done=True), running=False)
        if self.shown and not self._window.project:
            self._window.pages.leave()
        elif self.shown:
            QTimer.singleShot(0, self, self._again)  # once the window knows the other layer

    def _again(self) -> None:
        if self.shown:
            self.open("", None)

    def _open(self, place: Place) -> None:
        window, page = self._window, self.page
        window.going.go(place.article, place.start, place.end, exact=True)
        self._came = place
        row, count = page.table.currentIndex().row() + 1, len(page.table.hits.rows)
        said = tr(
            "Hit {row} of {count}: “{form}” · Esc goes back to the hits",
            row=number(row), count=number(count), form=one_line(place.form, 40),
        )  # fmt: skip
        window.status.showMessage(said, 8000)

    # Searching

    def search(self) -> None:
        """Look for what is asked, from the first article on; what is shown already is left as it is."""
        page, asked = self.page, self._question()
        query, ready = page.bar.query, page.bar.ready
        if asked == self._asked:
            if ready and page.group:
                self._back_to_groups()
            elif ready and not self._run.running:
                page.show_groups(self._groups, query.text, query.label)
            return
        self._run.stop()
        self._asked, self._stale = asked, False
        self._groups = ()
        page.bar.tell(None)
        page.tell_empty(asked=bool(ready) or not query.blank)
        page.clear(self._skips(query) if not ready else frozenset())
        if ready:
            self._start(FormSearch(ready, page.layer))
            return
        try:
            search = None if query.blank else searching.search(query, page.layer)
        except UserError as error:
            page.bar.tell(error)
            search = None
        if search:
            self._start(search)
        else:
            page.show_progress(Slice([], done=True), running=False)

    def _question(self) -> object:
        return self.page.bar.ready or self.page.bar.query

    def _skips(self, query: Query) -> frozenset[skips.Skip]:
        return skips.recall(self._project, query.name) if self._project else frozenset()

    def _start(self, search: Any) -> None:
        self._run.start(search)
        self.page.show_progress(Slice([]), running=True)

    def stop(self) -> None:
        """Stop what is running: a search keeps what it has found, a labelling leaves everything as it was."""
        if self._acting:
            self._window.work.cancel()
            return
        self._run.stop()
        # What was not looked through is asked for again by the same question.
        self._asked = None
        self.page.show_progress(Slice([], done=True), running=False)

    def _take(self, found: Slice) -> None:
        page = self.page
        page.show_progress(found, running=self._run.running)
        if found.groups or (found.done and isinstance(self._asked, str) and not page.group):
            self._groups = found.groups
            page.show_groups(found.groups, page.bar.query.text, page.bar.query.label)
        elif found.done and page.wanted_order != "article":
            self._sort()

    def _failed(self, error: BaseException) -> None:
        self.page.show_progress(Slice([], done=True), running=False)
        if isinstance(error, UserError):
            self.page.bar.tell(error)
            self.page.show_counts()
        else:
            self._window.work.failed.emit(error)

    def _sort(self) -> None:
        # Not on the window's thread: twenty thousand hits take longer than a frame.
        hits, order = list(self.page.table.hits.places), self.page.wanted_order
        self._window.work.read(
            lambda _store: searching.ordered(hits, order),
            then=lambda found: self.page.show_order(len(hits), found),
        )

    # Forms

    def _open_group(self, group: Group) -> None:
        page = self.page
        page.clear()
        page.group = group
        self._touched = False
        page.hits.show_scheme(self._window.scheme, group.labels[0][0] if group.labels else None)
        self._start(GroupSearch(page.layer, group=group))
        QTimer.singleShot(0, page, page.table.setFocus)

    def _back_to_groups(self) -> None:
        page, group = self.page, self.page.group
        self._run.stop()
        if group and self._touched:
            left = _left_of(group, page.table.hits.places, missed=self._asked == "missed")
            self._groups = tuple(left if one is group else one for one in self._groups)
            self._groups = tuple(one for one in self._groups if one.places)
            group = left
        page.clear()
        page.show_progress(Slice([], done=True), running=False)
        page.show_groups(self._groups, page.bar.query.text, page.bar.query.label)
        if group in page.groups:
            page.list.pick(page.groups.index(group))
        (page.list if page.groups else page.bar.way).setFocus()  # in the line Ctrl+Z would undo the typing

    def _every_place(self) -> None:
        """All places of the form, labelled or not."""
        group = self.page.group
        if group:
            self.page.clear()
            self.open(group.form, None)

    # What is done with ticked hits

    def _key(self, letter: str) -> None:
        name = self.page.hits.label_of(letter)
        if name:
            self.label(name)

    def label(self, name: str) -> None:
        """Give the ticked hits a label, as one step; what has it already is left out and told."""
        self._act(
            lambda session, hits, layer, of, progress: repeats.label_hits(
                session, hits, name, layer, of, progress
            )
        )

    def remove(self) -> None:
        """Take the labels of the ticked hits away, as one step."""
        self._act(repeats.remove_hits)

    def _act(self, deed: Deed) -> None:
        page, window = self.page, self._window
        locked = window.project.why_locked if window.project else ""
        if page.busy:
            page.hits.tell(tr("The search is still running: wait, or stop it with Esc."))
        elif locked or window.busy:
            page.hits.tell(locked or tr("Nothing can be changed now."))
        elif not page.table.hits.ticked:
            page.hits.tell(tr("Tick some hits first, with the space bar or a click."))
        else:
            self._acting = True
            page.show_progress(Slice([]), running=True)
            hits, layer = page.table.hits.chosen(), page.layer
            of = page.bar.query.label if not page.group else ""
            window.work.do(
                lambda session: deed(session, by_article(hits), layer, of, window.work.report_progress),
                then=self._acted, failed=self._not_acted, writing=True,
            )  # fmt: skip

    def _so_far(self, done: int, total: int) -> None:
        if self._acting and total:
            self.page.progress.setRange(0, total)
            self.page.progress.setValue(done)

    def _acted(self, outcome: Outcome) -> None:
        self._acting = False
        page = self.page
        page.table.hits.tick(range(len(page.table.hits.rows)), False)
        page.show_progress(Slice([], done=True), running=False)
        page.hits.tell(told(outcome), undo=bool(outcome.made or outcome.relabelled or outcome.removed))

    def _not_acted(self, error: BaseException) -> None:
        self._acting = False
        self.page.show_progress(Slice([], done=True), running=False)
        if isinstance(error, Cancelled):
            self.page.hits.tell(tr("Stopped. Nothing was changed."))
        else:
            self._window.work.failed.emit(error)

    def _remember(self) -> None:
        """What is marked as not meant, for the next time."""
        query = self.page.bar.query
        mark, marked = self._project, self.page.table.hits.marked()
        if mark and not self.page.group and not self.page.bar.ready and not query.blank:
            self._window.work.beside(partial(skips.remember, mark, query.name, marked))

    def changed(self, changed: Changed) -> None:
        """After a step: read the labels of the hits again that are in the articles it touched."""
        self._stale = self._stale or "article" in changed.kinds
        if not self._page or "span" not in changed.kinds:
            return
        if not self._acting:
            self._page.hits.forget()
        self._touched = True
        touched = [place for place in self._page.table.hits.places if place.article in changed.articles]
        for first in range(0, len(touched), _REREAD):
            part = touched[first : first + _REREAD]
            self._window.work.read(
                searching.reread, part, self._page.layer, then=self._page.table.hits.replace
            )


def _left_of(group: Group, places: Sequence[Place], *, missed: bool) -> Group:
    """The group without what was settled meanwhile: places labelled now, or labelled no longer or as is usual."""
    usual = group.labels[0][0] if group.labels else ""
    settled = {
        (place.article, place.start, place.end)
        for place in places
        if (bool(place.labels) if missed else place.labels in ((), (usual,)))
    }
    return replace(group, places=tuple(place for place in group.places if place not in settled))
