"""The receipt of an export as a page: what each format took of each label, every label left out or changed, the splits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from desktop.datasets.splits import sharing
from desktop.formats import find
from desktop.formats.base import SPLITS
from desktop.model import Scheme
from ui.list_page import Deed, ListPage
from ui.parts import capital, isolate, one_line, words
from ui.rows import ListRow
from ui.theme import LIGHT, Theme
from ui.words import later, number, plural, retold, tr

if TYPE_CHECKING:
    from desktop.receipts import Listing, Told

# Articles without a split, and lines of a note, that are listed; receipt.json names all of them.
MOST = 200
_TITLE = 44
_LEFT = "_left_out"
# What the flat layers of formats are called that hold every label besides.
_NOTES = {"tags": later("Flat tags"), "ents": later("Flat layers (doc.ents)")}
# What a format lists: of its spans, and of the flat layers beside them.
_WHAT: dict[tuple[str, ...], str] = {
    ("left_out",): later("Left out"),
    ("changed",): later("Changed"),
    ("notes", "tags", "left_out"): later("Not in the flat tags"),
    ("notes", "tags", "changed"): later("Changed in the flat tags"),
    ("notes", "ents", "left_out"): later("Not in the flat layers"),
}


class ReceiptPage(ListPage):
    """A click or Enter on a label that was left out or changed goes to its place: `opened` carries its entry.

    `told` is what is shown.
    """

    opened = Signal(object)

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__(tr("Receipt"), "", theme)
        self.told: Told | None = None
        self._titles: Mapping[str, str] = {}
        self.chosen.connect(self._look)
        self.list.chosen.connect(self._open)

    def show_told(self, told: Told, scheme: Scheme, titles: Mapping[str, str]) -> None:
        """`titles` names articles by id."""
        again = self.told is told
        self.told, self._titles = told, titles
        if not again:
            self.list.pick(None)
        formats = told.receipt["formats"]
        self.about.setText(
            tr(
                "{formats} in {folder}",
                formats=plural("{n} format", "{n} formats", len(formats)),
                folder=isolate(str(told.folder)),
            )
        )
        rows = [row for place, each in enumerate(formats) for row in self._format(place, each, scheme)]
        rows += self._not_taken(told.receipt["picked"], scheme)
        rows += self._no_place(told.receipt["articles_left_out"])
        rows += self._shared(told.receipt["splits"], told.receipt["overlap"])
        self.show_rows(rows, "")

    # The rows

    def _format(self, place: int, each: Mapping[str, Any], scheme: Scheme) -> Iterator[ListRow]:
        proof = tr("read back and compared") if each["verified"] else tr("not read back")
        said = (
            format_name(each["format"]),
            self._parts(each["articles"]),
            tr("{n} in", n=number(each["spans_in"])),
            tr("{n} out", n=number(each["spans_out"])),
            proof,
        )
        yield ListRow(" · ".join(said), icon="" if each["verified"] else "warning")
        for row in each["labels"]:
            yield ListRow(
                words(row["label"]), ("label", place, row["label"]), label=scheme.label(row["label"]),
                right=_counts(row),
            )  # fmt: skip
        for name, count in _besides(each["notes"]):
            yield ListRow(
                tr(_NOTES[name]) if name in _NOTES else capital(retold(words(name))),
                ("note", place, name),
                right=tr("{n} left out", n=number(count)),
            )
        for what, title in _WHAT.items():
            listing = _listing(each, what)
            for reason, count in listing.by_reason().items():
                yield ListRow(
                    f"{format_name(each['format'])} · {tr(title)} · {retold(reason)} · {number(count)}"
                )
                shown = listing.first[reason]
                for number_, entry in enumerate(shown):
                    yield self._entry(entry, ("entry", place, what, number_, reason), scheme)
                if count > len(shown):
                    rest = count - len(shown)
                    yield ListRow(
                        plural(
                            "and one more, in receipt.json", "and {n} more, all of them in receipt.json", rest
                        )
                    )

    def _parts(self, count: int) -> str:
        if self.told and self.told.options.unit != "article":
            return plural("{n} example", "{n} examples", count)
        return plural("{n} article", "{n} articles", count)

    def _entry(self, entry: Mapping[str, Any], key: object, scheme: Scheme) -> ListRow:
        title = self._titles.get(entry["article"], entry["article"])
        label = scheme.label(entry["label"])
        tip = f"{entry['label']}: {entry['text'][:600]}"
        return ListRow(one_line(entry["text"]), key, label=label, right=_shortened(title), tip=tip)

    def _not_taken(self, picked: Sequence[Mapping[str, Any]], scheme: Scheme) -> Iterator[ListRow]:
        for place, each in enumerate(picked):
            if not (each["left_out"].total or each["articles_left_out"]):
                continue
            whose = tr("labels by {name}", name=each["layer"]) if each["layer"] else tr("all annotators")
            yield ListRow(f"{tr('Not taken')} · {whose}")
            for reason, count in each["articles_left_out"].items():
                yield ListRow(
                    capital(retold(reason)),
                    ("reason", place, reason),
                    right=plural("{n} article", "{n} articles", count),
                )
            for (reason, label), count in sorted(each["left_out"].counts.items()):
                yield ListRow(
                    capital(retold(reason)), ("lost", place, reason, label),
                    label=scheme.label(label), right=plural("{n} label", "{n} labels", count),
                )  # fmt: skip
            for reason, entries in each["spans"].first.items():
                for number_, entry in enumerate(entries):
                    yield self._entry(entry, ("picked", place, ("spans",), number_, reason), scheme)

    def _no_place(self, articles: Sequence[Mapping[str, str]]) -> Iterator[ListRow]:
        if articles:
            yield ListRow(f"{tr('Articles in no split')} · {number(len(articles))}", icon="warning")
        for place, row in enumerate(articles[:MOST]):
            title = self._titles.get(row["article"], row["article"])
            yield ListRow(
                one_line(title),
                ("article", place),
                right=one_line(retold(row["reason"]), 80),
                tip=row["reason"],
            )

    def _shared(self, splits: Mapping[str, int], overlap: Sequence[Mapping[str, Any]]) -> Iterator[ListRow]:
        if splits:
            counts = " · ".join(f"{name} {number(splits[name])}" for name in SPLITS if name in splits)
            yield ListRow(f"{tr('Splits')} · {counts}")
            for name in self._empty(splits):
                said = tr("No article is in {split}, which was asked for", split=name)
                yield ListRow(said, ("empty", name), icon="warning")
        for place, row in enumerate(overlap):
            share = tr("{known} of {all} are in train too", known=number(row["known"]), all=number(row["of"]))
            yield ListRow(f"{row['split']} · {tr(row['what'])}", ("shared", place), right=share)

    def _empty(self, splits: Mapping[str, int]) -> Iterator[str]:
        """The splits that were asked for and got nothing."""
        options = self.told.options if self.told else None
        if options and options.split:
            shares = sharing(options.split, options.by, options.seed).shares
            yield from (name for name in SPLITS if shares.get(name) and name not in splits)

    # What is known of the chosen row

    def entry(self, key: Any) -> Mapping[str, Any] | None:
        """The entry of a row that stands for one label or one article."""
        if not self.told or not isinstance(key, tuple):
            return None
        receipt = self.told.receipt
        if key[0] in ("entry", "picked"):
            of = receipt["formats" if key[0] == "entry" else "picked"][key[1]]
            found: Mapping[str, Any] = _listing(of, key[2]).first[key[4]][key[3]]
        elif key[0] == "article":
            found = receipt["articles_left_out"][key[1]]
        else:
            return None
        return found

    def _look(self, key: Any) -> None:
        entry = self.entry(key)
        if entry is not None:
            self._show_entry(key, entry)
        elif isinstance(key, tuple) and key[0] == "label" and self.told:
            each = self.told.receipt["formats"][key[1]]
            row = next(row for row in each["labels"] if row["label"] == key[2])
            self.show_detail(f"{capital(words(key[2]))} · {format_name(each['format'])}", _sum(row))
        elif isinstance(key, tuple) and key[0] == "note" and self.told:
            each = self.told.receipt["formats"][key[1]]
            self.show_detail(format_name(each["format"]), _note(key[2], each["notes"]))
        elif isinstance(key, tuple) and key[0] == "empty":
            self.show_detail(
                tr("Empty split"),
                tr(
                    "There are too few articles, or they belong together, or all of them have another split already."
                ),
            )
        elif isinstance(key, tuple) and key[0] == "shared":
            self.show_detail(tr("Overlap with train"), tr(
                "What is in both was seen in training: a model may know it by heart. Whole texts, and texts nearly the same, "
                "are never parted; forms and sources mostly are in both, and no result is wrong for it, but it should be told."
            ))  # fmt: skip
        elif isinstance(key, tuple) and key[0] in ("reason", "lost"):
            self.show_detail(
                tr("Not taken"),
                tr("This was left out by the choices of the export, before any format saw it."),
            )
        else:
            self.show_detail("", "")

    def _show_entry(self, key: Any, entry: Mapping[str, Any]) -> None:
        title = isolate(self._titles.get(entry["article"], entry["article"]))
        deeds: list[Deed] = [(tr("Show in the article  ↵"), lambda: self.opened.emit(entry), False)]
        if key[0] == "article":
            self.show_detail(title, capital(retold(entry["reason"])), deeds)
            return
        said = [
            f"“{isolate(entry['text'])}”",
            capital(retold(entry["reason"])) + ".",
            tr("In {article}.", article=title),
        ]
        if key[0] == "entry":
            each = self.told.receipt["formats"][key[1]] if self.told else {}
            said.insert(0, f"{format_name(each['format'])} · {entry['label']}")
        self.show_detail(tr(_WHAT.get(key[2], _WHAT[("left_out",)])), "\n\n".join(said), deeds)

    def _open(self, key: Any) -> None:
        entry = self.entry(key)
        if entry is not None:
            self.opened.emit(entry)


def _listing(of: Mapping[str, Any], path: Sequence[str]) -> Listing:
    """What is listed there in a receipt: nothing where a format has nothing of the kind, or a name of the scheme is that."""
    from desktop.receipts import Listing  # loaded with the receipt, not with the window  # noqa: PLC0415

    found: Any = of
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Listing) else Listing()


def _besides(notes: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """What a format left out besides labels: how many relations and the like, and how many labels have no flat tag."""
    for name, value in notes.items():
        if isinstance(value, int) and name.endswith(_LEFT) and value:
            yield name.removesuffix(_LEFT), value
        elif count := _listing(notes, (name, "left_out")).total:
            yield name, count


def _note(name: str, notes: Mapping[str, Any]) -> str:
    if not isinstance(notes.get(name), dict):
        return tr("The format has no place for these.")
    counts = sorted(_listing(notes, (name, "left_out")).counts.items(), key=lambda item: item[0][::-1])
    said = [f"{words(label)}: {number(count)} {retold(reason)}" for (reason, label), count in counts]
    whole = tr(
        "These labels are in the files, but not in their flat tags, of which a token has one for each label."
    )
    return "\n\n".join([whole, "\n".join(said[:MOST])])


def format_name(name: str) -> str:
    return retold(find(name).name)


def _counts(row: Mapping[str, Any]) -> str:
    said = [tr("{n} in", n=number(row["spans_in"])), tr("{n} out", n=number(row["spans_out"]))]
    if row["left_out"]:
        said.append(tr("{n} left out", n=number(row["left_out"])))
    if row["changed"]:
        said.append(tr("{n} changed", n=number(row["changed"])))
    return " · ".join(said)


def _sum(row: Mapping[str, Any]) -> str:
    counts = {name: number(row[name]) for name in ("spans_in", "spans_out", "left_out", "changed")}
    said = [tr("{spans_in} in = {spans_out} out + {left_out} left out", **counts)]
    if row["changed"]:
        said.append(
            tr("Of those out {changed} were changed: their edges were moved, as listed below.", **counts)
        )
    return "\n\n".join(said)


def _shortened(title: str) -> str:
    line = one_line(title)
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1].rstrip()}…"
