"""The bin: what was deleted, by whom and when; restored, purged, emptied. An article is deleted from here too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop import purge, recycling
from desktop.recycling import Binned, Place, Restored
from ui.list_page import Deed, ListPage, PageFlow
from ui.parts import moment, one_line, words
from ui.rows import ListRow
from ui.words import plural, retold, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

# The page in view follows the last of several steps after so many milliseconds.
_LATER = 200


class BinFlow(PageFlow[ListPage]):
    """Everything here but emptying is a step that can be undone."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._shown: dict[Place, Binned] = {}
        self._timer = QTimer(window, singleShot=True, interval=_LATER)
        self._timer.timeout.connect(self._read)
        window.work.step_done.connect(self._changed)

    def _make_page(self) -> ListPage:
        about = tr(
            "Deleted articles and labels. They can be restored until the bin is emptied; an export never sees them."
        )
        page = ListPage(tr("Bin"), about, self._window.theme)
        page.add_tool(tr("Empty the bin…"), self._empty)
        page.chosen.connect(self._choose)
        return page

    def delete_article(self) -> None:
        """Put the article in view into the bin."""
        window, reading = self._window, self._window.labelling.reading
        if reading:
            window.inspector.commit()
            window.work.do(recycling.delete_article, reading.article.key, writing=True,
                           then=lambda _: self._deleted(reading.article.title))  # fmt: skip

    def _deleted(self, title: str) -> None:
        self._window.messages.info(
            tr("In the bin: {title}. Undo brings it back.", title=one_line(title, 60)),
            (tr("Bin…"), self.open),
        )

    def open(self) -> None:
        self._window.messages.hide()
        self._window.pages.lay(self.page)
        self._read()

    def _changed(self) -> None:
        if self._page and self._window.pages.shows(self._page):
            self._timer.start()

    def _read(self) -> None:
        if self._page and self._window.project:
            self._window.work.read(recycling.listed, then=self._show)

    def _show(self, found: list[Binned]) -> None:
        self._shown = {entry.place: entry for entry in found}
        locked = bool(self._window.project and self._window.project.locked)
        self.page.tools[0].setEnabled(bool(found) and not locked)
        self.page.show_rows([self._row(entry) for entry in found], tr("The bin is empty."))

    def _row(self, entry: Binned) -> ListRow:
        when = moment(entry.made)[0] if entry.made else ""
        below = [tr("Article") if entry.whole else one_line(entry.title, 60), entry.annotator, when]
        labels = plural("{n} label", "{n} labels", entry.count)
        return ListRow(
            _name(entry), entry.place, " · ".join(filter(None, map(one_line, below))),
            right=labels if entry.whole else "", label=None if entry.whole else self._window.scheme.label(entry.label),
            icon="file" if entry.whole else "remove",
        )  # fmt: skip

    def _choose(self, place: Place | None) -> None:
        entry = self._shown.get(place) if place else None
        if entry is None:
            self.page.show_detail("", "")
            return
        deeds: list[Deed] = []
        if self._window.project and not self._window.project.locked:
            deeds.append((tr("Restore"), lambda: self._restore(entry), False))
            if entry.whole:
                deeds.append((tr("Purge for good…"), lambda: self._purge(entry), True))
        self.page.show_detail(_name(entry), _told(entry), deeds)

    def _restore(self, entry: Binned) -> None:
        self._window.work.do(recycling.restore, entry.place, writing=True, then=self._restored)

    def _restored(self, result: Restored) -> None:
        said = plural("Restored, with {n} label.", "Restored, with {n} labels.", result.count)
        if result.left_out:
            reasons = ", ".join(map(retold, result.left_out))
            said += " " + tr("Left in the bin: {reasons}.", reasons=reasons)
        self._window.messages.info(said, (tr("Show it"), lambda: self._go(result.article)))

    def _go(self, article: int) -> None:
        self._window.pages.leave()
        self._window.browsing.open(article)

    def _purge(self, entry: Binned) -> None:
        name = one_line(entry.title, 60)
        self._window.care.purge.ask(
            self.page.question, lambda store: purge.Target(frozenset({entry.article})), name, self._read
        )

    def _empty(self) -> None:
        self._window.care.purge.ask(self.page.question, purge.of_bin, tr("The bin"), self._read)


def _name(entry: Binned) -> str:
    if entry.whole:
        return one_line(entry.title)
    if entry.count == 1:
        return one_line(entry.text)
    return plural("{n} label", "{n} labels", entry.count)


def _told(entry: Binned) -> str:
    lines = []
    if entry.whole:
        lines.append(plural("An article with {n} label.", "An article with {n} labels.", entry.count))
    else:
        what = (
            words(entry.label)
            if entry.count == 1
            else tr("The first: {quote}", quote=one_line(entry.text, 80))
        )
        lines.append(what)
        lines.append(tr("In: {title}", title=one_line(entry.title)))
    if entry.made:
        lines.append(f"{retold(one_line(entry.done))}\n{one_line(entry.annotator)}, {moment(entry.made)[1]}")
    else:
        lines.append(tr("By whom and when is no longer known."))
    return "\n\n".join(lines)
