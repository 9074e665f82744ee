"""doccano JSONL both ways (https://github.com/doccano/doccano, its sequence labelling projects).

Out: `entities` and `relations`, as projects with relations take them, or `label` as [start, end, label]. In: these two, and
`labels`, as older versions wrote it. Offsets are code points. doccano has neither attributes nor spans with gaps, and keeps
nested spans only in a project that allows overlapping ones.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from desktop.bundle import Bundle, RawArticle, RawRelation, RawSpan, Record, Report
from desktop.errors import UserError
from desktop.formats import own, stretches
from desktop.formats.base import Placed, Plan, ReadOptions
from desktop.formats.objects import first_object, records, valid
from desktop.formats.receipt import Receipt
from desktop.formats.traits import DOCCANO_SHAPE

_SPANS = ("label", "labels", "entities")


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """`<split>.jsonl` in `folder`; spans with gaps are written as one stretch, and `notes` counts what has no place."""
    lost = {"attributes_left_out": 0, "notes_left_out": 0, "relations_left_out": 0, "overlapping": 0}
    receipt = Receipt("doccano", notes=lost)
    shape = _with_relations if plan.option(DOCCANO_SHAPE) == "relations" else _labels_alone
    with ExitStack() as stack:
        files = {
            split: stack.enter_context((folder / f"{split}.jsonl").open("w", encoding="utf-8", newline="\n"))
            for split in plan.names
        }
        for record in bundle:
            line = {"text": record.text, **shape(record, receipt), **own.article_keys(record)}
            files[plan.split(record.article.id)].write(json.dumps(line, ensure_ascii=False) + "\n")
            receipt.articles += 1
            receipt.spans_in += len(record.spans)
            receipt.notes["attributes_left_out"] += sum(len(span.attributes) for span in record.spans)
            receipt.notes["notes_left_out"] += sum(bool(span.note) for span in record.spans)
            receipt.notes["overlapping"] += stretches.overlapping(record.spans)
    return receipt


def _with_relations(record: Record, receipt: Receipt) -> dict[str, Any]:
    numbers = {}
    entities = []
    for number, (span, start, end) in enumerate(stretches.whole(record, receipt), 1):
        numbers[span.id] = number
        entities.append({"id": number, "label": span.label, "start_offset": start, "end_offset": end})
    relations: list[dict[str, Any]] = []
    for relation in record.relations:
        if relation.head in numbers and relation.tail in numbers:
            ends = {"from_id": numbers[relation.head], "to_id": numbers[relation.tail]}
            relations.append({"id": len(relations) + 1, **ends, "type": relation.type})
    receipt.notes["relations_left_out"] += len(record.relations) - len(relations)
    return {"entities": entities, "relations": relations}


def _labels_alone(record: Record, receipt: Receipt) -> dict[str, Any]:
    receipt.notes["relations_left_out"] += len(record.relations)
    return {"label": [[start, end, span.label] for span, start, end in stretches.whole(record, receipt)]}


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: lines parsed with `json` alone."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                given = json.loads(line)
                placed: Counter[Placed] = Counter()
                for start, end, label in given.get("label", ()):
                    placed[label, ((start, end),)] += 1
                for entity in given.get("entities", ()):
                    placed[entity["label"], ((entity["start_offset"], entity["end_offset"]),)] += 1
                yield given["article_id"], placed


class _Entity(BaseModel):
    model_config = ConfigDict(strict=True)

    start_offset: int
    end_offset: int
    label: str
    id: int | str | None = None


class _Relation(BaseModel):
    model_config = ConfigDict(strict=True)

    from_id: int | str
    to_id: int | str
    type: str


def sniff(path: Path, head: bytes) -> bool:
    given = first_object(path, head)
    text = given.get("text", given.get("data"))
    return isinstance(text, str) and any(isinstance(given.get(name), list) for name in _SPANS)


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The articles of a file that doccano exported, or imports; what it wrote itself (`id`, `Comments`) is none of theirs."""
    return records(path, options, report, _reader(str(path)))


def _reader(file: str) -> Callable[[dict[str, Any], str, Report], RawArticle]:
    def make(given: dict[str, Any], place: str, report: Report) -> RawArticle:
        text = given.pop("text" if "text" in given else "data", None)
        if not isinstance(text, str):
            raise UserError("there is no text", 'give it as "text"')
        if given.pop("id", None) is not None:
            report.clean(file, "doccano's own ids left out", 1)
        comments = [str(comment) for comment in given.pop("Comments", None) or ()]
        spans = [span for name in _SPANS for span in _spans(given.pop(name, None) or [], file, place, report)]
        relations = list(_relations(given.pop("relations", None) or [], file, place, report))
        return own.take_article(
            given, text, file, place, report, spans=spans, relations=relations, note="\n".join(comments)
        )

    return make


def _spans(items: Any, file: str, place: str, report: Report) -> Iterator[RawSpan]:
    for number, item in enumerate(items if isinstance(items, list) else [items], 1):
        if isinstance(item, str):
            reason = f"{item!r} labels the whole text, which Tagline does not; remove it"
            report.skip(file, f"{place}, span {number}", reason)
            continue
        for where, found in valid(_Entity, [_named(item)], "span", file, place, report, first=number):
            name = None if found.id is None else f"s{found.id}"
            yield RawSpan(found.label, ((found.start_offset, found.end_offset),), where, name)


def _named(item: Any) -> Any:
    """A label given as [start, end, label] with names to it."""
    named = isinstance(item, list) and len(item) == 3
    return dict(zip(("start_offset", "end_offset", "label"), item, strict=True)) if named else item


def _relations(items: Any, file: str, place: str, report: Report) -> Iterator[RawRelation]:
    for where, found in valid(_Relation, items, "relation", file, place, report):
        yield RawRelation(found.type, f"s{found.from_id}", f"s{found.to_id}", where)
