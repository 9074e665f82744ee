"""Tables of articles and spans in: Tagline's own, and any two tables of one folder that say which is which by their headers.

A table of articles has an id and a text; one of spans the id of the article, start, end and label; one of relations, if
there is any, a type and the ids of two spans. Columns may have the usual other names (ALIASES).
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from desktop.bundle import STATES, RawArticle, RawRelation, RawSpan, Record, Report, build, misquoted
from desktop.errors import UserError
from desktop.formats import counting
from desktop.formats.base import Files, ReadOptions
from desktop.formats.csvtables import ATTRIBUTE, Row, rows
from desktop.formats.texts import lines_of
from desktop.model import Fragment
from desktop.text import storable

ALIASES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "articles": {"id": ("id", "article", "article_id", "doc_id", "document_id", "document", "doc"), "text": ("text", "content", "body")},
    "spans": {
        "article": ("article", "article_id", "doc_id", "document_id", "document", "doc"), "label": ("label", "type", "category", "entity_type"),
        "start": ("start", "begin", "start_offset", "start_char"), "end": ("end", "stop", "end_offset", "end_char"),
    },
    "relations": {
        "article": ("article", "article_id", "doc_id", "document_id", "document", "doc"), "type": ("type", "label", "relation"),
        "head": ("head", "from", "from_id", "arg1", "subject"), "tail": ("tail", "to", "to_id", "arg2", "object"),
    },
}  # fmt: skip
_QUOTES = ("text", "quote", "mention", "surface", "covered_text")
_SUFFIXES = (".csv", ".tsv")
_SEPARATORS = ",\t;"
_OF_ARTICLES = (
    "title",
    "split",
    "status",
    "annotator",
    "language",
    "group",
    "text_sha256",
    "outside",
    "meta",
    "note",
    "flag",
)
_HEADER = 65536


def gather(paths: Sequence[Path]) -> Iterator[Files]:
    """In each folder the one table of articles with the one of spans, and that of relations."""
    folders: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        if path.suffix.lower() in _SUFFIXES:
            folders[path.parent].append(path)
    for tables in folders.values():
        if len(tables) > 1:
            of = {kind: [path for path in tables if kind == _kind(path)] for kind in ALIASES}
            if len(of["articles"]) == 1 == len(of["spans"]):
                yield (*of["articles"], *of["spans"], *(of["relations"] if len(of["relations"]) == 1 else ()))


def _kind(path: Path) -> str | None:
    """Which table a file is, by its header; None where it is none of them."""
    try:
        with path.open("rb") as file:
            first = file.readline(_HEADER).decode("utf-8-sig").rstrip("\r\n")
        header = next(csv.reader([first], delimiter=_separator(first)), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    names = [name.strip().casefold() for name in header]
    fits = [
        kind
        for kind in ("spans", "relations", "articles")
        if all(map(set(names).intersection, ALIASES[kind].values()))
    ]
    return fits[0] if fits else None


def _separator(header: str) -> str:
    return max(_SEPARATORS, key=header.count)


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The articles of a table, with the spans and relations of those beside it. Raises UserError for a broken table."""
    kinds = {_kind(other): other for other in options.beside}
    spans, relations = (
        _Grouped(kinds[kind], kind, options, report) if kind in kinds else None
        for kind in ("spans", "relations")
    )
    articles = _Table(path, "articles", options, report)
    for line, row in articles.rows():
        raw = _article(row, articles, f"line {line}", options, report)
        name = raw.id or ""
        mine = list(_spans(spans.of(name), spans, raw.text, report)) if spans else []
        ties = [_relation(at, tie, relations, report) for at, tie in relations.of(name)] if relations else []
        try:
            yield build(replace(raw, spans=mine, relations=ties), options.annotator, report)
        except UserError as error:
            report.skip(str(path), raw.position, f"{error.message}; {error.hint}")
    for table in filter(None, (spans, relations)):
        for name, count in table.left().items():
            report.skip(
                str(table.path),
                "",
                f"article {name!r} is not in {path.name}: {count} {table.kind} left out; add it",
            )


class _Table:
    """A table with its columns by what they mean."""

    def __init__(self, path: Path, kind: str, options: ReadOptions, report: Report) -> None:
        self.path, self.kind = path, kind
        self._options, self._report = options, report
        self._columns: dict[str, str] = {}

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The rows and their lines. Raises UserError where the table breaks off."""
        try:
            first = next(lines_of(self.path, self._options, Report()), "")
            for line, row in rows(lines_of(self.path, self._options, self._report), _separator(first)):
                if not self._columns:
                    self._columns = self._found(row)
                yield line, row
        except csv.Error as error:
            raise UserError(
                f"this is no table: {error}", "quote cells that hold line ends or quotes", file=str(self.path)
            ) from None

    def _found(self, row: Row) -> dict[str, str]:
        known = {name.casefold(): name for name in row}
        wanted = {**ALIASES[self.kind], "quote": _QUOTES}
        made = {key: next((known[n] for n in names if n in known), "") for key, names in wanted.items()}
        return {key: name for key, name in made.items() if name}

    def cell(self, row: Row, key: str) -> str:
        """What stands in the column that means `key`."""
        return row.get(self._columns.get(key, key), "")

    def more(self, row: Row, known: Iterable[str]) -> Row:
        """The cells of columns that mean nothing here and are not among those `known`."""
        mine = {*known, *self._columns.values()}
        return {name: cell for name, cell in row.items() if cell and name not in mine}


class _Grouped(_Table):
    """A table whose rows are asked for article by article, most often in the order they stand in."""

    def __init__(self, path: Path, kind: str, options: ReadOptions, report: Report) -> None:
        super().__init__(path, kind, options, Report())
        runs = Counter(name for name, _ in groupby(self.cell(row, "article") for _, row in self.rows()))
        self._left = set(runs)
        self._report = report
        self._groups = groupby(self.rows(), key=lambda row: self.cell(row[1], "article"))
        self._read: dict[str, list[tuple[int, Row]]] = {}
        # Rows of one article that stand apart must all be known before the first of them is given out.
        if any(count > 1 for count in runs.values()):
            self._forward(None)

    def of(self, article: str) -> list[tuple[int, Row]]:
        """The rows of an article, which are then done with."""
        if article in self._left and article not in self._read:
            self._forward(article)
        self._left.discard(article)
        return self._read.pop(article, [])

    def _forward(self, article: str | None) -> None:
        """Read on to the rows of `article`, or to the end."""
        for name, group in self._groups:
            self._read.setdefault(name, []).extend(group)
            if name == article:
                return

    def left(self) -> dict[str, int]:
        """How many rows each article has that was not asked for."""
        self._forward(None)
        return {name: len(found) for name, found in self._read.items()}


def _article(row: Row, table: _Table, place: str, options: ReadOptions, report: Report) -> RawArticle:
    file = str(table.path)
    more = table.more(row, _OF_ARTICLES)
    for name in more:
        report.clean(file, f"column {name!r} kept as metadata", 1)
    given = row.get("status", "")
    state = next((state for state in STATES if state == given), None)
    if given and not state:
        report.skip(file, place, f"status {given!r} is unknown; use one of {', '.join(STATES)}")
    return RawArticle(
        table.cell(row, "text"), file, place, table.cell(row, "id") or None, row.get("title") or None,
        storable(f"{Path(file).stem} {place}"), row.get("language") or None,
        {**more, **_json(row, "meta", dict, file, place, report)}, row.get("note", ""),
        row.get("flag", "").casefold() in ("yes", "true", "1"), row.get("group") or None,
        _pairs(_json(row, "outside", list, file, place, report)),
        {row.get("annotator") or options.annotator: state} if state else None,
    )  # fmt: skip


def _json(row: Row, name: str, kind: Callable[[], Any], file: str, place: str, report: Report) -> Any:
    """The JSON in a cell; what an empty one means where there is none, or none of that kind."""
    if row.get(name):
        try:
            found = json.loads(row[name])
            if isinstance(found, type(kind())):
                return found
        except (ValueError, RecursionError):
            pass
        report.skip(file, place, f"{name} is not the JSON it should be: {row[name][:40]!r}; correct it")
    return kind()


def _pairs(given: Iterable[Any]) -> tuple[Fragment, ...]:
    """The pairs of numbers among what is given."""
    return tuple(
        (pair[0], pair[1])
        for pair in given
        if isinstance(pair, list) and [type(n) for n in pair] == [int, int]
    )


def _spans(found: list[tuple[int, Row]], table: _Table, text: str, report: Report) -> Iterator[RawSpan]:
    file = str(table.path)
    placed: list[tuple[int, Row, tuple[Fragment, ...]]] = []
    for line, row in found:
        try:
            whole = int(table.cell(row, "start")), int(table.cell(row, "end"))
        except ValueError:
            report.skip(file, f"line {line}", "start and end are no numbers; correct them")
            continue
        fragments = _pairs(_json(row, "fragments", list, file, f"line {line}", report)) or (whole,)
        placed.append((line, row, fragments if (fragments[0][0], fragments[-1][1]) == whole else (whole,)))
    quotes = [(((f[0][0], f[-1][1]),), q) for _, row, f in placed if (q := table.cell(row, "quote"))]
    unit, move = counting.counting(text, quotes)
    if unit != counting.CODE_POINTS:
        report.guess(file, unit, "offsets")
    for line, row, given in placed:
        fragments = tuple(map(move, given))
        start, end = fragments[0][0], fragments[-1][1]
        quote, reads = table.cell(row, "quote"), text[start:end] if 0 <= start <= end <= len(text) else None
        if quote and reads is not None and not counting.alike(quote, reads):
            report.skip(file, f"line {line}", misquoted(given[0][0], given[-1][1], quote, reads))
            continue
        attributes = {
            n.removeprefix(ATTRIBUTE): cell for n, cell in row.items() if n.startswith(ATTRIBUTE) and cell
        }
        attributes |= _json(row, "attributes", dict, file, f"line {line}", report)
        yield RawSpan(
            table.cell(row, "label"), fragments, f"{Path(file).name}, line {line}", row.get("id") or None, None, attributes,
            row.get("annotator") or None, row.get("note", ""), row.get("created", ""), row.get("changed", ""),
        )  # fmt: skip


def _relation(line: int, row: Row, table: _Table, report: Report) -> RawRelation:
    place = f"{table.path.name}, line {line}"
    attributes = _json(row, "attributes", dict, str(table.path), f"line {line}", report)
    return RawRelation(
        table.cell(row, "type"), table.cell(row, "head"), table.cell(row, "tail"), place, row.get("id") or None, attributes,
        row.get("annotator") or None, row.get("note", ""),
    )  # fmt: skip
