"""A folder that `datasets.load_dataset(folder)` reads: `data/<split>.jsonl`, features declared in README.md.

Written with the standard library alone. The features are declared because JSON with empty lists loads wrongly without
them (https://huggingface.co/docs/datasets/repository_structure, dataset_info in the YAML block). The column `spans` keeps
every span exactly; `tags_<label>` are flat IOB2 layers made from them, for token classification.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.bundle import STATES, Bundle, Record
from desktop.errors import UserError
from desktop.formats import iob
from desktop.formats.base import Placed, Plan
from desktop.formats.dates import Watch, is_date, settled
from desktop.formats.receipt import Receipt
from desktop.formats.tokens import tokenize, tokenizer_name, widened
from desktop.model import Fragment, Relation, Scheme, Span

_NUMBERS = ("tokens", "token_start", "token_end", "text")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**9, "100K<n<1M"))
# YAML 1.1 (section 5.1) forbids these characters even in quotes, JSON does not.
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass
class _Made:
    """What the rows written so far amount to."""

    receipt: Receipt
    dates: bool
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: set[str] = field(default_factory=set)
    watches: dict[str, Watch] = field(default_factory=dict)


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """README.md and `data/` in `folder`; what the flat tag columns cannot hold is counted in `notes["tags"]`."""
    published = [value for record in bundle if (value := _text(record.article.meta.get("published")))]
    made = _Made(
        Receipt("huggingface", notes={"tokenizer": {}, "relations_left_out": 0}),
        bool(published) and all(map(is_date, published)),
    )
    made.watches = {split: Watch() for split in plan.names}
    (folder / "data").mkdir()
    with ExitStack() as stack:
        files = {
            split: stack.enter_context(
                (folder / "data" / f"{split}.jsonl").open("w", encoding="utf-8", newline="\n")
            )
            for split in plan.names
        }
        for record in bundle:
            split = plan.split(record.article.id)
            row = _row(record, plan.scheme, made)
            made.watches[split].see("", {name: row[name] for name in row if name not in _NUMBERS})
            files[split].write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    _note(made)
    (folder / "README.md").write_text(_readme(plan, made), encoding="utf-8", newline="\n")
    return made.receipt


def _note(made: _Made) -> None:
    tags = {"left_out": _totals(made.left_out), "changed": _totals(made.changed)}
    dates = {column for watch in made.watches.values() for column in watch.columns(["published"])}
    made.receipt.notes |= {"tags": tags}
    if dates:
        made.receipt.notes["loaded_as_times"] = sorted(dates)


def _totals(counts: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"reason": r, "label": label, "count": count} for (r, label), count in sorted(counts.items())]


def _row(record: Record, scheme: Scheme, made: _Made) -> dict[str, Any]:
    article = record.article
    tokens = tokenize(record.text, article.language)
    made.receipt.articles += 1
    made.receipt.spans_in += len(record.spans)
    made.receipt.notes["tokenizer"].setdefault(article.language or "", tokenizer_name(article.language))
    made.languages.update([article.language] if article.language else [])
    published = _text(article.meta.get("published"))
    return {
        "id": article.id, "title": article.title, "text": record.text, "text_sha256": article.text_sha256,
        "language": article.language, "source": _text(article.meta.get("source")),
        "published": settled(published) if published and not made.dates else published,
        "tokens": [record.text[start:end] for start, end in tokens],
        "token_start": [start for start, _ in tokens], "token_end": [end for _, end in tokens],
        **{f"tags_{label.name}": _tags(record, label.name, tokens, made) for label in scheme.labels},
        "spans": [_span(span, scheme) for span in sorted(record.spans, key=lambda s: (s.start, -s.end, s.id))],
        "relations": [_relation(relation, scheme) for relation in _relations(record, made.receipt)],
        "status": _status(record), "group": article.group,
        "meta": json.dumps(article.meta, ensure_ascii=False, sort_keys=True),
    }  # fmt: skip


def _tags(record: Record, label: str, tokens: list[Fragment], made: _Made) -> list[int]:
    column = iob.column([span for span in record.spans if span.label == label], tokens)
    made.left_out.update((reason, label) for _, reason in column.left_out)
    made.changed.update((reason, label) for _, reason, _ in column.changed)
    return iob.tags(column.runs, len(tokens))


def _span(span: Span, scheme: Scheme) -> dict[str, Any]:
    return {
        "id": span.id, "label": _number(scheme.labels, span.label), "start": span.start, "end": span.end,
        "text": span.text, "fragments": [{"start": start, "end": end} for start, end in span.fragments],
        "attributes": _pairs(span.attributes), "annotator": span.annotator, "note": span.note,
    }  # fmt: skip


def _relations(record: Record, receipt: Receipt) -> list[Relation]:
    ids = {span.id for span in record.spans}
    kept = [relation for relation in record.relations if {relation.head, relation.tail} <= ids]
    receipt.notes["relations_left_out"] += len(record.relations) - len(kept)
    return sorted(kept, key=lambda relation: relation.id)


def _relation(relation: Relation, scheme: Scheme) -> dict[str, Any]:
    kind = _number(scheme.relations, relation.type) if scheme.relations else relation.type
    return {
        "id": relation.id, "type": kind, "head": relation.head, "tail": relation.tail,
        "attributes": _pairs(relation.attributes), "annotator": relation.annotator, "note": relation.note,
    }  # fmt: skip


def _number(entries: Iterable[Any], name: str) -> int:
    return [entry.name for entry in entries].index(name)


def _pairs(attributes: Mapping[str, Any]) -> list[dict[str, str | None]]:
    return [{"name": name, "value": _text(value)} for name, value in sorted(attributes.items())]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _status(record: Record) -> str:
    """The status of the layer; of several layers the one that is least far."""
    states = (record.status or {}).values()
    return next((state for state in STATES if state in states), "todo")


def features(scheme: Scheme, *, dates: bool) -> list[dict[str, Any]]:
    """The columns as `dataset_info.features` spells them: `sequence` for lists of values, `list` for lists of structs."""
    labels = [label.name for label in scheme.labels]
    kinds = _classes([relation.name for relation in scheme.relations]) if scheme.relations else "string"
    pairs = [_feature("name"), _feature("value")]
    places = [_feature("start", "int32"), _feature("end", "int32")]
    spans = [
        _feature("id"), _feature("label", _classes(labels)), *places, _feature("text"),
        {"name": "fragments", "list": places}, {"name": "attributes", "list": pairs},
        _feature("annotator"), _feature("note"),
    ]  # fmt: skip
    relations = [
        _feature("id"), _feature("type", kinds), _feature("head"), _feature("tail"),
        {"name": "attributes", "list": pairs}, _feature("annotator"), _feature("note"),
    ]  # fmt: skip
    return [
        *(_feature(name) for name in ("id", "title", "text", "text_sha256", "language", "source")),
        _feature("published", "date32" if dates else "string"),
        {"name": "tokens", "sequence": "string"},
        {"name": "token_start", "sequence": "int32"}, {"name": "token_end", "sequence": "int32"},
        *({"name": f"tags_{name}", "sequence": _classes(["O", f"B-{name}", f"I-{name}"])} for name in labels),
        {"name": "spans", "list": spans}, {"name": "relations", "list": relations},
        *(_feature(name) for name in ("status", "group", "meta")),
    ]  # fmt: skip


def _feature(name: str, dtype: Any = "string") -> dict[str, Any]:
    return {"name": name, "dtype": dtype}


def _classes(names: Iterable[str]) -> dict[str, Any]:
    return {"class_label": {"names": {str(number): name for number, name in enumerate(names)}}}


def _yaml(value: Any) -> str:
    """`value` on one line: YAML reads JSON, but for a few characters."""
    line = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", line)


def _readme(plan: Plan, made: _Made) -> str:
    files = [{"split": split, "path": f"data/{split}.jsonl"} for split in plan.names]
    count = made.receipt.articles
    codes = sorted(code for code in made.languages if re.fullmatch(r"[a-z]{2,3}", code))
    return "\n".join([
        "---",
        f"pretty_name: {_yaml(plan.scheme.scheme)}",
        *([f"language: {_yaml(codes)}"] if codes else []),
        'task_categories: ["token-classification"]',
        f"size_categories: {_yaml([next((name for most, name in _SIZES if count < most), 'n>1M')])}",
        "configs:", "- config_name: default", "  data_files:", *(f"  - {_yaml(file)}" for file in files),
        "dataset_info:", "  features:", *(f"  - {_yaml(f)}" for f in features(plan.scheme, dates=made.dates)),
        "---", "", *_card(plan, made), "",
    ])  # fmt: skip


def _card(plan: Plan, made: _Made) -> Iterator[str]:
    receipt = made.receipt
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
    rows = [("left out", row) for row in receipt.notes["tags"]["left_out"]]
    rows += [("moved", row) for row in receipt.notes["tags"]["changed"]]
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
    """What a consumer finds: rows parsed with `json`, class names from README.md, quotes and tags compared with the text.

    Raises UserError for a row whose tokens or tags do not fit its text and spans.
    """
    names = _label_names(folder / "README.md")
    for path in sorted((folder / "data").glob("*.jsonl")):
        with path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                row = json.loads(line)
                _check(row, names)
                placed: Counter[Placed] = Counter()
                for span in row["spans"]:
                    if row["text"][span["start"] : span["end"]] == span["text"]:
                        fragments = tuple((f["start"], f["end"]) for f in span["fragments"])
                        placed[names[span["label"]], fragments] += 1
                yield row["id"], placed


def _label_names(readme: Path) -> list[str]:
    lines = readme.read_text(encoding="utf-8").split("\n---\n", 1)[0].split("\n")
    declared = [json.loads(line.removeprefix("  - ")) for line in lines if line.startswith('  - {"name"')]
    spans = next(feature["list"] for feature in declared if feature["name"] == "spans")
    label = next(feature for feature in spans if feature["name"] == "label")
    return list(label["dtype"]["class_label"]["names"].values())


def _check(row: Mapping[str, Any], names: Iterable[str]) -> None:
    tokens = list(zip(row["token_start"], row["token_end"], strict=True))
    if [row["text"][start:end] for start, end in tokens] != row["tokens"]:
        raise UserError(f"the tokens of article {row['id']!r} do not fit its text", "export again")
    for number, name in enumerate(names):
        marked = {
            widened(tokens, span["start"], span["end"]) for span in row["spans"] if span["label"] == number
        }
        tags = row[f"tags_{name}"]
        found = {(tokens[first][0], tokens[last - 1][1]) for first, last in iob.runs(tags)}
        if len(tags) != len(tokens) or not found <= marked:
            raise UserError(
                f"the tags of {name!r} in article {row['id']!r} do not fit its spans", "export again"
            )
