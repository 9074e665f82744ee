"""doccano: both shapes out, all it ever exported in, and the way there and back."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.bundle import Bundle, Record, Report
from desktop.formats import doccano, of_file
from desktop.formats.base import SPLITS, Plan, ReadOptions
from desktop.formats.traits import DOCCANO_SHAPE
from desktop.model import Scheme

TEXT = "😀 Ana met محمد in Tel\u00a0Aviv"


def bring(tmp_path: Path, *lines: dict[str, Any]) -> tuple[list[Record], Report]:
    path = tmp_path / "all.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    report = Report()
    return list(doccano.read(path, ReadOptions("A"), report)), report


def found(record: Record) -> list[tuple[str, str]]:
    return [(span.label, span.text) for span in record.spans]


@pytest.mark.parametrize("key", ["label", "labels"])
@pytest.mark.parametrize("text", ["text", "data"])
def test_labels_alone(tmp_path: Path, key: str, text: str) -> None:
    [record], report = bring(tmp_path, {
        "id": 7, text: TEXT, key: [[2, 5, "PER"], [10, 14, "PER"], [18, 26, "LOC"]], "Comments": ["sure?"], "outlet": "X",
    })  # fmt: skip
    assert found(record) == [("PER", "Ana"), ("PER", "محمد"), ("LOC", "Tel\u00a0Aviv")]
    assert (record.article.note, record.article.meta) == ("sure?", {"outlet": "X"})
    assert not report.skipped
    assert [row["what"] for row in report.cleaned] == [
        "doccano's own ids left out",
        "field 'outlet' kept as metadata",
    ]


def test_entities_and_relations(tmp_path: Path) -> None:
    [record], report = bring(tmp_path, {
        "id": 6400, "text": TEXT, "Comments": [],
        "entities": [{"id": 1662, "label": "PER", "start_offset": 2, "end_offset": 5},
                     {"id": 1663, "label": "PER", "start_offset": 10, "end_offset": 14}],
        "relations": [{"id": 273, "from_id": 1662, "to_id": 1663, "type": "met"}],
    })  # fmt: skip
    assert [(r.type, r.head, r.tail) for r in record.relations] == [("met", "s1662", "s1663")]
    assert not report.skipped


def test_what_is_wrong_is_named_and_the_rest_comes(tmp_path: Path) -> None:
    made, report = bring(
        tmp_path,
        {"text": TEXT, "label": ["positive", [2, 5], [2, "5", "PER"], [2, 5, "PER"], [20, 90, "LOC"]], "relations": [{"type": "x"}]},
        {"label": [[0, 1, "PER"]]},
        {"text": TEXT, "entities": [{"id": 1, "label": "PER", "start_offset": 2, "end_offset": 5}],
         "relations": [{"from_id": 1, "to_id": 2, "type": "met"}]},
    )  # fmt: skip
    assert [found(record) for record in made] == [[("PER", "Ana")]] * 2
    assert [row["position"] for row in report.skipped] == [
        "line 1, span 1", "line 1, span 2", "line 1, span 3", "line 1, relation 1", "line 1, span 5", "line 2", "line 3, relation 1",
    ]  # fmt: skip


def test_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "admin.jsonl"
    for line, name in (
        ({"text": "a", "label": [[0, 1, "x"]]}, "doccano"), ({"text": "a", "entities": []}, "doccano"),
        ({"text": "a"}, "jsonl"), ({"text": "a", "spans": []}, "jsonl"),
    ):  # fmt: skip
        path.write_text(json.dumps(line) + "\n" * (3 + len(name)), "utf-8")
        format = of_file(path)
        assert format
        assert format.id == name
        path.unlink()


def back(bundle: Bundle, plan: Plan, report: Report) -> dict[str, Record]:
    with tempfile.TemporaryDirectory() as folder:
        doccano.write(Path(folder), bundle, plan)
        return {
            record.article.id: record
            for path in sorted(Path(folder).glob("*.jsonl"))
            for record in doccano.read(path, ReadOptions("reference"), report)
        }


@pytest.mark.parametrize("shape", DOCCANO_SHAPE.values)
def test_the_reference_comes_back(reference: Bundle, scheme: Scheme, shape: str) -> None:
    report = Report()
    made = back(reference, Plan(scheme, options={"shape": shape}), report)
    assert not report.skipped
    assert not report.cleaned
    spans = relations = 0
    for record in reference:
        other = made[record.article.id]
        assert (other.text, other.article.title, other.article.meta) == (
            record.text,
            record.article.title,
            record.article.meta,
        )
        assert Counter((s.label, s.fragments) for s in other.spans) == Counter(
            (s.label, s.fragments) for s in record.spans
        )
        spans += len(other.spans)
        relations += len(other.relations)
    assert (spans, relations) == (722, 773 if shape == "relations" else 0)


@settings(max_examples=50)
@given(data=st.data())
def test_what_is_written_comes_back(strategies: ModuleType, scheme: Scheme, data: st.DataObject) -> None:
    bundle: Bundle = data.draw(strategies.bundles(scheme))
    splits = {record.article.id: data.draw(st.sampled_from(SPLITS)) for record in bundle}
    report = Report()
    made = back(bundle, Plan(scheme, splits), report)
    assert not report.skipped
    for record in bundle:
        other = made[record.article.id]
        assert (other.text, other.article.group) == (record.text, record.article.group)
        assert Counter((s.label, s.start, s.end) for s in other.spans) == Counter(
            (s.label, s.start, s.end) for s in record.spans
        )
        assert len(other.relations) == len(record.relations)


def test_what_has_no_place_is_counted(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = doccano.write(tmp_path, tricky, Plan(scheme))
    assert [(entry.label, entry.reason, entry.fragments) for entry in receipt.changed] == [
        ("event", "gaps filled in", ((72, 98),))
    ]
    assert receipt.notes == {
        "attributes_left_out": 6,
        "notes_left_out": 3,
        "relations_left_out": 0,
        "overlapping": 7,
    }
