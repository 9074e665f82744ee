"""Label Studio JSON in: its full export, JSON_MIN, and what it imports (https://labelstud.io/guide/export).

Each annotator's completed annotation becomes that annotator's layer. What per-region controls say (choices, texts, numbers)
becomes attributes. Offsets are code points, in projects of before 2021 UTF-16 units: the words of the regions tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from desktop.bundle import STATES, RawArticle, RawRelation, RawSpan, Record, Report, misquoted
from desktop.errors import UserError
from desktop.formats import counting, own
from desktop.formats.base import ReadOptions
from desktop.formats.labelstudio import OURS
from desktop.formats.objects import first_object, records, valid
from desktop.model import Fragment

_DONE = ("annotations", "completions")
# What an export tells of its own bookkeeping beside the data.
_ITS_OWN = (
    "id", "annotation_id", "annotator", "lead_time", "created_at", "updated_at", "created_by", "updated_by", "sentiment",
    "agreement",
)  # fmt: skip
# Regions that do not stand in plain text: each has its own way to say where.
_ELSEWHERE = (
    "hypertextlabels",
    "paragraphlabels",
    "paragraphs",
    "timeserieslabels",
    "rectanglelabels",
    "brushlabels",
)


class _Value(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")

    start: int
    end: int
    labels: list[str]
    text: str | None = None


class _Region(BaseModel):
    """A marked stretch with its labels."""

    value: _Value
    id: str | None = None
    meta: dict[str, Any] | None = None


class _Said(BaseModel):
    """What a control says of a region, or of the whole task where it has the id of none."""

    type: str
    from_name: str
    value: dict[str, Any]
    id: str | None = None


class _Relation(BaseModel):
    from_id: str
    to_id: str
    direction: str | None = "right"
    labels: list[str] | None = None


@dataclass
class _Task:
    """One task while it is read. `ids` leads from a region of the annotation at hand to its first span."""

    text: str
    file: str
    report: Report
    annotator: str
    data: dict[str, Any]
    spans: list[RawSpan] = field(default_factory=list)
    relations: list[RawRelation] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def skip(self, place: str, reason: str) -> None:
        self.report.skip(self.file, place, reason)

    def count(self, what: str, count: int) -> None:
        if count:
            self.report.clean(self.file, what, count)


def sniff(path: Path, head: bytes) -> bool:
    given = first_object(path, head)
    return isinstance(given.get("data"), dict) or ("annotation_id" in given and "lead_time" in given)


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The articles of a file of tasks, with the labels of everyone who completed them."""
    return records(path, options, report, _reader(str(path), options))


def _reader(file: str, options: ReadOptions) -> Callable[[dict[str, Any], str, Report], RawArticle]:
    def make(given: dict[str, Any], place: str, report: Report) -> RawArticle:
        done = _completed(given)
        data = given["data"]
        text = _text_of(data, file, report)
        task = _Task(text, file, report, _named(data.pop("annotator", None), options), data)
        state = data.pop("status", None)
        task.count("predictions left out", len(given.get("predictions") or ()))
        annotators = [_annotation(one, place, number, task) for number, one in enumerate(done, 1)]
        status = {name: state if state in STATES else "done" for name in annotators if name}
        if not status and state in STATES:
            status = {task.annotator: state}
        return own.take_article(
            data, text, file, place, report, spans=task.spans, relations=task.relations, status=status
        )

    return make


def _completed(given: dict[str, Any]) -> list[dict[str, Any]]:
    """The annotations of a task; a task of JSON_MIN is made one of the full export first."""
    if not isinstance(given.get("data"), dict):
        regions = [name for name, value in given.items() if _is_regions(value)]
        result = [{"type": "labels", "value": value} for name in regions for value in given[name]]
        who = given.get("annotator")
        given["data"] = {n: v for n, v in given.items() if n not in regions and n not in _ITS_OWN}
        return [{"result": result, "completed_by": who}]
    found = [one for name in _DONE if isinstance(given.get(name), list) for one in given[name]]
    return [one for one in found if isinstance(one, dict)]


def _is_regions(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) and "labels" in one for one in value)
    )


def _text_of(data: dict[str, Any], file: str, report: Report) -> str:
    """The text of a task: what is called so, else the longest there is, which is told."""
    if isinstance(data.get("text"), str):
        return str(data.pop("text"))
    texts = {name: value for name, value in data.items() if isinstance(value, str)}
    if not texts:
        raise UserError("there is no text in its data", 'give it as "text"')
    name = max(texts, key=lambda name: len(texts[name]))
    report.guess(file, name, "text")
    del data[name]
    return texts[name]


def _named(name: Any, options: ReadOptions) -> str:
    return name if isinstance(name, str) and name else options.annotator


def _annotation(given: Mapping[str, Any], place: str, number: int, task: _Task) -> str | None:
    """Take over what one person said of a task; their name, None for an annotation that they skipped."""
    if given.get("was_cancelled"):
        task.count("annotations that were skipped left out", 1)
        return None
    annotator = _completed_by(given.get("completed_by"), task.annotator)
    where = f"{place}, annotation {number}"
    items = [item for item in given.get("result") or () if isinstance(item, dict)]
    kinds: dict[str, list[dict[str, Any]]] = {"labels": [], "relation": [], "": []}
    for item in items:
        kinds[str(item.get("type")) if item.get("type") in kinds else ""].append(item)
    regions = valid(_Region, kinds["labels"], "region", task.file, where, task.report)
    elsewhere = [item for item in kinds[""] if item.get("type") in _ELSEWHERE]
    if elsewhere:
        task.skip(where, f"{len(elsewhere)} regions of type {elsewhere[0]['type']!r} do not stand in plain text; export them as labels of a Text")  # fmt: skip
    said = valid(_Said, [i for i in kinds[""] if i not in elsewhere], "answer", task.file, where, task.report)
    ids = _regions(regions, [one for _, one in said], annotator, task)
    for at, tie in valid(_Relation, kinds["relation"], "relation", task.file, where, task.report):
        head, tail = ids.get(tie.from_id, tie.from_id), ids.get(tie.to_id, tie.to_id)
        if tie.direction == "left":
            head, tail = tail, head
        for label in tie.labels or ["related"]:
            task.relations.append(RawRelation(label, head, tail, at, annotator=annotator))
    return annotator


def _completed_by(who: Any, default: str) -> str:
    """Whoever completed an annotation: their address or name, `user 3` where only a number is told."""
    if isinstance(who, Mapping):
        name = " ".join(str(who[key]) for key in ("first_name", "last_name") if who.get(key))
        return str(who.get("email") or who.get("username") or name or who.get("id") or default)
    if isinstance(who, int):
        return f"user {who}"
    return who if isinstance(who, str) and who else default


def _regions(
    regions: list[tuple[str, _Region]], said: list[_Said], annotator: str, task: _Task
) -> dict[str, str]:
    """Add the spans of one annotation; for each region the id of its first span."""
    quotes = [
        (((r.value.start, r.value.end),), _words(r, task.text))
        for _, r in regions
        if r.value.text is not None
    ]
    unit, move = counting.counting(task.text, quotes)
    if unit != counting.CODE_POINTS:
        task.report.guess(task.file, unit, "offsets")
    ids: dict[str, str] = {}
    for at, region in regions:
        place = move((region.value.start, region.value.end))
        found = task.text[place[0] : place[1]] if 0 <= place[0] <= place[1] <= len(task.text) else None
        if region.value.text is not None and found is not None:
            quote = _words(region, found)
            if not counting.alike(quote, found):
                task.skip(at, misquoted(region.value.start, region.value.end, quote, found))
                continue
        for label in region.value.labels:
            name = _free(region.id or f"s{len(task.spans) + 1}", task.taken)
            ids.setdefault(region.id or name, name)
            task.spans.append(_span(region, label, place, at, name, said, annotator))
    rest = [one for one in said if one.id not in {region.id for _, region in regions}]
    for one in rest:
        task.data.setdefault(one.from_name, _value(one))
    task.count("answers about whole texts kept as metadata", len(rest))
    return ids


def _words(region: _Region, text: str) -> str:
    # The front end writes line ends as a backslash and an n, which a text may also hold itself.
    quote = region.value.text or ""
    return quote if "\\n" in text else quote.replace("\\n", "\n")


def _free(name: str, taken: set[str]) -> str:
    """The id of a region, with a number where an earlier annotation of the task has it."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    taken.add(found)
    return found


def _span(
    region: _Region, label: str, place: Fragment, at: str, name: str, said: list[_Said], annotator: str
) -> RawSpan:
    meta = region.meta or {}
    ours = meta.get(OURS) if isinstance(meta.get(OURS), dict) else {}
    attributes = dict(ours.get("attributes") or {}) if ours else {}
    for one in said:
        if one.id == region.id and region.id is not None:
            attributes[one.from_name.removeprefix(f"{label}.")] = _value(one)
    notes = meta.get("text")
    note = "\n".join(map(str, notes)) if isinstance(notes, list) else str(notes or "")
    return RawSpan(
        label, _fragments(ours or {}, place), at, name, attributes=attributes, annotator=annotator, note=note
    )


def _fragments(ours: Mapping[str, Any], place: Fragment) -> tuple[Fragment, ...]:
    """The gaps that Tagline noted, unless the region was moved since."""
    given = ours.get("fragments")
    try:
        made = tuple((int(start), int(end)) for start, end in given or ())
    except (TypeError, ValueError):
        return (place,)
    return made if made and (made[0][0], made[-1][1]) == place else (place,)


def _value(one: _Said) -> Any:
    """What a control says: one value as itself, several as a list."""
    found = one.value.get(one.type, one.value.get("text") if one.type == "textarea" else None)
    if isinstance(found, list):
        return found[0] if len(found) == 1 else found
    return (
        found
        if found is not None
        else {k: v for k, v in one.value.items() if k not in ("start", "end", "text")}
    )
