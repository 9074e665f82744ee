"""Tables for spreadsheets and data frames, both ways: `articles.csv`, `spans.csv` and `relations.csv`, or the same as `.tsv`.

UTF-8 with a byte order mark, every cell quoted, one header line. Offsets are code points. `attr.<name>` holds attributes that
are text; `attributes`, `fragments`, `outside` and `meta` are JSON. In a guarded table (a column `guard` says so) cells that a
spreadsheet would take for a formula have an apostrophe in front, which is no part of them.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from desktop.bundle import Bundle, Record
from desktop.formats.base import Placed, Plan
from desktop.formats.receipt import Receipt
from desktop.formats.texts import LONGEST
from desktop.formats.traits import CSV_FORMULAS, CSV_SEPARATOR
from desktop.model import Scheme
from desktop.spans import reading_order

GUARD = "'"
ATTRIBUTE = "attr."
_GUARDED = tuple("=+-@\t\r'")
ARTICLES = (
    "id",
    "title",
    "split",
    "status",
    "annotator",
    "language",
    "group",
    "text",
    "text_sha256",
    "outside",
    "meta",
    "note",
    "flag",
)
SPANS = (
    "article",
    "id",
    "label",
    "start",
    "end",
    "text",
    "fragments",
    "annotator",
    "note",
    "created",
    "changed",
    "attributes",
)
RELATIONS = ("article", "id", "type", "head", "tail", "annotator", "note", "attributes")
Row = dict[str, str]


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """The three tables in `folder`; every span goes out as it is."""
    receipt = Receipt("csv", notes={"relations_left_out": 0})
    named = [f"{ATTRIBUTE}{name}" for name in _attributes(plan.scheme)]
    guard = plan.option(CSV_FORMULAS) == "guard"
    with ExitStack() as stack:
        tables = {
            name: stack.enter_context(_table(folder, name, columns, plan))
            for name, columns in (
                ("articles", ARTICLES),
                ("spans", (*SPANS, *named)),
                ("relations", RELATIONS),
            )
        }
        for record in bundle:
            _write(tables["articles"], [_article(record, plan)], guard=guard)
            spans = sorted(record.spans, key=lambda span: (*reading_order(span), span.id))
            _write(tables["spans"], (_span(record, span.model_dump(), named) for span in spans), guard=guard)
            there = {span.id for span in spans}
            kept = [r for r in record.relations if {r.head, r.tail} <= there]
            _write(
                tables["relations"],
                (_relation(record, relation.model_dump()) for relation in kept),
                guard=guard,
            )
            receipt.notes["relations_left_out"] += len(record.relations) - len(kept)
            receipt.articles += 1
            receipt.spans_in += len(spans)
    return receipt


def _attributes(scheme: Scheme) -> list[str]:
    return sorted({attribute.name for label in scheme.labels for attribute in label.attributes})


def _table(folder: Path, name: str, columns: Sequence[str], plan: Plan) -> _Table:
    tab = plan.option(CSV_SEPARATOR) == "tab"
    columns = [*columns, "guard"] if plan.option(CSV_FORMULAS) == "guard" else list(columns)
    return _Table(folder / f"{name}.{'tsv' if tab else 'csv'}", columns, "\t" if tab else ",")


class _Table:
    """One table open for writing."""

    def __init__(self, path: Path, columns: Sequence[str], separator: str) -> None:
        self._path, self._columns, self._separator = path, columns, separator

    def __enter__(self) -> csv.DictWriter[str]:
        self._file = self._path.open("w", encoding="utf-8-sig", newline="")
        made = csv.DictWriter(
            self._file, self._columns, delimiter=self._separator, quoting=csv.QUOTE_ALL, lineterminator="\n"
        )
        made.writeheader()
        return made

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _write(table: csv.DictWriter[str], rows: Iterable[Mapping[str, Any]], *, guard: bool) -> None:
    for row in rows:
        cells = {name: "" if value is None else str(value) for name, value in row.items()}
        if guard:
            cells = {n: GUARD + cell if cell.startswith(_GUARDED) else cell for n, cell in cells.items()}
            cells["guard"] = GUARD
        table.writerow(cells)


def _article(record: Record, plan: Plan) -> dict[str, Any]:
    article = record.article
    annotator, state = next(iter((record.status or {}).items()), ("", ""))
    return {
        "id": article.id, "title": article.title, "split": plan.split(article.id), "status": state, "annotator": annotator,
        "language": article.language, "group": article.group, "text": record.text, "text_sha256": article.text_sha256,
        "outside": _json(article.outside), "meta": _json(article.meta), "note": article.note, "flag": "yes" if article.flag else "",
    }  # fmt: skip


def _span(record: Record, span: dict[str, Any], named: Sequence[str]) -> dict[str, Any]:
    given = span["attributes"]
    shown = {f"{ATTRIBUTE}{name}": value for name, value in given.items() if isinstance(value, str) and value}
    shown = {column: value for column, value in shown.items() if column in named}
    rest = {name: value for name, value in given.items() if f"{ATTRIBUTE}{name}" not in shown}
    columns = {name: span[name] for name in SPANS if name in span}
    return {
        **columns,
        "article": record.article.id,
        "fragments": _json(span["fragments"]),
        "attributes": _json(rest),
        **shown,
    }


def _relation(record: Record, relation: dict[str, Any]) -> dict[str, Any]:
    columns = {name: relation[name] for name in RELATIONS if name in relation}
    return {**columns, "article": record.article.id, "attributes": _json(relation["attributes"])}


def _json(value: Any) -> str:
    """JSON, or nothing where there is nothing to say."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""


def rows(lines: Iterable[str], separator: str) -> Iterator[tuple[int, Row]]:
    """The line each row ends in, and its cells by the header; what is missing at its end is empty, the guard is taken off.

    Raises csv.Error for what is no table.
    """
    csv.field_size_limit(LONGEST)
    given = iter(lines)
    first = next(given, "").removeprefix("\ufeff")
    reader = csv.reader(chain([first], given), delimiter=separator, strict=True)
    header = [name.strip() for name in next(reader, [])]
    for cells in reader:
        if any(cells):
            row = dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False))
            if row.pop("guard", "") == GUARD:
                row = {name: cell.removeprefix(GUARD) for name, cell in row.items()}
            yield reader.line_num, row


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: tables read with `csv` alone and joined by article, the quotes compared with the text."""
    separator, ending = ("\t", "tsv") if plan.option(CSV_SEPARATOR) == "tab" else (",", "csv")
    for split in sorted(plan.names):
        with ExitStack() as stack:
            articles, spans = (
                rows(
                    stack.enter_context((folder / f"{name}.{ending}").open(encoding="utf-8", newline="")),
                    separator,
                )
                for name in ("articles", "spans")
            )
            groups = groupby((row for _, row in spans), key=lambda row: row["article"])
            name, group = next(groups, ("", iter(())))
            for _, article in articles:
                placed: Counter[Placed] = Counter()
                if name == article["id"]:
                    placed.update(_placed(row) for row in group if _quoted(row, article["text"]))
                    name, group = next(groups, ("", iter(())))
                if article["split"] == split:
                    yield article["id"], placed


def _quoted(row: Row, text: str) -> bool:
    return text[int(row["start"]) : int(row["end"])] == row["text"]


def _placed(row: Row) -> Placed:
    return row["label"], tuple((start, end) for start, end in json.loads(row["fragments"]))
