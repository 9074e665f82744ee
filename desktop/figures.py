"""What a project holds, in figures: labels by day and by form. Read slice by slice, so that labelling goes on meanwhile.

A form is what is labelled, and its variants are the ways it is written: in capitals or not, with an article before it or
a possessive ending behind it. Forms longer than LONGEST_FORM characters are clauses, which hardly ever come twice: they
are counted, not kept.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import nlargest
from statistics import median
from typing import Any

from desktop.store.lines import ArticleLine
from desktop.store.store import Store

# Of a span: its article, label, text, and the time of its making (UTC, ISO 8601).
Row = tuple[int, str, str, str]
LONGEST_FORM = 80
# Spans read at once: a few hundredths of a second.
SLICE = 10_000
_LEAD = re.compile(r"(?:the|a|an)\s+(?=\S)")
_POSSESSIVE = re.compile(r"(?<=\w)(?:'s|(?<=s)')(?=\W*$)")
# The same sign to whoever reads, whichever the news desk has typed.
_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "\u00ad": None}
)


def form_key(text: str) -> str:
    """What all variants of a form have in common: case, leading articles and a possessive ending do not count."""
    key = " ".join(unicodedata.normalize("NFC", text).translate(_SIGNS).casefold().split())
    shorter = _POSSESSIVE.sub("", _LEAD.sub("", key, count=1) if _LEAD.match(key) else key)
    return unicodedata.normalize("NFC", shorter) or key


@dataclass(frozen=True)
class Spelling:
    """One form of one label: its most frequent variant, how often it is labelled, and all its variants."""

    text: str
    count: int
    variants: tuple[tuple[str, int], ...]
    # Other labels that variants of it carry as well, most frequent first.
    elsewhere: tuple[tuple[str, int], ...] = ()


@dataclass
class Figures:
    """Counted so far. `forms` are counts by label and text, `days` by label and local day ("" where none is known).

    `articles` are labels by the key of the article.
    """

    labels: Counter[str] = field(default_factory=Counter)
    days: Counter[tuple[str, str]] = field(default_factory=Counter)
    forms: dict[str, Counter[str]] = field(default_factory=dict)
    long: Counter[str] = field(default_factory=Counter)
    articles: Counter[int] = field(default_factory=Counter)
    read: int = 0

    def add(self, rows: Iterable[Row], gone: Collection[int] = ()) -> None:
        """Count spans, but for those of articles that are gone."""
        days: dict[str, str] = {}
        for article, label, text, made in rows:
            if article in gone:
                continue
            self.articles[article] += 1
            self.read += 1
            self.labels[label] += 1
            minute = made[:16]
            day = days.get(minute)
            if day is None:
                day = days[minute] = local_day(made)
            self.days[label, day] += 1
            if len(text) > LONGEST_FORM:
                self.long[label] += 1
            else:
                self.forms.setdefault(label, Counter())[text] += 1

    def by_day(self) -> dict[str, Counter[str]]:
        """Labels made on each day that is known, in order of the days."""
        found: dict[str, Counter[str]] = {}
        for (label, day), count in self.days.items():
            if day:
                found.setdefault(day, Counter())[label] += count
        return dict(sorted(found.items()))


def local_day(made: str) -> str:
    """The day of a stored time where this machine is; "" for what is no time."""
    try:
        return datetime.fromisoformat(made).astimezone().date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


@dataclass(frozen=True)
class Part:
    """One slice: the rows, and the key to go on from; None at the end."""

    rows: list[Row]
    after: int | None


def part(store: Store, layer: str | None, after: int = 0, size: int = SLICE) -> Part:
    """The next spans of a layer (None: of all) in the order they were stored."""
    # The plus keeps SQLite from looking up all spans of the annotator, and sorting them, for every slice.
    whose, values = ("", ()) if layer is None else ("+annotator = ? AND ", (layer,))
    rows = store.query(
        f"SELECT key, article, label, text, created FROM span WHERE {whose}key > ? ORDER BY key LIMIT {size}",
        (*values, after),
    ).fetchall()
    return Part([row[1:] for row in rows], rows[-1][0] if len(rows) == size else None)


@dataclass(frozen=True)
class Extent:
    """How much there is to label, and how far each annotator is: articles by state, those not begun under "todo".

    `gone` are the keys of articles that were taken away, whose spans do not count.
    """

    articles: int
    characters: int
    progress: dict[str, Counter[str]]
    gone: frozenset[int] = frozenset()


def extent(store: Store) -> Extent:
    articles, characters = store.query(
        "SELECT count(*), ifnull(sum(length), 0) FROM article WHERE deleted = 0"
    ).fetchone()
    progress: dict[str, Counter[str]] = {}
    for annotator, state, count in store.query(
        "SELECT annotator, state, count(*) FROM status JOIN article ON article.key = article AND deleted = 0"
        " GROUP BY annotator, state"
    ):
        progress.setdefault(annotator, Counter())[state] += count
    for counts in progress.values():
        counts["todo"] = articles - counts["in_progress"] - counts["done"]
    gone = frozenset(key for (key,) in store.query("SELECT key FROM article WHERE deleted = 1"))
    return Extent(articles, characters, progress, gone)


def most_labelled(articles: Mapping[int, int], most: int = 200) -> list[tuple[int, int]]:
    """The articles with the most labels: key and count."""
    return nlargest(most, articles.items(), key=lambda item: (item[1], -item[0]))


def spread(counts: Iterable[int], classes: int = 12) -> list[tuple[int, int, int]]:
    """How many counts lie in which range: (first, last, how many), of equal round widths, the emptiest at the end left out."""
    found = list(counts)
    top = max(found, default=0)
    width = next(w for w in _round_widths() if w * classes > top)
    bins = Counter(count // width for count in found)
    return [(at * width, at * width + width - 1, bins[at]) for at in range(max(bins, default=0) + 1)]


def _round_widths() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50 …"""
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


@dataclass(frozen=True)
class Summary:
    """What a page shows of the figures, worked out beforehand. `spread` as `spread` gives it, articles without labels included."""

    labels: Counter[str]
    days: dict[str, Counter[str]]
    spread: list[tuple[int, int, int]]
    top: list[tuple[int, int]]
    median: float
    long: Counter[str]
    read: int = 0


def summary(found: Figures, there: Extent) -> Summary:
    counts = found.articles.values()
    bare = max(0, there.articles - len(counts))
    return Summary(
        found.labels, found.by_day(), spread([*counts, *([0] * bare)]), most_labelled(found.articles),
        median(counts) if counts else 0.0, found.long, found.read,
    )  # fmt: skip


def spellings(forms: Mapping[str, Counter[str]], label: str, most: int = 200) -> list[Spelling]:
    """The most frequent forms of a label, with their variants and the labels they have elsewhere."""
    groups = _grouped(forms.get(label, Counter()))
    keys = sorted(groups, key=lambda key: (-groups[key].total(), key))[:most]
    elsewhere = _elsewhere(forms, label, set(keys))
    return [
        Spelling(ordered[0][0], groups[key].total(), tuple(ordered), tuple(elsewhere[key].most_common()))
        for key in keys
        if (ordered := sorted(groups[key].items(), key=lambda item: (-item[1], item[0])))
    ]


def _grouped(texts: Mapping[str, int]) -> dict[str, Counter[str]]:
    """Variants by what they have in common; what differs only in its line breaks is one variant."""
    groups: dict[str, Counter[str]] = {}
    for text, count in texts.items():
        groups.setdefault(form_key(text), Counter())[" ".join(text.split()) or text] += count
    return groups


def _elsewhere(forms: Mapping[str, Counter[str]], label: str, keys: set[str]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {key: Counter() for key in keys}
    for other, texts in forms.items():
        if other == label:
            continue
        for text, count in texts.items():
            key = form_key(text)
            if key in found:
                found[key][other] += count
    return found


def table(labels: Sequence[str], lines: Iterable[ArticleLine]) -> str:
    """Every article with its labels in one layer, as CSV with a head line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("article", "title", "state", "characters", "labels", *labels))
    for line in lines:
        counts = (line.labels.get(label, 0) for label in labels)
        writer.writerow((line.id, line.title, line.state, line.length, line.spans, *counts))
    return out.getvalue()


def last_days(days: Mapping[str, Any], count: int) -> list[str]:
    """So many days up to the last one with labels, those without any among them."""
    if not days:
        return []
    last = date.fromisoformat(max(days)).toordinal()
    first = max(last - count + 1, date.fromisoformat(min(days)).toordinal())
    return [date.fromordinal(day).isoformat() for day in range(first, last + 1)]
