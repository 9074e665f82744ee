"""doccano: both shapes out, all it ever exported in, and the way there and back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.bundle import Bundle, Record, Report
from desktop.formats import doccano, of_file
from desktop.formats.base import Plan
from desktop.formats.traits import DOCCANO_SHAPE
from desktop.model import Scheme

ThereAndBack = Callable[..., dict[str, Record]]
Drawn = Callable[[st.DataObject], tuple[Bundle, Plan]]
ReadLines = Callable[..., tuple[list[Record], Report]]

TEXT = "😀 Ana met محمد in Tel\u00a0Aviv"


def found(record: Record) -> list[tuple[str, str]]:
    return [(span.label, span.text) for span in record.spans]


@pytest.mark.parametrize("key", ["label", "labels"])
@pytest.mark.parametrize("text", ["text", "data"])
def test_labels_alone(tmp_path: Path, read_lines: ReadLines, key: str, text: str) -> None:
    [record], report = read_lines("doccano", tmp_path, {
        "id": 7, text: TEXT, key: [[2, 5, "PER"], [10, 14, "PER"], [18, 26, "LOC"]], "Comments": ["sure?"], "outlet": "X",
    })  # fmt: skip
    assert found(record) == [("PER", "Ana"), ("PER", "محمد"), ("LOC", "Tel\u00a0Aviv")]
    assert (record.article.note, record.article.meta) == ("sure?", {"outlet": "X"})
    assert not report.skipped
    assert [row["what"] for row in report.cleaned] == [
        "doccano's own ids left out",
        "field 'outlet' kept as metadata",
    ]


def test_entities_and_relations(tmp_path: Path, read_lines: ReadLines) -> None:
    [record], report = read_lines("doccano", tmp_path, {
        "id": 6400, "text": TEXT, "Comments": [],
        "entities": [{"id": 1662, "label": "PER", "start_offset": 2, "end_offset": 5},
                     {"id": 1663, "label": "PER", "start_offset": 10, "end_offset": 14}],
        "relations": [{"id": 273, "from_id": 1662, "to_id": 1663, "type": "met"}],
    })  # fmt: skip
    assert [(r.type, r.head, r.tail) for r in record.relations] == [("met", "s1662", "s1663")]
    assert not report.skipped


def test_what_is_wrong_is_named_and_the_rest_comes(tmp_path: Path, read_lines: ReadLines) -> None:
    made, report = read_lines(
        "doccano", tmp_path,
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


@pytest.mark.parametrize("shape", DOCCANO_SHAPE.values)
def test_the_reference_comes_back(
    reference: Bundle, scheme: Scheme, shape: str, there_and_back: ThereAndBack
) -> None:
    made = there_and_back("doccano", reference, Plan(scheme, options={"shape": shape}), clean=True)
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


@given(data=st.data())
def test_what_is_written_comes_back(drawn: Drawn, there_and_back: ThereAndBack, data: st.DataObject) -> None:
    bundle, plan = drawn(data)
    made = there_and_back("doccano", bundle, plan)
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
