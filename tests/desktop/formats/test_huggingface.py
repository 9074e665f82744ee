"""The folder as Hugging Face's own library loads it, offline."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from desktop.bundle import Bundle
from desktop.errors import UserError
from desktop.formats import huggingface, iob
from desktop.formats.base import Plan
from desktop.formats.tokens import tokenize
from desktop.model import Label, RelationType, Scheme


def load(library: Any, folder: Path, bundle: Bundle, plan: Plan) -> Any:
    huggingface.write(folder, bundle, plan)
    return library.load_dataset(str(folder), cache_dir=str(folder / "cache"))


def placed(split: Any, row: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = split.features["spans"].feature["label"].names
    return [
        (
            span["id"], names[span["label"]], span["start"], span["end"], span["text"],
            [(f["start"], f["end"]) for f in span["fragments"]], span["annotator"], span["note"],
            {pair["name"]: pair["value"] for pair in span["attributes"]},
        )
        for span in row["spans"]
    ]  # fmt: skip


def in_bundle(record: Any) -> list[tuple[Any, ...]]:
    spans = sorted(record.spans, key=lambda span: (span.start, -span.end, span.id))
    return [
        (
            span.id, span.label, span.start, span.end, span.text, list(span.fragments), span.annotator, span.note,
            {name: value if isinstance(value, str) else json.dumps(value) for name, value in span.attributes.items()},
        )
        for span in spans
    ]  # fmt: skip


def test_reference(datasets_library: Any, reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    records = list(reference)
    splits = {
        record.article.id: ("train", "train", "validation", "test", "test")[n]
        for n, record in enumerate(records)
    }
    loaded = load(datasets_library, tmp_path, reference, Plan(scheme, splits))
    assert {name: split.num_rows for name, split in loaded.items()} == {
        "train": 2,
        "validation": 1,
        "test": 2,
    }
    rows = {row["id"]: (split, row) for split in loaded.values() for row in split}
    total = relations = 0
    for record in records:
        split, row = rows[record.article.id]
        assert placed(split, row) == in_bundle(record)
        assert (row["text"], row["text_sha256"]) == (record.text, record.article.text_sha256)
        assert (row["language"], row["status"], row["title"]) == ("en", "done", record.article.title)
        types = split.features["relations"].feature["type"].names
        found = {(r["id"], types[r["type"]], r["head"], r["tail"]) for r in row["relations"]}
        assert found == {(r.id, r.type, r.head, r.tail) for r in record.relations}
        check_tags(split, row, record)
        total += len(row["spans"])
        relations += len(row["relations"])
    assert (total, relations) == (722, 773)


def check_tags(split: Any, row: dict[str, Any], record: Any) -> None:
    tokens = tokenize(record.text, record.article.language)
    assert list(zip(row["token_start"], row["token_end"], strict=True)) == tokens
    for label in ("event", "actor", "location", "claim"):
        names = split.features[f"tags_{label}"].feature.names
        assert names == ["O", f"B-{label}", f"I-{label}"]
        spans = [span for span in record.spans if span.label == label]
        assert list(iob.runs(row[f"tags_{label}"])) == iob.column(spans, tokens).runs


def test_tricky(datasets_library: Any, tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    """Splits without any span, relation, attribute, language or date, beside one that has them."""
    plan = Plan(scheme, {"news/2021:07": "train", "Con": "test"})
    loaded = load(datasets_library, tmp_path, tricky, plan)
    first, second = tricky
    assert placed(loaded["train"], loaded["train"][0]) == in_bundle(first)
    row = loaded["test"][0]
    assert (row["spans"], row["relations"], row["language"], row["published"]) == ([], [], None, None)
    assert row["tags_event"] == [0] * len(tokenize(second.text, None))
    assert loaded["train"][0]["published"] == datetime.date(2021, 7, 11)
    assert json.loads(loaded["train"][0]["meta"]) == first.article.meta


def test_one_bare_article(
    datasets_library: Any, strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    bare = scheme.model_copy(update={"relations": ()})
    loaded = load(datasets_library, tmp_path, strategies.bundle([strategies.article("x")], bare), Plan(bare))
    assert loaded["train"][0]["spans"] == []
    assert loaded["train"][0]["status"] == "todo"


def test_names_that_yaml_would_take_for_something_else(
    datasets_library: Any, strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    names = ["no", "null", "1", "O", "a: b", '"q"', "#c", "é😀", "\u0085x", "{", "- d", "'"]
    labels = tuple(Label(name=name, key="", colours=scheme.labels[0].colours) for name in names)
    odd = Scheme(scheme="yes: \x7f", labels=labels, relations=(RelationType(name="off"),))
    spans = [strategies.span("word", name, "word") for name in names]
    loaded = load(
        datasets_library, tmp_path, strategies.bundle([strategies.article("word", *spans)], odd), Plan(odd)
    )
    features = loaded["train"].features
    assert features["spans"].feature["label"].names == names
    assert features["relations"].feature["type"].names == ["off"]
    assert [column for column in features if column.startswith("tags_")] == [f"tags_{name}" for name in names]


@pytest.mark.parametrize(
    ("given", "loaded_as"),
    [
        (["2021-07-11", None], [datetime.date(2021, 7, 11), None]),
        (["2021-07-11T10:00:00Z"], ["2021-07-11 10:00:00"]),
        (["2021-07-11", "July"], ["2021-07-11 00:00:00", "July"]),
        (["2021-07-11", 2021], ["2021-07-11 00:00:00", "2021"]),
        (["July"], ["July"]),
        ([None], [None]),
    ],
)
def test_published(
    given: list[Any],
    loaded_as: list[Any],
    datasets_library: Any,
    strategies: ModuleType,
    scheme: Scheme,
    tmp_path: Path,
) -> None:
    """The loader takes texts that look like times for times; what it says must not hang on the rest of the column."""
    records = [
        strategies.article(f"Text {n}.", meta={"published": value} if value else {}, id=f"a{n}")
        for n, value in enumerate(given)
    ]
    loaded = load(datasets_library, tmp_path, strategies.bundle(records, scheme), Plan(scheme))
    assert loaded["train"]["published"][:] == loaded_as
    exact = [json.loads(meta).get("published") for meta in loaded["train"]["meta"]]
    assert exact == given


def test_columns_that_load_as_times_are_named(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    text = "On 2021-07-11."
    bundle = strategies.bundle(
        [strategies.article(text, strategies.span(text, "event", "2021-07-11"), id="2021-07-11")], scheme
    )
    receipt = huggingface.write(tmp_path, bundle, Plan(scheme))
    assert receipt.notes["loaded_as_times"] == ["id", "spans.text"]
    assert "take them from the JSON lines: id, spans.text" in (tmp_path / "README.md").read_text(
        encoding="utf-8"
    )


def test_the_card_counts_what_tags_cannot_hold(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = huggingface.write(tmp_path, tricky, Plan(scheme))
    assert {(row["label"], row["reason"], row["count"]) for row in receipt.not_flat()} == {
        ("event", "several fragments", 1), ("event", "covers no token", 1), ("location", "nested in the same label", 1),
    }  # fmt: skip
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "- location: 1 left out (nested in the same label)" in card
    assert "- event: 1 moved (widened to token bounds)" in card


@pytest.mark.parametrize(("column", "value"), [("tags_actor", 0), ("tokens", "x"), ("tags_event", 1)])
def test_tags_that_do_not_fit_are_noticed(
    column: str, value: object, tricky: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    huggingface.write(tmp_path, tricky, Plan(scheme))
    path = tmp_path / "data" / "train.jsonl"
    row, *rest = path.read_text(encoding="utf-8").split("\n")
    changed = json.loads(row)
    changed[column] = [value, *changed[column]]
    path.write_text("\n".join([json.dumps(changed), *rest]), encoding="utf-8")
    with pytest.raises(UserError, match="do not fit its"):
        list(huggingface.read_back(tmp_path, tricky, Plan(scheme)))
