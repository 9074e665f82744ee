"""Parquet files as pyarrow, DuckDB and Hugging Face's library read them."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import environments
import pyarrow
import pyarrow.parquet
import pytest

from desktop.bundle import Bundle, Record
from desktop.formats import huggingface, parquet
from desktop.formats.base import Plan
from desktop.model import Label, RelationType, Scheme

ODD = ("no", "O", "a: b", '"q"', "it's", "é😀", "Con", "con", "{", "x, y")


def quoted(folder: Path) -> str:
    return f"read_parquet('{folder}/*.parquet')"


def test_duckdb_counts_and_slices(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    """Its strings count code points, so that a slice is the quote."""
    parquet.write(tmp_path, reference, Plan(scheme))
    spans = f"(SELECT id, text, unnest(spans) AS s FROM {quoted(tmp_path)})"
    counts = duckdb.execute(f"SELECT s.label, count(*) FROM {spans} GROUP BY 1").fetchall()
    assert dict(counts) == Counter(s.label for record in reference for s in record.spans)
    same = f'SELECT count(*) FROM {spans} WHERE substring(text, s.start + 1, s."end" - s.start) = s.text'
    assert duckdb.execute(same).fetchone() == (722,)
    tags = f"SELECT unnest(tags_actor) AS t, count(*) FROM {quoted(tmp_path)} GROUP BY 1"
    assert dict(duckdb.execute(tags).fetchall())["B-actor"] == 276 - 8


def test_pyarrow_finds_the_declared_columns(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    parquet.write(tmp_path, tricky, Plan(scheme, {"news/2021:07": "train", "Con": "test"}))
    table = pyarrow.parquet.read_table(tmp_path / "train.parquet")
    kinds = {
        name: table.schema.field(name).type
        for name in ("text", "published", "token_start", "tags_actor", "spans")
    }
    assert kinds["text"] == pyarrow.string()
    assert kinds["published"] == pyarrow.date32()
    assert kinds["token_start"].value_type == pyarrow.int32()
    assert kinds["tags_actor"].value_type == pyarrow.string()
    assert {f.name: f.type for f in kinds["spans"].value_type}["end"] == pyarrow.int32()
    (row,) = table.to_pylist()
    first, _ = tricky
    assert row["text"] == first.text
    assert {s["id"]: [(f["start"], f["end"]) for f in s["fragments"]] for s in row["spans"]} == {
        s.id: list(s.fragments) for s in first.spans
    }
    assert json.loads(row["meta"]) == first.article.meta
    assert json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]["spans"][0]["start"] == {
        "dtype": "int32", "_type": "Value",
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # those of other people's libraries
def test_datasets_takes_the_declared_features(
    datasets_library: Any, tricky: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    parquet.write(tmp_path, tricky, Plan(scheme))
    loaded = datasets_library.load_dataset(
        "parquet", data_files=str(tmp_path / "train.parquet"), cache_dir=str(tmp_path / "c")
    )
    split = loaded["train"]
    assert split.features["published"].dtype == "date32"
    assert split.features["spans"].feature["label"].dtype == "string"
    assert [len(row["spans"]) for row in split] == [16, 0]


def of(kind: str, library: Any, folder: Path, bundle: Bundle, scheme: Scheme) -> Any:
    folder.mkdir()
    splits = {record.article.id: ("test" if n == 1 else "train") for n, record in enumerate(bundle)}
    huggingface.write(folder, bundle, Plan(scheme, splits, {"files": kind}))
    names = {path.name for path in (folder / "data").iterdir()}
    assert names == {f"{split}.{kind}" for split in set(splits.values())}
    return library.load_dataset(str(folder), cache_dir=str(folder / "cache"))


def odd(strategies: ModuleType, scheme: Scheme) -> tuple[Bundle, Scheme]:
    labels = tuple(Label(name=name, key="", colours=scheme.labels[0].colours) for name in ODD)
    made = Scheme(scheme="odd", labels=labels, relations=(RelationType(name="of'f"),))
    spans = [strategies.span("word", name, "word") for name in ODD]
    return strategies.bundle([strategies.article("word", *spans), strategies.article("bare")], made), made


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("sample", ["reference", "tricky", "odd"])
def test_both_kinds_of_hugging_face_folder_load_alike(
    sample: str, datasets_library: Any, strategies: ModuleType, scheme: Scheme, tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    bundle, used = odd(strategies, scheme) if sample == "odd" else (request.getfixturevalue(sample), scheme)
    lines, tables = (of(k, datasets_library, tmp_path / k, bundle, used) for k in ("jsonl", "parquet"))
    for name, split in lines.items():
        assert tables[name].features == split.features
        assert tables[name][:] == split[:]
    if sample == "odd":
        assert lines["train"].features["spans"].feature["label"].names == list(ODD)
        assert [c for c in lines["train"].features if c.lower() == "tags_con"] == ["tags_Con"]
        assert lines["train"].features["tags_con_2"].feature.names == ["O", "B-con", "I-con"]


# Everything that `load_dataset` makes of each folder that is given.
LOADER = """
import json, sys
from datasets import disable_progress_bars, load_dataset
disable_progress_bars()
for folder in sys.argv[1:]:
    for name, split in load_dataset(folder, cache_dir=folder + "/older").items():
        names = {c: f.feature.names for c, f in split.features.items() if c.startswith("tags_")}
        print(json.dumps([name, split.features["spans"][0]["label"].names, names, split[:]], default=str))
"""


@pytest.mark.outside("environment:datasets-3.6")
@pytest.mark.timeout(900)  # a fresh environment reads its libraries slowly
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("sample", ["reference", "tricky", "odd"])
def test_both_kinds_load_in_an_older_version_as_in_ours(
    sample: str, datasets_library: Any, strategies: ModuleType, scheme: Scheme, tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    bundle, used = odd(strategies, scheme) if sample == "odd" else (request.getfixturevalue(sample), scheme)
    ours = {kind: of(kind, datasets_library, tmp_path / kind, bundle, used) for kind in ("jsonl", "parquet")}
    command = [*environments.python("datasets-3.6"), "-c", LOADER, *(str(tmp_path / kind) for kind in ours)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("\n")
    assert len(shown) == 2 * len(ours["jsonl"])
    for line, (name, split) in zip(
        shown, [pair for kind in ours.values() for pair in kind.items()], strict=True
    ):
        labels = split.features["spans"].feature["label"].names
        names = {c: f.feature.names for c, f in split.features.items() if c.startswith("tags_")}
        assert json.loads(line) == json.loads(json.dumps([name, labels, names, split[:]], default=str))


def many(strategies: ModuleType, count: int) -> list[Record]:
    return [
        strategies.article(f"{n} 🚀 Ana", strategies.span(f"{n} 🚀 Ana", "actor", "Ana"), id=f"a{n}")
        for n in range(count)
    ]


@pytest.mark.parametrize("most", [1000, 3])
def test_row_groups_keep_the_order_and_the_bytes(
    most: int, strategies: ModuleType, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(parquet, "_GROUP", 10_000)
    monkeypatch.setattr(parquet, "_GROUPS", most)
    bundle = strategies.bundle(many(strategies, 300), scheme)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        parquet.write(tmp_path / name, bundle, Plan(scheme))
    file = pyarrow.parquet.ParquetFile(tmp_path / "one" / "train.parquet")
    assert (file.metadata.num_row_groups > 3) == (most > 3)
    assert file.read(["id"]).column("id").to_pylist() == [f"a{n}" for n in range(300)]
    assert (tmp_path / "one" / "train.parquet").read_bytes() == (
        tmp_path / "two" / "train.parquet"
    ).read_bytes()
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["train.parquet"]


def test_an_article_longer_than_duckdb_expects_of_an_object(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    text = "Ana left the base in the north. " * 20_000
    bundle = strategies.bundle([strategies.article(text, strategies.span(text, "actor", "Ana"))], scheme)
    parquet.write(tmp_path, bundle, Plan(scheme))
    ((name, found),) = parquet.read_back(tmp_path, bundle, Plan(scheme))
    assert found == {("actor", ((0, 3),)): 1}
    assert name == next(iter(bundle)).article.id


def test_nothing_is_left_after_an_error(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    def broken() -> Any:
        yield from many(strategies, 3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parquet.write(tmp_path, Bundle(broken, scheme), Plan(scheme))
    assert list(tmp_path.iterdir()) == []


def test_a_quote_that_does_not_fit_is_not_counted(strategies: ModuleType, scheme: Scheme) -> None:
    span = {"label": "actor", "start": 0, "end": 3, "text": "Ana", "fragments": [{"start": 0, "end": 3}]}
    names = {"actor": "actor"}
    assert parquet.placed({"text": "Ana left", "spans": [span]}, names).total() == 1
    assert parquet.placed({"text": "Bob left", "spans": [span]}, names).total() == 0
