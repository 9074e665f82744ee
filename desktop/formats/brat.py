"""brat standoff (https://brat.nlplab.org/standoff.html): `<split>/<name>.txt` and `.ann`, the configuration on top.

Only text-bound (T), attribute (A), relation (R) and note (#) lines are written, never events: a span that triggers one
may not carry attributes or relations itself. Offsets are code points; a fragment cannot reach over a line end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import regex

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats import own
from desktop.formats.base import Placed, Plan
from desktop.formats.names import Unique, ascii_slug, file_name, slugs
from desktop.formats.receipt import Receipt
from desktop.model import Fragment, Scheme, Span

SPLIT = "split at a line break"
ATTRIBUTE_NOTE = "TaglineAttribute"
ONLY_BREAKS = "covers only line breaks"
# brat reads lines with Python's str.splitlines, which also breaks at NEL.
_BREAKS = regex.compile(r"[\n\x85]+")
_UNSAFE_JSON = regex.compile(r"[\x7f-\x9f\u2028\u2029]")
_UNSAFE = regex.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Vocabulary:
    """brat's names for those of a scheme; attributes by (label, name), values by (label, attribute, value)."""

    labels: Mapping[str, str]
    relations: Mapping[str, str]
    attributes: Mapping[tuple[str, str], str]
    values: Mapping[tuple[str, str, str], str]


def vocabulary(scheme: Scheme) -> Vocabulary:
    """The types of annotation.conf. brat knows an attribute by its name alone, so one that several labels have with
    different values is named after its label as well (`actor_kind`)."""
    choices = {
        (label.name, attribute.name): tuple(value.name for value in attribute.values)
        for label in scheme.labels
        for attribute in label.attributes
        if attribute.type == "choice" and attribute.values
    }
    meanings: dict[str, set[tuple[str, ...]]] = {}
    for (_, name), values in choices.items():
        meanings.setdefault(name, set()).add(values)
    full = {key: key[1] if len(meanings[key[1]]) == 1 else f"{key[0]}_{key[1]}" for key in choices}
    named = slugs(dict.fromkeys(full.values()), ascii_slug)
    return Vocabulary(
        slugs((label.name for label in scheme.labels), ascii_slug),
        slugs((relation.name for relation in scheme.relations), ascii_slug),
        {key: named[name] for key, name in full.items()},
        {(*key, value): slug for key, values in choices.items() for value, slug in slugs(values, ascii_slug).items()},
    )  # fmt: skip


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """Two files an article under `folder`; the receipt names spans split at line ends or left out."""
    words = vocabulary(plan.scheme)
    _write_text(folder / "annotation.conf", annotation_conf(plan.scheme, words))
    _write_text(folder / "visual.conf", visual_conf(plan.scheme, words))
    own.write_names(folder, names(words))
    receipt = Receipt(
        "brat",
        notes={"tags": dict(words.labels), "renamed": _renamed(words), "files": {}, "relations_left_out": 0},
    )
    stems = Unique()
    for split in plan.names:
        (folder / split).mkdir()
    for record in bundle:
        stem = stems(file_name(record.article.id))
        if stem != record.article.id:
            receipt.notes["files"][record.article.id] = stem
        path = folder / plan.split(record.article.id) / stem
        _write_text(path.with_name(f"{stem}.txt"), record.text)
        lines = "".join(f"{line}\n" for line in _lines(record, words, receipt))
        _write_text(path.with_name(f"{stem}.ann"), lines)
        receipt.articles += 1
        receipt.spans_in += len(record.spans)
    return receipt


def _write_text(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="\n")


def _renamed(words: Vocabulary) -> dict[str, str]:
    """Attributes, values and relation types whose name in brat is not their own."""
    given = {f"{label}.{name}": (name, slug) for (label, name), slug in words.attributes.items()}
    given |= {f"{label}.{name}={value}": (value, slug) for (label, name, value), slug in words.values.items()}
    given |= {name: (name, slug) for name, slug in words.relations.items()}
    return {key: slug for key, (name, slug) in given.items() if name != slug}


def _lines(record: Record, words: Vocabulary, receipt: Receipt) -> Iterator[str]:
    ids: dict[str, str] = {}
    attributes, notes = 0, 0
    for span in sorted(record.spans, key=lambda span: (span.start, -span.end)):
        fragments = tuple(_unbroken(record.text, span.fragments))
        if not fragments:
            receipt.leave_out(record.article.id, span, ONLY_BREAKS)
            continue
        if fragments != span.fragments:
            receipt.change(record.article.id, span, SPLIT, fragments)
        ids[span.id] = f"T{len(ids) + 1}"
        places = ";".join(f"{start} {end}" for start, end in fragments)
        quote = " ".join(record.text[start:end] for start, end in fragments)
        yield f"{ids[span.id]}\t{words.labels[span.label]} {places}\t{quote}"
        for name, value in _choices(span, words):
            attributes += 1
            yield f"A{attributes}\t{name} {ids[span.id]} {value}"
        for kind, note in _notes(_free(span, words), span.note):
            notes += 1
            yield f"#{notes}\t{kind} {ids[span.id]}\t{note}"
    yield from _relations(record, ids, words, receipt, notes)


def _relations(
    record: Record, ids: Mapping[str, str], words: Vocabulary, receipt: Receipt, notes: int
) -> Iterator[str]:
    number = 0
    for relation in record.relations:
        if relation.head not in ids or relation.tail not in ids:
            receipt.notes["relations_left_out"] += 1
            continue
        number += 1
        ends = f"Arg1:{ids[relation.head]} Arg2:{ids[relation.tail]}"
        yield f"R{number}\t{words.relations[relation.type]} {ends}"
        for kind, note in _notes(relation.attributes, relation.note):
            notes += 1
            yield f"#{notes}\t{kind} R{number}\t{note}"


def _unbroken(text: str, fragments: Iterable[Fragment]) -> Iterator[Fragment]:
    """The fragments without line ends."""
    for start, end in fragments:
        low = start
        for match in _BREAKS.finditer(text, start, end):
            if low < match.start():
                yield low, match.start()
            low = match.end()
        if low < end:
            yield low, end


def _choices(span: Span, words: Vocabulary) -> Iterator[tuple[str, str]]:
    for name, value in sorted(span.attributes.items()):
        if isinstance(value, str) and (span.label, name, value) in words.values:
            yield words.attributes[span.label, name], words.values[span.label, name, value]


def _free(span: Span, words: Vocabulary) -> dict[str, Any]:
    return {
        name: value
        for name, value in span.attributes.items()
        if not (isinstance(value, str) and (span.label, name, value) in words.values)
    }


def _notes(attributes: Mapping[str, Any], note: str) -> Iterator[tuple[str, str]]:
    """What brat has no field for, one line each: attributes as JSON, the note with backslash escapes for line ends and tabs."""
    for name, value in sorted(attributes.items()):
        shown = json.dumps({name: value}, ensure_ascii=False, sort_keys=True)
        yield ATTRIBUTE_NOTE, _UNSAFE_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", shown)
    if note:
        yield "AnnotatorNotes", _escaped(note)


def _escaped(note: str) -> str:
    short = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return _UNSAFE.sub(lambda match: short.get(match.group(), f"\\u{ord(match.group()):04x}"), note)


def annotation_conf(scheme: Scheme, words: Vocabulary) -> str:
    """The types of a scheme as brat's annotation.conf (https://brat.nlplab.org/configuration.html)."""
    lines = ["[entities]", *words.labels.values(), "", "[relations]"]
    # brat refuses nested and crossing spans unless told that any overlap is meant.
    lines.append("<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>")
    for relation in scheme.relations:
        kinds = [
            k for k, on in (("symmetric", relation.symmetric), ("transitive", relation.transitive)) if on
        ]
        kind = f", <REL-TYPE>:{'-'.join(kinds)}" if kinds else ""
        for head, tail in relation.endpoints or (("", ""),):
            ends = f"Arg1:{words.labels.get(head, '<ENTITY>')}, Arg2:{words.labels.get(tail, '<ENTITY>')}"
            lines.append(f"{words.relations[relation.name]}\t{ends}{kind}")
    lines += ["", "[events]", "", "[attributes]"]
    for name in dict.fromkeys(words.attributes.values()):
        keys = [key for key, slug in words.attributes.items() if slug == name]
        values = "|".join(slug for key, slug in words.values.items() if key[:2] == keys[0])
        labels = "|".join(dict.fromkeys(words.labels[label] for label, _ in keys))
        lines.append(f"{name}\tArg:{labels}, Value:{values}")
    return "\n".join(lines) + "\n"


def visual_conf(scheme: Scheme, words: Vocabulary) -> str:
    """Names to show and the light colours of the labels as brat's visual.conf."""
    labels = [
        f"{slug} | {' '.join(name.replace('|', ' ').split())}"
        for name, slug in [*words.labels.items(), *words.relations.items()]
    ]
    drawing = [
        f"{words.labels[label.name]}\tbgColor:{label.colours.light.background}, "
        f"fgColor:{label.colours.light.text}, borderColor:{label.colours.light.line}"
        for label in scheme.labels
    ]
    return "\n".join(["[labels]", *labels, "", "[drawing]", *drawing]) + "\n"


def names(words: Vocabulary) -> own.Names:
    """The names of the scheme by those that brat's files have, so that they come back under their own."""
    attributes: dict[str, dict[str, own.Words]] = {}
    for (label, name), slug in words.attributes.items():
        values = {s: value for (of, has, value), s in words.values.items() if (of, has) == (label, name)}
        attributes.setdefault(words.labels[label], {})[slug] = own.Words(name=name, values=values)
    return own.Names(
        labels={slug: name for name, slug in words.labels.items()},
        relations={slug: name for name, slug in words.relations.items()},
        attributes=attributes,
    )


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: `.ann` files parsed anew, each quote compared with the article's text file."""
    label_of = {slug: label for label, slug in vocabulary(plan.scheme).labels.items()}
    for split in sorted(plan.names):
        stems = Unique()
        for record in bundle:
            stem = stems(file_name(record.article.id))
            if plan.split(record.article.id) == split:
                path = folder / split / stem
                text = _read_text(path.with_name(f"{stem}.txt"))
                if text != record.text:
                    raise UserError("the file is not the article's text", "export again into a new folder",
                                    file=f"brat/{split}/{stem}.txt")  # fmt: skip
                lines = _read_text(path.with_name(f"{stem}.ann")).split("\n")
                yield record.article.id, Counter(_parsed(lines, text, label_of))


def _read_text(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _parsed(lines: Iterable[str], text: str, label_of: Mapping[str, str]) -> Iterator[Placed]:
    for line in lines:
        if line.startswith("T"):
            _, type_and_places, quote = line.split("\t", 2)
            slug, places = type_and_places.split(" ", 1)
            bounds = [place.split(" ") for place in places.split(";")]
            fragments = tuple((int(start), int(end)) for start, end in bounds)
            if quote == " ".join(text[start:end] for start, end in fragments):
                yield label_of.get(slug, slug), fragments
