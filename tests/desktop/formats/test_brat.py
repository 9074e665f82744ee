"""brat's files read by a parser written from its documentation alone (https://brat.nlplab.org/standoff.html)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from desktop.bundle import Bundle, Report, build
from desktop.errors import UserError
from desktop.formats import brat
from desktop.formats.base import Plan
from desktop.model import Attribute, Choice, Label, Scheme

ID = re.compile(r"([TAR#])([0-9]+)")
TYPE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass
class Standoff:
    """One parsed `.ann` file."""

    spans: dict[str, tuple[str, tuple[tuple[int, int], ...]]] = field(default_factory=dict)
    attributes: dict[tuple[str, str], str] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def parse(ann: str, text: str) -> Standoff:
    """Every line must be one the documentation describes, every quote must be what stands in the text."""
    found, seen = Standoff(), set()
    assert not ann or ann.endswith("\n")
    for line in ann.splitlines():
        name, data, *tail = line.split("\t", 2)
        kind = ID.fullmatch(name)
        assert kind, line
        assert name not in seen, line
        seen.add(name)
        if kind[1] == "T":
            label, places = data.split(" ", 1)
            fragments = tuple(
                (int(start), int(end)) for start, end in (place.split(" ") for place in places.split(";"))
            )
            assert all("\n" not in text[start:end] and start < end for start, end in fragments)
            assert tail == [" ".join(text[start:end] for start, end in fragments)]
            found.spans[name] = (label, fragments)
        elif kind[1] == "A":
            attribute, target, value = data.split(" ")
            assert (target, attribute) not in found.attributes
            found.attributes[target, attribute] = value
            label = value
        elif kind[1] == "R":
            label, head, tail_end = data.split(" ")
            found.relations.append((label, head.removeprefix("Arg1:"), tail_end.removeprefix("Arg2:")))
        else:
            label, target = data.split(" ")
            found.notes.append((target, tail[0]))
        assert TYPE.fullmatch(label), line
    targets = [target for target, _ in found.attributes] + [end for r in found.relations for end in r[1:]]
    assert set(targets) <= set(found.spans)
    return found


def config(path: Path) -> dict[str, list[str]]:
    """The sections of a configuration file."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("["):
            lines = sections[line.strip("[]")] = []
        elif line:
            lines.append(line)
    return sections


def read(folder: Path, stem: str) -> Standoff:
    return parse(
        (folder / f"{stem}.ann").read_bytes().decode(), (folder / f"{stem}.txt").read_bytes().decode()
    )


def test_reference_spans_attributes_and_relations(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    brat.write(tmp_path, reference, Plan(scheme))
    declared = {
        line.split("\t")[0]: line.split("Value:")[1].split("|")
        for line in config(tmp_path / "annotation.conf")["attributes"]
    }
    relations = 0
    for record in reference:
        found = read(tmp_path / "train", record.article.id)
        assert Counter(found.spans.values()) == Counter((s.label, s.fragments) for s in record.spans)
        assert all(value in declared[name] for (_, name), value in found.attributes.items())
        held = len(found.attributes) + len(found.notes)
        assert held == sum(len(span.attributes) for span in record.spans)
        relations += len(found.relations)
    assert relations == 773


def test_the_text_is_the_articles_byte_for_byte(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = brat.write(tmp_path, tricky, Plan(scheme))
    for record in tricky:
        stem = receipt.notes["files"].get(record.article.id, record.article.id)
        assert (tmp_path / "train" / f"{stem}.txt").read_bytes() == record.text.encode()


def test_tricky_spans(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = brat.write(tmp_path, tricky, Plan(scheme))
    found = read(tmp_path / "train", receipt.notes["files"]["news/2021:07"])
    assert ("location", ((103, 107), (108, 120))) in found.spans.values()
    assert ("event", ((72, 79), (94, 98))) in found.spans.values()
    assert ("T1", "who\\nis it?") in found.notes
    assert ("R1", "unsure") in found.notes
    assert [(entry.label, entry.reason) for entry in receipt.left_out] == [("event", brat.ONLY_BREAKS)]


def test_relations_of_spans_left_out(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    text = "Raid\nTroops"
    spans = [strategies.span(text, "event", "\n", id="e"), strategies.span(text, "actor", "Troops", id="a")]
    relation = strategies.RawRelation("agent", "e", "a", "")
    raw = strategies.RawArticle(text, "", "", id="x", spans=spans, relations=[relation])
    bundle = strategies.bundle([build(raw, "A", Report())], scheme)
    receipt = brat.write(tmp_path, bundle, Plan(scheme))
    assert receipt.notes["relations_left_out"] == 1
    assert read(tmp_path / "train", "x").relations == []


def test_attributes_of_one_name_and_names_with_blanks(scheme: Scheme) -> None:
    def label(name: str, *values: str) -> Label:
        attribute = Attribute(
            name="kind", type="choice", values=tuple(Choice(name=value) for value in values)
        )
        return Label(name=name, key="", colours=scheme.labels[0].colours, attributes=(attribute,))

    same = Scheme(scheme="s", labels=(label("a", "x"), label("b b", "x")))
    differ = Scheme(scheme="s", labels=(label("a", "x y", "x_y"), label("b b", "z")))
    assert "kind\tArg:a|b_b, Value:x\n" in brat.annotation_conf(same, brat.vocabulary(same))
    words = brat.vocabulary(differ)
    assert dict(words.attributes) == {("a", "kind"): "a_kind", ("b b", "kind"): "b_b_kind"}
    assert words.values["a", "kind", "x_y"] == "x_y_2"
    conf = brat.annotation_conf(differ, words)
    assert "a_kind\tArg:a, Value:x_y|x_y_2\nb_b_kind\tArg:b_b, Value:z\n" in conf


def test_configuration(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    brat.write(tmp_path, reference, Plan(scheme))
    sections = config(tmp_path / "annotation.conf")
    assert list(sections) == ["entities", "relations", "events", "attributes"]
    assert sections["entities"] == ["event", "actor", "location", "claim"]
    assert "agent\tArg1:event, Arg2:actor" in sections["relations"]
    assert "conflicts_with\tArg1:claim, Arg2:claim, <REL-TYPE>:symmetric" in sections["relations"]
    assert list(config(tmp_path / "visual.conf")) == ["labels", "drawing"]


def test_a_changed_text_is_noticed(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    brat.write(tmp_path, tricky, Plan(scheme))
    path = tmp_path / "train" / "_Con.txt"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(UserError, match=r"brat/train/_Con.txt: the file is not the article's text"):
        list(brat.read_back(tmp_path, tricky, Plan(scheme)))
