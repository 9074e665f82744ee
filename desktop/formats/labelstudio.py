"""Label Studio JSON out: `<split>.json` with one completed task an article, and the labelling configuration for them.

Regions, per-region choices and texts, and relations are those of https://labelstud.io/guide/task_format; offsets are code
points. What Label Studio has no field for (gaps, values the scheme does not list) goes into the `meta` of a region.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from desktop.bundle import Bundle, Record
from desktop.formats import own, stretches
from desktop.formats.base import Placed, Plan
from desktop.formats.objects import ArrayFile
from desktop.formats.receipt import Receipt
from desktop.model import Attribute, Label, Scheme, Span

CONFIG = "labeling-config.xml"
LABELS, TEXT, OURS = "label", "text", "tagline"


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """Tasks of every split and `labeling-config.xml` in `folder`; spans with gaps are written as one stretch."""
    (folder / CONFIG).write_text(config(plan.scheme), encoding="utf-8", newline="\n")
    receipt = Receipt("labelstudio", notes={"relations_left_out": 0, "relation_details_left_out": 0})
    with ExitStack() as stack:
        files = {split: stack.enter_context(ArrayFile.open(folder / f"{split}.json")) for split in plan.names}
        for number, record in enumerate(bundle, 1):
            files[plan.split(record.article.id)].add(_task(number, record, plan.scheme, receipt))
            receipt.articles += 1
            receipt.spans_in += len(record.spans)
    return receipt


def _task(number: int, record: Record, scheme: Scheme, receipt: Receipt) -> dict[str, Any]:
    annotator, state = next(iter((record.status or {}).items()), ("", "todo"))
    annotator = next((span.annotator for span in record.spans), annotator)
    data = {"text": record.text, **own.article_keys(record), "annotator": annotator, "status": state}
    result = [*_regions(record, scheme, receipt), *_relations(record, scheme, receipt)]
    annotations = [{"id": number, "result": result}] if result or state != "todo" else []
    return {"id": number, "data": data, "annotations": annotations}


def _regions(record: Record, scheme: Scheme, receipt: Receipt) -> Iterator[dict[str, Any]]:
    for span, start, end in stretches.whole(record, receipt):
        place = {"start": start, "end": end, "text": span.text}
        rest: dict[str, Any] = {}
        controls = []
        for name, value in span.attributes.items():
            shown = _control(name, value, scheme.label(span.label))
            if shown:
                controls.append(_item(span, f"{span.label}.{name}", shown, place, value))
            else:
                rest.setdefault("attributes", {})[name] = value
        if len(span.fragments) > 1:
            rest["fragments"] = span.fragments
        meta = {**({"text": [span.note]} if span.note else {}), **({OURS: rest} if rest else {})}
        yield {**_item(span, LABELS, "labels", place, span.label), **({"meta": meta} if meta else {})}
        yield from controls


def _item(span: Span, name: str, kind: str, place: Mapping[str, Any], value: str) -> dict[str, Any]:
    """One result: the region itself, or what is said of it; `text` is what a text area holds, else the words."""
    said = {"text": [value]} if kind == "textarea" else {kind: [value]}
    return {"id": span.id, "from_name": name, "to_name": TEXT, "type": kind, "value": {**place, **said}}


def _control(name: str, value: Any, label: Label | None) -> str | None:
    """The kind of control that can hold the value, if the configuration has one."""
    found = next((a for a in label.attributes if a.name == name), None) if label else None
    if found is None or not isinstance(value, str):
        return None
    if found.type == "choice":
        return "choices" if value in [choice.name for choice in found.values] else None
    return "textarea" if value else None


def _relations(record: Record, scheme: Scheme, receipt: Receipt) -> Iterator[dict[str, Any]]:
    there = {span.id for span in record.spans}
    for relation in record.relations:
        if relation.head not in there or relation.tail not in there:
            receipt.notes["relations_left_out"] += 1
            continue
        receipt.notes["relation_details_left_out"] += bool(relation.attributes or relation.note)
        declared = scheme.relation(relation.type)
        yield {
            "type": "relation", "from_id": relation.head, "to_id": relation.tail,
            "direction": "bi" if declared and declared.symmetric else "right", "labels": [relation.type],
        }  # fmt: skip


def config(scheme: Scheme) -> str:
    """The labelling configuration (https://labelstud.io/tags): labels, relations, and the attributes of each label."""
    view = ET.Element("View")
    if scheme.relations:
        relations = ET.SubElement(view, "Relations")
        for relation in scheme.relations:
            ET.SubElement(relations, "Relation", value=relation.name)
    labels = ET.SubElement(view, "Labels", name=LABELS, toName=TEXT)
    for label in scheme.labels:
        shown = {"value": label.name, "background": label.colours.light.line}
        ET.SubElement(labels, "Label", shown | ({"hotkey": label.key} if label.key else {}))
    ET.SubElement(view, "Text", name=TEXT, value="$text")
    for label in scheme.labels:
        for attribute in label.attributes:
            _attribute(view, label, attribute)
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _attribute(view: ET.Element, label: Label, attribute: Attribute) -> None:
    box = ET.SubElement(
        view, "View", visibleWhen="region-selected", whenTagName=LABELS, whenLabelValue=label.name
    )
    ET.SubElement(box, "Header", value=attribute.name)
    given = {"name": f"{label.name}.{attribute.name}", "toName": TEXT, "perRegion": "true"}
    if attribute.type == "choice" and attribute.values:
        choices = ET.SubElement(box, "Choices", given | {"choice": "single"})
        for value in attribute.values:
            ET.SubElement(choices, "Choice", value=value.name)
    else:
        ET.SubElement(box, "TextArea", given | {"maxSubmissions": "1", "editable": "true"})


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: tasks parsed with `json`, the words of each region compared with the text."""
    for path in sorted(folder.glob("*.json")):
        for _, line in ArrayFile.lines(path):
            task = json.loads(line)
            placed: Counter[Placed] = Counter()
            for item in (item for one in task["annotations"] for item in one["result"]):
                value = item.get("value", {})
                if (
                    item["type"] == "labels"
                    and task["data"]["text"][value["start"] : value["end"]] == value["text"]
                ):
                    placed.update((label, ((value["start"], value["end"]),)) for label in value["labels"])
            yield task["data"]["article_id"], placed
