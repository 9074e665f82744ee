"""Parquet (https://parquet.apache.org/docs/file-format/): `<split>.parquet`, one row an article, written by DuckDB.

Names stand for labels and tags. The file's metadata declares the columns for Hugging Face's `datasets` too, in the spelling
that its versions 2, 3 and 5 read: a list of structs is a JSON array of one dict. Rows go into a file of JSON lines first and
from there, a few megabytes at a time, into the table: memory stays flat. The bytes are the same for the same version of DuckDB.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from pydantic_core import to_json

from desktop.bundle import Bundle
from desktop.formats.base import Placed, Plan
from desktop.formats.receipt import Receipt
from desktop.formats.rows import Feature, NotDateError, Row, Rows, check

# Bytes of JSON that become one row group: a reader can take them one by one, and both sides hold little.
_GROUP = 2 << 20
# More of them are put together, since of each some 50 kB are held until the file is done.
_GROUPS = 1000
_TYPES = {"string": "VARCHAR", "int32": "INTEGER", "date32": "DATE"}


class Table:
    """One Parquet file in the making. Used with `with`; the file is there when the block has ended well."""

    def __init__(self, path: Path, rows: Rows) -> None:
        self._path, self._rows = path, rows
        self._parts: list[Path] = []
        self._file: IO[bytes] | None = None
        self._longest = self._count = 0

    def __enter__(self) -> Self:
        return self

    def add(self, row: Row) -> None:
        """Take a row that `rows` made."""
        if not self._file or self._file.tell() >= _GROUP:
            self._close()
            self._parts.append(self._path.with_name(f"{self._path.stem}.{len(self._parts)}.partial"))
            self._file = self._parts[-1].open("wb")
        line = to_json(row)
        self._longest = max(self._longest, len(line))
        self._count += 1
        self._file.write(line + b"\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if not error and self._parts:
            self._copy()
        for part in self._parts:
            part.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._file:
            self._file.close()
        self._file = None

    def _copy(self) -> None:
        features = self._rows.features
        columns = {feature["name"]: sql_type(feature) for feature in features}
        with connection() as database:
            database.execute(
                f"COPY (SELECT * FROM read_json({_sql([str(part) for part in self._parts])}, format='newline_delimited', "
                f"columns={_sql(columns)}, maximum_object_size={max(self._longest + 2, 1 << 20)})) "
                f"TO {_sql(str(self._path))} (FORMAT parquet, COMPRESSION zstd, "
                f"ROW_GROUP_SIZE {max(self._count // _GROUPS, 1)}, "
                f"KV_METADATA {{huggingface: {_sql(metadata(features))}}})"
            )


def connection() -> Any:
    """DuckDB on one thread, so that rows keep their order and files their bytes; it fetches nothing from a network."""
    import duckdb  # 0.2 s, paid only by this format  # noqa: PLC0415

    settings: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": 1,
    }
    return duckdb.connect(config=settings)


def _sql(value: Any) -> str:
    """A literal: a text, a list of texts, or a struct of them."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_sql(name)}: {_sql(item)}" for name, item in value.items()) + "}"
    return "[" + ", ".join(map(_sql, value)) + "]"


def sql_type(feature: Feature) -> str:
    """DuckDB's type of a column."""
    if "list" in feature:
        fields = ", ".join(f'"{inner["name"]}" {sql_type(inner)}' for inner in feature["list"])
        return f"STRUCT({fields})[]"
    if "sequence" in feature:
        return f"{_scalar(feature['sequence'])}[]"
    return _scalar(feature["dtype"])


def _scalar(dtype: Any) -> str:
    return _TYPES[dtype] if isinstance(dtype, str) else "BIGINT"


def metadata(features: Sequence[Feature]) -> str:
    """What `datasets` reads from the key `huggingface` of a file."""
    return json.dumps({"info": {"features": {f["name"]: _declared(f) for f in features}}}, ensure_ascii=False)


def _declared(feature: Feature) -> Any:
    if "list" in feature:
        return [{inner["name"]: _declared(inner) for inner in feature["list"]}]
    if "sequence" in feature:
        return {"feature": _value(feature["sequence"]), "_type": "Sequence"}
    return _value(feature["dtype"])


def _value(dtype: Any) -> dict[str, Any]:
    if isinstance(dtype, str):
        return {"dtype": dtype, "_type": "Value"}
    return {"names": list(dtype["class_label"]["names"].values()), "_type": "ClassLabel"}


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """A file a split in `folder`; `flat["tags"]` lists what the flat tag columns cannot hold."""
    try:
        return _write(folder, bundle, plan, dates=True)
    except NotDateError:
        return _write(folder, bundle, plan, dates=False)


def _write(folder: Path, bundle: Bundle, plan: Plan, *, dates: bool) -> Receipt:
    receipt = Receipt("parquet")
    rows = Rows(plan, receipt, numbers=False, dates=dates)
    write_tables(folder, bundle, plan, rows)
    return receipt


def write_tables(folder: Path, bundle: Bundle, plan: Plan, rows: Rows) -> None:
    """A table for each split; none is there after an error."""
    with ExitStack() as stack:
        tables = {
            split: stack.enter_context(Table(folder / f"{split}.parquet", rows)) for split in plan.names
        }
        for record in bundle:
            tables[plan.split(record.article.id)].add(rows.row(record))


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: rows read by DuckDB, quotes and tags compared with the text.

    Raises UserError for a row whose tokens or tags do not fit its text and spans.
    """
    names = {label.name: label.name for label in plan.scheme.labels}
    for path in sorted(folder.glob("*.parquet")):
        for row in read_rows(path):
            check(row, names)
            yield row["id"], placed(row, names)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file in their order."""
    with connection() as database:
        found = database.execute("SELECT * FROM read_parquet(?)", [str(path)])
        columns = [column[0] for column in found.description]
        while some := found.fetchmany(64):
            yield from (dict(zip(columns, values, strict=True)) for values in some)


def placed(row: Mapping[str, Any], names: Mapping[Any, str]) -> Counter[Placed]:
    """The spans of a row whose quote is what stands at their place; `names` are those of the values of `label`."""
    return Counter(
        (names[span["label"]], tuple((f["start"], f["end"]) for f in span["fragments"]))
        for span in row["spans"]
        if row["text"][span["start"] : span["end"]] == span["text"]
    )
