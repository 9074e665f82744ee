"""Finding and mending what does not hold: slices of the check while nobody waits, and the page that lists what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop import repairs
from desktop.session import Changed
from desktop.store import verify
from desktop.store.store import Store
from desktop.store.verify import Broken
from ui.list_page import Deed, ListPage, PageFlow
from ui.parts import capital, isolate, one_line
from ui.rows import ListRow
from ui.words import later, plural, retold, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

_SLICE = 0.02  # seconds of checking until others have their turn
_PAUSE = 60  # ms between two slices
_ABOUT = later(
    "Labels and articles that do not hold. None of them is drawn in a wrong place, and none leaves in a dataset."
)
_WAYS = {
    "move": later("Move to the nearest place"),
    "accept": later("Take the text as it is"),
    "reset": later("Empty what cannot be read"),
}
_KINDS = {
    "span": later("label"), "relation": later("relation"), "status": later("state"), "article": later("article"),
}  # fmt: skip


class RepairFlow(PageFlow[ListPage]):
    """`found` holds what the check has found so far. Everything done here is a step that can be undone."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._after: int | None = None
        self._again: set[int] = set()
        self.found: dict[tuple[str, int], Broken] = {}
        self._timer = QTimer(window, interval=_PAUSE)
        self._timer.timeout.connect(self._check)
        window.work.step_done.connect(self._changed)

    def _make_page(self) -> ListPage:
        page = ListPage(tr("Repair"), tr(_ABOUT), self._window.theme)
        page.add_tool(tr("Mend all that can be mended"), self._mend_all)
        page.chosen.connect(self._choose)
        return page

    def start(self) -> None:
        """Check the project that was just opened, a slice at a time."""
        self.found, self._again, self._after = {}, set(), 0
        self._timer.start()

    @property
    def running(self) -> bool:
        """Whether there are articles that were not checked yet."""
        return self._timer.isActive()

    def _check(self) -> None:
        work = self._window.work
        if not self._window.project:
            self._timer.stop()
        elif not work.pending:
            if self._after is not None:
                work.read(verify.some, self._after, _SLICE, then=self._checked, failed=self._give_up)
            elif self._again:
                keys = sorted(self._again)
                work.read(_of_articles, keys, then=lambda rows: self._take(keys, rows), failed=self._give_up)
            else:
                self._timer.stop()
                self._tell()

    def _checked(self, answer: tuple[int | None, list[Broken]]) -> None:
        self._after, rows = answer
        self.found.update({(row.table, row.key): row for row in rows})

    def _take(self, articles: list[int], rows: list[Broken]) -> None:
        self._again -= set(articles)
        self.found = {place: row for place, row in self.found.items() if row.article not in articles}
        self.found.update({(row.table, row.key): row for row in rows})
        self._show()

    def _give_up(self, error: BaseException) -> None:
        """The project was closed, or its drive is gone: others say so."""
        self._timer.stop()

    def _changed(self, changed: Changed) -> None:
        """A step may have mended or broken something: look again at the articles that had something broken."""
        some = changed.articles & {row.article for row in self.found.values()}
        if some or (self._page and self._window.pages.shows(self._page)):
            self._again |= some or changed.articles
            self._timer.start()

    def _tell(self) -> None:
        self._show()
        shown = self._page is not None and self._window.pages.shows(self._page)
        if self.found and not shown:
            self._window.messages.error(
                plural(
                    "{n} thing does not hold in this project, and is left out.",
                    "{n} things do not hold in this project, and are left out.",
                    len(self.found),
                ),
                (tr("Repair…"), self.open),
            )

    def open(self) -> None:
        self._window.messages.hide()
        self._window.pages.lay(self.page)
        self._show()

    def _show(self) -> None:
        if self._page is None:
            return
        lines = self._window.browsing.lines
        rows = []
        for place, row in sorted(
            self.found.items(), key=lambda item: (item[1].article, item[1].table, item[1].start)
        ):
            line = lines.get(row.article)
            title = line.title if line else row.text
            label = self._window.scheme.label(row.label)
            rows.append(ListRow(one_line(row.text) or tr(_KINDS[row.table]), place, f"{one_line(title)} · {retold(row.why)}", label=label,
                                icon="" if label else "warning", right=row.name))  # fmt: skip
        sound = tr("Everything holds.")
        if self.running:
            sound = tr("Everything holds so far. Articles are still being checked.")
        self._page.show_rows(rows, sound)
        mendable = any(row.remedy for row in self.found.values()) and not self._locked
        self._page.tools[0].setEnabled(mendable)

    @property
    def _locked(self) -> bool:
        return bool(self._window.project and self._window.project.locked)

    def _choose(self, place: tuple[str, int] | None) -> None:
        row = self.found.get(place) if place else None
        if row is None:
            self.page.show_detail("", "")
            return
        said = [f"{capital(retold(row.why))}."]
        if row.annotator:
            said.append(tr("Made by {name}.", name=isolate(row.annotator)))
        if row.text:
            said.append(f"“{isolate(row.text[:600])}”")
        deeds: list[Deed] = [(tr("Show the article"), lambda: self._go(row), False)]
        if not self._locked:
            if row.remedy:
                deeds.append((tr(_WAYS[row.remedy]), lambda: self._mend([row]), False))
            if row.table != "article":
                deeds.append((tr("Remove"), lambda: self._remove(row), False))
        elsewhere = "" if row.remedy else tr("Nothing here can mend it. A backup may still have it whole.")
        self.page.show_detail(
            f"{capital(tr(_KINDS[row.table]))} {row.name}".strip(),
            "\n\n".join(filter(None, [*said, elsewhere])),
            deeds,
        )

    def _go(self, row: Broken) -> None:
        self._window.pages.leave()
        self._window.browsing.open(row.article)

    def _mend(self, rows: list[Broken]) -> None:
        self._window.work.do(repairs.mend, rows, then=self._mended, writing=True)

    def _mend_all(self) -> None:
        self._mend([row for row in self.found.values() if row.remedy])

    def _mended(self, lines: list[str]) -> None:
        self._window.messages.info(
            retold(lines[0])
            if len(lines) == 1
            else plural(
                "{n} row looked at. Undo takes it back.",
                "{n} rows looked at. Undo takes it back.",
                len(lines),
            )
        )

    def _remove(self, row: Broken) -> None:
        self._window.work.do(repairs.remove, [row], writing=True,
                             then=lambda _: self._window.messages.info(tr("Removed. Undo brings it back.")))  # fmt: skip


def _of_articles(store: Store, keys: list[int]) -> list[Broken]:
    wanted = set(keys)
    live = [key for (key,) in store.query("SELECT key FROM article WHERE deleted = 0") if key in wanted]
    return [row for key in live for row in verify.broken(store, key)]
