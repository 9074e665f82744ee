"""JSON objects, one a line or in one array, whatever stands around them and wherever a chunk ends."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.bundle import Report
from desktop.errors import UserError
from desktop.formats import objects

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('{}[]",\\ \n:é😀'), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.sampled_from('{}"\\a'), max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
OBJECTS = st.lists(st.dictionaries(st.sampled_from(("text", "a", "}")), VALUES, max_size=3), max_size=5)


def read(path: Path) -> tuple[list[dict[str, Any]], list[str], Report]:
    report = Report()
    found = list(objects.objects(path, report))
    return [given for _, given in found], [place for place, _ in found], report


@given(made=OBJECTS, indent=st.sampled_from((None, 1)), ascii=st.booleans(), chunk=st.integers(1, 40))
def test_any_objects_in_any_layout(
    made: list[dict[str, Any]], indent: int | None, ascii: bool, chunk: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "_CHUNK", chunk)
        array, one_after_the_other, lines = (Path(folder, name) for name in ("a.json", "b.json", "c.jsonl"))
        array.write_text("\ufeff" + json.dumps(made, indent=indent, ensure_ascii=ascii), "utf-8")
        one_after_the_other.write_text("\n".join(json.dumps(item, indent=indent) for item in made), "utf-8")
        lines.write_text("\ufeff" + "\n".join(json.dumps(item, ensure_ascii=ascii) for item in made), "utf-8")
        for path in (array, one_after_the_other, lines):
            found, _, report = read(path)
            assert found == made
            assert not report.skipped


def test_places(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": 1},\n {"a": NaN}, 7, {"b": "}"}, {"c": }]')
    found, places, report = read(tmp_path / "a.json")
    assert (found, places) == ([{"a": 1}, {"b": "}"}], ["item 1", "item 3"])
    assert [row["position"] for row in report.skipped] == ["item 2", "item 4"]
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n\nnothing\n[1]\n{"a": 2}')
    found, places, report = read(tmp_path / "a.jsonl")
    assert (found, places) == ([{"a": 1}, {"a": 2}], ["line 1", "line 5"])
    assert [row["position"] for row in report.skipped] == ["line 3", "line 4"]


def test_a_file_cut_off(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": 1}, {"a": "2')
    found, _, report = read(tmp_path / "a.json")
    assert found == [{"a": 1}]
    assert [(row["position"], row["reason"].split(";")[0]) for row in report.skipped] == [
        ("item 2", "the file ends before it is closed")
    ]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'[{"a": 1}, {"a": "\xff"}]')
    with pytest.raises(UserError, match="byte 18: this is not UTF-8"):
        read(tmp_path / "a.json")


def test_one_that_would_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "LONGEST", 100)
    monkeypatch.setattr(objects, "_CHUNK", 64)
    (tmp_path / "a.json").write_text(json.dumps([{"a": 1}, {"a": "x" * 1000}]))
    with pytest.raises(UserError, match="item 2 has more than"):
        read(tmp_path / "a.json")


def test_the_first_object(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for content, first in (('[{"a": 1}]', {"a": 1}), ("text", {}), ("", {}), ("[1, 2]", {}), ("{no", {})):
        path.write_text(content)
        objects._first.cache_clear()
        assert objects.first_object(path, path.read_bytes()) == first
