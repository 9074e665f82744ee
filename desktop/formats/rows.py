"""Articles as rows of a table: what the Hugging Face folder and the Parquet files share.

The column `spans` keeps every span exactly; `tags_<label>` are flat IOB2 layers made from them, for token classification.
Labels, relation types and tags are numbers with their names declared, or the names themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from desktop.bundle import STATES, Record
from desktop.errors import UserError
from desktop.formats import iob
from desktop.formats.base import Plan
from desktop.formats.dates import is_date, settled
from desktop.formats.names import Unique
from desktop.formats.receipt import Flat, Receipt, entry
from desktop.formats.tokens import tokenize, tokenizer_name, widened
from desktop.model import Fragment, Relation, Scheme, Span

Row = dict[str, Any]
Feature = dict[str, Any]


class NotDateError(Exception):
    """An article whose `published` is no date, though a column of dates was begun."""


class Rows:
    """Makes the rows and fills the receipt; `numbers` writes class numbers for names.

    With `dates` the column `published` is one of dates: `row` raises NotDateError for any other text, and all is to be written
    again without. (To look first would mean to read a large project once more; most have dates only, or none.)
    """

    def __init__(self, plan: Plan, receipt: Receipt, *, numbers: bool, dates: bool) -> None:
        scheme = plan.scheme
        labels = [label.name for label in scheme.labels]
        self.languages: set[str] = set()
        self.receipt, self._scheme, self._numbers, self._dates = receipt, scheme, numbers, dates
        self._widen = plan.widen
        self._dated = False
        self._labels: dict[str, Any] = _numbered(labels, numbers)
        self._types: dict[str, Any] = _numbered(
            [r.name for r in scheme.relations], numbers and bool(scheme.relations)
        )
        self._columns = tag_columns(labels)
        self._tags = {label: tags_of(label) for label in labels}
        self._flat = receipt.flat["tags"] = Flat()
        receipt.notes |= {"tokenizer": {}, "relations_left_out": 0}

    @property
    def features(self) -> list[Feature]:
        """The columns of the rows made so far."""
        return features(self._scheme, numbers=self._numbers, dates=self._dates and self._dated)

    def row(self, record: Record) -> Row:
        """One article; counted in the receipt."""
        article, receipt = record.article, self.receipt
        tokens = tokenize(record.text, article.language)
        receipt.articles += 1
        receipt.spans_in += len(record.spans)
        receipt.notes["tokenizer"].setdefault(article.language or "", tokenizer_name(article.language))
        self.languages.update([article.language] if article.language else [])
        return {
            "id": article.id, "title": article.title, "text": record.text, "text_sha256": article.text_sha256,
            "language": article.language, "source": _text(article.meta.get("source")),
            "published": self._published(_text(article.meta.get("published"))),
            "tokens": [record.text[start:end] for start, end in tokens],
            "token_start": [start for start, _ in tokens], "token_end": [end for _, end in tokens],
            **{name: self._column(record, label, tokens) for label, name in self._columns.items()},
            "spans": [self._span(span) for span in sorted(record.spans, key=lambda s: (s.start, -s.end, s.id))],
            "relations": [self._relation(relation) for relation in self._relations(record)],
            "status": _status(record), "group": article.group,
            "meta": json.dumps(article.meta, ensure_ascii=False, sort_keys=True),
        }  # fmt: skip

    def _published(self, given: str | None) -> str | None:
        if given and self._dates and not is_date(given):
            raise NotDateError(given)
        self._dated = self._dated or bool(given)
        return given if self._dates or given is None else settled(given)

    def _column(self, record: Record, label: str, tokens: list[Fragment]) -> list[Any]:
        column = iob.column([s for s in record.spans if s.label == label], tokens, widen=self._widen)
        name = record.article.id
        for span, reason in column.left_out:
            self._flat.left_out.append(entry(name, span, reason))
        for span, reason, fragments in column.changed:
            self._flat.changed.append(entry(name, span, reason, fragments))
        tags = iob.tags(column.runs, len(tokens))
        return tags if self._numbers else [self._tags[label][tag] for tag in tags]

    def _span(self, span: Span) -> Row:
        return {
            "id": span.id, "label": self._labels[span.label], "start": span.start, "end": span.end,
            "text": span.text, "fragments": [{"start": start, "end": end} for start, end in span.fragments],
            "attributes": _pairs(span.attributes), "annotator": span.annotator, "note": span.note,
        }  # fmt: skip

    def _relations(self, record: Record) -> list[Relation]:
        ids = {span.id for span in record.spans}
        kept = [relation for relation in record.relations if {relation.head, relation.tail} <= ids]
        self.receipt.notes["relations_left_out"] += len(record.relations) - len(kept)
        return sorted(kept, key=lambda relation: relation.id)

    def _relation(self, relation: Relation) -> Row:
        return {
            "id": relation.id, "type": self._types.get(relation.type, relation.type), "head": relation.head,
            "tail": relation.tail, "attributes": _pairs(relation.attributes), "annotator": relation.annotator,
            "note": relation.note,
        }  # fmt: skip


def tag_columns(labels: Iterable[str]) -> dict[str, str]:
    """The column of each label's tags; to a database names that differ in case alone are one."""
    unique = Unique("_")
    return {label: unique(f"tags_{label}") for label in labels}


def tags_of(label: str) -> list[str]:
    """The tags of a label's column, by their numbers."""
    return ["O", f"B-{label}", f"I-{label}"]


def _numbered(names: Iterable[str], numbers: bool) -> dict[str, Any]:
    return {name: number if numbers else name for number, name in enumerate(names)}


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


def features(scheme: Scheme, *, numbers: bool, dates: bool) -> list[Feature]:
    """The columns as `dataset_info.features` spells them: `sequence` for lists of values, `list` for lists of structs.

    https://huggingface.co/docs/datasets/repository_structure
    """
    labels = [label.name for label in scheme.labels]
    types = [relation.name for relation in scheme.relations]
    pairs = [_feature("name"), _feature("value")]
    places = [_feature("start", "int32"), _feature("end", "int32")]
    spans = [
        _feature("id"), _feature("label", _classes(labels, numbers)), *places, _feature("text"),
        {"name": "fragments", "list": places}, {"name": "attributes", "list": pairs},
        _feature("annotator"), _feature("note"),
    ]  # fmt: skip
    relations = [
        _feature("id"), _feature("type", _classes(types, numbers)), _feature("head"), _feature("tail"),
        {"name": "attributes", "list": pairs}, _feature("annotator"), _feature("note"),
    ]  # fmt: skip
    return [
        *(_feature(name) for name in ("id", "title", "text", "text_sha256", "language", "source")),
        _feature("published", "date32" if dates else "string"),
        {"name": "tokens", "sequence": "string"},
        {"name": "token_start", "sequence": "int32"}, {"name": "token_end", "sequence": "int32"},
        *({"name": name, "sequence": _classes(tags_of(label), numbers)} for label, name in tag_columns(labels).items()),
        {"name": "spans", "list": spans}, {"name": "relations", "list": relations},
        *(_feature(name) for name in ("status", "group", "meta")),
    ]  # fmt: skip


def _feature(name: str, dtype: Any = "string") -> Feature:
    return {"name": name, "dtype": dtype}


def _classes(names: Iterable[str], numbers: bool) -> Any:
    """The type of a column of names; where there are none, numbers would be of nothing."""
    given = {str(number): name for number, name in enumerate(names)}
    return {"class_label": {"names": given}} if numbers and given else "string"


def check(row: Mapping[str, Any], labels: Mapping[str, Any]) -> None:
    """Compare the tokens and tags of a row with its text and spans; `labels` are the values that `spans` has for them.

    Raises UserError for what does not fit.
    """
    tokens = list(zip(row["token_start"], row["token_end"], strict=True))
    if [row["text"][start:end] for start, end in tokens] != row["tokens"]:
        raise UserError(f"the tokens of article {row['id']!r} do not fit its text", "export again")
    columns = tag_columns(labels)
    for name, value in labels.items():
        marked = {
            widened(tokens, span["start"], span["end"]) for span in row["spans"] if span["label"] == value
        }
        numbers = {tag: number for number, tag in enumerate(tags_of(name))}
        tags = [numbers.get(tag, tag) for tag in row[columns[name]]]
        found = {(tokens[first][0], tokens[last - 1][1]) for first, last in iob.runs(tags)}
        if len(tags) != len(tokens) or not found <= marked:
            raise UserError(
                f"the tags of {name!r} in article {row['id']!r} do not fit its spans", "export again"
            )
