"""The whole way from a bundle to a dataset folder."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.bundle import Bundle, Report
from desktop.cli_export import lines
from desktop.datasets.export import as_json, export
from desktop.datasets.options import Cut, ExportOptions
from desktop.datasets.papers import TOP
from desktop.errors import Cancelled, UsageError, UserError
from desktop.formats import jsonl
from desktop.formats import scheme as schemes
from desktop.formats.base import ReadOptions
from desktop.formats.receipt import Receipt
from desktop.model import Scheme

ALL = ("jsonl", "huggingface", "conll", "brat")
SPLIT = "train=60,validation=20,test=20"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def exported(reference: Bundle, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The reference data in every format, split, and what the command line prints of it."""
    folder = tmp_path_factory.mktemp("exported") / "dataset"
    return folder, as_json(export(reference, folder, ExportOptions(ALL, split=SPLIT)))


def test_counts_of_the_reference_data(exported: tuple[Path, dict[str, Any]]) -> None:
    folder, printed = exported
    formats = {entry["format"]: entry for entry in printed["formats"]}
    assert list(formats) == list(ALL)
    for name, entry in formats.items():
        left_out = sum(row["count"] for row in entry["left_out"])
        assert entry["spans_in"] == 722 == entry["spans_out"] + left_out
        assert (entry["articles"], entry["verified"], entry["changed"]) == (5, True, [])
        assert entry["folder"] == str(folder / name)
        assert left_out == (10 if name == "conll" else 0)
    assert formats["conll"]["left_out"] == [
        {"reason": "nested in the same label", "label": "actor", "count": 8},
        {"reason": "nested in the same label", "label": "location", "count": 2},
    ]
    assert formats["conll"]["notes"]["relations_left_out"] == 773


def test_the_folder_holds_what_it_should(exported: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = exported
    top = {path.name for path in folder.iterdir()}
    assert top == {*TOP, *ALL}
    lines = {path for path in files(folder) if path.endswith(".jsonl")}
    splits = ("train", "validation", "test")
    assert lines == {f"{place}/{s}.jsonl" for place in ("jsonl", "huggingface/data") for s in splits}


def test_rows_are_what_readers_get(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    """Line ends and quotes in cells, items of arrays, and a table without any row."""
    texts = ('She said "go"\nand left.', "One\n\ntwo\n\nthree", "Plain")
    records = [
        strategies.article(text, strategies.span(text, "event", text[:3]), id=text[:3]) for text in texts
    ]
    export(
        strategies.bundle(records, scheme),
        tmp_path / "new",
        ExportOptions(("csv", "labelstudio", "parquet", "conll")),
    )
    listed = json.loads((tmp_path / "new" / "manifest.json").read_text("utf-8"))["files"]
    rows = {file["path"]: file["rows"] for file in listed}
    for name in ("articles.csv", "spans.csv", "relations.csv"):
        with (tmp_path / "new" / "csv" / name).open(encoding="utf-8-sig", newline="") as file:
            assert (
                rows[f"csv/{name}"]
                == len(list(csv.DictReader(file)))
                == (0 if name == "relations.csv" else 3)
            )
    assert (
        rows["labelstudio/train.json"]
        == rows["parquet/train.parquet"]
        == rows["conll/train.articles.json"]
        == 3
    )


def test_the_manifest_names_every_file_and_article(
    exported: tuple[Path, dict[str, Any]], reference: Bundle
) -> None:
    folder, _ = exported
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = files(folder)
    del found["manifest.json"]
    listing = ""
    assert [file["path"] for file in manifest["files"]] == sorted(found)
    for file in manifest["files"]:
        content = found[file["path"]]
        digest = hashlib.sha256(content).hexdigest()
        frame = 2 * file["path"].endswith(".articles.json") + (file["path"] == "statistics/table.csv")
        rows = content.count(b"\n") - frame
        assert (file["bytes"], file["rows"], file["sha256"]) == (len(content), rows, digest)
        listing += f"{digest}  {file['path']}\n"
    assert manifest["content_sha256"] == hashlib.sha256(listing.encode()).hexdigest()
    assert manifest["tokenizer"]["en"].startswith("spacy 3.8")
    assert manifest["options"]["split"] == {"train": 60, "validation": 20, "test": 20}
    articles = {article["id"]: article for article in manifest["articles"]}
    assert articles.keys() == {record.article.id for record in reference}
    for split in ("train", "validation", "test"):
        rows = (folder / "jsonl" / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
        assert {json.loads(row)["id"] for row in rows} == {
            i for i, a in articles.items() if a["split"] == split
        }
    first = next(iter(articles.values()))
    assert (first["annotators"], first["status"]) == (["reference"], {"reference": "done"})


def test_the_papers_hold_no_path_and_no_time(exported: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = exported
    papers = "".join(
        (folder / name).read_text(encoding="utf-8") for name in ("README.md", "manifest.json", "receipt.json")
    )
    assert str(folder) not in papers
    assert "partial-" not in papers


def test_the_receipt_names_every_span_left_out(
    exported: tuple[Path, dict[str, Any]], reference: Bundle
) -> None:
    folder, _ = exported
    receipt = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    left_out = {entry["format"]: entry["left_out"] for entry in receipt["formats"]}
    assert {name: len(entries) for name, entries in left_out.items()} == dict.fromkeys(ALL, 0) | {"conll": 10}
    spans = {(record.article.id, span.id): span for record in reference for span in record.spans}
    for entry in left_out["conll"]:
        span = spans[entry["article"], entry["span"]]
        assert (span.label, span.text) == (entry["label"], entry["text"])


def test_the_card_says_what_is_in_it(exported: tuple[Path, dict[str, Any]]) -> None:
    card = (exported[0] / "README.md").read_text(encoding="utf-8")
    for line in ("5 articles (17505 characters) with 722 labelled spans and 773 relations", "- reference: 5 done",
                 "- 712 of 722 spans", "- 8 `actor` left out: nested in the same label"):  # fmt: skip
        assert line in card


def test_what_is_exported_comes_in_again(
    exported: tuple[Path, dict[str, Any]], reference: Bundle, tmp_path: Path
) -> None:
    folder, _ = exported
    report = Report()
    read = [
        record
        for path in sorted((folder / "jsonl").iterdir())
        for record in jsonl.read(path, ReadOptions("x"), report)
    ]
    scheme = schemes.read(folder / "scheme.json")
    assert scheme == reference.scheme
    assert report.skipped == []
    assert {r.article.id: r.spans for r in read} == {r.article.id: r.spans for r in reference}
    export(
        Bundle(lambda: iter(read), scheme, "# Guidelines\n"),
        tmp_path / "again",
        ExportOptions(ALL, split=SPLIT),
    )
    names = {f"jsonl/{split}.jsonl" for split in ("train", "validation", "test")}
    first, second = files(folder), files(tmp_path / "again")
    assert {name: first[name] for name in names} == {name: second[name] for name in names}


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_same_bytes_for_the_same_data(strategies: ModuleType, scheme: Scheme, data: st.DataObject) -> None:
    bundle: Bundle = data.draw(strategies.bundles(scheme))
    seed = data.draw(st.integers(0, 3))
    with tempfile.TemporaryDirectory() as top:
        first, second = Path(top, "first"), Path(top, "else", "where")
        export(bundle, first, ExportOptions(ALL, split="train=1,test=1", seed=seed))
        shuffled = tuple(random.Random(seed).sample((*ALL, "conll"), 5))
        export(bundle, second, ExportOptions(shuffled, split="test=1.0,train=1", seed=seed))
        assert files(first) == files(second)


def cancel_at(call: int) -> Callable[[int, int], None]:
    calls = iter(range(call + 1))

    def progress(done: int, total: int) -> None:
        if next(calls) == call:
            raise Cancelled

    return progress


def test_progress_counts_every_article_written_and_read_back(reference: Bundle, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    export(reference, tmp_path / "new", ExportOptions(ALL), lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen, key=lambda pair: (pair[1], pair[0]))
    assert seen[0] == (0, 0)
    assert seen[-1] == (40, 40)


@pytest.mark.parametrize("call", range(0, 18, 3))
@pytest.mark.parametrize("target", ["new", "empty"])
def test_a_cancelled_export_leaves_nothing(target: str, call: int, tricky: Bundle, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Cancelled):
        export(tricky, tmp_path / target, ExportOptions(ALL, split="train=1,test=1"), cancel_at(call))
    assert list(tmp_path.rglob("*")) == [tmp_path / "empty"]


def test_a_failed_verification_leaves_nothing(
    tricky: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dumps = jsonl.dumps
    monkeypatch.setattr(jsonl, "dumps", lambda record: dumps(record).replace('"text":"Ana"', '"text":"Ada"'))
    with pytest.raises(UserError, match="jsonl: the span 'actor' at 0–3"):
        export(tricky, tmp_path / "new", ExportOptions(("brat", "jsonl")))
    assert list(tmp_path.iterdir()) == []


def test_a_full_folder_is_not_touched(tricky: Bundle, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    read: list[int] = []
    watched = Bundle(lambda: read.append(1) or iter(()), tricky.scheme)  # type: ignore[func-returns-value]
    with pytest.raises(
        UserError, match=r"not empty: it holds 'mine.txt' \(choose a new or an empty folder\)"
    ):
        export(watched, tmp_path, ExportOptions(ALL))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert read == []


@pytest.fixture
def two_layers(strategies: ModuleType, scheme: Scheme) -> Bundle:
    """Ana has done both articles, Ben has begun the first; the third is untouched."""
    text = "Raid in Tel Aviv"

    def span(annotator: str, label: str, quote: str, name: str) -> Any:
        return strategies.span(text, label, quote, annotator=annotator, id=name)

    first = strategies.article(
        text, span("Ana", "event", "Raid", "s1"), span("Ben", "event", "Raid", "s2"), span("Ben", "location", "Aviv", "s3"),
        relations=(strategies.RawRelation("place", "s2", "s3", ""),), id="one", status={"Ana": "done", "Ben": "in_progress"},
    )  # fmt: skip
    second = strategies.article(
        text + ".", span("Ana", "location", "Tel Aviv", "s1"), id="two", status={"Ana": "done"}
    )
    return Bundle(lambda: iter((first, second, strategies.article("Nothing.", id="three"))), scheme)


def spans_out(bundle: Bundle, folder: Path, options: ExportOptions) -> tuple[int, int]:
    [receipt] = export(bundle, folder, options).receipts
    return receipt.articles, receipt.spans_out


@pytest.mark.parametrize(
    ("options", "counts"),
    [
        (ExportOptions(("jsonl",)), (3, 4)),
        (ExportOptions(("jsonl",), layer="Ben"), (3, 2)),
        (ExportOptions(("conll",), layer="Ana"), (3, 2)),
        (ExportOptions(("brat",), layer="Ben", status="in_progress"), (1, 2)),
        (ExportOptions(("jsonl",), status="in_progress"), (1, 3)),
        (ExportOptions(("jsonl",), status="done"), (2, 4)),
        (ExportOptions(("jsonl",), status="todo"), (1, 0)),
        (ExportOptions(("huggingface",), layer="Ben", status="todo"), (2, 0)),
    ],
)
def test_layers_and_status(
    options: ExportOptions, counts: tuple[int, int], two_layers: Bundle, tmp_path: Path
) -> None:
    assert spans_out(two_layers, tmp_path / "new", options) == counts


def test_a_layer_brings_its_own_relations_and_status(two_layers: Bundle, tmp_path: Path) -> None:
    export(two_layers, tmp_path / "new", ExportOptions(("jsonl",), layer="Ana"))
    rows = (tmp_path / "new" / "jsonl" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(rows[0])
    assert (first["relations"], first["status"]) == ([], {"Ana": "done"})


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (ExportOptions(()), "no format is named"),
        (ExportOptions(("nonsense",)), r"'nonsense' \(use one of jsonl, huggingface, "),
        (ExportOptions(("plain",)), "'plain' can be read but not written"),
        (
            ExportOptions(("jsonl", "conll")),
            r"conll holds one layer, and there are several \(name one: Ana, Ben\)",
        ),
        (ExportOptions(("jsonl",), layer="Eve"), r"no layer is by 'Eve' \(use one of Ana, Ben\)"),
        (ExportOptions(("jsonl",), split="train=x"), "no number"),
        (ExportOptions(("jsonl",), split=""), "without a share"),
        (ExportOptions(("jsonl",), status="finished"), "no status is called 'finished'"),  # type: ignore[arg-type]
    ],
)
def test_options_that_make_no_sense(
    options: ExportOptions, says: str, two_layers: Bundle, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=says):
        export(two_layers, tmp_path / "new", options)
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_export(two_layers: Bundle, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no article has the status in_progress"):
        export(two_layers, tmp_path / "new", ExportOptions(("conll",), layer="Ana", status="in_progress"))
    with pytest.raises(UserError, match="there is no article"):
        export(
            dataclasses.replace(two_layers, iterate=lambda: iter(())),
            tmp_path / "new",
            ExportOptions(("jsonl",)),
        )
    with pytest.raises(UserError, match="there is no scheme"):
        export(dataclasses.replace(two_layers, scheme=None), tmp_path / "new", ExportOptions(("jsonl",)))
    assert list(tmp_path.iterdir()) == []


def test_labels_and_types_that_the_scheme_lacks_go_out_with_it(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    text = "Storm there"
    record = strategies.article(
        text, strategies.span(text, "weather", "Storm", id="a"), strategies.span(text, "location", "there", id="b"),
        relations=(strategies.RawRelation("hits", "a", "b", ""),),
    )  # fmt: skip
    made = export(strategies.bundle([record], scheme), tmp_path / "new", ExportOptions(ALL))
    assert all(receipt.spans_out == 2 and receipt.verified for receipt in made.receipts)
    written = schemes.read(tmp_path / "new" / "scheme.json")
    assert [label.name for label in written.labels][-1] == "weather"
    assert [relation.name for relation in written.relations][-1] == "hits"


def test_groups_stay_in_one_split(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    records = [strategies.article(f"Text {n}.", id=f"a{n:02}", group=f"g{n % 4}") for n in range(20)]
    export(
        strategies.bundle(records, scheme),
        tmp_path / "new",
        ExportOptions(("jsonl",), split="train=1,test=1"),
    )
    manifest = json.loads((tmp_path / "new" / "manifest.json").read_text(encoding="utf-8"))
    assert len({(article["group"], article["split"]) for article in manifest["articles"]}) == 4
    assert sorted(path.name for path in (tmp_path / "new" / "jsonl").iterdir()) == [
        "test.jsonl",
        "train.jsonl",
    ]


def test_without_guidelines_there_is_no_file_for_them(tricky: Bundle, tmp_path: Path) -> None:
    export(tricky, tmp_path / "new", ExportOptions(("jsonl",)))
    assert not (tmp_path / "new" / "guidelines.md").exists()
    assert (tmp_path / "new" / "jsonl" / "articles.jsonl").exists()


def cutting(strategies: ModuleType, scheme: Scheme) -> Bundle:
    """Two spans that cut a token, one of them nested in the other's token."""
    text = "Non-aggression in Iraq"
    spans = (("claim", "aggression"), ("location", "Ira"), ("location", "Iraq"), ("event", "Non-aggression"))
    record = strategies.article(
        text, *(strategies.span(text, label, quote) for label, quote in spans), language="fr", id="a"
    )
    return strategies.bundle([record], scheme)


def counts(receipt: Receipt) -> tuple[int, int, list[str], list[str]]:
    left_out = [f"{entry.text}: {entry.reason}" for entry in receipt.left_out]
    return (
        receipt.spans_in,
        receipt.spans_out,
        sorted(left_out),
        sorted(entry.text for entry in receipt.changed),
    )


def test_what_cuts_a_token_is_widened_or_left_out_and_listed(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    bundle = cutting(strategies, scheme)
    [widened] = export(bundle, tmp_path / "widen", ExportOptions(("conll",))).receipts
    assert counts(widened) == (4, 3, ["Ira: nested in the same label"], ["aggression"])
    conll, jsonl = reversed(
        export(bundle, tmp_path / "out", ExportOptions(("conll", "jsonl"), cut="leave_out")).receipts
    )
    assert counts(conll) == (4, 2, ["Ira: nested in the same label", "aggression: cuts a token"], [])
    assert (conll.verified, jsonl.verified) == (True, True)
    assert counts(jsonl) == (4, 4, [], [])


def test_what_comes_up_when_another_is_left_out_is_looked_at_too(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    text = "Baghdad Iraq"
    spans = [strategies.span(text, "location", quote) for quote in ("Baghdad Ira", "Bagh", "raq")]
    bundle = strategies.bundle([strategies.article(text, *spans, id="a")], scheme)
    [receipt] = export(bundle, tmp_path / "new", ExportOptions(("conll",), cut="leave_out")).receipts
    assert counts(receipt) == (
        3,
        0,
        ["Bagh: cuts a token", "Baghdad Ira: cuts a token", "raq: cuts a token"],
        [],
    )
    assert receipt.verified


def test_what_cuts_a_token_can_stop_the_export(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    with pytest.raises(
        UserError, match=r"conll: the span claim 'aggression' of article 'a' cuts a token \(move"
    ):
        export(cutting(strategies, scheme), tmp_path / "new", ExportOptions(("jsonl", "conll"), cut="stop"))
    assert list(tmp_path.iterdir()) == []
    export(cutting(strategies, scheme), tmp_path / "new", ExportOptions(("jsonl",), cut="stop"))


@pytest.mark.parametrize("name", ["huggingface", "parquet"])
def test_tags_beside_exact_spans_are_widened_left_out_or_stop_too(
    name: str, strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    bundle = cutting(strategies, scheme)

    def listed(folder: str, cut: Cut) -> list[str]:
        [receipt] = export(bundle, tmp_path / folder, ExportOptions((name,), cut=cut)).receipts
        assert receipt.verified
        assert counts(receipt) == (4, 4, [], []), "the column of spans has all of them"
        written = json.loads((tmp_path / folder / "receipt.json").read_text("utf-8"))
        told = written["formats"][0]["notes"]["tags"]
        return [
            f"{what} {row['text']}: {row['reason']}" for what in ("left_out", "changed") for row in told[what]
        ]

    assert listed("widen", "widen") == [
        "left_out Ira: nested in the same label", "changed aggression: widened to token bounds"
    ]  # fmt: skip
    assert "- 1 `claim` moved in the tag columns: widened" in (tmp_path / "widen/README.md").read_text(
        "utf-8"
    )
    assert sorted(listed("out", "leave_out")) == [
        "left_out Ira: nested in the same label", "left_out aggression: cuts a token"
    ]  # fmt: skip
    with pytest.raises(UserError, match=f"{name}: the span claim 'aggression' of article 'a' cuts a token"):
        export(bundle, tmp_path / "stop", ExportOptions((name,), cut="stop"))


def test_articles_without_a_place_are_left_out_and_named(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    records = [
        strategies.article(f"Text {n} alone.", id=f"a{n}", group="g" if n < 3 else None) for n in range(5)
    ]
    kept = {"a0": "train", "a1": "test"}
    outcome = export(
        strategies.bundle(records, scheme), tmp_path / "new", ExportOptions(("jsonl",), split="train=1,test=1"),
        kept=lambda deal: kept if deal == "share:0" else {},
    )  # fmt: skip
    left_out = [row["article"] for row in as_json(outcome)["articles_left_out"]]
    assert left_out == ["a0", "a2"]
    assert any(
        line.startswith("until you decide: tagline splits --move ") for line in lines(as_json(outcome))
    )
    assert outcome.allotment.places.keys() == {"a1", "a3", "a4"}
    receipt = json.loads((tmp_path / "new" / "receipt.json").read_text("utf-8"))
    assert [row["article"] for row in receipt["articles_left_out"]] == left_out
    manifest = json.loads((tmp_path / "new" / "manifest.json").read_text("utf-8"))
    assert [article["id"] for article in manifest["articles"]] == ["a1", "a3", "a4"]
    assert "- a2: belongs with articles of different splits" in (tmp_path / "new" / "README.md").read_text(
        "utf-8"
    )


def test_what_the_splits_lack_is_told(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    """In the card, on the command line and for programs."""
    records = [strategies.article(f"{word} raid", strategies.span(f"{word} raid", "event", "raid"), id=word, group="one") for word in ("Dawn", "Dusk")]  # fmt: skip
    bundle = strategies.bundle(records, scheme)
    options = ExportOptions(("jsonl",), split="train=50,validation=50")
    outcome = export(bundle, tmp_path / "new", options)
    lack = "No article is in validation, which was asked for: there are too few, or they belong together or elsewhere."
    assert outcome.lacks == as_json(outcome)["splits_lack"] == [lack]
    assert f"- {lack}\n" in (tmp_path / "new" / "README.md").read_text("utf-8")
    assert lines(as_json(outcome))[-2:] == ["splits: train 2", f"splits: {lack}"]
    export(bundle, tmp_path / "kept", options, kept=lambda deal: {"Dawn": "test"})
    card = (tmp_path / "kept" / "README.md").read_text("utf-8")
    assert "- No article is in train, which was asked for" in card
    assert "- test was not asked for: its articles were in it already, and stay.\n" in card


def test_what_was_not_taken_is_told_once_and_briefly(reference: Bundle, tmp_path: Path) -> None:
    outcome = export(
        reference, tmp_path / "new", ExportOptions(("jsonl", "conll"), labels=("actor", "claim"))
    )
    plain = as_json(outcome)
    assert [line for line in lines(plain) if line.startswith("not taken")] == [
        "not taken: 198 event, 152 location: label not chosen"
    ]
    many = [{"reason": "label not chosen", "label": str(number), "count": 2} for number in range(9)]
    plain["picked"] = [row | {"left_out": many} for row in plain["picked"]]
    assert lines(plain)[-1] == "not taken: 18 labels of 9 kinds: label not chosen"
