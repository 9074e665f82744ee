"""What splits hold together and where articles have gone: stories to confirm, groups, and the splits that are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from desktop.formats.base import SPLITS
from ui.list_page import Deed, ListPage
from ui.parts import isolate, one_line
from ui.rows import ListRow
from ui.theme import LIGHT, Theme
from ui.words import number, plural, tr

if TYPE_CHECKING:
    from desktop.datasets.stories import Story

# Rows of one split that are listed; `tagline splits` lists all of them.
MOST = 2000
NONE = "none"


class SplitsPage(ListPage):
    """Rows are ("story", place, article), ("group", name, article) and ("kept", deal, article).

    Y confirms a story and N rejects it; 1, 2, 3 and 0 move an article to train, validation, test and none of them,
    Backspace lets the next export decide; X takes an article out of its group. Each asks for one undoable step.
    """

    opened = Signal(str)
    confirmed = Signal(object)
    rejected = Signal(object)
    ungrouped = Signal(object)
    moved = Signal(str, str, object)
    forgotten = Signal(str)

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__(tr("Splits and stories"), "", theme)
        self.locked = False
        self.stories: list[Story] = []
        self.groups: Mapping[str, Sequence[str]] = {}
        self.deals: Mapping[str, Mapping[str, str]] = {}
        self._titles: Mapping[str, str] = {}
        self._before: object = None
        self.chosen.connect(self._look)
        self.list.chosen.connect(self._again)
        for key, split in (*zip("123", SPLITS, strict=True), ("0", NONE), ("Backspace", None)):
            self.add_key(key, _call(self._move, split))
        self.add_key("Y", lambda: self._decide(self.confirmed))
        self.add_key("N", lambda: self._decide(self.rejected))
        self.add_key("X", self._take_out)

    def show_all(
        self, stories: Sequence[Story], groups: Mapping[str, Sequence[str]],
        deals: Mapping[str, Mapping[str, str]], titles: Mapping[str, str],
    ) -> None:  # fmt: skip
        """`titles` names articles by id; an article that has none is no longer there."""
        here, before = self.list.picked, [row.key for row in self.list.rows.rows if row.key is not None]
        self.stories = sorted(stories, key=lambda story: (-story.likeness, story.articles))
        self.groups, self.deals, self._titles = groups, deals, titles
        rows = [*self._story_rows(), *self._group_rows(), *self._kept_rows()]
        keys = {row.key for row in rows}
        if here not in keys and here in before:
            # What was looked at is decided: what stood behind it is next.
            rest = [key for key in before[before.index(here) :] if key in keys]
            self.list.pick(rest[0] if rest else None)
        self._before = self.list.picked
        self.show_rows(
            rows,
            tr(
                "Nothing is kept together or shared out yet. An export with splits keeps where articles went."
            ),
        )

    def _story_rows(self) -> Iterator[ListRow]:
        for place, story in enumerate(self.stories):
            count = plural("{n} article", "{n} articles", len(story.articles))
            said = tr("likeness {share}", share=f"{story.likeness:.2f}")
            yield ListRow(f"{tr('Maybe one story')} · {count} · {said}")
            for name in story.articles:
                yield self._row(("story", place, name), name)

    def _group_rows(self) -> Iterator[ListRow]:
        for group, names in self.groups.items():
            count = plural("{n} article", "{n} articles", len(names))
            yield ListRow(f"{tr('Kept together')} · {one_line(group, 60)} · {count}")
            for name in names:
                yield self._row(("group", group, name), name)

    def _kept_rows(self) -> Iterator[ListRow]:
        for deal, places in self.deals.items():
            counts = Counter(places.values())
            shares = " · ".join(
                f"{split} {number(counts[split])}" for split in (*SPLITS, NONE) if counts[split]
            )
            yield ListRow(f"{tr('Kept splits')} · {deal_name(deal)} · {shares}")
            for split in (*SPLITS, NONE):
                names = [name for name, where in places.items() if where == split and name in self._titles]
                for name in names[:MOST]:
                    yield self._row(("kept", deal, name), name, split)
                if len(names) > MOST:
                    rest = len(names) - MOST
                    yield ListRow(
                        plural("and one more in {split}", "and {n} more in {split}", rest, split=split)
                    )

    def _row(self, key: tuple[str, Any, str], name: str, right: str = "") -> ListRow:
        return ListRow(one_line(self._titles.get(name, name)), key, right=right)

    # What can be done

    def _look(self, key: Any) -> None:
        if not isinstance(key, tuple):
            self.show_detail("", "")
            return
        kind, of, name = key
        deeds: list[Deed] = [(tr("Show the article  ↵"), lambda: self.opened.emit(name), False)]
        title = isolate(self._titles.get(name, name))
        if kind == "story":
            said = tr("Articles that share rare words often tell one story. Where they do, no split should part them: a "
                      "model would be tested on what it has learnt.")  # fmt: skip
            deeds += self._unlocked(
                (tr("They tell one story  Y"), lambda: self._decide(self.confirmed), False),
                (tr("They are different stories  N"), lambda: self._decide(self.rejected), False),
            )
            heading = tr("Maybe one story")
        elif kind == "group":
            said, heading = tr("The articles of this group go to one split together."), tr("Kept together")
            deeds += self._unlocked(
                (tr("Take this one out  X"), self._take_out, False),
                (tr("Dissolve the group"), lambda: self.ungrouped.emit(list(self.groups[of])), False),
            )
        else:
            heading = f"{tr('Kept splits')} · {deal_name(of)}"
            said = tr("It is in {split}, and later exports leave it there.", split=self.deals[of][name])
            deeds += self._unlocked(*self._moves(of, name))
        self.show_detail(heading, f"{title}\n\n{said}", deeds)

    def _moves(self, deal: str, name: str) -> Iterator[Deed]:
        here = self.deals[deal][name]
        for key, split in zip("123", SPLITS, strict=True):
            if split != here:
                yield (tr("Move to {split}  {key}", split=split, key=key), _call(self._move, split), False)
        if here != NONE:
            yield (tr("Leave it out of all splits  0"), _call(self._move, NONE), False)
        yield (tr("Let the next export decide  ⌫"), _call(self._move, None), False)
        yield (tr("Forget this split…"), lambda: self._ask_forget(deal), True)

    def _unlocked(self, *deeds: Deed) -> list[Deed]:
        return [] if self.locked else list(deeds)

    def _ask_forget(self, deal: str) -> None:
        count = len(self.deals[deal])
        self.question.ask(
            plural(
                "Forget where {n} article went? The next export deals it anew. Undo brings it back.",
                "Forget where {n} articles went? The next export deals them anew. Undo brings it back.",
                count,
            ),
            tr("Forget"), lambda _: self.forgotten.emit(deal), danger=True,
        )  # fmt: skip

    def _decide(self, signal: Any) -> None:
        key = self.list.picked
        if isinstance(key, tuple) and key[0] == "story" and not self.locked:
            signal.emit(self.stories[key[1]])

    def _take_out(self) -> None:
        key = self.list.picked
        if isinstance(key, tuple) and key[0] == "group" and not self.locked:
            self.ungrouped.emit([key[2]])

    def _move(self, split: str | None) -> None:
        key = self.list.picked
        if (
            isinstance(key, tuple)
            and key[0] == "kept"
            and not self.locked
            and self.deals[key[1]][key[2]] != split
        ):
            self.moved.emit(key[1], key[2], split)

    def _again(self, key: Any) -> None:
        if key == self._before and isinstance(key, tuple):
            self.opened.emit(key[2])
        self._before = key


def deal_name(deal: str) -> str:
    """The deal under which splits are kept, as people read it."""
    way, _, seed = deal.partition(":")
    said = {"share": tr("by share"), "date": tr("by date"), "source": tr("by source")}.get(way, way)
    return tr("{way}, seed {seed}", way=said, seed=seed) if seed not in ("", "0") else said


def _call(function: Callable[[str | None], None], value: str | None) -> Callable[[], None]:
    return lambda: function(value)
