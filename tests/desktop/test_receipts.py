"""Receipts read again from a dataset's folder, and the command line that does the same."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import projects, receipts, scratch
from desktop.cli_export import add_arguments, arguments_of, options_of
from desktop.datasets.allot import Allotment
from desktop.datasets.export import Outcome
from desktop.datasets.manifest import receipt_of, write_json
from desktop.datasets.options import ExportOptions
from desktop.errors import UserError
from desktop.exporting import export_project
from desktop.formats import receipt, writable

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
).map(
    # What goes without saying is not said: how to split where nothing is split, options of formats that do not go out.
    lambda chosen: replace(
        chosen,
        by=chosen.by if chosen.split else "share",
        seed=chosen.seed if chosen.split else 0,
        choices=chosen.choices if "conll" in chosen.formats else {},
    )
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
    outcome = export_project(session, folder / "out", options)
    session.store.close()
    return outcome, options


def test_what_is_read_is_what_was_told(written: tuple[Outcome, ExportOptions]) -> None:
    outcome, options = written
    told = receipts.read(outcome.folder)
    assert told.options == options
    assert receipts.command(Path("my project.tagline"), told).startswith(
        "tagline export 'my project.tagline' '"
    )
    for each, made in zip(told.receipt["formats"], outcome.receipts, strict=True):
        for name, entries in (("left_out", made.left_out), ("changed", made.changed)):
            assert each[name].counts == entries.counts
            first = [entry for shown in each[name].first.values() for entry in shown]
            assert sorted(entry["span"] for entry in first) == sorted(entry.span for entry in entries)


def test_a_receipt_laid_out_by_another_program_is_read_as_well(
    written: tuple[Outcome, ExportOptions], tmp_path: Path
) -> None:
    folder = written[0].folder
    ours = receipts.read(folder)
    for indent in (None, 1, 2):
        for name in ("receipt.json", "manifest.json"):
            plain = json.loads((folder / name).read_text("utf-8"))
            (tmp_path / name).write_text(json.dumps(plain, indent=indent), "utf-8")
        told = receipts.read(tmp_path)
        assert (told.receipt, told.options) == (ours.receipt, ours.options)


def test_of_many_entries_the_first_of_each_reason_are_held(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(scratch, "_TOGETHER", 7)
    made = receipt.Receipt("conll", spans_in=1000, labels=Counter(actor=1000))
    entries = [
        receipt.Entry(f"a{n}", "s1", "actor", f"reason {n % 3}", f"café \u2028 {n}", ((0, 1),))
        for n in range(900)
    ]
    for entry in entries:
        made.left_out.append(entry)
    assert list(made.left_out) == entries == list(made.left_out), "any number of times"
    made.flat["ents"] = receipt.Flat(made.left_out, made.left_out)
    told = receipt_of([made], Allotment(), [], [])
    write_json(tmp_path / "receipt.json", told)
    (tmp_path / "manifest.json").write_text('{"options": {"formats": ["conll"], "split": null}}')
    plain = json.loads((tmp_path / "receipt.json").read_text("utf-8"))["formats"][0]
    assert [row["text"] for row in plain["left_out"]] == [entry.text for entry in entries]
    [each] = receipts.read(tmp_path).receipt["formats"]
    assert each["notes"]["ents"] == {"left_out": each["left_out"], "changed": each["left_out"]}
    assert each["left_out"].by_reason() == {f"reason {n}": 300 for n in range(3)}
    assert [len(shown) for shown in each["left_out"].first.values()] == [receipts.MOST] * 3
    assert each["labels"] == [
        {"label": "actor", "spans_in": 1000, "spans_out": 100, "left_out": 900, "changed": 0}
    ]


def test_the_sum_holds_for_each_format_and_label(written: tuple[Outcome, ExportOptions]) -> None:
    for each in receipts.read(written[0].folder).receipt["formats"]:
        rows = each["labels"]
        assert {row["label"] for row in rows} == {"event", "actor", "location", "claim"}
        assert all(row["spans_in"] == row["spans_out"] + row["left_out"] for row in rows)
        for name in ("spans_in", "spans_out"):
            assert sum(row[name] for row in rows) == each[name], each["format"]
        for name in ("left_out", "changed"):
            assert sum(row[name] for row in rows) == each[name].total


def test_whole_texts_are_in_the_overlap(written: tuple[Outcome, ExportOptions]) -> None:
    told = receipts.read(written[0].folder).receipt
    rows = [row for row in told["overlap"] if row["what"] == "texts"]
    assert told["splits"].keys() == {"test"}
    assert rows == [{"what": "texts", "split": "test", "of": told["splits"]["test"], "known": 0}]


@pytest.mark.parametrize("damage", ["none", "text", "old", "list"])
def test_what_cannot_be_shown(tmp_path: Path, damage: str) -> None:
    texts = {"text": "{", "old": '{"formats": []}', "list": "[]"}
    if damage in texts:
        (tmp_path / "receipt.json").write_text(texts[damage])
        (tmp_path / "manifest.json").write_text('{"options": {"formats": ["jsonl"], "split": null}}')
    with pytest.raises(UserError) as caught:
        receipts.read(tmp_path)
    assert caught.value.file == str(tmp_path)
