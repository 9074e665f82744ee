"""What becomes of the names that files use for labels, attributes and relation types.

A mapping is a plain value, made by a person: each name is taken over under a name of the scheme, added to the scheme
under its own or a new name, or left out. `unknown` says what there is to decide, with counts, before anything is stored.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from desktop.bundle import Record, Report
from desktop.errors import UsageError
from desktop.model import Relation, Scheme, Span

Kind = Literal["label", "attribute", "relation"]
LEFT_OUT = ""


@dataclass(frozen=True, order=True)
class Name:
    """A name as a file uses it; of an attribute `label` is the label it belongs to."""

    kind: Kind
    name: str
    label: str = ""

    def __str__(self) -> str:
        """As `--map` spells it."""
        return f"{self.label}.{self.name}" if self.label else self.name


@dataclass(frozen=True)
class Unknown:
    """A name that the scheme does not have, how often the files use it, one place, and what it may stand for."""

    name: Name
    count: int
    example: str
    proposal: str | None


@dataclass(frozen=True)
class NameMap:
    """The name each name of a file becomes; LEFT_OUT leaves it out. What is not in here stays as it is.

    A new name that the scheme does not have is meant to be added to it. Attributes go by the label of the file.
    """

    names: Mapping[Name, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.names)

    def wanted(self, kind: Kind, name: str, label: str = "") -> bool:
        """Whether the person asked for that name of the scheme, so that it may be added."""
        return any(
            old.kind == kind and new == name and (kind != "attribute" or self.label(old.label) == label)
            for old, new in self.names.items()
        )

    def label(self, name: str) -> str:
        return self.names.get(Name("label", name), name)

    def apply(self, record: Record, report: Report) -> Record:
        """The record under its new names; what became of each name is counted in `report.mapped`."""
        if not self.names:
            return record
        counts: Counter[tuple[Name, str]] = Counter()
        spans = tuple(made for span in record.spans if (made := self._span(span, counts)))
        there = {span.id for span in spans}
        moved = (self._relation(relation, there, counts) for relation in record.relations)
        relations = tuple(relation for relation in moved if relation)
        for (name, new), count in counts.items():
            report.map(name.kind, str(name), new, count)
        return replace(record, spans=spans, relations=relations)

    def unused(self, report: Report) -> list[str]:
        """Names that are mapped and stand in no file of the import that `report` is about: most likely misspelt."""
        used = {row["from"] for row in report.mapped}
        return sorted({str(name) for name in self.names} - used)

    def _span(self, span: Span, counts: Counter[tuple[Name, str]]) -> Span | None:
        label = self._new(Name("label", span.label), counts)
        if label == LEFT_OUT:
            return None
        attributes: dict[str, Any] = {}
        for name, value in span.attributes.items():
            old = Name("attribute", name, span.label)
            new = self.names.get(old, name)
            if new in attributes:  # two names became one, and the first has its value
                new = LEFT_OUT
            if new != LEFT_OUT:
                attributes[new] = value
            if new != name or old in self.names:
                counts[old, new] += 1
        if label == span.label and attributes == span.attributes:
            return span
        return span.model_copy(update={"label": label, "attributes": attributes})

    def _relation(
        self, relation: Relation, there: set[str], counts: Counter[tuple[Name, str]]
    ) -> Relation | None:
        if relation.head not in there or relation.tail not in there:
            counts[Name("relation", relation.type), LEFT_OUT] += 1
            return None
        new = self._new(Name("relation", relation.type), counts)
        if new == LEFT_OUT:
            return None
        return relation if new == relation.type else relation.model_copy(update={"type": new})

    def _new(self, name: Name, counts: Counter[tuple[Name, str]]) -> str:
        new = self.names.get(name)
        if new is None:
            return name.name
        counts[name, new] += 1
        return new


def parse(given: Iterable[str]) -> NameMap:
    """The mapping that `--map old=new` asks for: of a label or relation type, with `label.old` of an attribute.

    `old=` leaves out. Raises UsageError for what is not of this form, or said twice.
    """
    names: dict[Name, str] = {}
    for item in given:
        old, sign, new = (part.strip() for part in item.rpartition("="))
        if not sign or not old:
            raise UsageError(f"{item!r} maps nothing", "write --map old=new, or --map old= to leave it out")
        if any(name in names for name in _named(old)):
            raise UsageError(f"{old!r} is mapped twice", "name it once")
        names |= dict.fromkeys(_named(old), new)
    return NameMap(names)


def _named(old: str) -> list[Name]:
    label, dot, attribute = old.partition(".")
    made = [Name("label", old), Name("relation", old)]
    return [*made, Name("attribute", attribute, label)] if dot and attribute and label else made


class Used:
    """The names that records use, counted one record after the other, with the first place of each."""

    def __init__(self) -> None:
        self._counts: Counter[Name] = Counter()
        self._examples: dict[Name, str] = {}

    def see(self, record: Record) -> None:
        for name, example in _used(record):
            self._counts[name] += 1
            self._examples.setdefault(name, example)

    def unknown(self, scheme: Scheme) -> list[Unknown]:
        """All names that `scheme` does not have, the most frequent first of each kind."""
        found = [
            Unknown(name, count, self._examples[name], _proposal(name, scheme))
            for name, count in self._counts.items()
            if not known(name, scheme)
        ]
        order: tuple[Kind, ...] = ("label", "attribute", "relation")
        return sorted(found, key=lambda one: (order.index(one.name.kind), -one.count, one.name))


def unknown(records: Iterable[Record], scheme: Scheme) -> list[Unknown]:
    """All names in these records that `scheme` does not have, the most frequent first of each kind."""
    used = Used()
    for record in records:
        used.see(record)
    return used.unknown(scheme)


def _used(record: Record) -> Iterable[tuple[Name, str]]:
    for span in record.spans:
        yield Name("label", span.label), span.text
        for name, value in span.attributes.items():
            yield Name("attribute", name, span.label), str(value)
    of = {span.id: span.text for span in record.spans}
    for relation in record.relations:
        yield Name("relation", relation.type), f"{of.get(relation.head, '')} → {of.get(relation.tail, '')}"


def known(name: Name, scheme: Scheme) -> bool:
    """Whether a scheme has that name."""
    return name.name in choices(name, scheme)


def choices(name: Name, scheme: Scheme) -> list[str]:
    """The names of a scheme that this one may stand for."""
    if name.kind == "label":
        return [label.name for label in scheme.labels]
    if name.kind == "relation":
        return [relation.name for relation in scheme.relations]
    label = scheme.label(name.label)
    return [attribute.name for attribute in label.attributes] if label else []


def _proposal(name: Name, scheme: Scheme) -> str | None:
    """The name of the scheme that is the same but for case, accents, blanks and signs; None where there is none, or two."""
    alike = [choice for choice in choices(name, scheme) if _bare(choice) == _bare(name.name)]
    return alike[0] if len(alike) == 1 and _bare(name.name) else None


def _bare(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", name).casefold() if char.isalnum())
