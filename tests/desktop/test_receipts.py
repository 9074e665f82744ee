"""Receipts read again from a dataset's folder, and the command line that does the same."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import projects, receipts
from desktop.cli_export import add_arguments, arguments_of, options_of
from desktop.datasets.options import ExportOptions
from desktop.errors import UserError
from desktop.exporting import export_project
from desktop.formats import writable

names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
choices = st.builds(
    ExportOptions,
    st.sampled_from([("jsonl",), ("conll", "brat")]),
    st.none() | names,
    st.sampled_from([None, "done", "todo"]),
    st.lists(names, unique=True, max_size=2).map(tuple),
    st.lists(names, unique=True, max_size=2).map(tuple),
    st.none() | st.just("2021-01-01"),
    st.none() | st.just("2021-12-31"),
    st.sampled_from(["article", "sentence"]),
    st.booleans(),
    st.none() | st.just("train=80,test=20"),
    st.sampled_from(["share", "date", "source"]),
    st.integers(0, 9),
    st.sampled_from(["widen", "leave_out", "stop"]),
    st.dictionaries(st.just("conll.tags"), st.just("bioes")),
)


@given(choices)
def test_the_command_line_says_what_was_chosen(options: ExportOptions) -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_arguments(parser)
    assert options_of(parser.parse_args(["folder", *arguments_of(options)]), None) == options


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The sample in every format, with splits by days."""
    folder = tmp_path_factory.mktemp("p")
    session = projects.create(folder / "p.tagline", "Ana")
    projects.add_sample(session, labels=True)
    options = ExportOptions(
        tuple(format.id for format in writable()), split="train=2020-01-01,test", by="date",
        choices={"conll.tags": "bioes"},
    )  # fmt: skip
    told = receipts.of(export_project(session, folder / "out", options), options)
    session.store.close()
    return told


def test_what_is_read_is_what_was_told(written: receipts.Told) -> None:
    again = receipts.read(written.folder)
    assert again.receipt == json.loads(json.dumps(written.receipt))
    assert again.options == written.options
    assert receipts.command(Path("my project.tagline"), again).startswith(
        "tagline export 'my project.tagline' '"
    )


def test_the_sum_holds_for_each_format_and_label(written: receipts.Told) -> None:
    for each in written.receipt["formats"]:
        rows = each["labels"]
        assert {row["label"] for row in rows} == {"event", "actor", "location", "claim"}
        assert all(row["spans_in"] == row["spans_out"] + row["left_out"] for row in rows)
        for name in ("spans_in", "spans_out"):
            assert sum(row[name] for row in rows) == each[name], each["format"]
        for name in ("left_out", "changed"):
            assert sum(row[name] for row in rows) == len(each[name])


def test_whole_texts_are_in_the_overlap(written: receipts.Told) -> None:
    rows = [row for row in written.receipt["overlap"] if row["what"] == "texts"]
    assert written.receipt["splits"].keys() == {"test"}
    assert rows == [{"what": "texts", "split": "test", "of": written.receipt["splits"]["test"], "known": 0}]


@pytest.mark.parametrize("damage", ["none", "text", "old", "list"])
def test_what_cannot_be_shown(tmp_path: Path, damage: str) -> None:
    texts = {"text": "{", "old": '{"formats": []}', "list": "[]"}
    if damage in texts:
        (tmp_path / "receipt.json").write_text(texts[damage])
        (tmp_path / "manifest.json").write_text('{"options": {"formats": ["jsonl"], "split": null}}')
    with pytest.raises(UserError) as caught:
        receipts.read(tmp_path)
    assert caught.value.file == str(tmp_path)
