"""Names of files become names of the scheme as a person said, each with a count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import mapping, projects
from desktop.bundle import Bundle, RawArticle, RawRelation, RawSpan, Record, Report, build
from desktop.errors import UsageError
from desktop.imports import import_bundle
from desktop.mapping import Name, NameMap
from desktop.model import Scheme
from desktop.session import Session
from desktop.store import queries

TEXT = "🚀 Ana hat Be\u0301n in قم gesehen"


def record() -> Record:
    spans = [
        RawSpan("PER", ((2, 5),), "", id="a", attributes={"gender": "f", "sex": "f"}),
        RawSpan("PER", ((10, 14),), "", id="b", attributes={"gender": "m"}),
        RawSpan("Location", ((18, 20),), "", id="c"),
        RawSpan("O-MISC", ((6, 9),), "", id="d"),
    ]
    relations = [
        RawRelation("sees", "a", "b", ""),
        RawRelation("located_in", "b", "c", ""),
        RawRelation("sees", "a", "d", ""),
    ]
    return build(RawArticle(TEXT, "f", "", spans=spans, relations=relations), "A", Report())


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    yield made
    made.store.close()


def bring(session: Session, *names: str) -> Report:
    bundle = Bundle(lambda: iter([record()]))
    return import_bundle(session, bundle, Report(), names=mapping.parse(names))


def test_unknown_names_are_listed_with_counts_examples_and_proposals(scheme: Scheme) -> None:
    found = mapping.unknown([record(), record()], scheme)
    assert [(str(one.name), one.name.kind, one.count, one.example, one.proposal) for one in found] == [
        ("PER", "label", 4, "Ana", None),
        ("Location", "label", 2, "قم", "location"),
        ("O-MISC", "label", 2, "hat", None),
        ("PER.gender", "attribute", 4, "f", None),
        ("PER.sex", "attribute", 2, "f", None),
        ("sees", "relation", 4, "Ana → Be\u0301n", None),
        ("located_in", "relation", 2, "Be\u0301n → قم", None),
    ]


def test_names_are_mapped_added_and_left_out(session: Session) -> None:
    report = bring(
        session, "PER=actor", "PER.gender=gender", "Location=location", "O-MISC=", "sees=sees", "PER.sex="
    )
    assert [(s.text, s.label, s.attributes) for s in queries.spans(session.store, 1)] == [
        ("Ana", "actor", {"gender": "f"}),
        ("Be\u0301n", "actor", {"gender": "m"}),
        ("قم", "location", {}),
    ]
    assert [r.type for r in queries.relations(session.store, 1)] == ["sees"]
    scheme = queries.scheme(session.store)
    actor = scheme.label("actor")
    assert actor
    assert "gender" in [attribute.name for attribute in actor.attributes]
    assert scheme.relation("sees")
    assert not scheme.label("O-MISC")
    rows = {(row["kind"], row["from"], row["to"]): row["count"] for row in report.mapped}
    assert rows == {
        ("label", "PER", "actor"): 2, ("label", "Location", "location"): 1, ("label", "O-MISC", ""): 1,
        ("attribute", "PER.gender", "gender"): 2, ("attribute", "PER.sex", ""): 1,
        ("relation", "sees", "sees"): 1, ("relation", "sees", ""): 1,
    }  # fmt: skip
    assert [row["reason"].split(":")[0] for row in report.skipped] == [
        "relation 'located_in' is not in the scheme"
    ]


def test_two_attributes_that_become_one_keep_the_first_value() -> None:
    report = Report()
    made = mapping.parse(["PER.gender=sex", "PER.sex=sex"]).apply(record(), report)
    assert made.spans[0].attributes == {"sex": "f"}
    assert {(row["from"], row["to"]): row["count"] for row in report.mapped} == {
        ("PER.gender", "sex"): 2, ("PER.sex", ""): 1,
    }  # fmt: skip


def test_a_mapping_that_no_file_uses_is_named() -> None:
    names = mapping.parse(["PER=actor", "PRE=actor"])
    report = Report()
    names.apply(record(), report)
    assert names.unused(report) == ["PRE"]


@pytest.mark.parametrize("given", [["PER"], ["=actor"], ["PER=a", "PER=b"], [""]])
def test_a_mapping_that_makes_no_sense(given: list[str]) -> None:
    with pytest.raises(UsageError):
        mapping.parse(given)


def test_signs_in_names() -> None:
    assert mapping.parse(["a=b=actor"]).label("a=b") == "actor"
    assert mapping.parse(["v1.2=actor"]).label("v1.2") == "actor"


@given(data=st.data())
def test_no_span_goes_without_a_count(strategies: ModuleType, data: st.DataObject) -> None:
    made: Record = data.draw(strategies.records("a"))
    new = st.sampled_from(("", "event", "other"))
    names = data.draw(st.dictionaries(st.sampled_from([Name("label", n) for n in strategies.LABELS]), new))
    report = Report()
    moved = NameMap(names).apply(made, report)
    lost = sum(row["count"] for row in report.mapped if row["kind"] == "label" and not row["to"])
    assert len(moved.spans) == len(made.spans) - lost
    ids = {span.id for span in moved.spans}
    assert all({relation.head, relation.tail} <= ids for relation in moved.relations)
    gone = sum(row["count"] for row in report.mapped if row["kind"] == "relation")
    assert len(moved.relations) == len(made.relations) - gone
