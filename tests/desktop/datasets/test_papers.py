"""The papers of a dataset: read by the libraries they are written for, and the same bytes wherever they are made."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from desktop.bundle import Bundle, RawRelation
from desktop.cli_export import lines
from desktop.datasets import markdown, origin
from desktop.datasets.export import as_json, export
from desktop.datasets.options import ExportOptions
from desktop.formats import writable
from desktop.model import Scheme

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def dataset(reference: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers") / "dataset"
    export(reference, folder, ExportOptions(("jsonl", "huggingface"), split="train=60,validation=20,test=20"))
    return folder


@pytest.mark.filterwarnings("ignore")
def test_the_whole_folder_loads_as_it_is(dataset: Path, datasets_library: Any) -> None:
    loaded = datasets_library.load_dataset(str(dataset))
    assert {name: len(split) for name, split in loaded.items()} == {"train": 3, "validation": 1, "test": 1}
    label = loaded["train"].features["spans"].feature["label"]
    assert label.names == ["event", "actor", "location", "claim"]
    assert sum(len(row["spans"]) for split in loaded.values() for row in split) == 722


@pytest.mark.outside("module:mlcroissant")
@pytest.mark.filterwarnings("ignore")  # it leaves files open
def test_croissant_is_valid_and_gives_the_records(dataset: Path) -> None:
    import mlcroissant

    found = mlcroissant.Dataset(jsonld=str(dataset / "croissant.json"))
    assert not found.metadata.ctx.issues.errors
    labels = [record["labels/name"] for record in found.records("labels")]
    assert [label.decode() if isinstance(label, bytes) else label for label in labels] == [
        "event", "actor", "location", "claim",
    ]  # fmt: skip
    rows = [json.loads(line) for line in (dataset / "huggingface/data/train.jsonl").open(encoding="utf-8")]
    for record, row in zip(found.records("train"), rows, strict=True):
        assert record["train/text"].decode() == row["text"]
        spans = [(span["train/spans/start"], span["train/spans/end"]) for span in record["train/spans"]]
        assert spans == [(span["start"], span["end"]) for span in row["spans"]]


def test_croissant_lists_every_other_file(dataset: Path) -> None:
    listed = json.loads((dataset / "croissant.json").read_text("utf-8"))["distribution"]
    found = {path.relative_to(dataset).as_posix(): path for path in dataset.rglob("*") if path.is_file()}
    assert {file["contentUrl"] for file in listed} == found.keys() - {"croissant.json", "manifest.json"}
    for file in listed:
        content = found[file["contentUrl"]].read_bytes()
        assert (file["sha256"], file["contentSize"]) == (
            hashlib.sha256(content).hexdigest(),
            f"{len(content)} B",
        )


def test_the_card_trains_on_the_label_with_most_spans_and_scores_on_another_split(
    reference: Bundle, tmp_path: Path
) -> None:
    options = ExportOptions(("huggingface", "spacy", "conll"), labels=("location", "event"), split="train=60,test=40",
                            choices={"huggingface.files": "parquet"})  # fmt: skip
    export(reference, tmp_path / "dataset", options)
    lessons = (
        (tmp_path / "dataset/README.md")
        .read_text("utf-8")
        .split("\n## Training on it\n")[1]
        .split("\n## ")[0]
    )
    assert [line for line in lessons.split("\n") if line.startswith(("cd ", "python ", "data = ", "tested = "))] == [
        "cd spacy/ents/event", "python -m spacy train config.cfg --output model --training.max_steps 200",
        'tested = list(sentences("conll/test.event.conll"))', 'data = load_dataset("huggingface", split="train")',
    ]  # fmt: skip
    assert 'sentences("conll/train.event.conll")' in lessons
    assert '"tags_event"' in lessons
    assert "location" not in lessons


@pytest.mark.parametrize("tags", ["iob2", "bioes"])
def test_the_card_trains_on_one_of_many_columns(
    reference: Bundle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tags: str,
) -> None:
    choices = {"conll.files": "columns", "conll.nested": "layers", "conll.tags": tags}
    export(
        reference,
        tmp_path / "dataset",
        ExportOptions(("conll",), labels=("actor", "location"), choices=choices),
    )
    card = (tmp_path / "dataset/README.md").read_text("utf-8")
    code = re.findall(r"^```python\n(.*?)^```$", card, re.DOTALL | re.MULTILINE)[-1]
    monkeypatch.chdir(tmp_path / "dataset")
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert float(capsys.readouterr().out.removeprefix("F1 on train: ")) > 0.9
    found = {tag.partition("-")[2] for _, column in names["sentences"]("conll/train.conll") for tag in column}
    assert found == {"", "actor"}


@pytest.mark.filterwarnings("ignore")
def test_labels_added_since_are_loaded_and_not_those_kept(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path, datasets_library: Any
) -> None:
    """What `datasets` keeps, it finds again by the folder's last name and the metadata in README.md."""
    text = "Raid in Aden"
    for ending, count in (("jsonl", 1), ("parquet", 1), ("jsonl", 2), ("parquet", 2)):
        spans = [strategies.span(text, "event", "Raid"), strategies.span(text, "location", "Aden", id="s2")][
            :count
        ]
        folder = tmp_path / f"{ending}{count}" / "dataset"
        folder.parent.mkdir()
        bundle = strategies.bundle([strategies.article(text, *spans, id="one")], scheme)
        export(bundle, folder, ExportOptions(("huggingface",), choices={"huggingface.files": ending}))
        for where in (folder, folder / "huggingface"):
            [row] = datasets_library.load_dataset(str(where), split="train")
            assert len(row["spans"]) == count


def test_a_card_without_articles_to_train_on_does_not_say_how(reference: Bundle, tmp_path: Path) -> None:
    export(reference, tmp_path / "dataset", ExportOptions(("huggingface", "spacy"), split="test=100"))
    assert "Training on it" not in (tmp_path / "dataset/README.md").read_text("utf-8")


def test_the_card_has_what_a_reader_needs(dataset: Path) -> None:
    readme = (dataset / "README.md").read_text("utf-8")
    for line in (
        'language: ["en"]', "| `claim` | 57 | 27 | 12 | 96 | 15 | 70 |", "### `actor`", "- reference: 5 done (articles)",
        "![Spans of each label](statistics/labels.svg)", "| test | forms of location | 15 | 6 | 40 % |",
        "- 64 spans are longer than 12 words: beyond what span classifiers look at, fit for taggers.",
        "- All labels are the judgement of one person; nothing is known of agreement.",
    ):  # fmt: skip
        assert line in readme


def test_a_definition_is_the_first_paragraph_under_its_heading() -> None:
    guidelines = (
        "# Guide\n\n## 1. Event\n\nWhat happened,\nor may.\n\nMore.\n\n### Force posture\n## 2 Actors\nWho.\n"
    )
    assert markdown.definition(guidelines, "event") == ["What happened,", "or may."]
    assert markdown.definition(guidelines, "actor") == ["Who."]
    assert markdown.definition(guidelines, "force_posture") == []
    assert markdown.definition(guidelines, "claim") == markdown.definition("", "event") == []


def test_agreement_of_several_annotators_is_in_the_card(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    text = "Raid in Tel Aviv"
    both = [strategies.span(text, "event", "Raid", annotator=who, id=who) for who in ("Ana", "Ben")]
    other = strategies.span(text, "location", "Aviv", annotator="Ben", id="b2")
    record = strategies.article(text, *both, other, id="one")
    export(strategies.bundle([record], scheme), tmp_path / "new", ExportOptions(("jsonl",)))
    readme = (tmp_path / "new" / "README.md").read_text("utf-8")
    assert "Agreement of Ana, Ben on the 1 article that more than one of them has begun:" in readme
    for row in (
        "| `event` | 1.000 | 1.000 | 1.000 |",
        "| `location` | 0.000 | 0.000 |",
        "| all | 0.667 | 0.667 |  |",
    ):
        assert row in readme
    export(strategies.bundle([record], scheme), tmp_path / "his", ExportOptions(("jsonl",), layer="Ben"))
    told = (tmp_path / "his" / "README.md").read_text("utf-8")
    assert "- All labels are the judgement of one person.\n" in told


EXPORT = """
import sys
from pathlib import Path
from desktop.bundle import Bundle, Report
from desktop.datasets.export import as_json, export
from desktop.datasets.options import ExportOptions
from desktop.formats import writable
from desktop.formats import jsonl, scheme
from desktop.formats.base import ReadOptions

records = list(jsonl.read(Path("seeds/reference.jsonl"), ReadOptions("x"), Report()))
bundle = Bundle(lambda: iter(records), scheme.read(Path("resources/schemes/conflict-news.json")), "# Guide")
export(bundle, Path(sys.argv[1]), ExportOptions(("jsonl", "conll", "brat"), split="train=60,validation=20,test=20"))
"""


def test_the_same_bytes_in_another_language_time_zone_and_process(tmp_path: Path) -> None:
    settings: list[Mapping[str, str]] = [
        {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "2"},
    ]
    found = []
    for number, environment in enumerate(settings):
        folder = tmp_path / f"way to {number}" / "dataset"
        program = [sys.executable, "-c", EXPORT, str(folder)]
        subprocess.run(program, cwd=ROOT, env={**os.environ, **environment}, check=True)
        found.append(
            {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        )
    assert found[0] == found[1]
    assert len(found[0]) > len(("jsonl", "conll", "brat"))


@pytest.mark.parametrize(
    ("meta", "day", "source"),
    [
        ({"published": "2021-07-11T10:00:00Z", "date": "2020-01-01", "source": " A  wire "}, "2021-07-11", "A wire"),
        ({"published": "yesterday", "date": "2020-02-30"}, None, None),
        ({"date": "2020-02-29", "url": "https://www.Example.org:80/x"}, "2020-02-29", "example.org"),
        ({"date": 20200229, "source": 3, "url": "no address"}, None, None),
        ({"url": "http://[broken"}, None, None),
        ({"source": "https://www.example.org/a/b"}, None, "example.org"),
        ({"date": "2021-07-111"}, None, None),
    ],
)  # fmt: skip
def test_day_and_source(meta: dict[str, Any], day: str | None, source: str | None) -> None:
    assert (origin.day(meta), origin.source(meta)) == (day, source)


def test_the_card_tells_what_flat_layers_and_examples_lose(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    text = "The raid on Tel Aviv began. Police came."
    inner, outer = (strategies.span(text, "location", quote, id=quote) for quote in ("Tel Aviv", "Aviv"))
    raid, came = (strategies.span(text, "event", quote, id=quote) for quote in ("raid", "came"))
    relation = RawRelation("same_as", "raid", "came", "")
    record = strategies.article(text, inner, outer, raid, came, relations=(relation,), id="one")
    options = ExportOptions(("jsonl", "huggingface", "spacy"), layer=strategies.ANNOTATOR, unit="sentence")
    outcome = export(strategies.bundle([record], scheme), tmp_path / "new", options)
    assert lines(as_json(outcome)).count("  in no flat layer: 1 location: nested in the same label") == 2
    readme = (tmp_path / "new" / "README.md").read_text("utf-8")
    for line in (
        "- 1 `location` not in the tag columns: nested in the same label",
        "- 1 `location` not in `ents/`: nested in the same label",
        "1 article (40 characters) with 4 labelled spans and 0 relations, exported",
        "1 relation of the labels by reference had an end in another example, or at a span that was not taken, and went with it.",
    ):
        assert readme.count(line) == 1, line


ALL = tuple(format.id for format in writable())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("split", "choices"),
    [("train=60,test=40", {}), (None, {"csv.separator": "tab", "conll.files": "columns"})],
)
def test_every_format_says_how_it_is_read_and_the_code_runs(
    split: str | None, choices: dict[str, str], reference: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    export(reference, tmp_path / "dataset", ExportOptions(ALL, split=split, choices=choices))
    monkeypatch.chdir(tmp_path / "dataset")
    card = Path("README.md").read_text("utf-8").split("\n## Formats\n")[1].split("\n## ")[0]
    code: dict[str, str] = {}
    for section in card.split("\n### `")[1:]:
        name, told = section.split("/`", 1)
        assert len(told.split("\n- ")[0].strip().split("\n\n")) >= 2, f"{name} does not say how it is read"
        for path in re.findall(r"`((?!\.)[\w/-]+\.\w+)`", told):
            assert Path(path).exists() or Path(name, path).exists(), path
        if found := re.search(r"```python\n(.*?)```", told, re.DOTALL):
            code[name] = found[1]
    assert code.keys() == {"jsonl", "parquet", "spacy", "csv"}
    command = [
        sys.executable,
        "-W",
        "error",
        "-c",
        "".join(code.values()) + "print(spans[0]['label'], len(spans))",
    ]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (said.returncode, said.stderr) == (0, "")
    for line in (
        "location Iraq\n",
        "('location', 'Iraq'), ",
        "│ location │     0 │     4 │ Iraq",
        "location 722\n",
    ):
        assert line in said.stdout
