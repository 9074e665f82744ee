"""Tagline's own Hugging Face folders and Parquet tables come back as they went out."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import open_bundle

from desktop.bundle import Bundle, Record, Report
from desktop.formats import find, of_file
from desktop.formats.base import SPLITS, Plan, ReadOptions
from desktop.model import Scheme

WAYS = [("huggingface", {}), ("huggingface", {"files": "parquet"}), ("parquet", {})]


def back(name: str, folder: Path, bundle: Bundle, plan: Plan) -> tuple[dict[str, Record], Report]:
    writer = find(name).write
    assert writer
    writer(folder, bundle, plan)
    report = Report()
    return {r.article.id: r for r in open_bundle([folder], ReadOptions("reference"), report)}, report


def parts(record: Record) -> tuple[Any, ...]:
    """All but what the rows do not have: times, article notes, furniture, the types of attributes' values."""
    article = record.article
    spans = {
        (s.id, s.label, s.fragments, s.text, s.annotator, s.note, tuple(sorted(s.attributes)))
        for s in record.spans
    }
    relations = {(r.id, r.type, r.head, r.tail, r.annotator, r.note) for r in record.relations}
    named = (article.id, article.title, article.language, article.group, repr(sorted(article.meta.items())))
    return (named, record.text, record.status, spans, relations)


@pytest.mark.parametrize(("name", "options"), WAYS)
def test_the_reference_comes_back(
    name: str, options: dict[str, str], reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    found, report = back(name, tmp_path, reference, Plan(scheme, options=options))
    assert not report.skipped
    assert [row["format"] for row in report.formats] == [
        "huggingface" if "files" not in options and name != "parquet" else "parquet"
    ]
    for record in reference:
        other = found[record.article.id]
        assert parts(other) == parts(record)
        assert [s.attributes for s in other.spans] == [
            s.attributes for s in sorted(record.spans, key=lambda s: (s.start, -s.end, s.id))
        ]
    assert sum(len(record.spans) for record in found.values()) == 722
    assert sum(len(record.relations) for record in found.values()) == 773


@pytest.mark.parametrize(("name", "options"), WAYS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_comes_back(
    name: str, options: dict[str, str], strategies: ModuleType, scheme: Scheme, data: st.DataObject
) -> None:
    bundle: Bundle = data.draw(strategies.bundles(scheme))
    splits = {record.article.id: data.draw(st.sampled_from(SPLITS)) for record in bundle}
    with tempfile.TemporaryDirectory() as folder:
        found, report = back(name, Path(folder), bundle, Plan(scheme, splits, options))
    assert not report.skipped
    for record in bundle:
        assert parts(found[record.article.id])[:3] == parts(record)[:3]
        assert Counter(map(repr, parts(found[record.article.id])[3])) == Counter(map(repr, parts(record)[3]))
        assert parts(found[record.article.id])[4] == parts(record)[4]


def test_one_file_alone_has_its_names_from_the_readme(
    reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    back("huggingface", tmp_path, reference, Plan(scheme))
    path = tmp_path / "data" / "train.jsonl"
    format = of_file(path)
    assert format
    assert format.id == "huggingface"
    report = Report()
    assert len(list(open_bundle([path], ReadOptions("A"), report))) == 5
    (tmp_path / "README.md").unlink()
    assert list(open_bundle([path], ReadOptions("A"), report)) == []
    [row] = report.skipped
    assert row["position"] == "line 1"
    assert row["reason"].startswith("no name is declared for number ")
    (tmp_path / "README.md").write_text('---\n  - {"name": "spans"}\n---\n', "utf-8")
    assert list(open_bundle([path], ReadOptions("A"), report)) == []


def test_what_is_wrong_is_named_and_the_rest_comes(tmp_path: Path) -> None:
    row = {"text": "Ana 😀", "tokens": [], "token_start": [], "token_end": []}
    good = {"label": "actor", "start": 0, "end": 3, "text": "Ana"}
    rows = [
        {**row, "spans": [{"label": "x"}, {**good, "text": "Bob"}, good]},
        {**row, "spans": [], "meta": "{no"},
        {**row, "spans": None},
    ]
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    report = Report()
    found = list(open_bundle([path], ReadOptions("A"), report))
    assert [[span.text for span in record.spans] for record in found] == [["Ana"]]
    assert [row["position"] for row in report.skipped] == [
        "line 1, span 1",
        "line 1, span 2",
        "line 2",
        "line 3",
    ]


def test_a_broken_parquet_file(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more")
    report = Report()
    assert list(open_bundle([tmp_path / "a.parquet"], ReadOptions("A"), report)) == []
    assert report.skipped[0]["reason"].startswith("this is no Parquet file that can be read")
