"""Splits and stories from the window: articles compared off the window's thread, the page, each deed an undoable step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop import splitting
from desktop.errors import Cancelled, UserError
from desktop.session import Changed, Session
from desktop.store import queries
from ui.list_page import PageFlow
from ui.words import tr

if TYPE_CHECKING:
    from desktop.datasets.stories import Story
    from desktop.store.store import Store
    from ui.splits_page import SplitsPage
    from ui.window import MainWindow

    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Held:
    """What the project keeps: the groups, and the split of each article by deal."""

    groups: Mapping[str, Sequence[str]]
    deals: Mapping[str, Mapping[str, str]]


class SplitsFlow(PageFlow["SplitsPage"]):
    """`stale` once an article has changed since they were compared."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._held = _Held({}, {})
        self._stories: list[Story] = []
        self.stale = True
        self._deciding = 0
        window.work.step_done.connect(self._changed)

    def _make_page(self) -> SplitsPage:
        from ui.splits_page import SplitsPage  # not needed to show the window  # noqa: PLC0415

        page = SplitsPage(self._window.theme)
        self._compare = page.add_tool(
            tr("Look for stories"), self.run, tr("Compare all articles with each other")
        )
        page.opened.connect(self._open_article)
        page.confirmed.connect(self._confirm)
        page.rejected.connect(self._reject)
        page.ungrouped.connect(lambda names: self._do(splitting.set_group, names, None))
        page.moved.connect(lambda deal, name, split: self._do(splitting.move, deal, [name], split))
        page.forgotten.connect(lambda deal: self._do(splitting.forget, deal))
        return page

    def opened(self) -> None:
        """Another project is shown."""
        self.stale, self._stories, self._held = True, [], _Held({}, {})

    def open(self) -> None:
        """Show what is kept; compare the articles where that was not done yet."""
        project = self._window.project
        if project:
            self.page.locked = bool(project.locked)
            self._window.pages.lay(self.page)
            self._reread()
            if self.stale:
                self.run()

    def run(self) -> None:
        """Look for stories."""
        if not self._window.long.busy and not self._window.transfer.busy:
            self.page.about.setText(tr("Comparing all articles …"))
            self._compare.setEnabled(False)
            self._window.long.run(tr("Comparing"), _stories, then=self._compared, failed=self._stopped)

    def _compared(self, found: list[Story]) -> None:
        self.stale, self._stories = False, found
        self._compare.setEnabled(True)
        self.page.about.setText("")
        if found:
            self.page.list.pick(None)  # they stand at the head, and are what there is to decide
        self._show()
        if self._window.pages.shows(self.page):
            self.page.setFocus()

    def _stopped(self, error: BaseException) -> None:
        self._compare.setEnabled(True)
        self.page.about.setText(tr("Stopped before all articles were compared."))
        if not isinstance(error, Cancelled):
            self._window.work.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        # What is decided here needs no new comparison; what is undone, or changed elsewhere, does.
        if changed.kinds & {"article", "property"} and not self._deciding:
            self.stale = True
            if self._page:
                self._page.about.setText(tr("Something has changed since: look for stories again."))
        if self._page and changed.kinds & {"article", "assignment", "property"}:
            self._reread()

    def _reread(self) -> None:
        if self._window.project:
            self._window.work.read(_held, then=self._take)

    def _take(self, held: _Held) -> None:
        self._held = held
        self._show()

    def _show(self) -> None:
        titles = {line.id: line.title for line in self._window.browsing.lines.values()}
        together = [set(names) for names in self._held.groups.values()]
        left = [s for s in self._stories if not any(set(s.articles) <= names for names in together)]
        self.page.show_all(left, self._held.groups, self._held.deals, titles)

    # What is decided

    def _confirm(self, story: Story) -> None:
        self._do(splitting.join, story.articles)

    def _reject(self, story: Story) -> None:
        self._stories = [other for other in self._stories if other != story]
        self._do(splitting.keep_apart, story.articles)

    def _do(self, function: Callable[..., Any], *args: Any) -> None:
        if not self._window.long.busy and not self._window.transfer.busy:
            self._deciding += 1
            self._window.work.do(function, *args, writing=True, then=self._decided, failed=self._failed)

    def _decided(self, _: object) -> None:
        self._deciding -= 1

    def _failed(self, error: BaseException) -> None:
        self._deciding -= 1
        if isinstance(error, UserError):
            self._window.say_error(error)
        else:
            self._window.work.failed.emit(error)

    def _open_article(self, name: str) -> None:
        key = self._window.going.key(name)
        if key is None:
            self._window.messages.info(tr("That article is no longer there."))
        else:
            self._window.going.go(key, 0, 0)


def _held(store: Store) -> _Held:
    deals = {deal: queries.assignments(store, deal) for deal in queries.deals(store)}
    return _Held(splitting.groups(store), deals)


def _stories(session: Session, progress: Progress) -> list[Story]:
    from desktop.datasets.stories import stories_of  # noqa: PLC0415

    store = session.store
    count = 0

    def tick() -> None:
        nonlocal count
        count += 1
        progress(count, 0)

    return stories_of(queries.bundle(store), splitting.apart(store), tick)
