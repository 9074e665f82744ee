"""A folder that `datasets.load_dataset(folder)` reads: `data/<split>.jsonl` or `.parquet`, features declared in README.md.

JSON lines are written with the standard library alone. The features are declared because JSON with empty lists loads wrongly
without them (https://huggingface.co/docs/datasets/repository_structure, dataset_info in the YAML block). The columns are those
of `rows`. The description in that block changes with the data: `load_dataset` names what it keeps by the folder's last name and
that block alone, and would go on showing an earlier dataset.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from desktop.bundle import Bundle
from desktop.formats.base import Placed, Plan
from desktop.formats.dates import Watch
from desktop.formats.parquet import placed, read_rows, write_tables
from desktop.formats.receipt import Receipt
from desktop.formats.rows import NotDateError, Row, Rows, check
from desktop.formats.traits import HUGGINGFACE_FILES

# Columns that hold numbers, or that no time could stand in alone.
_NOT_TIMES = ("token", "tags_", "text")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**9, "100K<n<1M"))
# YAML 1.1 (section 5.1) forbids these characters even in quotes, JSON does not.
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """README.md and `data/` in `folder`; `flat["tags"]` lists what the flat tag columns cannot hold."""
    (folder / "data").mkdir()
    try:
        return _write(folder, bundle, plan, dates=True)
    except NotDateError:
        return _write(folder, bundle, plan, dates=False)


def _write(folder: Path, bundle: Bundle, plan: Plan, *, dates: bool) -> Receipt:
    receipt = Receipt("huggingface")
    rows = Rows(plan, receipt, numbers=True, dates=dates)
    fill = write_tables if plan.option(HUGGINGFACE_FILES) == "parquet" else _write_lines
    fill(folder / "data", bundle, plan, rows)
    readme = _readme(plan, receipt, rows, _digest(folder / "data"))
    (folder / "README.md").write_text(readme, encoding="utf-8", newline="\n")
    return receipt


def _write_lines(folder: Path, bundle: Bundle, plan: Plan, rows: Rows) -> None:
    watches = {split: Watch() for split in plan.names}
    with ExitStack() as stack:
        files = {split: stack.enter_context((folder / f"{split}.jsonl").open("wb")) for split in plan.names}
        for record in bundle:
            split, row = plan.split(record.article.id), rows.row(record)
            watches[split].see(
                "", {name: value for name, value in row.items() if not name.startswith(_NOT_TIMES)}
            )
            files[split].write(to_json(row) + b"\n")
    times = {column for watch in watches.values() for column in watch.columns(["published"])}
    if times:
        rows.receipt.notes["loaded_as_times"] = sorted(times)


def _digest(folder: Path) -> str:
    """The SHA-256 of the lines that `sha256sum *` prints in `folder`."""
    lines = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _yaml(value: Any) -> str:
    """`value` on one line: YAML reads JSON, but for a few characters."""
    line = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", line)


def _readme(plan: Plan, receipt: Receipt, rows: Rows, digest: str) -> str:
    ending = "parquet" if plan.option(HUGGINGFACE_FILES) == "parquet" else "jsonl"
    files = [{"split": split, "path": f"data/{split}.{ending}"} for split in plan.names]
    count = receipt.articles
    codes = sorted(code for code in rows.languages if re.fullmatch(r"[a-z]{2,3}", code))
    return "\n".join([
        "---",
        f"pretty_name: {_yaml(plan.scheme.scheme)}",
        *([f"language: {_yaml(codes)}"] if codes else []),
        'task_categories: ["token-classification"]',
        f"size_categories: {_yaml([next((name for most, name in _SIZES if count < most), 'n>1M')])}",
        "configs:", "- config_name: default", "  data_files:", *(f"  - {_yaml(file)}" for file in files),
        "dataset_info:", f"  description: {_yaml(f'sha256 {digest}')}", "  features:", *(f"  - {_yaml(feature)}" for feature in rows.features),
        "---", "", *_card(plan, receipt), "",
    ])  # fmt: skip


def _card(plan: Plan, receipt: Receipt) -> Iterator[str]:
    yield f"# {' '.join(plan.scheme.scheme.split())}"
    yield ""
    yield f"{receipt.articles} articles with {receipt.spans_in} labelled spans, made with Tagline."
    yield 'Load this folder with `datasets.load_dataset("path/to/this/folder")`.'
    yield ""
    yield "All offsets count Unicode code points (Python `str` indexes), from 0, the end not included."
    yield ""
    yield "- `spans`: every span exactly as it was marked, nested and crossing ones too; `fragments` has more than one"
    yield "  entry where a span has gaps, `text` is the whole stretch."
    yield "- `tags_<label>`: IOB2 tags of one label over `tokens` (0 is O, 1 begins a span, 2 goes on with it)."
    yield "- `relations`: `head` and `tail` are ids of `spans` in the same article."
    yield "- `meta`: the article's metadata as JSON text. `published` is repeated from it, as a date, or with its times"
    yield "  written `YYYY-MM-DD HH:MM:SS` in UTC."
    yield ""
    yield "## What the tag columns cannot hold"
    yield ""
    yield "A flat layer has one tag a token. These spans are in `spans`, but not or not exactly in `tags_<label>`:"
    yield ""
    rows = [("left out", row) for row in receipt.not_flat()]
    rows += [("moved", row) for row in receipt.flat_changed()]
    for what, row in rows:
        yield f"- {row['label']}: {row['count']} {what} ({row['reason']})"
    if not rows:
        yield "None: every span is in the tag columns as well."
    times = receipt.notes.get("loaded_as_times")
    if times:
        yield ""
        yield "Every text in these columns looks like a time, and `load_dataset` writes it in another form"
        yield f"(`2021-07-11` as `2021-07-11 00:00:00`); take them from the JSON lines: {', '.join(times)}."


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: rows parsed anew, class names from README.md, quotes and tags compared with the text.

    Raises UserError for a row whose tokens or tags do not fit its text and spans.
    """
    names = dict(enumerate(_label_names(folder / "README.md")))
    numbers = {name: number for number, name in names.items()}
    for path in sorted((folder / "data").iterdir()):
        for row in read_rows(path) if path.suffix == ".parquet" else _lines(path):
            check(row, numbers)
            yield row["id"], placed(row, names)


def _lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        yield from map(from_json, file)


def _label_names(readme: Path) -> list[str]:
    lines = readme.read_text(encoding="utf-8").split("\n---\n", 1)[0].split("\n")
    declared = [json.loads(line.removeprefix("  - ")) for line in lines if line.startswith('  - {"name"')]
    spans = next(feature["list"] for feature in declared if feature["name"] == "spans")
    label = next(feature for feature in spans if feature["name"] == "label")
    return list(label["dtype"]["class_label"]["names"].values())
