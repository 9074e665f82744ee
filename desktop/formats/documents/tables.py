"""Tables in: one article a row of a .csv, .tsv, .xlsx, or of JSON objects. Which column is what is guessed, said, changeable."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any

from desktop import columns, decoding
from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats import strict
from desktop.formats.base import ReadOptions
from desktop.formats.documents.base import LONGEST, load, named, record
from desktop.formats.documents.office import opened
from desktop.formats.documents.web import words_of
from desktop.formats.texts import byte_lines
from desktop.furniture import day_of

_FIRST_ROWS = 50
_DELIMITERS = ",;\t|"
_LONGEST_NAME = 100
_EXAMPLE, _SHOWN_ROWS = 80, 3
_MOST_COLUMNS = 1000
# What only HTML has: the end of a block, or the break of a line.
_MARKUP = re.compile(r"</(?:p|div|h[1-6]|li|article|blockquote)\s*>|<br\s*/?>", re.IGNORECASE)

Row = tuple[str, dict[str, Any]]
"""Where a row stands in its file ("line 3", "sheet One, row 3"), and its cells by column."""


@dataclass(frozen=True)
class Table:
    """The columns of one table and its rows; a row that cannot be read is told to the report on the way."""

    header: Sequence[str]
    rows: Iterator[Row]
    sheet: str = ""


def sniff(path: Path, head: bytes) -> bool:
    """Whether a file of JSON is a table: objects, one a line (without `text`: those are Tagline's own), in a list or alone."""
    suffix = path.suffix.lower()
    if suffix not in (".jsonl", ".ndjson", ".json"):
        return False
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if suffix == ".json":
        return start.startswith(b"{") or (start.startswith(b"[") and start[1:].lstrip().startswith(b"{"))
    line, end, _ = start.partition(b"\n")
    if not end and b'"text"' in line:
        return False
    try:
        first = json.loads(line)
    except ValueError:
        return start.startswith(b"{") and b'"text"' not in line and not end
    return isinstance(first, dict) and not isinstance(first.get("text"), str)


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The articles of a table, one a row. Raises UserError where no column holds texts, or the file is no table."""
    with named(path):
        if not path.stat().st_size:
            raise UserError("the file is empty", "leave it out")
        for table in _READERS.get(path.suffix.lower(), _csv)(path, options, report):
            yield from _articles(table, path, options, report)


def _articles(table: Table, path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    first = list(islice(table.rows, _FIRST_ROWS))
    if not first:
        return
    try:
        chosen = columns.choose(table.header, [row for _, row in first], options.columns, options.remembered)
    except UserError as error:
        _tell_columns(table, columns.Columns({}), first, path, report)
        raise UserError(error.message, error.hint, position=table.sheet) from None
    _tell_columns(table, chosen, first, path, report)
    for position, row in chain(first, table.rows):
        try:
            yield _article(row, chosen, position, path, options, report)
        except UserError as error:
            report.skip(str(path), position, f"{error.message}; {error.hint}")


def _tell_columns(
    table: Table, chosen: columns.Columns, first: Sequence[Row], path: Path, report: Report
) -> None:
    """What the columns were taken for, with the first rows, for a person to judge by."""
    rows = [{name: _words(value)[:_EXAMPLE] for name, value in row.items()} for _, row in first[:_SHOWN_ROWS]]
    report.columns.append(
        {"file": report.shown(str(path)), "sheet": table.sheet, "header": list(table.header), "fields": dict(chosen.fields),
         "guessed": chosen.guessed, "example": rows[0], "rows": rows}
    )  # fmt: skip


def _article(
    row: dict[str, Any],
    chosen: columns.Columns,
    position: str,
    path: Path,
    options: ReadOptions,
    report: Report,
) -> Record:
    fields, own = chosen.parted(row)
    told = {name: _words(value) for name, value in fields.items()}
    if _MARKUP.search(told["text"]):
        report.clean(str(path), "texts that were HTML read as text", 1)
        told["text"] = words_of(told["text"])
    if not told["text"].strip():
        raise UserError("the row has no text", "give it one, or take it out")
    language = told.get("language", "").strip().lower().replace("_", "-").split("-")[0]
    known = language if 2 <= len(language) <= 3 and language.isalpha() else None
    meta = {name: value for name, value in own.items() if value not in ("", None)}
    if language and not known:
        meta["language"] = told["language"]
    meta |= {name: told[name] for name in ("author", "source", "url") if told.get(name)}
    if told.get("date"):
        meta["date"] = _day(told["date"])
    return record(
        told["text"], path, options, report, title=told.get("title"), meta=meta, id=told.get("id") or None,
        language=known, position=position,
    )  # fmt: skip


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _day(value: str) -> str:
    """A date that begins as ISO 8601 does stays as it is; one in words becomes such; what may mean two days stays too."""
    return value if value[:4].isdigit() and value[4:5] == "-" else day_of(value) or value


def _csv(path: Path, options: ReadOptions, report: Report) -> Iterator[Table]:
    lines, found = decoding.lines(path, options.encoding, LONGEST)
    numbered = _numbered(lines, path, report)
    head = list(islice(numbered, _FIRST_ROWS))
    if found.guessed:
        report.guess(str(path), found.encoding, sample=decoding.sample(" ".join(line for _, line in head)))
    if not head:
        raise UserError("the file is empty", "leave it out")
    delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else _delimiter([line for _, line in head])
    csv.field_size_limit(LONGEST)
    rows = _csv_rows(chain(head, numbered), delimiter, path, report)
    first = next(rows, None)
    if first is None:
        return
    header = _header(first[1])
    if header is None:
        header = [f"column {number}" for number in range(1, len(first[1]) + 1)]
        rows = chain([first], rows)
    yield Table(header, _by_name(rows, header, path, report))


def _numbered(lines: Iterator[str], path: Path, report: Report) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; one that is too long is told and passed over."""
    number = 0
    whole = True
    for line in lines:
        number += whole
        ends = line.endswith(("\n", "\r"))
        if not whole or (not ends and len(line) >= LONGEST):
            if whole:
                report.skip(
                    str(path),
                    f"line {number}",
                    f"the line is longer than {LONGEST // 1_000_000} MB; part it into rows",
                )
            whole = ends
            continue
        yield number, line.removeprefix("\ufeff") if number == 1 else line


def _csv_rows(
    numbered: Iterable[tuple[int, str]], delimiter: str, path: Path, report: Report
) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number of the line each begins in."""
    last = 0

    def lines() -> Iterator[str]:
        nonlocal last
        for number, line in numbered:
            last = number
            yield line

    reader = csv.reader(lines(), delimiter=delimiter)
    while True:
        begins = last + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            report.skip(
                str(path),
                f"line {begins}",
                f"the row cannot be read: {error}; look for a quotation mark that is not closed",
            )
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield begins, row


def _delimiter(lines: Sequence[str]) -> str:
    """The sign that parts the first rows into the same number of cells, more than one."""

    def fits(sign: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        except csv.Error:
            return 0, 0
        usual = widths[0] if widths else 0
        # The last row may be cut off by the sample.
        return (sum(width == usual for width in widths), usual) if usual > 1 else (0, 0)

    best = max(_DELIMITERS, key=fits)
    return best if fits(best) != (0, 0) else ","


def _header(cells: Sequence[str]) -> list[str] | None:
    """The names of the columns, None where the first row is no header but an article already."""
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    sound = bool(names) and all(
        name and len(name) <= _LONGEST_NAME and not name.replace(".", "").replace("-", "").isdigit()
        for name in names
    )
    if len(names) == 1 and sound:
        return names if columns.field_of(names[0]) else None
    return names if sound and len(set(names)) == len(names) else None


def _by_name(
    rows: Iterator[tuple[int, list[str]]], header: Sequence[str], path: Path, report: Report
) -> Iterator[Row]:
    for number, cells in rows:
        position = f"line {number}"
        more = [cell for cell in cells[len(header) :] if cell.strip()]
        if more:
            report.skip(
                str(path), position, f"the row has {len(cells)} cells and the table {len(header)} columns; "
                "put cells that hold the delimiter into quotation marks",
            )  # fmt: skip
            continue
        yield position, dict(zip(header, cells, strict=False))


def _xlsx(path: Path, options: ReadOptions, report: Report) -> Iterator[Table]:
    from openpyxl import load_workbook  # 0.3 s that only workbooks pay  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    with opened(path, "workbook"), path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
        except (InvalidFileException, ValueError, TypeError, AttributeError, SyntaxError) as error:
            raise UserError(
                f"this is no workbook: {str(error)[:120]}", "open it in its program and save it as .xlsx"
            ) from error
        for sheet in book.worksheets:
            table = _sheet(sheet, path, report)
            if table:
                yield table


def _sheet(sheet: Any, path: Path, report: Report) -> Table | None:
    rows = (
        (number, [_cell(value) for value in cells[:_MOST_COLUMNS]])
        for number, cells in enumerate(_safely(sheet, path, report), 1)
    )
    filled = ((number, cells) for number, cells in rows if any(cell not in ("", None) for cell in cells))
    first = next(filled, None)
    if first is None:
        return None
    header = _header([str(cell) for cell in first[1]])
    if header is None:
        header = [f"column {number}" for number in range(1, len(first[1]) + 1)]
        filled = chain([first], filled)  # type: ignore[assignment]
    place = f"sheet {sheet.title}"
    return Table(
        header,
        ((f"{place}, row {number}", dict(zip(header, cells, strict=False))) for number, cells in filled),
        place,
    )


def _safely(sheet: Any, path: Path, report: Report) -> Iterator[Sequence[Any]]:
    """The rows as far as they can be read."""
    number = 0
    try:
        sheet.reset_dimensions()  # programs write wrong ones
        for cells in sheet.iter_rows(values_only=True):
            number += 1
            yield cells
    except (ValueError, TypeError, KeyError, IndexError, SyntaxError) as error:
        report.skip(
            str(path), f"sheet {sheet.title}, row {number + 1}",
            f"the sheet is damaged from here on: {str(error)[:120]}; open it in its program and save it again",
        )  # fmt: skip


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time()
            else value.isoformat(sep="T", timespec="seconds")
        )
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def _json_lines(path: Path, options: ReadOptions, report: Report) -> Iterator[Table]:
    def rows() -> Iterator[Row]:
        for number, line in byte_lines(path, report):
            data = (line or b"").removeprefix(b"\xef\xbb\xbf" if number == 1 else b"")
            if data.strip():
                try:
                    yield f"line {number}", strict.load(data)
                except UserError as error:
                    report.skip(str(path), f"line {number}", f"{error.message}; {error.hint}")

    yield _of_objects(rows())


def _json(path: Path, options: ReadOptions, report: Report) -> Iterator[Table]:
    """A list of objects in one file, alone or as the longest list of an object; an object without one is a row itself."""
    try:
        given = json.loads(load(path, 2 * LONGEST).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"not valid JSON: {error}", "correct the file") from None

    items = given if isinstance(given, list) else _listed(given)

    def rows() -> Iterator[Row]:
        for number, item in enumerate(items, 1):
            try:
                if not isinstance(item, dict):
                    raise UserError("this is no JSON object", "leave it out")
                strict.check(item)
                yield f"item {number}", item
            except UserError as error:
                report.skip(str(path), f"item {number}", f"{error.message}; {error.hint}")

    yield _of_objects(rows())


def _listed(given: Any) -> list[Any]:
    lists = [value for value in given.values() if isinstance(value, list)] if isinstance(given, dict) else []
    lists = [value for value in lists if value and all(isinstance(item, dict) for item in value)]
    return max(lists, key=len, default=[given])


def _of_objects(rows: Iterator[Row]) -> Table:
    first = list(islice(rows, _FIRST_ROWS))
    header = dict.fromkeys(name for _, row in first for name in row)
    return Table(list(header), chain(first, rows))


_READERS: dict[str, Callable[[Path, ReadOptions, Report], Iterator[Table]]] = {
    ".xlsx": _xlsx, ".xlsm": _xlsx, ".jsonl": _json_lines, ".ndjson": _json_lines, ".json": _json,
}  # fmt: skip
